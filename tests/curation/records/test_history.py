"""What a record was at any time is read again, whatever was done to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from curation import actions
from curation.checks import find_breaches
from curation.importing.run import import_pages
from curation.importing.undo.run import undo_import
from curation.models import ImportRun, RecordKind, Revision, RunChunk, Verb
from curation.records import RecordGoneError, Values, records_of
from curation.records.history import (
    created_at,
    last_values,
    revisions_of,
    run_that_created,
    timeline,
    values_at,
    values_at_version,
    version_of,
)
from proteins.models import Citation, Interaction, Protein
from tests.curation.importing.pages_for_tests import page, row, write
from tests.curation.people import make_person
from tests.factories import make_interaction, make_protein, taxon
from tests.thoroughness import examples

INTERACTION = RecordKind.INTERACTION
START = datetime(2026, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def values_now(kind: RecordKind, record_id: int) -> Values:
    records = records_of(kind)
    return records.values(records.get(record_id))


EVIDENCE = st.fixed_dictionaries(
    {
        "sources": st.lists(st.sampled_from(["GTRD", "JASPAR", "TRRUST"]), min_size=1),
        "methods": st.lists(st.sampled_from(["selex", "chromatin immunoprecipitation assay"])),
        "pmids": st.lists(st.integers(1, 5)),
        "small_scale": st.sampled_from(["yes", "no", "not stated"]),
    }
)
STEPS = st.one_of(
    st.tuples(st.just("amend"), st.fixed_dictionaries({"evidence": EVIDENCE})),
    st.tuples(st.just("amend"), st.fixed_dictionaries({"effect": st.integers(0, 3)})),
    st.tuples(st.sampled_from(["confirm", "dispute", "reject", "reopen"]), st.none()),
    st.tuples(st.just("revert"), st.integers(0, 30)),
)


class TestAnySequence(TestCase):
    """Random actions of several people; after each, all earlier times are as they were."""

    @settings(max_examples=examples(15), deadline=None)
    @given(st.lists(STEPS, max_size=8))
    def test_every_moment_is_found_again(self, steps: list[tuple[str, Any]]) -> None:
        interaction = make_interaction(make_protein("P04637"), make_protein("Q07812"))
        moments = [(START, values_now(INTERACTION, interaction.pk))]
        for number, (name, given_values) in enumerate(steps, start=1):
            at = START + timedelta(days=number)
            if self.take(interaction, name, given_values, f"person{number % 3}"):
                # As if a day had gone by since the last one.
                Revision.objects.filter(pk=version_of(INTERACTION, interaction.pk)).update(at=at)
                moments.append((at, values_now(INTERACTION, interaction.pk)))
        for position, (at, values) in enumerate(moments):
            assert values_at(INTERACTION, interaction.pk, at).values == values
            last = at + timedelta(hours=23)
            assert values_at(INTERACTION, interaction.pk, last).values == values
            if position:
                before = values_at(INTERACTION, interaction.pk, at - MICROSECOND)
                assert before.values == moments[position - 1][1]
        versions = [0, *revisions_of(INTERACTION, interaction.pk).order_by("id")]
        for version, (_, values) in zip(versions, moments, strict=True):
            number = version.pk if isinstance(version, Revision) else 0
            assert values_at_version(INTERACTION, interaction.pk, number) == values
        assert list(find_breaches()) == []

    def take(self, interaction: Interaction, name: str, given_values: Any, who: str) -> bool:
        """Do something to the interaction; False where that is refused or changes nothing."""
        user = make_person(who)
        verdicts: dict[str, Callable[..., Any]] = {
            "confirm": actions.confirm_interaction,
            "dispute": actions.dispute_interaction,
            "reject": actions.reject_interaction,
            "reopen": actions.reopen_interaction,
        }
        before = version_of(INTERACTION, interaction.pk)
        try:
            with transaction.atomic():
                if name == "amend":
                    actions.amend_interaction(
                        user=user, interaction=interaction, values=given_values
                    )
                elif name == "revert":
                    versions = [0, *revisions_of(INTERACTION, interaction.pk).order_by("id")]
                    version = versions[given_values % len(versions)]
                    actions.revert(
                        user=user,
                        kind=INTERACTION,
                        record_id=interaction.pk,
                        version=version.pk if isinstance(version, Revision) else 0,
                        reason="It was better.",
                    )
                else:
                    verdicts[name](user=user, interaction=interaction, reason="So it is.")
        except ValidationError:
            return False
        return version_of(INTERACTION, interaction.pk) != before


@pytest.mark.django_db
class TestCreation:
    def test_what_a_curator_added_was_not_there_before(self) -> None:
        protein = Protein(accession="P04637", taxon=taxon())
        actions.add_record(user=make_person("ada"), record=protein, values={"name": "TP53"})
        added = created_at(RecordKind.PROTEIN, protein.pk)
        before = values_at(RecordKind.PROTEIN, protein.pk, added - MICROSECOND)
        assert (before.values, before.is_gone) == (None, False)
        there = values_at(RecordKind.PROTEIN, protein.pk, added).values
        assert there is not None
        assert there["name"] == "TP53"

    def test_what_an_import_brought(self, tmp_path: Path) -> None:
        import_pages([write(tmp_path, a=page("Q9UK53", targets=[row("BAX", "Q07812")]))])
        second = page("P04637", targets=[row("MYC", "P01106")])
        run = import_pages([write(tmp_path / "b", b=second)]).run_id
        for kind, record in (
            (RecordKind.PROTEIN, Protein.objects.get(accession="P01106")),
            (INTERACTION, Interaction.objects.get(tf__accession="P04637")),
        ):
            creator = run_that_created(kind, record.pk)
            assert creator is not None
            assert creator.pk == run
            assert values_at(kind, record.pk, creator.started_at - MICROSECOND).values is None
            assert values_at(kind, record.pk, timezone.now()).values is not None

    def test_what_nothing_tells_of_was_always_there(self) -> None:
        protein = make_protein("P04637", "TP53")
        assert run_that_created(RecordKind.PROTEIN, protein.pk) is None
        assert values_at(RecordKind.PROTEIN, protein.pk, START).values is not None

    def test_large_chunks_are_not_read_whole(self) -> None:
        citation = Citation.objects.order_by("-pk")[0]
        run = ImportRun.objects.create(command="import_pages")
        for number in range(3):
            RunChunk.objects.create(run=run, created={"proteins.Protein": [[number, number]]})
        ids = [[1, 1], [citation.pk, citation.pk + 3]]
        RunChunk.objects.create(run=run, created={"proteins.Citation": ids})
        assert run_that_created(RecordKind.CITATION, citation.pk) == run
        assert run_that_created(RecordKind.CITATION, citation.pk + 4) is None


@pytest.mark.django_db
class TestRemoval:
    def remove(self) -> tuple[int, Values, datetime]:
        protein = make_protein("P04637", "TP53", genes=[7157])
        person = make_person("ada")
        actions.amend_protein(user=person, protein=protein, values={"name": "p53"})
        values = values_now(RecordKind.PROTEIN, protein.pk)
        number = protein.pk
        actions.remove_record(user=person, record=protein, reason="It was a mistake.")
        (removed, _) = revisions_of(RecordKind.PROTEIN, number)
        assert removed.verb == Verb.REMOVED
        return number, values, removed.at

    def test_what_was_removed_is_still_known(self) -> None:
        number, values, at = self.remove()
        gone = values_at(RecordKind.PROTEIN, number, at)
        assert (gone.values, gone.is_gone) == (None, True)
        assert values_at(RecordKind.PROTEIN, number, at - MICROSECOND).values == values
        assert last_values(RecordKind.PROTEIN, number)[0] == {}
        assert list(find_breaches()) == []

    def test_nothing_is_known_of_what_never_was(self) -> None:
        with pytest.raises(RecordGoneError):
            values_at(RecordKind.PROTEIN, 987_654, timezone.now())
        number, _, _ = self.remove()
        with pytest.raises(RecordGoneError):
            values_at_version(RecordKind.PROTEIN, number, 0)

    def test_what_went_with_its_import_is_still_known(self, tmp_path: Path) -> None:
        first = import_pages([write(tmp_path, a=page("Q9UK53", "ING1"))]).run_id
        number = Protein.objects.get().pk
        second = import_pages([write(tmp_path, a=page("Q9UK53", "ING1A"))]).run_id
        changed = revisions_of(RecordKind.PROTEIN, number)[0].at
        undo_import(second)
        undo_import(first)
        assert values_at(RecordKind.PROTEIN, number, timezone.now()).is_gone
        then = values_at(RecordKind.PROTEIN, number, changed).values
        assert then is not None
        assert then["name"] == "ING1A"


@pytest.mark.django_db
def test_comments_stand_among_what_happened() -> None:
    protein = make_protein("P04637", "TP53")
    person = make_person("ada")
    for name in ("p53", "TP53"):
        actions.amend_protein(user=person, protein=protein, values={"name": name})
        actions.comment(user=person, kind=RecordKind.PROTEIN, record_id=protein.pk, text=name)
    moments = timeline(RecordKind.PROTEIN, protein.pk)
    assert moments.count() == 4
    assert [what for _, what, _ in moments] == ["comment", "revision"] * 2
    assert [what for _, what, _ in moments[1:3]] == ["revision", "comment"]
