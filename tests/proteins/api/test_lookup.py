"""The look-up of many identifiers: what each means, and what cannot be read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft4Validator  # type: ignore[import-untyped]
from pytest_django import DjangoAssertNumQueries

from curation.shared.bulk import bulk_for
from curation.shared.protein_names import write_primary_names
from proteins.api.schema.generator import api_schema
from proteins.models import Protein, SecondaryAccession
from proteins.queries import resolver
from tests.factories import accession, make_change, make_protein, taxon
from tests.proteins.api.schema.test_schema import as_json_schema
from tests.thoroughness import examples

pytestmark = pytest.mark.django_db
URL = "/api/v1/lookup/"


def post(
    client: Client, body: Any, expect: int = 200, query: str = "", kind: str = "application/json"
) -> Any:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = client.post(f"{URL}{query}", content, content_type=kind)
    assert answer.status_code == expect, answer.content[:500]
    expected = "application/problem+json" if expect >= 400 else "application/json"
    assert answer["Content-Type"] == expected
    return answer.json()


def meant(answer: Any) -> list[list[tuple[str, str]]]:
    return [[(m["by"], m["accession"]) for m in row["matches"]] for row in answer["results"]]


@pytest.fixture
def proteins(db: None) -> None:
    ing1 = make_protein("Q9UK53", "ING1", genes=[3621, 7])
    SecondaryAccession.objects.create(accession="O00532", protein=ing1)
    make_protein("Q07812", "BAX", genes=[581])
    make_protein("Q07813", "Bax", code="Mm", genes=[581, 12028])
    make_protein("P12345", "", code="Rn")
    make_protein("P00001", "Étoile")
    make_protein("P00002", "581")


@pytest.mark.usefixtures("proteins")
class TestMeaning:
    def test_each_by_what_matches(self, client: Client) -> None:
        requested = [
            " q9uk53 ", "o00532", "ing1", 3621, "3621.0", "bAx", "581", "P99999", "", "-",
            "Étoile", "Q9UK53", "x" * 5000, 10**30, -3,
        ]  # fmt: skip
        answer = post(client, {"identifiers": requested})
        spelled = "name in another spelling"
        bax = [(spelled, "Q07812"), (spelled, "Q07813")]
        of_581 = [("gene ID", "Q07812"), ("gene ID", "Q07813"), ("name", "P00002")]
        ing1 = "Q9UK53"
        assert meant(answer) == [
            [("accession", ing1)], [("secondary accession", ing1)], [(spelled, ing1)],
            [("gene ID", ing1)], [("gene ID", ing1)], bax, of_581, [], [], [],
            [("name", "P00001")], [("accession", ing1)], [], [], [],
        ]  # fmt: skip
        assert [row["identifier"] for row in answer["results"]] == [
            str(value) for value in requested
        ]
        assert (answer["total"], answer["found"]) == (15, 9)
        assert answer["not_found"] == ["P99999", "", "-", "x" * 5000, str(10**30), "-3"]
        assert answer["results"][1]["matches"] == [
            {
                "accession": "Q9UK53", "by": "secondary accession",
                "how": "O00532, a former accession of Q9UK53", "name": "ING1",
                "ncbi_taxon_id": 9606, "gene_ids": [7, 3621],
                "url": "http://testserver/api/v1/proteins/Q9UK53/",
            }
        ]  # fmt: skip
        components = api_schema()["components"]["schemas"]
        schema = as_json_schema(components["Lookup"], components)
        Draft4Validator(schema).validate(answer)

    def test_one_kind_and_one_species(self, client: Client) -> None:
        requested = ["BAX", "581", "Q07812", "O00532"]
        for kind, expected in (
            ("accession", [[], [], ["Q07812"], ["Q9UK53"]]),
            ("name", [["Q07812", "Q07813"], ["P00002"], [], []]),
            ("gene_id", [[], ["Q07812", "Q07813"], [], []]),
        ):
            answer = post(client, {"identifiers": requested, "kind": kind})
            assert [[accession for _, accession in row] for row in meant(answer)] == expected
            lines = "\r\n".join(["", *requested, " "]).encode()
            from_lines = post(
                client, lines, query=f"?kind={kind}", kind="text/plain; charset=UTF-8"
            )
            assert from_lines == answer
        answer = post(client, {"identifiers": ["bax", "581"], "taxon": 10090})
        assert meant(answer) == [
            [("name in another spelling", "Q07813")],
            [("gene ID", "Q07813")],
        ]
        assert post(client, {"identifiers": ["bax"], "taxon": 10090}, query="?taxon=9606")[
            "not_found"
        ] == ["bax"]

    def test_a_name_of_many(self, client: Client) -> None:
        change = make_change()
        proteins = Protein.objects.bulk_create(
            Protein(accession=accession(number), name="many", taxon=taxon(), change=change)
            for number in range(100, 101 + resolver.MAX_MATCHES)
        )
        names = {protein.pk: "many" for protein in proteins}
        write_primary_names(bulk_for(), names, new=True)
        (row,) = post(client, {"identifiers": ["MANY"]})["results"]
        assert row["has_more"] is True
        assert [match["accession"] for match in row["matches"]] == [
            accession(number) for number in range(100, 100 + resolver.MAX_MATCHES)
        ]

    @pytest.mark.parametrize(("chunk", "queries"), [(5_000, 7), (2, 12)])
    def test_queries(
        self,
        monkeypatch: pytest.MonkeyPatch,
        django_assert_num_queries: DjangoAssertNumQueries,
        chunk: int,
        queries: int,
    ) -> None:
        """One for species, each way to look up, and each chunk of what is requested in it."""
        monkeypatch.setattr(resolver, "CHUNK", chunk)
        requested = ["Q9UK53", "O00532", "Q07812", "ing1", "bax", "12028", "581"]
        with django_assert_num_queries(queries):
            matched = resolver.resolve(requested)
        assert all(matched[text].matches for text in requested)


#: A body, its type, and the reason of its refusal.
REFUSED: list[tuple[bytes, str]] = [
    (b"", "body: it is empty"),
    (b"{", "body: it is not JSON: Expecting property name"),
    (b'["P04637"]', "body: it is not an object"),
    (b"null", "body: it is not an object"),
    (b"{}", "identifiers: it must be given, as a list"),
    (b'{"identifiers": "P04637"}', "identifiers: it must be given, as a list"),
    (b'{"identifiers": []}', "identifiers: none is given"),
    (b'{"identifiers": ["a", null, true, 1.5, {}]}', "identifiers[4]: it is neither a text nor"),
    (b'{"identifiers": ["a\\u0000"]}', "identifiers[0]: it holds a NUL character"),
    (b'{"identifiers": ["\\ud800"]}', "identifiers[0]: it holds half of a surrogate pair"),
    (b'{"identifiers": ["\xff"]}', "body: byte 18 is not valid UTF-8"),
    (b'{"identifiers": ["a"], "identifiers": ["b"]}', "body: a property is given twice"),
    (b'{"identifiers": ["a"], "colour": NaN}', "body: NaN is not a number of JSON"),
    (b'{"identifiers": ["a"], "colour": "red"}', "colour: there is no such property here"),
    (b'{"identifiers": ["a"], "taxon": "9606"}', "taxon: it is not a whole number"),
    (b'{"identifiers": ["a"], "taxon": -1}', "taxon: '-1' is not a whole number from 1"),
    (b'{"identifiers": ["a"], "taxon": 5}', "taxon: '5': no such taxon; known: 6239, 7227"),
    (b'{"identifiers": ["a"], "kind": "colour"}', "kind: it is none of: accession, gene_id, name"),
    (b'{"identifiers": ["a"], "kind": []}', "kind: it is none of"),
    (b'{"identifiers": [' + b"9" * 5000 + b"]}", "body: Exceeds the limit"),
    (b"[" * 900_000, "body: it is nested too deeply"),
    (b'{"identifiers": [' + b"1," * 10_000 + b"1]}", "10,001 are given; at most 10,000"),
]


class TestRefused:
    @pytest.mark.parametrize(("body", "reason"), REFUSED, ids=range(len(REFUSED)))
    def test_what_is_wrong_and_where(self, client: Client, body: bytes, reason: str) -> None:
        problem = post(client, body, expect=400)
        assert reason in problem["detail"]
        assert problem["errors"]

    def test_few_of_many_errors_are_reported(self, client: Client) -> None:
        problem = post(client, {"identifiers": [None] * 10_000}, expect=400)
        assert len(problem["errors"]) == 20

    def test_texts(self, client: Client) -> None:
        reason = post(client, b"a\nb\x00\n", expect=400, kind="text/plain")["detail"]
        assert reason == "line 2: it holds a NUL character"
        reason = post(client, b" \n\n", expect=400, kind="text/plain")["detail"]
        assert reason == "identifiers: none is given"

    def test_types_sizes_and_urls(self, client: Client) -> None:
        body = {"identifiers": ["a"]}
        for kind in ("text/csv", "application/x-www-form-urlencoded", "text/plain; charset=utf-16"):
            post(client, body, expect=415, kind=kind)
        post(client, b"x" * 1_000_001, expect=413)
        assert "no such parameter" in post(client, body, expect=400, query="?x=1")["detail"]
        assert "kind" in post(client, body, expect=400, query="?kind=x")["detail"]
        assert "taxon" in post(client, body, expect=400, query="?taxon=x")["detail"]
        assert client.get(URL).status_code == 405

    def test_no_csrf_token_is_required(self) -> None:
        post(Client(enforce_csrf_checks=True), {"identifiers": ["a"]})


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)
IDENTIFIERS = st.one_of(
    st.sampled_from(["Q9UK53", "o00532", "BAX", "581", 581, "İ", "ﬀ", "ſ", "١٢", "\u2028", "%_\\"]),
    st.text(max_size=12),
    st.integers(),
)
BODIES = st.one_of(
    VALUES,
    st.fixed_dictionaries({"identifiers": st.lists(IDENTIFIERS, max_size=5)}),
    st.fixed_dictionaries(
        {"identifiers": st.lists(IDENTIFIERS | VALUES, max_size=5)},
        optional={"taxon": VALUES, "kind": VALUES, "x": VALUES},
    ),
)


@settings(
    deadline=None,
    max_examples=examples(200),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    body=st.one_of(BODIES.map(lambda body: json.dumps(body).encode()), st.binary(max_size=60)),
    kind=st.sampled_from(["application/json", "text/plain"]),
)
@pytest.mark.usefixtures("proteins")
def test_any_body_is_answered_or_refused(client: Client, body: bytes, kind: str) -> None:
    answer = client.post(URL, body, content_type=kind)
    assert answer.status_code in (200, 400), answer.content[:300]
    result = answer.json()
    if answer.status_code == 400:
        assert result["detail"]
        return
    assert result["total"] == len(result["results"]) == result["found"] + len(result["not_found"])
    if kind == "application/json":
        given = json.loads(body)["identifiers"]
        assert [row["identifier"] for row in result["results"]] == [str(value) for value in given]
