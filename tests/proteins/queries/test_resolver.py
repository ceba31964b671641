"""What identifiers mean: never one of several in silence, and always from an index."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proteins.domain.names import NameKind, folded_name
from proteins.domain.written_forms import split_identifiers
from proteins.models import (
    AccessionFate,
    Citation,
    GeneIDFate,
    NameSource,
    Protein,
    ProteinName,
)
from proteins.models.trigrams import NAMES, is_indexed
from proteins.queries.resolver import By, meaningful, resolve, resolve_one, uncertain
from proteins.queries.search import find
from proteins.queries.suggestions import suggestions
from proteins.queries.trigrams import edits, near_names, publications_holding
from tests.factories import accession, make_interaction, make_protein, taxon
from tests.thoroughness import examples

pytestmark = pytest.mark.django_db

#: Texts that are alike in one way or another, and some of other forms.
TEXTS: Final = (
    "p53", "P53", "P-53", "TP53", "Tp53", "tp 53", "h", "H", "OCT4", "Oct-4", "B3GNT7", "T",
    "TP53 human", "P00001", "P00001-2", "7157",
)  # fmt: skip
KINDS: Final = (NameKind.SYNONYM, NameKind.ORDERED_LOCUS, NameKind.ORF, NameKind.FULL_NAME)
tables = st.lists(
    st.tuples(
        st.sampled_from(["Hs", "Mm", "Dm"]),
        st.sampled_from(["", *TEXTS[:12]]),
        st.lists(st.tuples(st.sampled_from(KINDS), st.sampled_from(TEXTS[:12])), max_size=3),
    ),
    max_size=5,
)


def call(protein: Protein, text: str, kind: NameKind = NameKind.SYNONYM) -> None:
    """Let a source call a protein so."""
    source, _ = NameSource.objects.get_or_create(name="UniProt", version="2026_04")
    ProteinName.objects.create(
        protein=protein,
        kind=kind,
        position=protein.names.filter(kind=kind).count(),
        text=text,
        folded=folded_name(text),
        source=source,
    )


@settings(
    max_examples=examples(60),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(tables)
def test_no_ambiguity_is_resolved_in_silence(
    table: list[tuple[str, str, list[tuple[NameKind, str]]]],
) -> None:
    """Whatever is called whatever: what is certain is borne by exactly one protein."""
    Protein.objects.all().delete()
    bearers: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for number, (code, name, others) in enumerate(table, 1):
        protein = make_protein(accession(number), name, code=code)
        bearers[folded_name(protein.accession)].add((protein.accession, code))
        for kind, text in [(NameKind.PRIMARY, name), *others]:
            if text:
                bearers[folded_name(text)].add((protein.accession, code))
            if kind is not NameKind.PRIMARY:
                call(protein, text, kind)
    for species in ("", "Hs", "Mm", "Dm"):
        scope = taxon(species) if species else None
        taxa = None if scope is None else [scope.pk]
        meanings = resolve(TEXTS, taxa)
        for text in TEXTS[:12]:
            every = {one for one, of in bearers[folded_name(text)] if species in ("", of)}
            meaning = meanings[text]
            assert {match.accession for match in meaning.matches} == every
            assert (meaning.certain is not None) == (len(every) == 1)
            if len(every) > 1:
                assert find(text, 10, scope=scope).only is None
                assert all(one in uncertain(meaning) for one in every)


#: A list of yeast as people paste it, each with what it is read as: the vector of the reference.
MIXED: Final = [
    ("GAL1", "P04385", ""),
    ("gal1", "P04385", "gal1 read as GAL1"),
    ("P04385", "P04385", ""),
    ("852308", "P04385", "gene ID 852308"),
    (" GAL10 ", "P04397", ""),
    ("ARG5,6", "Q01217", ""),
    ("IMP2'", "P32351", ""),
    ("YBR020W", "P04385", "YBR020W, the ordered locus name of GAL1: UniProt 2026_04"),
    ("853974.0", "P38704", "853974.0 read as gene ID 853974"),
    ("NOSUCHGENE", "", ""),
    ("CUP1-1", "P0CX80", ""),
    ("P04637", "", ""),
]


def test_a_mixed_list_of_yeast() -> None:
    for key, name, genes in (
        ("P04385", "GAL1", [852308]), ("P04397", "GAL10", []), ("Q01217", "ARG5,6", []),
        ("P32351", "IMP2'", []), ("P33416", "IMP2", []), ("P38704", "STP2", [853974]),
        ("P0CX80", "CUP1-1", []),
    ):  # fmt: skip
        make_protein(key, name, code="Sc", genes=genes)
    make_protein("P04637", "TP53")
    call(Protein.objects.get(accession="P04385"), "YBR020W", NameKind.ORDERED_LOCUS)
    yeast = [taxon("Sc").pk]
    for separator in ("\n", ", ", ";", "\t"):
        pasted = separator.join(text for text, _, _ in MIXED)
        parts = split_identifiers(pasted, meaningful(yeast))
        assert parts == [text.strip() for text, _, _ in MIXED]
    meanings = resolve([text for text, _, _ in MIXED], yeast)
    for text, key, how in MIXED:
        meant = meanings[text].certain
        assert (meant.accession, meant.how) == (key, how) if meant else not key
    assert [one.accession for one in meanings["P04637"].elsewhere] == ["P04637"]
    assert uncertain(meanings["P04637"]).startswith("'P04637' is of another species")
    assert not meanings["NOSUCHGENE"].elsewhere


def test_a_divided_accession_leads_to_several_and_never_to_one() -> None:
    for key in ("P00001", "P00002"):
        make_protein(key, "TP53" if key == "P00001" else "TP63")
        AccessionFate.objects.create(accession="Q99999", successor=key, fate=1)
    make_protein("P00003", "GONE", genes=[900])
    AccessionFate.objects.create(accession="Q99998", successor="P00003", fate=1)
    meaning = resolve_one("Q99999")
    assert [(one.by, one.accession) for one in meaning.matches] == [
        (By.SUCCESSOR, "P00001"),
        (By.SUCCESSOR, "P00002"),
    ]
    assert meaning.certain is None
    # The other half may be of no protein here.
    assert resolve_one("Q99998").certain is None
    GeneIDFate.objects.create(ncbi_gene_id=800, successor=900)
    successor = resolve_one("800").certain
    assert successor is not None
    assert (successor.accession, successor.how) == ("P00003", "gene ID 800, replaced by 900")


def test_the_order_of_meaning_and_what_comes_beside_it() -> None:
    make_protein("P00001", "HAP2", code="Sc")
    call(make_protein("P00002", "IKI1", code="Sc"), "HAP2")
    make_protein("P00003", "hap-2", code="Sc")
    meaning = resolve_one("HAP2")
    assert [one.by for one in meaning.matches] == [By.NAME, By.FOLDED_NAME, By.SYNONYM]
    assert [one.accession for one in meaning.leading] == ["P00001"]
    assert meaning.certain is None
    assert meaning.matches[2].how == "HAP2, a synonym of IKI1: UniProt 2026_04"
    assert meaning.matches[1].how == "HAP2 read as hap-2"


def test_the_number_of_queries_does_not_grow() -> None:
    for number in range(40):
        call(
            make_protein(accession(number), f"GENE{number}", genes=[1_000 + number]), f"G{number}x"
        )
    texts = [text for n in range(40) for text in (accession(n), f"gene-{n}", str(1_000 + n))]
    with CaptureQueriesContext(connection) as few:
        resolve([*texts[:3], "G0x", "Q99999", "ENSG00000141510", "5"])
    with CaptureQueriesContext(connection) as many:
        resolve([*texts, *(f"G{n}x" for n in range(40)), "Q99999", "ENSG00000141510", "5"])
    assert len(few) == len(many) <= 12


def test_nothing_is_scanned() -> None:
    """Each query of a search, of suggestions and of near misses begins at an index."""
    tf = make_protein("P00001", "TP53", genes=[7157])
    make_interaction(tf, make_protein("P00002", "BAX"))
    scanned = set()
    for text in ("TP53", "BAX, TP53", "TP53 BAX", "TP35x", "10.1/x", "MA0106.1", "7157"):
        with CaptureQueriesContext(connection) as captured:
            find(text, 10)
            suggestions(text)
        for query in captured:
            scanned |= _scans(query["sql"])
    # What there are a few dozen of is read whole.
    assert scanned <= {"proteins_taxon", "proteins_taxonname", "proteins_sourcedatabase",
                       "proteins_detectionmethod", "proteins_namesource"}  # fmt: skip


def _scans(sql: str) -> set[str]:
    """The tables that SQLite reads whole for a query."""
    if connection.vendor != "sqlite" or not sql.startswith("SELECT"):
        return set()
    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql.replace('%', '%%')}", [])
        plan = [row[3] for row in cursor.fetchall()]
    scans = {step.split()[1] for step in plan if step.startswith("SCAN") and "INDEX" not in step}
    return scans & set(tables)


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [("tp53", "tp53", 0), ("tp53", "tp35", 1), ("tp53", "tp5", 1), ("tp53", "tpx53", 1),
     ("tp53", "bax", None), ("", "ab", 2), ("abcd", "abdx", 2)],
)  # fmt: skip
def test_edits(one: str, other: str, distance: int | None) -> None:
    assert edits(one, other, 2) == edits(other, one, 2) == distance


def test_the_index_of_trigrams_follows_every_write() -> None:
    protein = make_protein("P00001", "ABCDE1")
    assert is_indexed(connection, NAMES)
    assert [near.text for near in near_names("ABCDX1", 5)] == ["ABCDE1"]
    ProteinName.objects.update(text="VWXYZ1", folded="vwxyz1")
    assert near_names("ABCDX1", 5) == []
    assert [near.protein for near in near_names("VWXYA1", 5)] == [protein.pk]
    ProteinName.objects.all().delete()
    assert near_names("VWXYA1", 5) == []


def test_words_of_titles_and_authors() -> None:
    Citation.objects.create(pmid=1, title="The p53 network: 100% sure", authors="Levine AJ")
    Citation.objects.create(pmid=2, title="Another network", authors="Vogelstein B")
    pmids = [
        [one.pmid for one in publications_holding(text).order_by("pmid")]
        for text in ("network", "p53 network", "Levine P53", "100%", "100_", "vogelstein levine")
    ]
    assert pmids == [[1, 2], [1], [1], [1], [], []]
