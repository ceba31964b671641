"""Proposals of each origin, and browsers of the people who decide them."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from curation import actions
from curation.models import ImportRun, Origin, Proposal, RecordKind
from proteins.models import Protein
from tests.curation.people import browser_of, make_person
from tests.factories import make_protein


def proposal_page(proposal: Proposal | int, page: str = "change") -> str:
    number = proposal if isinstance(proposal, int) else proposal.pk
    return reverse(f"admin:curation_proposal_{page}", args=[number])


def the_list(query: str = "") -> str:
    return reverse("admin:curation_proposal_changelist") + query


def press(
    client: Client, proposal: Proposal | int, button: str, *, follow: bool = False, **data: Any
) -> Any:
    return client.post(proposal_page(proposal, button), data, follow=follow)


def propose_name(author: User, protein: Protein, name: str, reason: str = "") -> Proposal:
    return actions.propose(
        user=author,
        kind=RecordKind.PROTEIN,
        record_id=protein.pk,
        values={"name": name},
        reason=reason,
    )


def conflict(protein: Protein, value: Any, field: str = "name") -> Proposal:
    """A proposal as an import opens it."""
    return Proposal.objects.create(
        kind=RecordKind.PROTEIN,
        record_id=protein.pk,
        record_key=protein.accession,
        changes={field: [getattr(protein, field), value]},
        origin=Origin.IMPORT,
        run=ImportRun.objects.create(command="import_pages"),
        taxon=protein.taxon,
    )


def report(protein: Protein, text: str) -> Proposal:
    """A report of the public that names no change."""
    return Proposal.objects.create(
        kind=RecordKind.PROTEIN,
        record_id=protein.pk,
        record_key=protein.accession,
        origin=Origin.PUBLIC,
        comment=text,
        taxon=protein.taxon,
    )


def some_protein(accession: str = "Q9UK53", name: str = "ING1") -> Protein:
    return Protein.objects.filter(accession=accession).first() or make_protein(accession, name)


def browser(name: str, role: str) -> Client:
    return browser_of(make_person(name, role))
