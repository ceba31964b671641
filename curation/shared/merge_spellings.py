"""One row for all spellings of a source database, a detection method or a species.

Rows are one where the folds of their names are. The row stays whose spelling is that of
`fixtures/vocabulary.yaml`, else the one that most records name, else the oldest; it takes over
what only the others say. All that names the others is rewritten: evidence, facets, pins, open
proposals, journals of imports; each record that says something else for it gets a revision.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from curation.shared.merge_evidence import rewrite_evidence
from curation.shared.renamed_values import Merge, Renamed, rewrite_values
from curation.vocabulary import ModelRegistry, read_vocabulary
from proteins.domain import facets
from proteins.domain.fold import fold, tidy

#: Proteins whose facets are written at once.
_BATCH: Final = 1_000


class Vocabulary(NamedTuple):
    """A model whose rows have names, and where its canonical spellings are."""

    model: str
    column: str
    fixture: str


SOURCES: Final = Vocabulary("SourceDatabase", "key", "sources")
METHODS: Final = Vocabulary("DetectionMethod", "name", "methods")
SPECIES: Final = Vocabulary("Taxon", "scientific_name", "taxa")
#: The links from evidence to the rows of a vocabulary.
LINKS: Final = {SOURCES: ("EvidenceSource", "source"), METHODS: ("EvidenceMethod", "method")}


def merge_spellings(models: ModelRegistry) -> None:
    """Merge what is there and fill every `fold`; the caller holds the transaction."""
    plans = {vocabulary: _plan(models, vocabulary) for vocabulary in (SOURCES, METHODS, SPECIES)}
    sources, methods, species = plans[SOURCES], plans[METHODS], plans[SPECIES]
    renamed = Renamed(sources.renamed, methods.renamed, species.renamed)
    if renamed:
        evidence = rewrite_evidence(models, sources, methods, renamed)
        orthologs = _rewrite_orthologs(models, species)
        _rewrite_facets(models, sources, methods)
        rewrite_values(models, renamed, [*evidence, *orthologs])
    for vocabulary, plan in plans.items():
        _merge_rows(models, vocabulary, plan)
        _fill(models, vocabulary)


def _plan(models: ModelRegistry, vocabulary: Vocabulary) -> Merge:
    fixture = {
        fold(item[vocabulary.column]): item[vocabulary.column]
        for item in read_vocabulary()[vocabulary.fixture]
    }
    by_fold: dict[str, list[tuple[int, str]]] = defaultdict(list)
    rows = models.get_model("proteins", vocabulary.model).objects.order_by("pk")
    for key, name in rows.values_list("pk", vocabulary.column):
        by_fold[fold(name)].append((key, name))
    plan = Merge()
    for folded, spellings in by_fold.items():
        survivor = _row_to_keep(models, vocabulary, spellings, fixture.get(folded))
        name = fixture.get(folded) or tidy(dict(spellings)[survivor])
        for key, spelling in spellings:
            if key != survivor:
                plan.moved[key] = survivor
            elif spelling != name:
                plan.respelled[key] = name
            if spelling != name:
                plan.renamed[spelling] = name
    return plan


def _row_to_keep(
    models: ModelRegistry,
    vocabulary: Vocabulary,
    spellings: list[tuple[int, str]],
    fixture: str | None,
) -> int:
    """Return the row of the fixture's spelling, else the best supported, else the oldest."""
    for key, name in spellings:
        if name == fixture or len(spellings) == 1:
            return key
    return max(
        (key for key, _ in spellings), key=lambda key: (_support(models, vocabulary, key), -key)
    )


def _support(models: ModelRegistry, vocabulary: Vocabulary, key: int) -> int:
    """Return how many records name a row."""
    if vocabulary is SPECIES:
        count: int = models.get_model("proteins", "Protein").objects.filter(taxon=key).count()
        return count
    link, column = LINKS[vocabulary]
    evidence = models.get_model("proteins", link).objects.filter(**{column: key})
    return sum(
        models.get_model("proteins", model)
        .objects.filter(evidence__in=evidence.values("evidence"))
        .count()
        for model in ("Interaction", "BindingSite")
    )


