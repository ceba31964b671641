"""The content against which the API is checked as a whole: the five documents, and what none of
them holds (a binding site, statements, what curators changed, rejected and merged)."""

from __future__ import annotations

from django.contrib.auth.models import User

from curation import actions
from curation.importing.run import import_pages
from curation.records.restate import restate
from curation.shared.changes import change_set
from curation.shared.evidence import evidence_for
from proteins.domain.evidence import EvidenceContent, SmallScale
from proteins.models import (
    BindingSite,
    ChangeKind,
    Dataset,
    Effect,
    Interaction,
    Protein,
    SourceDatabase,
)
from tests.curation.people import make_person
from tests.factories import make_interaction, make_protein, make_statement
from tests.places import PAGES

#: An accession that another took the place of, and a pair that curators rejected.
MERGED, REJECTED = "P99990", "Q9UK53-P99991"


def fill() -> None:
    """Import the documents, and add what a curator would."""
    import_pages([PAGES])
    senior = make_person("senior of the examples")
    ing1 = Protein.objects.get(accession="Q9UK53")
    actions.merge_protein(
        user=senior, secondary=make_protein(MERGED), primary=ing1, reason="UniProt merged them."
    )
    wrong = make_interaction(ing1, make_protein(MERGED.replace("90", "91")))
    public = {"review_reason": "not in the publication", "review_pmid": 27924024}
    actions.reject_interaction(
        user=senior, interaction=wrong, reason="Made up for tests.", public=public
    )
    interaction = Interaction.objects.between("Q9UK53", "Q07812").get()
    values = {"effect": Effect.ACTIVATION}
    actions.amend_interaction(user=senior, interaction=interaction, values=values)
    actions.confirm_interaction(user=senior, interaction=interaction)
    _add_statements(interaction, senior)
    _add_site()


def _add_statements(interaction: Interaction, curator: User) -> None:
    """What a curator read, and what a database states."""
    actions.add_statement(
        user=curator,
        interaction=interaction,
        values={
            "pmid": 18728402,
            "method": "electrophoretic mobility shift assay",
            "eco": "ECO:0000096",
            "effect": 1,
            "basis": 1,
            "small_scale": 1,
            "cell_line": "HeLa",
            "tissue": "cervix",
            "condition": "serum starvation",
            "quotation": "ING1 activates BAX.",
        },
    )
    source = SourceDatabase.objects.get(key="TRRUST")
    dataset = Dataset.objects.create(
        name="TRRUST", source=source, version="2", version_date="2026", licence="CC BY 4.0"
    )
    make_statement(
        interaction, dataset, pmid=11, source_id="S-1", effect=1, basis=2, curator="Rosa Franklin",
        orcid="0000-0002-1825-0097",
    )  # fmt: skip
    with change_set(ChangeKind.DESK):
        restate([interaction.pk])


def _add_site() -> None:
    """A site of TP53, as its published page has it; the sequence is another's."""
    BindingSite.objects.create(
        tflink_id="TFLinkLS08541019",
        tf=Protein.objects.get(accession="P04637"),
        assembly="hg38",
        chromosome="chr14",
        start=23670688,
        end=23670702,
        strand="-",
        overlaps=0,
        sequence="GGGCATGTCCGGGC",
        evidence=evidence_for(
            EvidenceContent.of(
                ["JASPAR"], ["chromatin immunoprecipitation assay"], [1588974], SmallScale.NO
            )
        ),
    )
