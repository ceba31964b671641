"""Denormalised facets follow whatever is done to interactions and binding sites."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection

from curation import actions
from curation.checks.facets import wrong_facets
from curation.importing.undo.run import undo_import
from curation.models import ImportRun
from curation.shared.evidence import evidence_for
from proteins.domain import facets
from proteins.domain.evidence import EvidenceContent, SmallScale
from proteins.models import BindingSite, Interaction, Protein, SourceDatabase
from tests.curation.people import make_person
from tests.factories import make_interaction, make_protein

pytestmark = pytest.mark.django_db

GTRD = {"sources": ["GTRD"], "methods": ["selex"], "pmids": [], "small_scale": "no"}
TRED = {"sources": ["TRED"], "methods": ["one hybrid"], "pmids": [], "small_scale": "yes"}
#: The tiers of one database with and without a small-scale experiment.
ONCE = {"single", "supported"}


def words(accession: str) -> set[str]:
    """The facets of a protein by the names of what they represent; they must be right."""
    assert list(wrong_facets()) == []
    stored = facets.within(Protein.objects.get(accession=accession).facets)
    names = {facets.source(source.pk): source.key for source in SourceDatabase.objects.all()}
    return {names.get(word, word) for word in stored if not word.startswith("m")}


@pytest.fixture
def user() -> User:
    return make_person("editor")


@pytest.fixture
def pair() -> tuple[Protein, Protein]:
    return make_protein("P04637", "TP53"), make_protein("Q07812", "BAX")


def test_a_verdict_and_other_evidence(user: User, pair: tuple[Protein, Protein]) -> None:
    tf, target = pair
    added = actions.add_interaction(user=user, tf=tf, target=target, values={"evidence": GTRD})
    other = actions.add_interaction(user=user, tf=target, target=target, values={"evidence": TRED})
    assert words("P04637") == {"GTRD", "unreviewed", "single"}
    assert words("Q07812") == {*ONCE, "GTRD", "TRED", "unreviewed", "small-scale"}
    actions.confirm_interaction(user=user, interaction=added)
    assert words("P04637") == {"GTRD", "confirmed", "single"}
    assert words("Q07812") == {*ONCE, "GTRD", "TRED", "confirmed", "unreviewed", "small-scale"}
    actions.reject_interaction(user=user, interaction=added, reason="no")
    assert words("P04637") == set()
    assert words("Q07812") == {"TRED", "unreviewed", "small-scale", "supported"}
    actions.reopen_interaction(user=user, interaction=added)
    actions.amend_interaction(user=user, interaction=added, values={"evidence": TRED})
    assert words("P04637") == {"TRED", "unreviewed", "small-scale", "supported"}
    actions.remove_interaction(user=user, interaction=other)
    actions.remove_interaction(user=user, interaction=added)
    assert words("P04637") == words("Q07812") == set()


def test_binding_sites_come_and_go(user: User, pair: tuple[Protein, Protein]) -> None:
    for name in ("TFLinkSS00000001", "TFLinkSS00000002"):
        site = BindingSite(tflink_id=name, tf=pair[0])
        actions.add_record(user=user, record=site, values={"evidence": GTRD})
    assert words("P04637") == {"binding-sites"}
    for site in BindingSite.objects.all():
        assert words("P04637") == {"binding-sites"}
        actions.remove_record(user=user, record=site)
    assert words("P04637") == set()


def test_two_proteins_become_one(user: User, pair: tuple[Protein, Protein]) -> None:
    old, new = pair
    regulator, alone = make_protein("P38936", "CDKN1A"), make_protein("P02340", "Trp53")
    confirmed = make_interaction(regulator, old, sources=["TRED"], small_scale=SmallScale.YES)
    actions.confirm_interaction(user=user, interaction=confirmed)
    make_interaction(regulator, new)
    make_interaction(old, alone, sources=["ReMap"])
    make_interaction(old, new, sources=["PAZAR"])
    site = BindingSite(tflink_id="TFLinkSS00000001", tf=old)
    actions.add_record(user=user, record=site, values={"evidence": GTRD})
    assert words("P38936") == {*ONCE, "TRED", "GTRD", "unreviewed", "confirmed", "small-scale"}
    actions.merge_protein(user=user, secondary=old, primary=new, reason="one gene")
    # Two databases, one of them with a small-scale experiment.
    assert words("P38936") == {"TRED", "GTRD", "confirmed", "small-scale", "strong"}
    assert words("P02340") == {"ReMap", "unreviewed", "single"}
    assert words("Q07812") == {
        *("TRED", "GTRD", "ReMap", "PAZAR", "unreviewed", "confirmed", "small-scale"),
        *("binding-sites", "single", "strong"),
    }


def test_tiers_follow_the_vocabulary(user: User, pair: tuple[Protein, Protein]) -> None:
    two = GTRD | {"sources": ["GTRD", "TFactS_via_DoRothEA"]}
    actions.add_interaction(user=user, tf=pair[0], target=pair[1], values={"evidence": two})
    assert "repeated" in words("P04637") & words("Q07812")
    reached = SourceDatabase.objects.get(key="GTRD")
    reached.name, reached.via = "TFactS", SourceDatabase.objects.get(key="DoRothEA")
    actions.keep_vocabulary(user=user, record=reached, reason="one", changed=["name", "via"])
    assert words("P04637") == words("Q07812")
    assert "single" in words("P04637")
    assert "repeated" not in words("P04637")


@pytest.mark.usefixtures("five_pages")
def test_imports_are_taken_back() -> None:
    assert "small-scale" in words("Q9UK53")
    undo_import(ImportRun.objects.latest("pk").pk, confirmed=True)
    assert not Protein.objects.exists()


@pytest.mark.usefixtures("five_pages")
def test_each_wrong_facet_is_a_breach() -> None:
    before = dict(Protein.objects.values_list("accession", "facets"))
    Protein.objects.filter(accession="Q9UK53").update(facets=" confirmed ")
    Protein.objects.filter(accession="Q07812").update(facet_bits=2)
    Protein.objects.filter(accession="Q06945").update(facets="", facet_bits=0)
    wrong = dict(wrong_facets())
    assert wrong["Q9UK53"].startswith("its facets are “confirmed”, and should be “m")
    assert wrong["Q07812"].startswith("its facet_bits are 2, and should be ")
    assert wrong["Q06945"].startswith("its facets are “”, and should be “m")
    assert len(wrong) == 3
    assert before["Q9UK53"].strip() in wrong["Q9UK53"]


def test_what_was_there_before_facets_were_gets_them(
    user: User, pair: tuple[Protein, Protein]
) -> None:
    tf, target = pair
    make_interaction(tf, target, sources=["TRED"], small_scale=SmallScale.YES)
    make_interaction(target, tf, sources=["ReMap"], methods=["selex", "one hybrid"])
    rejected = make_interaction(tf, tf, sources=["PAZAR"])
    actions.reject_interaction(user=user, interaction=rejected, reason="no")
    evidence = evidence_for(EvidenceContent.of(["GTRD"]))
    BindingSite.objects.create(tflink_id="TFLinkSS00000001", tf=tf, evidence=evidence)
    Protein.objects.update(facets="", facet_bits=0)
    assert len(list(wrong_facets())) == 2
    editor = SimpleNamespace(connection=connection)
    import_module("proteins.migrations.0003_browse").fill_facets(apps, editor)
    facets_before = Protein.objects.values_list("pk", "facets", "facet_bits").order_by("pk")
    before = list(facets_before)
    tiers = import_module("proteins.migrations.0023_tier_facets")
    tiers.fill_tiers(apps, editor)
    expected = {*ONCE, "TRED", "ReMap", "unreviewed", "small-scale", "binding-sites"}
    assert words("P04637") == expected
    tiers.remove_tiers(apps, editor)
    assert list(facets_before) == before
    for _ in range(2):
        # Begun again, it writes the same.
        tiers.fill_tiers(apps, editor)
        assert words("P04637") == expected
    assert Interaction.objects.count() == 3


def test_interactions_are_counted_by_tier(user: User, pair: tuple[Protein, Protein]) -> None:
    def tiers(accession: str) -> list[int]:
        assert list(wrong_facets()) == []
        return [
            number for _, number in sorted(Protein.objects.get(accession=accession).tiers.items())
        ]

    tf, target = pair
    itself = actions.add_interaction(user=user, tf=tf, target=tf, values={"evidence": TRED})
    other = actions.add_interaction(user=user, tf=tf, target=target, values={"evidence": GTRD})
    # One with itself counts at both ends.
    assert (tiers("P04637"), tiers("Q07812")) == ([1, 0, 2, 0], [1, 0, 0, 0])
    two = GTRD | {"sources": ["GTRD", "TRED"]}
    actions.amend_interaction(user=user, interaction=other, values={"evidence": two})
    assert (tiers("P04637"), tiers("Q07812")) == ([0, 1, 2, 0], [0, 1, 0, 0])
    actions.reject_interaction(user=user, interaction=itself, reason="no")
    assert tiers("P04637") == [0, 1, 0, 0]
    actions.reopen_interaction(user=user, interaction=itself)
    assert tiers("P04637") == [0, 1, 2, 0]
    Protein.objects.update(strong_count=7, supported_count=0, repeated_count=0)
    assert list(wrong_facets())[:2] == [
        ("P04637", "its strong_count is 7, and should be 0"),
        ("P04637", "its supported_count is 0, and should be 2"),
    ]
    Protein.objects.update(strong_count=0)
    migration = import_module("proteins.migrations.0024_tier_counters")
    migration.count_tiers(apps, SimpleNamespace(connection=connection))
    assert (tiers("P04637"), tiers("Q07812")) == ([0, 1, 2, 0], [0, 1, 0, 0])


def test_words_that_share_a_bit_are_told_apart() -> None:
    one, other = facets.source(1), facets.source(28)
    assert facets.bits([one]) == facets.bits([other])
    protein = make_protein("P04637", facets=facets.text_of([one]), facet_bits=facets.bits([one]))
    assert list(Protein.objects.with_facets(one)) == [protein]
    assert not Protein.objects.with_facets(other)
    with pytest.raises(ValueError, match="share"):
        Protein.objects.without_facets(one)
    every = [facets.source(key) for key in range(99)] + [facets.method(key) for key in range(99)]
    own = [facets.SMALL_SCALE, facets.BINDING_SITES, *facets.STATUSES, *facets.TIERS]
    assert facets.bits([*every, *own]) == 2**63 - 1
    assert len({facets.bits([word]) for word in own}) == len(own)
    assert facets.bits(own) & facets.bits(every) == 0
