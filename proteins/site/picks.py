"""Filters of few values as links: each adds its value to the URL of a list, or takes it out.

A link applies at once with and without JavaScript, and its URL has no parameter without a value.
Filters of many values (databases, methods) are selects: dozens of links would push the table off
the screen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from proteins.filters.fields import Counted, ParameterField
from proteins.site.forms import FilterForm

#: The URL of a list with another value of one of its filters; an empty value takes it out.
Url = Callable[[str, str], str]
_YES: Final = "true"
_SET: Final = SafeString(' aria-current="true"')
_REMOVE: Final = SafeString('<span class="visually-hidden">, remove this filter</span>')


class Pick(NamedTuple):
    """One value of a filter; `number` is that of the rows which it leaves, where it is counted."""

    value: str
    label: str
    number: str
    url: str
    is_set: bool


def first_picks(form: FilterForm, url: Url) -> SafeString:
    """The links that a toolbar shows at once: of a filter by yes or no, the yes."""
    return _groups(form, url, lambda pick, is_truth: not is_truth or pick.value == _YES)


def more_picks(form: FilterForm, url: Url) -> SafeString:
    """The others, which are folded away unless they are set."""
    return _groups(form, url, lambda pick, is_truth: is_truth and pick.value != _YES)


def _groups(form: FilterForm, url: Url, is_shown: Callable[[Pick, bool], bool]) -> SafeString:
    written = []
    for name in form.picked:
        field = form.fields[name]
        if isinstance(field, ParameterField) and name not in form.given:
            picks = [one for one in _picks(form, name, field, url) if is_shown(one, not field.many)]
            if picks:
                written.append(_group(form, name, str(field.label), picks))
    return SafeString("".join(written))


def _picks(form: FilterForm, name: str, field: ParameterField, url: Url) -> Iterator[Pick]:
    current = [part for part in form.state.get(name, "").split(",") if part]
    labels = {value: label for value, label in field.choices if value and "," not in value}
    # A value that is set is shown, also where no row has it.
    labels |= {value: value.replace("_", " ") for value in current if value not in labels}
    for value, label in labels.items():
        word, number = (
            (label.word, f"{label.number:,}") if isinstance(label, Counted) else (label, "")
        )
        others = [each for each in current if each != value] if field.many else []
        is_set = value in current
        chosen = [each for each in labels if each in others or (each == value and not is_set)]
        yield Pick(
            value,
            _label(str(field.label), word, value, many=field.many),
            number,
            url(name, ",".join(chosen)),
            is_set,
        )


def _label(field: str, word: str, value: str, *, many: bool) -> str:
    if many:
        return word[:1].upper() + word[1:]
    return field if value == _YES else f"{field}: {word}"


def _group(form: FilterForm, name: str, label: str, picks: list[Pick]) -> SafeString:
    field = form.add_prefix(name)
    links = format_html_join(
        "",
        '<a class="pick" id="{}-{}" href="{}" rel="nofollow"{}>{} <span>{}</span>{}</a>',
        (
            (
                field,
                pick.value,
                pick.url,
                _SET if pick.is_set else "",
                pick.label,
                pick.number,
                _REMOVE if pick.is_set else "",
            )
            for pick in picks
        ),
    )
    return format_html('<div class="picks" role="group" aria-label="{}">{}</div>', label, links)
