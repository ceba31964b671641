"""Figures of numbers: what is drawn of given values, in which colours, and how it is labelled."""

from __future__ import annotations

import re

import pytest

from proteins.domain.assemblies import ASSEMBLIES
from proteins.domain.tiers import Tier
from proteins.drawing import figure, histogram, ideogram, overlap
from proteins.drawing.figure import Place, Size, Theme, axis_step, style, style_digest
from proteins.drawing.histogram import KINDS, DegreeHistogram
from proteins.drawing.ideogram import Ideogram
from proteins.drawing.overlap import Combination, SourceOverlap
from proteins.drawing.palette import TOKENS
from proteins.drawing.support_strip import SupportStrip
from proteins.drawing.years import PublicationYears
from proteins.queries.site_places import SitePlaces, SitesAt
from tests.places import ROOT


def test_colours_are_the_tokens_of_the_style_sheet() -> None:
    css = (ROOT / "proteins" / "static" / "proteins" / "site.css").read_text(encoding="utf-8")
    tokens = dict(re.findall(r"--(\w+): light-dark\((#\w+, #\w+)\);", css))
    for name, pair in TOKENS.items():
        light, dark = tokens[name].replace("#fff,", "#ffffff,").split(", ")
        assert (light, dark) == pair, name


def test_a_style_has_one_theme_or_both() -> None:
    light, dark, both = (style(theme) for theme in (Theme.LIGHT, Theme.DARK, Theme.SYSTEM))
    assert "#a35200" in light
    assert "#a35200" not in dark
    assert "#f0a95b" in dark
    assert both.startswith(light)
    assert "prefers-color-scheme:dark" in both
    assert len({style_digest(theme) for theme in Theme}) == len(Theme)
    assert style_digest(Theme.LIGHT).startswith("'sha256-")


@pytest.mark.parametrize(
    ("largest", "step"), [(1, 1), (5, 1), (6, 2), (11, 5), (66, 20), (2600, 1000), (0, 1)]
)
def test_steps_of_an_axis_are_round(largest: int, step: int) -> None:
    assert axis_step(largest) == step


class TestHistogram:
    degrees = {1: 3, 2: 2, 3: 1, 4: 1, 100: 1}

    def test_bins_double(self) -> None:
        drawn = DegreeHistogram(KINDS["targets"], "a species", self.degrees, "X", 3)
        assert drawn.rows[:3] == [(1, 1, 3, ""), (2, 3, 3, "X"), (4, 7, 1, "")]
        assert drawn.rows[-1] == (64, 127, 1, "")
        assert sum(row[2] for row in drawn.rows) == 8

    def test_the_label_states_the_result(self) -> None:
        of_one = DegreeHistogram(KINDS["targets"], "a species", self.degrees, "X", 3)
        assert of_one.label == (
            "Targets per TF in a species. X has 3. More than 5 of 8 TFs; median 2."
        )
        of_all = DegreeHistogram(KINDS["tfs"], "a species", {7: 1})
        assert of_all.label == ("Regulators per target in a species. 1 target; median 7, most 7.")

    def test_the_bin_of_a_protein_has_the_colour_of_its_role(self) -> None:
        for kind, css_class in (("targets", "tf"), ("tfs", "target")):
            one = DegreeHistogram(KINDS[kind], "a species", self.degrees, "X", 3)
            assert str(one.drawn(Size.WIDE).shapes).count(f'class="{css_class}"') == 1
            every = DegreeHistogram(KINDS[kind], "a species", self.degrees)
            assert f'class="{css_class}"' not in every.drawn(Size.NARROW).shapes

    def test_a_name_is_text(self) -> None:
        drawn = DegreeHistogram(KINDS["tfs"], "a species", self.degrees, "<b>&", 3)
        assert "&lt;b&gt;&amp; 3" in drawn.drawn(Size.WIDE).shapes


def test_years_have_no_gaps_and_say_how_many_have_none() -> None:
    figure = PublicationYears("Publications", {2001: 2, 2004: 5}, 1_234)
    assert figure.rows == [(2001, 2), (2002, 0), (2003, 0), (2004, 5), (None, 1_234)]
    assert figure.label == (
        "Publications by year. 7 publications with a year; most (5) in 2004; 1,234 without a year."
    )
    assert "without" not in PublicationYears("Publications", {2001: 1}, 0).label


def test_a_year_far_off_makes_no_more_labels_than_there_is_room() -> None:
    figure = PublicationYears("Publications", {1650: 1, 2020: 4}, 0)
    for size in Size:
        shapes = str(figure.drawn(size).shapes)
        assert 2 <= shapes.count('text-anchor="middle"') <= 18
        assert len(shapes) < 5_000


class TestOverlap:
    def made(self, number: int) -> SourceOverlap:
        combinations = [
            Combination(("GTRD", f"S{each}"), {Tier.REPEATED: 100 - each}) for each in range(number)
        ]
        first = Combination(("GTRD",), {Tier.SINGLE: 5_000, Tier.STRONG: 10})
        return SourceOverlap("", [first, *combinations])

    def test_fifteen_are_drawn_and_the_table_has_all(self) -> None:
        figure = self.made(30)
        assert len(list(figure.rows)) == 31
        assert next(iter(figure.rows)) == (["GTRD"], 5_010, 10, 0, 0, 5_000)
        for size in Size:
            assert str(figure.drawn(size).shapes).count('class="repeated" x') >= overlap.SHOWN
            assert ">87<" in figure.drawn(size).shapes
            assert ">86<" not in figure.drawn(size).shapes

    def test_the_label_states_the_result(self) -> None:
        assert self.made(2).label == (
            "Combinations of source databases that report interactions. 199 of 5,209 "
            "interactions have several databases; the most frequent combination is GTRD (5,010)."
        )

    def test_its_room_is_the_same_for_few(self) -> None:
        for size in Size:
            rooms = {Place(*self._room(number, size)) for number in (0, 3, 40)}
            assert rooms == {overlap.PLACES[size]}

    def _room(self, number: int, size: Size) -> tuple[int, int]:
        drawing = self.made(number).drawn(size)
        return drawing.width, drawing.height


