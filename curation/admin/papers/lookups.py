"""What the pages and the grid of "Add from a publication" look up: publications, proteins, rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from curation.actions.papers import PaperPlan
from curation.actions.papers.plan import PlannedRow, Remark
from curation.admin.editing.answers import admin_url
from curation.admin.papers.form import LABELS
from curation.checks.sense import doubts_about_pairs, doubts_about_pmids
from curation.importing.loading.names import StoredNames
from curation.importing.planning.name_map import NameMap, UnmappedError
from curation.importing.source.statements_curated import effect_word, scale_word
from curation.importing.source.statements_pasted import COLUMNS
from curation.models import Proposal
from curation.shared.bulk import bulk_for
from proteins.domain import links
from proteins.domain.evidence import SmallScale
from proteins.domain.names import names_of
from proteins.domain.statements import Basis, Sign
from proteins.models import Citation, Interaction, Protein, Statement, Taxon

#: Suggestions for a name that is typed.
_SUGGESTED: Final = 8


def about(pmid: int) -> dict[str, Any]:
    """Return what pages say of a publication; one that is not stored is added with the rows."""
    citation = Citation.objects.filter(pmid=pmid).first()
    about: dict[str, Any] = {"pmid": pmid, "pubmed": links.pubmed(pmid), "species": ""}
    if citation is None:
        doubts = [doubt.text for doubt in doubts_about_pmids([pmid])]
        return {**about, "is_stored": False, "warnings": doubts}
    stated = Statement.objects.filter(citation=citation)
    return {
        **about,
        "is_stored": True,
        "title": citation.title,
        "by": ", ".join(filter(None, (citation.authors[:200], citation.journal, _year(citation)))),
        "warnings": list(citation.warnings),
        "site": citation.get_absolute_url(),
        "desk": admin_url(Citation, "change", citation.pk),
        "statements": stated.count(),
        "species": species_of(pmid),
    }


def _year(citation: Citation) -> str:
    return str(citation.year or "")


def species_of(pmid: int) -> str:
    """Return the code of the species that statements of a publication are about, if there is one;
    else that of the only species, where the database has no other."""
    rows = Statement.objects.filter(citation__pmid=pmid)
    stated = rows.values_list("interaction__tf__taxon__code", flat=True).distinct()[:2]
    codes = list(stated) or list(Taxon.objects.values_list("code", flat=True)[:2])
    return codes[0] if len(codes) == 1 else ""


def suggestions(species: Taxon, text: str) -> list[dict[str, str]]:
    """Return proteins with the text by which a row names each: its name where that is certain."""
    here = Protein.objects.filter(taxon=species)
    exact = list(here.exactly(text).order_by("accession")[:_SUGGESTED])
    alike = list(here.matching(text).order_by("name_key", "accession")[:_SUGGESTED])
    proteins = list({one.pk: one for one in (*exact, *alike)}.values())[:_SUGGESTED]
    names = NameMap(StoredNames(), species.scientific_name)
    first = {one.pk: next(iter(names_of(one.name)), "") for one in proteins}
    names.read({name for name in first.values() if name})
    return [
        {
            "text": first[one.pk] if _means(names, first[one.pk], one) else one.accession,
            "detail": f"{one.name or one.accession}, {one.accession}, {species.scientific_name}",
        }
        for one in proteins
    ]


def _means(names: NameMap, name: str, protein: Protein) -> bool:
    try:
        return bool(name) and names.protein(name).accession == protein.accession
    except UnmappedError:
        return False


def outcome(row: PlannedRow) -> str:
    """Return what a row would do, in a few words."""
    if row.errors:
        return ""
    new = {one.pair for one in row.added if one.interaction is None}
    parts = ["new interaction" for _ in new]
    if row.added:
        parts.append("new statement" if len(row.added) == 1 else f"{len(row.added)} new statements")
    return " and ".join(parts)


def checked(row: PlannedRow) -> dict[str, Any]:
    """Return a row's state for the grid."""
    there = [one.interaction for one in row.statements if one.interaction is not None]
    skipped = [Remark(one.skipped) for one in row.skipped]
    return {
        "state": "wrong" if row.errors else "new" if row.added else "there",
        "outcome": outcome(row),
        "remarks": [
            {
                "level": level,
                "text": remark.text,
                "cell": remark.cell,
                "candidates": [one._asdict() for one in remark.candidates],
            }
            for level, remarks in (
                ("error", row.errors), ("skipped", skipped), ("warning", row.warnings),
            )
            for remark in remarks
        ],
        "interaction": admin_url(Interaction, "change", there[0]) if there else "",
    }  # fmt: skip


def add_doubts(plan: PaperPlan) -> None:
    """Warn of rows whose new interaction has a TF that regulates nothing so far."""
    new = {one.pair for one in plan.added if one.interaction is None}
    doubts = doubts_about_pairs(new)
    for row in plan.rows:
        pairs = dict.fromkeys(one.pair for one in row.added if one.interaction is None)
        row.warnings += [Remark(doubts[pair].text, "tf") for pair in pairs if pair in doubts]


def preview_line(plan: PaperPlan, row: PlannedRow) -> dict[str, Any]:
    same = next((one.same for one in row.skipped if one.same), None)
    first = row.statements[0] if row.statements else None
    return {
        "row": row,
        "tf": plan.protein(first.pair[0]) if first else row.cells.get("tf", ""),
        "target": plan.protein(first.pair[1]) if first else row.cells.get("target", ""),
        "says": [(LABELS[name], row.cells[name]) for name in COLUMNS[2:] if row.cells.get(name)],
        "outcome": outcome(row),
        "same": admin_url(Statement, "change", same) if same else "",
    }


def cells_of(proposal: Proposal) -> dict[str, str]:
    """Return the row of a proposed statement as its author typed it, with its number."""
    values = {name: change[1] for name, change in proposal.changes.items()}
    tf, _, target = proposal.record_key.partition("-")
    texts = ("method", "eco", "cell_line", "tissue", "condition", "quotation")
    return {
        "tf": tf,
        "target": target,
        "effect": effect_word(Sign(values.get("effect") or 0).name.lower()),
        "small_scale": scale_word(SmallScale(values.get("small_scale") or 0).label),
        "basis": "inferred" if values.get("basis") == Basis.INFERRED else "",
        **{name: str(values.get(name) or "") for name in texts},
        "proposal": str(proposal.pk),
    }


def protein_names(rows: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Return how the proteins of rows are shown (`TP53 (P04637)`), by their accessions."""
    accessions = {row[end] for row in rows for end in ("tf", "target")}
    stored = bulk_for().select(Protein, ("accession", "name"), "accession", accessions)
    names = {accession: name for accession, name in stored if name}
    return {one: f"{names[one]} ({one})" if one in names else one for one in accessions}
