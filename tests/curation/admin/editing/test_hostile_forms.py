"""Whatever is sent to a form: it is saved or it comes back, and nothing is half written."""

from __future__ import annotations

import os
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from curation.checks import find_breaches
from curation.models import Proposal, Revision
from curation.permissions import CURATOR, SENIOR_CURATOR
from curation.records.facets import refacet
from proteins.models import BindingSite, Citation, Interaction, Protein
from tests.curation.admin.forms import open_form, page
from tests.curation.people import browser_of, make_person
from tests.factories import make_interaction, make_protein, taxon
from tests.thoroughness import ONCE_MORE, examples

NASTY = [
    "",
    " ",
    "\x00",
    "a\x00b",
    "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    "%ED%A0%80",
    "\u200b",
    "\u202egnp.exe",
    "-1",
    "0",
    "1",
    "2147483647",
    "2147483648",
    "9223372036854775808",
    "9" * 400,
    "1e308",
    "NaN",
    "١٢٣",
    "１７",
    "<script>alert(1)</script>",
    "{{ 7*7 }}",
    "' OR 1=1 --",
    "[1, 2]",
    '{"sources": []}',
    "None",
    "x" * 6_000,
    "GTRD",
    "chr1",
    "+",
    "yes",
    "Mm:Q9QXV3",
    "P04637",
    "TFLinkLS00000002",
    "17244529",
]
VALUES = st.one_of(
    st.sampled_from(NASTY),
    st.text(max_size=30),
    st.integers().map(str),
)
FIELDS = {
    "protein": [
        "accession",
        "taxon",
        "name",
        "declared_tf",
        "declared_target",
        "declared_interactions",
        "gene_ids",
        "jaspar_matrices",
        "orthologs",
    ],
    "interaction": ["tf", "target", "effect", "status", "reporting", "evidence"],
    "bindingsite": [
        "tflink_id",
        "tf",
        "assembly",
        "chromosome",
        "start",
        "end",
        "strand",
        "overlaps",
        "sequence",
    ],
    "citation": ["pmid", "title", "authors", "journal", "year", "doi", "is_retracted"],
}
SUPPORT = ["sources", "methods", "pmids", "small_scale"]
#: `HOSTILE_EXAMPLES=3000` looks longer.
EXAMPLES = int(os.environ.get("HOSTILE_EXAMPLES", "0")) or examples(30)
CONTROL = [
    "seen",
    "reason",
    "_verb",
    "_save",
    "_continue",
    "_addanother",
    "_propose",
    "_popup",
    "_saveasnew",
    "__all__",
]


def fields_of(model: str) -> list[str]:
    support = SUPPORT if model in ("interaction", "bindingsite") else []
    return [*FIELDS[model], *support, *CONTROL]


@st.composite
def sent(draw: st.DrawFn) -> tuple[str, str, dict[str, list[str]]]:
    """A model, whether its record is changed, added or deleted, and what is sent."""
    model = draw(st.sampled_from(sorted(FIELDS)))
    operation = draw(st.sampled_from(["change", "change", "add", "delete"]))
    names = st.sampled_from(fields_of(model))
    # Forms that are right but for little find what random ones never reach.
    data = draw(st.dictionaries(names, st.lists(VALUES, max_size=3), max_size=4))
    return model, operation, data


class HostileForms(TestCase):
    """Each example begins from the same records (hypothesis rolls back in between)."""

    def setUp(self) -> None:
        tf = make_protein("Q9UK53", "ING1", genes=[3621])
        target = make_protein("Q07812", "BAX")
        interaction = make_interaction(tf, target)
        site = BindingSite.objects.create(
            tflink_id="TFLinkLS1", tf=tf, evidence=interaction.evidence, start=1, end=2
        )
        refacet([tf.pk])
        self.records = {
            "protein": tf.pk,
            "interaction": interaction.pk,
            "bindingsite": site.pk,
            "citation": Citation.objects.get(pmid=27924024).pk,
        }
        self.right = {
            "protein": {"accession": "P04637", "taxon": str(taxon().pk)},
            "interaction": {"tf": str(target.pk), "target": str(tf.pk), "sources": "GTRD"},
            "bindingsite": {"tflink_id": "TFLinkLS2", "tf": str(tf.pk), "sources": "GTRD"},
            "citation": {"pmid": "17"},
        }
        self.people = {role: browser_of(make_person(role[:3], role)) for role in ROLES}

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(what=sent(), role=st.sampled_from([SENIOR_CURATOR, SENIOR_CURATOR, CURATOR]))
    def test_nothing_breaks(self, what: tuple[str, str, dict[str, list[str]]], role: str) -> None:
        model, operation, data = what
        browser = self.people[role]
        url = page(model, operation, *([] if operation == "add" else [self.records[model]]))
        whole = self.form(browser, model, operation, url) | data
        before = stored()
        answer = browser.post(url, whole)
        event(f"{operation}: {answer.status_code}")
        assert answer.status_code in (200, 302, 400, 403, 410), answer.status_code
        if answer.status_code != 302 and "popup_response" not in answer.text:
            assert stored() == before, "what was refused wrote nothing"
        check_records_are_clean()
        assert b"<script>alert(1)</script>" not in answer.content

    def form(self, browser: Client, model: str, operation: str, url: str) -> dict[str, Any]:
        opened = browser.get(url, follow=True)
        if operation == "delete" or opened.status_code == 403:
            return {"seen": "0", "reason": ""}
        return open_form(browser, url) | (self.right[model] if operation == "add" else {})


ROLES = (SENIOR_CURATOR, CURATOR)


def stored() -> tuple[Any, ...]:
    models = (Protein, Interaction, BindingSite, Citation, Revision, Proposal)
    return tuple(list(model._default_manager.order_by("pk").values()) for model in models)


def check_records_are_clean() -> None:
    assert list(find_breaches()) == []


@pytest.mark.parametrize("model", FIELDS)
def test_an_address_with_anything_in_it_opens_a_form(senior: Client, model: str) -> None:
    names, values = fields_of(model), ["x", "9" * 30, "\x00", "-1", "1,2"]
    queries = [dict.fromkeys(names, value) for value in values]
    if not ONCE_MORE:  # and each alone
        queries += [{name: values[at % len(values)]} for at, name in enumerate(names)]
    for query in queries:
        assert senior.get(page(model, "add"), query).status_code == 200, query
