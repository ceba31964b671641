"""Publications by year: bars, and how many have no year stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Final

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
    text,
)

PLACES: Final = {Size.WIDE: Place(760, 240), Size.NARROW: Place(NARROW_WIDTH, 276)}
_LEFT, _RIGHT, _FOOT, _TOP = 48, 16, 190, 16
#: Pixels that the label of a year needs, and the widest bar.
_LABEL: Final = 44
_WIDEST: Final = 40


@dataclass(frozen=True)
class PublicationYears:
    """`numbers` are publications by year; `undated` are those without a year."""

    what: str
    numbers: Mapping[int, int]
    undated: int

    columns: ClassVar[Mapping[str, str]] = {
        "year": "Year of publication; empty where none is stored.",
        "publications": "Number of publications.",
    }

    @cached_property
    def years(self) -> range:
        return range(min(self.numbers), max(self.numbers) + 1)

    @property
    def rows(self) -> list[tuple[int | None, int]]:
        dated: list[tuple[int | None, int]] = [(y, self.numbers.get(y, 0)) for y in self.years]
        return [*dated, (None, self.undated)]

    @property
    def result(self) -> str:
        dated = sum(self.numbers.values())
        most = max(self.numbers, key=lambda year: (self.numbers[year], year))
        with_year = f"{dated:,} publication{'' if dated == 1 else 's'} with a year"
        parts = [with_year, f"most ({self.numbers[most]:,}) in {most}"]
        if self.undated:
            parts.append(f"{self.undated:,} without a year")
        return "; ".join(parts)

    @property
    def label(self) -> str:
        return f"{self.what} by year. {self.result}."

    def drawn(self, size: Size) -> Drawing:
        place = PLACES[size]
        return Drawing.of(place, self._shapes(place.width, size))

    def _shapes(self, width: int, size: Size) -> Iterator[SafeString]:
        largest = max(self.numbers.values())
        scale = (_FOOT - _TOP) / largest
        for value in range(0, largest + 1, axis_step(largest)):
            y = _FOOT - value * scale
            yield path("axis", f"M{_LEFT} {y:.1f}H{width - _RIGHT}")
            yield text(_LEFT - 6, y + 4, f"{value:,}", sub=True, anchor="end")
        step = min((width - _LEFT - _RIGHT) / len(self.years), _WIDEST)
        labelled = max(axis_step(_LABEL / step * 5), 1)
        for place, year in enumerate(self.years):
            x, height = _LEFT + place * step, self.numbers.get(year, 0) * scale
            if height:
                gap = min(1.0, step / 8)
                yield box("repeated", x + gap, _FOOT - height, step - 2 * gap, height)
            if year % labelled == 0:
                yield text(x + step / 2, _FOOT + 16, year, sub=True, anchor="middle")
        yield from sentence(_LEFT, _FOOT + 40, self.result, size)
