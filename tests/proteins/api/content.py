"""The content against which the API is checked as a whole: the five documents, and what none of
them holds (a binding site, statements, what curators changed, rejected and merged)."""

from __future__ import annotations

from django.contrib.auth.models import User

from curation import actions
from curation.importing.run import import_pages
from curation.shared.evidence import evidence_for
from proteins.domain.evidence import EvidenceContent, SmallScale
from proteins.domain.statements import Basis
from proteins.models import BindingSite, Effect, Interaction, Protein
from tests.curation.people import make_person
from tests.factories import make_interaction, make_protein
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
    actions.reject_interaction(user=senior, interaction=wrong, reason="Made up for tests.")
    interaction = Interaction.objects.between("Q9UK53", "Q07812").get()
    values = {"effect": Effect.ACTIVATION}
    actions.amend_interaction(user=senior, interaction=interaction, values=values)
    actions.confirm_interaction(user=senior, interaction=interaction)
    _state(senior, interaction)
    _add_site()


def _state(senior: User, interaction: Interaction) -> None:
    """A statement by a paper and a method that its documents name, and one that is retracted."""
    said = {"pmid": 16325212, "method": "inferred by curator"}
    said |= {"effect": int(Effect.ACTIVATION), "basis": int(Basis.STATED)}
    orcid = "0000-0002-1825-0097"
    actions.add_statement(user=senior, interaction=interaction, values=said, orcid=orcid)
    said |= {"cell_line": "HeLa", "tissue": "cervix", "condition": "serum-free", "quotation": "x"}
    wrong = actions.add_statement(user=senior, interaction=interaction, values=said)
    actions.retract_statement(user=senior, statement=wrong, reason="Made up for tests.")


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
