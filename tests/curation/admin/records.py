"""One or many records of every kind, for the admin's pages to show."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db.models import Model
from django.utils import timezone

from curation.models import (
    Batch,
    BatchJob,
    Comment,
    Endorsement,
    ImportRun,
    JobState,
    Pin,
    Proposal,
    ReleaseOrder,
    Revision,
    RunState,
    RunUndo,
    SourcePage,
    SourceTable,
    StoredResult,
    Submission,
    Upload,
)
from proteins.domain.evidence import SmallScale
from proteins.models import (
    AccessionFate,
    BindingSite,
    Citation,
    Dataset,
    DetectionMethod,
    Evidence,
    GeneID,
    GeneIDFate,
    Interaction,
    JasparMatrix,
    Ortholog,
    Protein,
    ReviewReason,
    SecondaryAccession,
    SourceDatabase,
    Statement,
    Taxon,
)
from tests.factories import (
    accession,
    make_change,
    make_interaction,
    make_protein,
    make_statement,
    taxon,
)

#: Every model that curators look at; the links of evidence are shown as part of it.
SHOWN: list[type[Model]] = [
    Batch,
    BatchJob,
    BindingSite,
    Citation,
    Comment,
    Dataset,
    DetectionMethod,
    Endorsement,
    Evidence,
    GeneID,
    ImportRun,
    Interaction,
    JasparMatrix,
    Ortholog,
    Pin,
    Proposal,
    Protein,
    ReleaseOrder,
    ReviewReason,
    Revision,
    RunUndo,
    SecondaryAccession,
    AccessionFate,
    GeneIDFate,
    SourceDatabase,
    SourcePage,
    SourceTable,
    Statement,
    StoredResult,
    Submission,
    Taxon,
    Upload,
]
#: The parts of a protein are changed on its own page.
READ_ONLY: list[type[Model]] = [
    Batch,
    BatchJob,
    Comment,
    Endorsement,
    Evidence,
    GeneID,
    ImportRun,
    JasparMatrix,
    Ortholog,
    Pin,
    Proposal,
    Revision,
    RunUndo,
    SecondaryAccession,
    AccessionFate,
    GeneIDFate,
    SourcePage,
    SourceTable,
    Submission,
]
METHODS = ("chromatin immunoprecipitation assay", "inferred by curator")


def populate(numbers: Iterable[int] = (0,)) -> Interaction:
    """Make a record of each kind for each number; return the last interaction.

    Each evidence row differs, and each names a database that came by way of another.
    """
    tf = Protein.objects.filter(accession="Q9UK53").first() or make_protein("Q9UK53", "ING1")
    run = ImportRun.objects.create(
        command="import_pages",
        paths=["fixtures/pages"],
        state=RunState.FINISHED,
        counts={"proteins": {"created": 5, "changed": 0, "unchanged": 0}},
        problems=["pages/p12345.md:7: tfs: 'x' is not a UniProt accession"],
    )
    interaction = None
    for number in numbers:
        protein = make_protein(accession(number), f"GENE{number}", genes=[number + 1])
        JasparMatrix.objects.create(protein=protein, matrix_id=f"MA{number:04d}.1")
        Ortholog.objects.create(protein=protein, taxon=taxon("Mm"), identifier=f"MOUSE{number}")
        interaction = make_interaction(
            tf,
            protein,
            sources=("GTRD", "TFactS_via_DoRothEA"),
            methods=METHODS,
            pmids=(27924024, 1000 + number),
            small_scale=SmallScale.YES,
        )
        BindingSite.objects.create(
            tflink_id=f"TFLinkLS{number:08d}", tf=protein, evidence=interaction.evidence
        )
        SourcePage.objects.create(
            path=f"pages/{number:05d}.md",
            sha256="0" * 64,
            generation=3,
            protein=protein,
            run=run,
            imported_at=timezone.now(),
            unknown_keys={"colour": "red"},
        )
        other = ImportRun.objects.create(command="import_pages")
        user, _ = User.objects.get_or_create(username=f"somebody {number}")
        job = {"started_by": user, "decided_by": user, "state": JobState.DONE}
        Upload.objects.create(
            **job, folder=f"u{number}", kind="pages", name=f"{number}.md", size=number, run=other
        )
        RunUndo.objects.create(**job, folder=f"r{number}", run=other)
        ReleaseOrder.objects.create(
            **job,
            folder=f"o{number}",
            name=f"2026.12.{number + 1}",
            result={"files": 1, "bytes": 2},
        )
        batch = Batch.objects.create(change=make_change(), kind="dispute", records=1)
        BatchJob.objects.create(**job, folder=f"b{number}", kind="undo", undoes=batch)
        StoredResult.objects.create(
            token_hash=f"{number:064}", question="paths", content=b"SECRET", size=6, genes=number
        )
        ReviewReason.objects.create(name=f"reason {number}")
        SourceTable.objects.create(
            path=f"tables/{number:05d}.tsv",
            sha256="0" * 64,
            rows=number,
            run=run,
            imported_at=timezone.now(),
        )
        Pin.objects.create(
            kind="protein", record_id=protein.pk, field="name", source_value="<b>OLD</b>"
        )
        of_protein = {
            "kind": "protein",
            "record_id": protein.pk,
            "record_key": protein.accession,
        }
        changes = {"name": [protein.name, "<b>NEW</b>"]}
        proposal = Proposal.objects.create(
            **of_protein, changes=changes, origin="import", run=run, assigned_to=user
        )
        submission = Submission.objects.create(
            author=user, species=tf.taxon, pmid=1000 + number, reason="<b>why</b>"
        )
        Proposal.objects.create(
            kind="statement", record_key=f"Q9UK53-{protein.accession}", origin="curator",
            changes={"pmid": [None, 1000 + number]}, author=user, submission=submission,
            state="returned",
        )  # fmt: skip
        Comment.objects.create(**of_protein, proposal=proposal, author=user, text="<b>why</b>")
        Endorsement.objects.create(proposal=proposal, user=user)
        Revision.objects.create(**of_protein, changes=changes, verb="amended", user=user, run=run)
        SecondaryAccession.objects.create(accession=f"O{number:05d}", protein=protein)
        AccessionFate.objects.create(accession=f"Q{number:05d}", fate=2)
        GeneIDFate.objects.create(ncbi_gene_id=5_000 + number)
        Taxon.objects.create(
            ncbi_taxon_id=100 + number, scientific_name=f"Species {number}", code=code(number)
        )
        SourceDatabase.objects.create(
            key=f"DB{number}_via_GTRD",
            name=f"DB{number}",
            via=SourceDatabase.objects.get(key="GTRD"),
            publication=Citation.objects.get(pmid=1000 + number),
        )
        method = DetectionMethod.objects.create(name=f"method {number}")
        dataset = Dataset.objects.create(
            name=f"dataset {number}",
            source=SourceDatabase.objects.get(key="GTRD"),
            licence="CC BY 4.0",
        )
        make_statement(interaction, dataset, pmid=1000 + number, method=method.name)
    assert interaction is not None
    return interaction


def code(number: int) -> str:
    """Two letters that no species of the vocabulary has."""
    return "QUVWXYZ"[number // 26] + "abcdefghijklmnopqrstuvwxyz"[number % 26]
