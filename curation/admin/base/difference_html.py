"""What a change does to a record, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from curation.records import records_of
from curation.records.history import differences
from curation.records.wording import NOTHING, lines_of


def difference_table(
    kind: str,
    changes: Mapping[str, Sequence[Any]],
    *,
    caption: str,
    before: str = "Before",
    after: str = "After",
) -> SafeString:
    """Return a table with a row for each field of `changes` (`[before, after]`).

    Lines that go are in `<del>`, lines that come in `<ins>`, those that stay are plain.
    `before` and `after` head the two columns.
    """
    rows = (
        (field.label, *_side_by_side(kind, field.name, field.before, field.after))
        for field in differences(kind, changes)
    )
    return format_html(
        '<div class="differences"><table><caption>{}</caption>'
        '<thead><tr><th scope="col">Field</th><th scope="col">{}</th><th scope="col">{}</th></tr>'
        "</thead><tbody>{}</tbody></table></div>",
        caption,
        before,
        after,
        format_html_join("", '<tr><th scope="row">{}</th><td>{}</td><td>{}</td></tr>', rows),
    )


def values_table(kind: str, values: Mapping[str, Any], *, caption: str) -> SafeString:
    """Return a table of the values of a record, in the order in which people read them."""
    labels = records_of(kind).labels
    rows = (
        (label, _cell("", lines, set(lines)))
        for name, label in labels.items()
        if (lines := lines_of(kind, name, values.get(name)))
    )
    return format_html(
        '<div class="differences"><table><caption>{}</caption>'
        '<thead><tr><th scope="col">Field</th><th scope="col">Value</th></tr></thead>'
        "<tbody>{}</tbody></table></div>",
        caption,
        format_html_join("", '<tr><th scope="row">{}</th><td>{}</td></tr>', rows),
    )


def _side_by_side(kind: str, field: str, before: Any, after: Any) -> tuple[SafeString, SafeString]:
    """Return the two cells of a field."""
    old, new = lines_of(kind, field, before), lines_of(kind, field, after)
    return _cell("del", old, set(new)), _cell("ins", new, set(old))


def _cell(mark: str, lines: Sequence[str], stay: set[str]) -> SafeString:
    return format_html_join("", "{}", ((_line(mark, line, stay),) for line in lines))


def _line(mark: str, line: str, stay: set[str]) -> SafeString:
    if line == NOTHING:
        return format_html('<div class="quiet">{}</div>', line)
    if line in stay:
        return format_html("<div>{}</div>", line)
    return format_html("<div><{}>{}</{}></div>", mark, line, mark)