class TestIdeogram:
    def places(self, *sites: tuple[str, int], assembly: str = "hg38") -> SitePlaces:
        listed = (SitesAt(assembly, chromosome, at, at + 9, 1, 1) for chromosome, at in sites)
        return SitePlaces.of(assembly, listed, is_binned=False)

    def test_chromosomes_are_to_scale_in_the_order_of_the_assembly(self) -> None:
        one = Ideogram("TP53", self.places(("14", 23_670_688)))
        assert list(one.chromosomes) == list(ASSEMBLIES["hg38"])
        bars = re.findall(
            r'class="chr" x="[\d.]+" y="[\d.]+" width="([\d.]+)"', one.drawn(Size.WIDE).shapes
        )
        lengths = ASSEMBLIES["hg38"]
        assert float(bars[13]) / float(bars[0]) == pytest.approx(lengths["14"] / lengths["1"], 0.01)
        assert "14:23,670,688-23,670,697" in one.drawn(Size.WIDE).shapes

    def test_an_assembly_that_is_not_listed_is_as_long_as_its_last_site(self) -> None:
        one = Ideogram("X", self.places(("10", 50), ("2", 900), ("X", 5), assembly="own1"))
        assert dict(one.chromosomes) == {"2": 909, "10": 59, "X": 14}
        assert list(one.chromosomes) == ["2", "10", "X"]

    def test_sites_of_another_genome_than_stated_are_drawn_all_the_same(self) -> None:
        """TFLink has sites of worms that are said to be on hg38."""
        one = Ideogram("X", self.places(("III", 50), ("chrUn_9", 900)))
        assert dict(one.chromosomes) == {"III": 59, "chrUn_9": 909}

    def test_what_is_not_drawn_is_counted(self) -> None:
        few = [
            SitesAt("hg38", "1", 5, 9, 1, 0),
            SitesAt("hg38", "1_random", 5, 9, 1, 0),
            SitesAt("hg19", "1", 5, 9, 1, 0),
            SitesAt("hg38", "", -1, -1, 1, 0),
        ]
        one = Ideogram("X", SitePlaces.of("hg38", few, is_binned=False))
        assert one.result == (
            "1 site, 0 of them small-scale; 1 on other sequences; 1 on other assemblies; "
            "1 not placed"
        )

    def test_a_file_of_a_hub_is_small(self) -> None:
        bins = [
            SitesAt("hg38", name, place << 20, ((place + 1) << 20) - 1, 200, place % 2)
            for name, length in ASSEMBLIES["hg38"].items()
            for place in range(length >> 20)
        ]
        hub = Ideogram("TP53", SitePlaces.of("hg38", bins, is_binned=True))
        assert len(bins) > 2_900
        for size in Size:
            assert len(str(hub.drawn(size).shapes).encode()) < 90_000

    def test_ticks_one_by_one_are_small_too(self) -> None:
        sites = [("1", 1_000_000 * each) for each in range(200)] * 2
        one = Ideogram("TP53", self.places(*sites))
        assert len(str(one.drawn(Size.WIDE).shapes).encode()) < 60_000


def test_assemblies_have_the_chromosomes_of_their_species() -> None:
    numbers = {name: len(lengths) for name, lengths in ASSEMBLIES.items()}
    assert numbers == {
        "hg38": 24, "mm10": 21, "rn6": 22, "rn7": 22, "danRer10": 25, "danRer11": 25,
        "dm6": 7, "ce10": 6, "ce11": 6, "sacCer3": 16,
    }  # fmt: skip
    # The sums that UCSC gives of the assembled chromosomes.
    assert sum(ASSEMBLIES["hg38"].values()) == 3_088_269_832
    assert sum(ASSEMBLIES["sacCer3"].values()) == 12_071_326
    assert sum(ASSEMBLIES["ce11"].values()) == 100_272_607


def test_a_support_strip_as_a_file() -> None:
    strip = SupportStrip.of([("Regulators", {}), ("Targets", {Tier.STRONG: 1, Tier.SINGLE: 3})])
    assert strip.rows == [
        ("Targets", "strong", 1),
        ("Targets", "supported", 0),
        ("Targets", "repeated", 0),
        ("Targets", "single", 3),
    ]
    wide, narrow = (strip.drawn(size) for size in Size)
    assert (wide.width, narrow.width) == (760, figure.NARROW_WIDTH)
    assert "Single" in narrow.shapes


def test_places_are_those_that_pages_reserve() -> None:
    degrees = {1: 1}
    for size in Size:
        drawing = DegreeHistogram(KINDS["tfs"], "a species", degrees).drawn(size)
        assert Place(drawing.width, drawing.height) == histogram.PLACES[size]
        one = Ideogram("X", TestIdeogram().places(("1", 5)))
        assert Place(one.drawn(size).width, one.drawn(size).height) == ideogram.place_of(
            "hg38", size
        )
