"""The reference values of the published tables through the API, on whichever database there is.

Proteins, names, evidence and the arrays of yeast are the published ones; its 237,714 interactions
are laid out as arrays without a table of them, which `test_arrays.py` compares with each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pytest
from django.conf import LazySettings
from django.test import Client, override_settings

from proteins.analysis import species, store
from proteins.analysis.core.edges import Kind, Row
from proteins.analysis.similar import similar_tfs
from proteins.domain.tiers import Tier
from proteins.models import Protein
from tests.factories import make_interaction, make_protein, taxon
from tests.proteins.analysis import cuts, stored
from tests.proteins.analysis.reference import reference

pytestmark = pytest.mark.django_db
YEAST: Final = 559292
FILTERS: Final[dict[str, dict[str, Any]]] = {
    "all": {},
    "small_scale": {"small_scale": "yes"},
    "two_sources": {"min_sources": 2},
}
#: Columns of a result as the reference calls them.
COLUMNS: Final = {
    "overlap": "x",
    "targets": "K",
    "expected": "expected",
    "fold": "fold",
    "odds_ratio": "or_haldane",
    "ci_low": "ci_low",
    "ci_high": "ci_high",
    "p": "p",
}
DEGREE_COLUMNS: Final = {
    "expected_degree": "expected_degree",
    "p_degree": "p_degree_exact",
    "q_degree": "bh_degree",
}


@pytest.fixture(scope="module", autouse=True)
def tables(module_db: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    species._species.clear()
    with override_settings(DATA_DIR=tmp_path_factory.mktemp("data")):
        lay_out_yeast()
        for name in ("rat", "zebrafish"):
            stored.store(cuts.read(name))
        make_protein("P04637", "TP53")
        yield
    species._species.clear()


def lay_out_yeast() -> None:
    """Let yeast be there as arrays: a row of the table for each interaction takes ten seconds."""
    cut = cuts.read("yeast")
    keys, kinds = stored.write_parts(cut)
    rows = [
        Row(keys[tf], keys[target], Kind(kinds[kind].evidence_id, 0, 0, 0))
        for tf, target, kind in cut.pairs()
    ]
    rows.sort()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(store, "public_rows", lambda _: iter(rows))
        assert store.lay_out(taxon("Sc").pk).rows == 237_714


@pytest.fixture(autouse=True)
def _species_in_memory(settings: LazySettings) -> None:
    settings.PAGE_CACHE_BYTES = 1_000_000


def ask(client: Client, path: str, **body: Any) -> Any:
    answer = client.post(
        f"/api/v1/{path}/", {"taxon": YEAST, **body}, content_type="application/json"
    )
    assert answer.status_code == 200, answer.content[:1000]
    return answer.json()


def enrich(client: Client, names: list[str], **body: Any) -> Any:
    return ask(client, "enrichment", identifiers=names, **{"unit": "protein", **body})


def near(value: Any, rel: float = 1e-6) -> Any:
    return pytest.approx(value, rel=rel, abs=0)


CASES: Final = reference("yeast_enrichment")["cases"]


@pytest.mark.parametrize("case", CASES, ids=[f"{one['set']}-{one['filter']}" for one in CASES])
def test_every_row_of_enrichment(client: Client, case: dict[str, Any]) -> None:
    chosen = FILTERS[case["filter"]]
    answer = enrich(client, case["names"], **chosen)
    assert (answer["query_size"], answer["background_size"]) == (case["n"], case["N"])
    assert answer["tests"] == case["tests"] == len(answer["results"])
    results = {row["tf"]: row for row in answer["results"]}
    assert sum(row["overlap"] > 0 for row in results.values()) == case["tests_with_overlap"]
    for row in case["rows"]:
        result = results[row["tf"]]
        got = [result[column] for column in COLUMNS] + [result["q"]]
        assert got == near([*(row[name] for name in COLUMNS.values()), row["bh"]])
    for correction in ("by", "bonferroni"):
        fields = {"fields": ["tf", "q"], "correction": correction}
        corrected = enrich(client, case["names"], **chosen, **fields)["results"]
        q = {row["tf"]: row["q"] for row in corrected}
        for row in case["rows"]:
            assert q[row["tf"]] == near(row[correction])
    by_degree = [
        row
        for row in reference("yeast_degree_adjusted")
        if (row["set"], row["filter"]) == (case["set"], case["filter"])
    ]
    for row in by_degree:
        result = results[row["tf"]]
        assert (result["overlap"], result["targets"]) == (row["x"], row["K"])
        got = [result[column] for column in DEGREE_COLUMNS]
        assert got == near([row[name] for name in DEGREE_COLUMNS.values()])
    # The usual order of p: the best of all, and the expected one at its rank.
    order = sorted(answer["results"], key=lambda row: (row["p"], -row["fold"]))
    if case["expected_rank"]:
        rank = case["expected_rank"] - 1
        best = {row["tf_name"] for row in order if row["p"] == order[rank]["p"]}
        assert case["expected_tf"] in best


def test_the_acceptance_of_the_definitions(client: Client) -> None:
    sets = {case["set"]: case["names"] for case in CASES}
    zinc = enrich(client, sets["zinc"], small_scale="yes")
    assert (zinc["tests"], zinc["background_size"], zinc["query_size"]) == (191, 2166, 12)
    rows = {row["tf_name"]: row for row in zinc["results"]}
    zap1 = rows["ZAP1"]
    assert (zap1["overlap"], zap1["targets"]) == (11, 50)
    columns = ("expected", "p", "odds_ratio", "ci_low", "ci_high", "q")
    assert [zap1[column] for column in columns] == near(
        [0.277008, 3.6661365621e-18, 410.603376, 72.768749, 2316.861754, 7.002321e-16], 2e-6
    )
    assert [rows["MAC1"]["p"], rows["MAC1"]["q"]] == near([1.5057825215e-03, 0.1438022])
    by = enrich(client, sets["zinc"], small_scale="yes", correction="by", fields=["tf_name", "q"])
    assert {row["tf_name"]: row["q"] for row in by["results"]}["ZAP1"] == near(4.083827e-15)
    iron = enrich(client, sets["iron"])
    aft1 = next(row for row in iron["results"] if row["tf_name"] == "AFT1")
    assert (aft1["overlap"], aft1["targets"]) == (26, 1127)
    assert [aft1["p"], aft1["expected"]] == near([1.0589e-20, 4.474271], 1e-4)
    assert [aft1["expected_degree"], aft1["p_degree"]] == near([7.5515, 8.260e-16], 1e-3)


def test_lists_of_every_size(client: Client) -> None:
    every = list(Protein.objects.filter(taxon=taxon("Sc")).values_list("accession", flat=True))
    assert {row["p"] for row in enrich(client, [])["results"]} == {1}
    assert {row["p_degree"] for row in enrich(client, [])["results"]} == {1}
    one = enrich(client, ["GAL1"])
    assert one["query_size"] == 1
    assert sum(row["overlap"] for row in one["results"]) == 63
    many = enrich(client, every[:5_000])
    assert many["query"]["given"] == 5_000
    assert {0 <= row["q_degree"] <= 1 for row in many["results"]} == {True}
    # The list is the background: nothing is more frequent than expected.
    own = {"background": "list", "background_identifiers": every[:5_000]}
    whole = enrich(client, every[:5_000], **own)
    assert whole["background_size"] == whole["query_size"] == 5_000
    assert {row["p"] for row in whole["results"]} == {1}
    # The degree model has these numbers of targets on average: half of what it draws has more.
    assert min(row["p_degree"] for row in whole["results"]) > 0.4


GALACTOSE: Final = ["GAL1", "GAL2", "GAL3", "GAL4", "GAL7", "GAL10", "GAL80", "MIG1"]
NETWORKS: Final = reference("yeast_network_queries")


@pytest.mark.parametrize("evidence", ["all", "small_scale"])
class TestNetworks:
    def test_common_targets(self, client: Client, evidence: str) -> None:
        for name, right in questions(evidence, "common_targets"):
            answer = ask(client, "common-targets", identifiers=name, **FILTERS[evidence])
            numbers = answer["numbers"]
            assert (numbers["common"], numbers["union"]) == (right["common"], right["union"])
            names = sorted(row["name"] for row in answer["results"] if row["name"])
            assert names[: len(right["first"])] == right["first"]
            for tf, size in zip(name, right["sizes"], strict=True):
                one = ask(client, "common-targets", identifiers=[tf], **FILTERS[evidence])
                assert one["numbers"]["common"] == size

    def test_shared_regulators(self, client: Client, evidence: str) -> None:
        for genes, right in questions(evidence, "shared_regulators"):
            answer = ask(client, "shared-regulators", identifiers=genes, **FILTERS[evidence])
            assert answer["numbers"]["shared"] == right["shared"]
            names = sorted(row["name"] or "-" for row in answer["results"])
            assert names[: len(right["names"])] == right["names"]
            for gene, size in zip(genes, right["sizes"], strict=True):
                one = ask(client, "shared-regulators", identifiers=[gene], **FILTERS[evidence])
                assert one["numbers"]["shared"] == size

    def test_paths(self, client: Client, evidence: str) -> None:
        every = {"tier": [tier.label for tier in Tier], **FILTERS[evidence]}
        for ends, right in questions(evidence, "paths", "->"):
            answer = ask(client, "paths", identifiers=ends, **every)
            assert answer["numbers"]["counts"] == [right[length] for length in "123"]
            assert len(answer["results"]) == min(sum(answer["numbers"]["counts"]), 100)

    def test_all_loops_of_a_species(self, client: Client, evidence: str) -> None:
        right = NETWORKS[evidence]
        of_all = right["feed_forward_loops X->Y, X->Z, Y->Z"]
        query = {"taxon": YEAST, **FILTERS[evidence]}
        answer = client.get("/api/v1/loop-counts/", query).json()
        assert answer["numbers"] == {
            "loops": of_all["triples"],
            "pairs": of_all["pairs X->Y"],
            "pairs_with_loops": of_all["pairs with a loop"],
            "mutual_pairs": right["two-node feedback loops (TF<->TF)"],
            "autoregulated": right["autoregulation"],
        }
        best = right["pairs with most loops"]
        named = {(row["loops"], row["x_name"], row["y_name"]) for row in answer["results"]}
        assert named >= {tuple(pair) for pair in best}
        assert [row["loops"] for row in answer["results"]][:5] == [most for most, *_ in best]
        loops = ask(client, "feed-forward-loops", identifiers=["GCN4"], **FILTERS[evidence])
        assert loops["numbers"]["in_species"] == of_all["triples"]

    def test_loops(self, client: Client, evidence: str) -> None:
        """The pairs that close most loops."""
        for place, (most, *pair) in enumerate(NETWORKS[evidence]["pairs with most loops"]):
            shared = ask(client, "common-targets", identifiers=pair, **FILTERS[evidence])
            regulated = {row["name"] for row in shared["results"]}
            assert shared["numbers"]["common"] - len(regulated & set(pair)) == most
            if not place:
                loops = ask(client, "feed-forward-loops", identifiers=pair, **FILTERS[evidence])
                # Those are X and Y of a loop, or Y and X, or X and Z, or Y and Z.
                assert loops["numbers"]["loops"] >= most

    def test_subnetworks(self, client: Client, evidence: str) -> None:
        right = NETWORKS[evidence]
        answer = ask(client, "subnetwork", identifiers=GALACTOSE, **FILTERS[evidence])
        assert answer["numbers"]["proteins"] == right["induced GAL subnetwork"]["nodes"]
        assert answer["numbers"]["interactions"] == right["induced GAL subnetwork"]["edges"]
        tfs = enrich(client, [], fields=["tf"], **FILTERS[evidence])["results"]
        every = [row["tf"] for row in tfs]
        rows = ask(client, "subnetwork", identifiers=every, **FILTERS[evidence])["results"]
        pairs = {(row["tf"], row["target"]) for row in rows}
        other = {pair for pair in pairs if pair[0] != pair[1]}
        assert len(pairs) - len(other) == right["autoregulation"]
        assert len(other) == right["feed_forward_loops X->Y, X->Z, Y->Z"]["pairs X->Y"]
        both = sum(pair[::-1] in other for pair in other) // 2
        assert both == right["two-node feedback loops (TF<->TF)"]


def questions(evidence: str, kind: str, separator: str = "+") -> Iterator[tuple[list[str], Any]]:
    for name, right in NETWORKS[evidence].items():
        if name.startswith(f"{kind} "):
            yield name.removeprefix(f"{kind} ").split(" (")[0].split(separator), right


def test_a_mixed_list(client: Client) -> None:
    mixed = reference("identifiers")["mixed_yeast"]
    query = enrich(client, mixed["input"], unit="gene")["query"]
    used = {one["identifier"]: one for one in query["used"]}
    assert set(used) == {"GAL1", "GAL10", "ARG5,6", "IMP2'", "853974.0", "CUP1-1"}
    assert used["GAL1"]["proteins"][0]["accession"] == mixed["gal1_accession"]
    assert [one["identifier"] for one in query["duplicates"]] == ["gal1", "P04385", "852308"]
    assert {one["same_as"] for one in query["duplicates"]} == {"GAL1"}
    assert "853974.0 read as gene ID 853974" in used["853974.0"]["read_as"]
    assert query["not_found"] == ["YBR020W", "NOSUCHGENE"]
    (human,) = query["other_species"]
    assert human["candidates"][0]["ncbi_taxon_id"] == 9606


def test_twins(client: Client) -> None:
    """Pairs of TFs with (nearly) the same targets, most of which are mistaken for one another."""
    groups = list(similar_tfs(taxon("Sc")))
    assert len(groups) == 12
    assert sum(len(group.pairs) for group in groups) == 14
    results = enrich(client, ["GAL1"])["results"]
    # The others differ in a few targets; TFs of fewer than five are no evidence of anything.
    twins = [row for row in results if row["targets"] >= 5]
    assert sum(len(row["same_targets_as"]) for row in twins) == 2 * 12


def test_tiers(client: Client) -> None:
    counts = dict.fromkeys(("single", "repeated", "supported", "strong"), 0)
    for tier in counts:
        answer = enrich(client, [], tier=tier, fields=["targets"])
        counts[tier] = sum(row["targets"] for row in answer["results"])
    right = reference("tiers")["Saccharomyces_cerevisiae"]
    assert list(counts.values()) == [count for _, count in sorted(right.items())]


class TestConservation:
    """Of rat and zebrafish there are the only TFs that can be compared, which are orthologs."""

    @pytest.mark.parametrize(
        ("tf", "other", "name"), [("O55170", 7955, "Rn->Dr"), ("Q90XD1", 10116, "Dr->Rn")]
    )
    def test_reported_and_testable(self, client: Client, tf: str, other: int, name: str) -> None:
        right = reference("conservation")[name]
        path = f"/api/v1/proteins/{tf}/conservation/"
        query: Any = {"taxon": other, "links": "own", "answer": "reported"}
        answer = client.get(path, query).json()
        assert answer["testable"] == right["the TF ortholog is a TF with targets there"]
        assert answer["reported"] == right["ortholog pair interacts there"]
        names = {row["target_name"] for row in answer["results"]}
        assert names == {example.split("->")[1] for example in right["examples"]}
        either = client.get(path, {"taxon": other}).json()
        assert either["testable"] >= answer["testable"]

    def test_no_tf_of_yeast_is_testable(self, client: Client) -> None:
        """Orthologs of yeast TFs there are, but no targets of theirs are reported."""
        right = reference("conservation")
        for name in ("Sc->Rn", "Sc->Dr"):
            assert right[name]["the TF ortholog is a TF with targets there"] == 0
        cut = cuts.read("yeast")
        tf = next(
            place for place in cut.targets
            if {code for code, _ in cut.proteins[place].orthologs} == {"Rn", "Dr"}
        )  # fmt: skip
        protein = Protein.objects.get(accession=cut.proteins[tf].accession)
        target = Protein.objects.get(accession=cut.proteins[cut.targets[tf][0][0]].accession)
        make_interaction(protein, target)
        answer = client.get(f"/api/v1/proteins/{protein.accession}/conservation/").json()
        assert (answer["testable"], answer["reported"], answer["expected"]) == (0, 0, 0)
        reasons = {
            row["reason"] for row in answer["results"] if row["ncbi_taxon_id"] in (7955, 10116)
        }
        assert reasons == {"no targets of the TF’s ortholog"}
