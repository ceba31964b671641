"""The tier of support as a function of evidence and vocabulary, and classes of methods."""

from __future__ import annotations

import pytest

from proteins.domain.evidence import EvidenceContent, SmallScale
from proteins.domain.methods import MethodClass, classes_in, initial_class, mask_of
from proteins.domain.tiers import (
    SourceTraits,
    SupportRules,
    Tier,
    is_initial_aggregator,
    split_source_key,
)

#: Papers of GTRD and of TRRUST.
GTRD, TRRUST = 27924024, 29087512
YES, NO, NOT_STATED = SmallScale.YES, SmallScale.NO, SmallScale.NOT_STATED
RULES = SupportRules(own_papers=frozenset({GTRD, TRRUST}))


def tier(sources: list[str], pmids: list[int], scale: SmallScale) -> Tier:
    return RULES.tier(EvidenceContent.of(sources, [], pmids, scale))


@pytest.mark.parametrize(
    ("sources", "pmids", "small", "others"),
    [
        ([], [], Tier.SUPPORTED, Tier.SINGLE),
        (["GTRD"], [GTRD], Tier.SUPPORTED, Tier.SINGLE),
        (["GTRD"], [GTRD, 1], Tier.SUPPORTED, Tier.SINGLE),
        (["GTRD"], [1, 2], Tier.STRONG, Tier.REPEATED),
        (["GTRD", "TRRUST"], [], Tier.STRONG, Tier.REPEATED),
        # The paper of another database than those of the row is no primary one either.
        (["ReMap"], [GTRD, TRRUST, 1], Tier.SUPPORTED, Tier.SINGLE),
    ],
)
def test_a_tier(sources: list[str], pmids: list[int], small: Tier, others: Tier) -> None:
    assert tier(sources, pmids, YES) == small
    # What is not stated is the same as no: it lowers nothing.
    assert tier(sources, pmids, NO) == tier(sources, pmids, NOT_STATED) == others


@pytest.mark.parametrize(
    ("sources", "number"),
    [
        (["TRRUST", "TRRUST_via_DoRothEA"], 1),
        (["TRRUST_via_CollecTRI", "TRRUST_via_DoRothEA", "trrust"], 1),
        (["HTRI", "HTRI_via_CollecTRI"], 1),
        (["TRRUST_via_DoRothEA", "DoRothEA"], 1),
        (["TRRUST_via_DoRothEA", "DoRothEA", "TRRUST"], 1),
        (["TRRUST_via_DoRothEA", "CollecTRI"], 2),
        (["DoRothEA"], 1),
        (["DoRothEA", "GTRD"], 2),
        (["TRRUST_via_DoRothEA", "TFactS_via_DoRothEA", "DoRothEA"], 2),
        (["DoRothEA_via_CollecTRI", "CollecTRI", "TRRUST_via_DoRothEA"], 1),
        # Not an aggregator, so that it counts beside what was reached through it.
        (["TRRUST_via_RegNetwork", "RegNetwork"], 2),
    ],
)
def test_independent_databases(sources: list[str], number: int) -> None:
    assert len(RULES.independent(sources)) == number
    stored = [
        (key, key, split_source_key(key)[1], is_initial_aggregator(key), None) for key in sources
    ]
    rules = SupportRules.of(stored, [])
    assert rules.columns(EvidenceContent.of(sources)).independent_sources == number


def test_a_database_that_a_curator_declared_an_aggregator() -> None:
    sources = [
        ("RegNetwork", "RegNetwork", None, True, None),
        ("TRED", "TRED", "RegNetwork", False, 17202159),
        ("KEGG_via_DoRothEA", "KEGG", "DoRothEA", False, None),
        ("DoRothEA", "DoRothEA", None, False, 31340985),
    ]
    rules = SupportRules.of(sources, [("array technology", MethodClass.REPORTER)])
    assert rules.independent(["RegNetwork", "TRED"]) == {"tred"}
    assert rules.independent(["DoRothEA", "KEGG_via_DoRothEA"]) == {"dorothea", "kegg"}
    assert rules.primary([17202159, 31340985, 5]) == {5}
    assert rules.method_class("array technology") == MethodClass.REPORTER
    assert rules.method_class("selex") == MethodClass.BINDING_IN_VITRO


def test_a_database_whose_way_the_vocabulary_alone_states() -> None:
    traits = SourceTraits.of("FANTOM", "FANTOM4", "DoRothEA", is_aggregator=False)
    assert traits == ("fantom4", "dorothea", False)


def test_classes_of_methods() -> None:
    names = ["selex", "Chromatin  immunoprecipitation assay", "inferred by curator", "new one"]
    assert [initial_class(name) for name in names] == [
        MethodClass.BINDING_IN_VITRO,
        MethodClass.BINDING_IN_VIVO,
        MethodClass.CURATED,
        MethodClass.OTHER,
    ]
    mask = mask_of(map(initial_class, names))
    assert [each.label for each in classes_in(mask)] == [
        "binding in vivo",
        "binding in vitro",
        "curated",
        "other",
    ]
    assert RULES.columns(EvidenceContent.of(methods=names)).method_classes == mask
    assert classes_in(0) == ()


def test_every_tier_and_class_has_its_words() -> None:
    assert len({each.rule for each in Tier}) == len(Tier)
    assert len({each.meaning for each in MethodClass}) == len(MethodClass)
    for each in Tier:
        assert "large-scale" not in each.rule