def _rewrite_facets(models: ModelRegistry, sources: Merge, methods: Merge) -> None:
    """Give proteins the facets of the rows that stay."""
    words = {facets.source(old): facets.source(new) for old, new in sources.moved.items()}
    words |= {facets.method(old): facets.method(new) for old, new in methods.moved.items()}
    proteins = models.get_model("proteins", "Protein").objects
    for word in words:
        rows = proteins.filter(facets__contains=f" {word} ").only("pk", "facets").order_by("pk")
        while batch := list(rows[:_BATCH]):
            for protein in batch:
                survivor = {words.get(each, each) for each in facets.within(protein.facets)}
                protein.facets = facets.text_of(survivor)
                protein.facet_bits = facets.bits(survivor)
            proteins.bulk_update(batch, ["facets", "facet_bits"])


def _rewrite_orthologs(models: ModelRegistry, species: Merge) -> Iterable[Any]:
    """Point at the species that stay, and yield the proteins whose orthologs say so."""
    if not species.touched:
        return
    orthologs = models.get_model("proteins", "Ortholog").objects
    of_proteins = orthologs.filter(taxon__in=species.touched).values("protein")
    proteins = models.get_model("proteins", "Protein").objects.filter(pk__in=of_proteins)
    changed = list(proteins.values_list("pk", "accession"))
    before = {key: _orthologs(orthologs, key) for key, _ in changed}
    for old, new in species.moved.items():
        for row in orthologs.filter(taxon=old):
            same = orthologs.filter(protein=row.protein_id, taxon=new, identifier=row.identifier)
            if same.exists():
                same.filter(in_tflink=False).update(in_tflink=row.in_tflink)
                row.delete()
        orthologs.filter(taxon=old).update(taxon=new)
    for key, accession in changed:
        after = [
            [species.renamed.get(name, name), *rest] for name, *rest in _orthologs(orthologs, key)
        ]
        yield "protein", key, accession, "orthologs", before[key], sorted(after)


def _orthologs(orthologs: Any, protein: int) -> list[list[Any]]:
    columns = ("taxon__scientific_name", "identifier", "in_tflink")
    return sorted(map(list, orthologs.filter(protein=protein).order_by().values_list(*columns)))


def _merge_rows(models: ModelRegistry, vocabulary: Vocabulary, plan: Merge) -> None:
    model = models.get_model("proteins", vocabulary.model)
    for old, new in plan.moved.items():
        gone, survivor = model.objects.get(pk=old), model.objects.get(pk=new)
        _repoint(models, vocabulary, old, new)
        gone.delete()
        _take_over(survivor, gone)
    for key, name in plan.respelled.items():
        model.objects.filter(pk=key).update(**{vocabulary.column: name})


def _repoint(models: ModelRegistry, vocabulary: Vocabulary, old: int, new: int) -> None:
    """Point what is no evidence at the row that stays."""
    if vocabulary is SOURCES:
        sources = models.get_model("proteins", "SourceDatabase").objects
        sources.filter(via=old).exclude(pk=new).update(via=new)
        sources.filter(via=old).update(via=None)
    elif vocabulary is SPECIES:
        models.get_model("proteins", "Protein").objects.filter(taxon=old).update(taxon=new)
        models.get_model("curation", "Proposal").objects.filter(taxon=old).update(taxon=new)
        for table in models.get_model("curation", "SourceTable").objects.filter(taxa=old):
            table.taxa.add(new)
            table.taxa.remove(old)


def _take_over(survivor: Any, gone: Any) -> None:
    """Let the row that stays say what only the other one said."""
    fixed = {"id", "fold", "key", "code", "ncbi_taxon_id", "scientific_name"}
    for column in survivor._meta.concrete_fields:
        if column.name not in fixed and not getattr(survivor, column.attname):
            value = getattr(gone, column.attname)
            # A database is not reached through itself.
            if value and not (column.name == "via" and value in (survivor.pk, gone.pk)):
                setattr(survivor, column.attname, value)
    survivor.save()


def _fill(models: ModelRegistry, vocabulary: Vocabulary) -> None:
    rows = models.get_model("proteins", vocabulary.model).objects
    for key, name in rows.order_by("pk").values_list("pk", vocabulary.column):
        rows.filter(pk=key).update(fold=fold(name))
