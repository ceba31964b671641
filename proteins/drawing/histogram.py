"""How many partners the proteins of a species have: a histogram in which bins double."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Final, NamedTuple

from django.utils.safestring import SafeString

from proteins.drawing.figure import (
    NARROW_WIDTH,
    Drawing,
    Place,
    Size,
    axis_step,
    box,
    path,
    sentence,
    shortened,
    text,
)

PLACES: Final = {Size.WIDE: Place(400, 240), Size.NARROW: Place(NARROW_WIDTH, 258)}
#: Pixels: where the bars begin, end, stand and reach.
_LEFT, _RIGHT, _FOOT, _TOP = 48, 8, 184, 30
#: Bins are labelled two apart.
_LABELLED: Final = 2
_LABEL_LENGTH: Final = 16


class Kind(NamedTuple):
    """What is counted of whom, and the class of the bin of one protein."""

    partners: str
    counted: str
    css_class: str


KINDS: Final = {
    "targets": Kind("targets", "TF", "tf"),
    "tfs": Kind("regulators", "target", "target"),
}


class Bin(NamedTuple):
    first: int
    last: int
    number: int


@dataclass(frozen=True)
class DegreeHistogram:
    """`degrees` are proteins by number of partners; `own` is that of the protein `name`."""

    kind: Kind
    species: str
    degrees: Mapping[int, int]
    name: str = ""
    own: int = 0

    columns: ClassVar[Mapping[str, str]] = {
        "from": "Smallest number of targets (or regulators) of the bin.",
        "to": "Largest number of the bin.",
        "proteins": "Number of TFs (or targets) of the species in the bin.",
        "protein": "Name of the protein whose page has the figure, in its bin; else empty.",
    }

    @cached_property
    def bins(self) -> list[Bin]:
        numbers = [0] * max(self.degrees, default=0).bit_length()
        for degree, number in self.degrees.items():
            numbers[degree.bit_length() - 1] += number
        return [Bin(2**place, 2 ** (place + 1) - 1, each) for place, each in enumerate(numbers)]

    @property
    def rows(self) -> list[tuple[int, int, int, str]]:
        return [(*each, self.name if self._is_own(each) else "") for each in self.bins]

    @cached_property
    def total(self) -> int:
        return sum(self.degrees.values())

    @property
    def median(self) -> int:
        """The smallest degree that half of the proteins do not exceed."""
        seen = 0
        for degree, number in sorted(self.degrees.items()):
            seen += number
            if seen * 2 >= self.total:
                return degree
        return 0

    @property
    def result(self) -> str:
        """How the protein compares with the others; of no protein, the span of all."""
        median = f"median {self.median:,}"
        if not self.own:
            return f"{self._counted(self.total)}; {median}, most {max(self.degrees):,}"
        fewer = sum(number for degree, number in self.degrees.items() if degree < self.own)
        share = f"More than {fewer:,} of {self._counted(self.total)}"
        return f"{share}; {median}"

    @property
    def label(self) -> str:
        own = f"{self.name} has {self.own:,}. " if self.own else ""
        about = f"{self.kind.partners.capitalize()} per {self.kind.counted} in {self.species}"
        return f"{about}. {own}{self.result}."

    def drawn(self, size: Size) -> Drawing:
        place = PLACES[size]
        return Drawing.of(place, self._shapes(place.width, size))

    def _shapes(self, width: int, size: Size) -> Iterator[SafeString]:
        tallest = max((each.number for each in self.bins), default=1)
        scale = (_FOOT - _TOP) / tallest
        yield from _axis(tallest, scale, width)
        step = (width - _LEFT - _RIGHT) / len(self.bins)
        for place, each in enumerate(self.bins):
            x = _LEFT + place * step
            yield from self._bin(each, x, step, each.number * scale)
            if place % _LABELLED == 0:
                yield text(x + step / 2, _FOOT + 16, f"{each.first:,}", sub=True, anchor="middle")
            if self._is_own(each):
                yield from self._mark(x + step / 2, each.number * scale, width)
        about = f"{self.kind.partners.capitalize()} per {self.kind.counted} (bins double)"
        middle = (_LEFT + width - _RIGHT) / 2
        yield text(middle, _FOOT + 33, about, sub=True, anchor="middle")
        yield from sentence(middle, _FOOT + 51, self.result, size, anchor="middle")

    def _bin(self, each: Bin, x: float, step: float, height: float) -> Iterator[SafeString]:
        if each.number:
            css_class = self.kind.css_class if self._is_own(each) else "repeated"
            height = max(height, 1)
            yield box(css_class, x + 1, _FOOT - height, step - 2, height)

    def _mark(self, x: float, height: float, width: int) -> Iterator[SafeString]:
        """The protein's name and number above its bin, which a line leads to."""
        words = f"{shortened(self.name, _LABEL_LENGTH)} {self.own:,}"
        anchor = "end" if x > width - 70 else "start" if x < _LEFT + 60 else "middle"
        yield text(x, 14, words, anchor=anchor)
        if (end := _FOOT - height - 3) > 22:
            yield path("lead", f"M{x:.1f} 19V{end:.1f}")

    def _is_own(self, each: Bin) -> bool:
        return each.first <= self.own <= each.last

    def _counted(self, number: int) -> str:
        return f"{number:,} {self.kind.counted}{'' if number == 1 else 's'}"


def _axis(largest: float, scale: float, width: int) -> Iterator[SafeString]:
    step = axis_step(largest)
    for value in range(0, int(largest) + 1, step):
        y = _FOOT - value * scale
        yield path("axis", f"M{_LEFT} {y:.1f}H{width - _RIGHT}")
        yield text(_LEFT - 6, y + 4, f"{value:,}", sub=True, anchor="end")
