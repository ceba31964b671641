"""Pages of rows and the URLs that lead to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import NoReverseMatch, reverse

from proteins.queries.keyset import Steps
from proteins.queries.totals import Total
from proteins.site.forms import PagedForm

#: The part of a table's state that says which page.
PAGING: Final = ("page", "after", "before", "of")
_FILES: Final = ("tsv", "csv")
#: An accession, which every name of a URL takes.
_PLACEHOLDER: Final = "Q9UK53"


def sorted_by(order: str, current: str) -> tuple[str, str]:
    """How a column is sorted now (`aria-sort`), and the order of the next click on its head.

    `order` is that of the first click.
    """
    key = order.removeprefix("-")
    if current.removeprefix("-") != key:
        return "", order
    return ("descending", key) if current.startswith("-") else ("ascending", f"-{key}")


def api_files(view: str, filters: Mapping[str, str]) -> list[tuple[str, str]]:
    """The API's files of the rows that filters choose; none on a site that has no API."""
    try:
        url = reverse(view)
    except NoReverseMatch:
        return []
    return [(kind.upper(), f"{url}?{urlencode({**filters, 'format': kind})}") for kind in _FILES]


class Head(NamedTuple):
    """A column head, with the URL that sorts by it and how it is sorted now."""

    label: str
    url: str = ""
    aria_sort: str = ""
    is_number: bool = False
    #: The term of the glossary that it is.
    term: str = ""


class UrlPattern(NamedTuple):
    """URLs that differ in one identifier: to look up each would take as long as to read a row."""

    before: str
    after: str

    @classmethod
    def of(cls, name: str, identifier: str) -> UrlPattern:
        """The URLs of a name; `{}` in `identifier` is what differs."""
        before, _, after = reverse(name, args=[identifier.format(_PLACEHOLDER)]).rpartition(
            _PLACEHOLDER
        )
        return cls(before, after)

    def url(self, identifier: str) -> str:
        return f"{self.before}{identifier}{self.after}"


@dataclass(frozen=True)
class TableUrl:
    """The URL of a page, of whose query one part changes and the `others` stay.

    A protein's page holds the state of several tables side by side, each under a prefix
    (`targets-sort=name&tfs-page=2`), and a link of one table leaves the others as they are.
    """

    path: str
    prefix: str
    state: Mapping[str, str]
    others: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, path: str, prefix: str, state: Mapping[str, str], query: QueryDict) -> TableUrl:
        """Take as others what `query` holds under the prefix of another table."""
        others = tuple(
            (name, value)
            for name, values in query.lists()
            for value in values
            if value and "-" in name and not name.startswith(f"{prefix}-")
        )
        return cls(path, prefix, state, others)

    def url(self, **changes: str) -> str:
        """The URL with some of the state changed; an empty value takes a part out."""
        state = {**self.state, **changes}
        # One state has one URL, whether a link, a form or the server wrote it.
        state |= {name: state.pop(name, "") for name in PAGING}
        own = [(f"{self.prefix}-{name}", value) for name, value in state.items() if value]
        return f"{self.path}?{urlencode([*self.others, *own])}#{self.prefix}"


class PageLink(NamedTuple):
    """A page that can be gone to; without a URL it is pages left out."""

    label: str
    url: str = ""
    is_current: bool = False

    @property
    def is_number(self) -> bool:
        return self.label[:1].isdigit()


def shown_numbers(number: int, pages: int, most: int) -> list[int]:
    """The page numbers that a page shows: the first, its neighbours, the last; none above `most`
    but that of the last page. 0 represents those left out."""
    shown = {1, *range(number - 1, max(number + 1, 3) + 1), pages}
    listed = sorted(each for each in shown if 1 <= each <= min(pages, most) or each == pages)
    numbers: list[int] = []
    for each in listed:
        # A single page is not left out.
        if numbers and each - numbers[-1] == 2 and each - 1 <= most:
            numbers.append(each - 1)
        elif numbers and each - numbers[-1] > 1:
            numbers.append(0)
        numbers.append(each)
    return numbers


def numbered(
    number: int, pages: int, link: Callable[[str, int], PageLink], most: int | None = None
) -> list[PageLink]:
    """The pages that can be gone to from a page, of which those up to `most` have numbers."""
    if pages <= 1:
        return []
    links = [link("Previous", number - 1)] if number > 1 else []
    for each in shown_numbers(number, pages, most or pages):
        one = link(f"{each:,}", each) if each else PageLink("…")
        links.append(one._replace(is_current=each == number))
    return [*links, link("Next", number + 1)] if number < pages else links


@dataclass(frozen=True)
class Pager:
    """Which rows of a table a page shows, and where the other pages are."""

    number: int
    size: int
    total: int
    table_url: TableUrl

    @classmethod
    def of(cls, form: PagedForm, total: int, size: int, table_url: TableUrl) -> Pager:
        """The page that `form` names; the first where there is no such page, with an error."""
        return cls(form.number(max(1, -(-total // size))), size, total, table_url)

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def first_row(self) -> int:
        return (self.number - 1) * self.size + 1

    @property
    def last_row(self) -> int:
        return min(self.total, self.number * self.size)

    @property
    def rows(self) -> slice:
        return slice(self.first_row - 1, self.first_row - 1 + self.size)

    @property
    def total_in_words(self) -> str:
        return f"{self.total:,}"

    @property
    def place(self) -> str:
        """Which rows are on the page, in words."""
        return f"{self.first_row:,}–{self.last_row:,} of {self.total:,}"

    @property
    def links(self) -> list[PageLink]:
        """The pages that can be gone to from here. All have numbers: they skip rows of one
        protein alone, of which none has more than some thousands."""
        return numbered(self.number, self.pages, self._link)

    def _link(self, label: str, number: int) -> PageLink:
        return PageLink(label, self.table_url.url(page=str(number) if number > 1 else ""))


@dataclass(frozen=True)
class KeysetPager:
    """Where the other pages of a table are that begin after, or end before, one of its rows;
    such a page has no number."""

    steps: Steps
    total: Total
    table_url: TableUrl

    place = ""

    @property
    def total_in_words(self) -> str:
        return str(self.total)

    @property
    def links(self) -> list[PageLink]:
        """The pages that can be gone to from here."""
        nowhere = dict.fromkeys(PAGING, "")
        return [PageLink(word, self.table_url.url(**nowhere | step)) for word, step in self.steps]
