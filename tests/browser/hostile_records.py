"""The records that hold hostile texts: as many as can through the real imports and actions, the
others stored as they are, for what a rule refuses today may have been stored before."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import cycle
from pathlib import Path
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from curation import actions
from curation.actions.report_limits import Sender
from curation.importing.run import import_pages, import_tables
from curation.models import (
    Batch,
    BatchJob,
    Comment,
    Endorsement,
    ImportRun,
    Pin,
    Proposal,
    PublicReport,
    RecordKind,
    ReleaseOrder,
    Researcher,
    Revision,
    RunChunk,
    RunUndo,
    SourcePage,
    SourceTable,
    StoredResult,
    Submission,
    Upload,
)
from proteins.domain.cross_references import Database
from proteins.domain.evidence import SmallScale
from proteins.domain.fold import fold
from proteins.domain.names import NameKind
from proteins.domain.statements import StatementState
from proteins.domain.support import Role
from proteins.domain.tiers import Tier
from proteins.models import (
    AccessionFate,
    BindingSite,
    ChangeSet,
    Citation,
    CrossReference,
    Dataset,
    DetectionMethod,
    Evidence,
    Interaction,
    JasparMatrix,
    NameSource,
    Ortholog,
    Protein,
    ProteinName,
    Reporting,
    Review,
    ReviewReason,
    ReviewStatus,
    SecondaryAccession,
    SourceDatabase,
    Statement,
    Support,
    SupportPart,
    Taxon,
    TaxonName,
)
from tests.browser.hostile import PAYLOADS, Hostile
from tests.curation.importing.pages_for_tests import page, row, write
from tests.curation.importing.test_tables import table_row, write_table
from tests.factories import accession, make_change

ROWS = len(PAYLOADS)
#: The protein that all others regulate, and that regulates all of them.
HUB = accession(0)


def fill(hostile: Hostile, folder: Path) -> User:
    """Make all records; return a user who may see and do everything."""
    admin, colleague = (
        hostile.make(User, number, is_superuser=True, is_staff=True, is_active=True)
        for number in range(2)
    )
    _import(hostile, folder)
    _knowledge(hostile)
    _act(hostile, admin, colleague)
    _desk(hostile, admin)
    hostile.make(StoredResult, content=b"", size=1, question="enrichment")
    return User.objects.get(pk=admin.pk)


def _import(hostile: Hostile, folder: Path) -> None:
    """What the parsers let in of a page and of a table, and what they refuse, in reports."""
    name = "proteins.Protein.name"
    cells = {"sources": "proteins.SourceDatabase.key", "methods": "proteins.DetectionMethod.name"}
    rows = []
    for number in range(ROWS):
        texts = {cell: hostile.text(field, number, 100) for cell, field in cells.items()}
        if not any(sign in text for sign in ",;" for text in texts.values()):
            rows.append(row(hostile.text(name, number, 90), accession(100 + number), **texts))
    assert len(rows) > ROWS / 2
    orthologs = [
        {"species": "Mus musculus", "id": [hostile.text("proteins.Ortholog.identifier", 5)]}
    ]
    text = page(
        accession(100),
        hostile.text(name, 2),
        targets=rows,
        tfs=[row("x", hostile.text("curation.ImportRun.problems"))],
        orthologs=orthologs,
        tfs_download=hostile.text("curation.SourcePage.downloads"),
        **{hostile.text("curation.SourcePage.unknown_keys"): "x"},
    )
    report = import_pages([write(folder, **{"<img data-xss src=x onerror=xss(0)>": text})])
    assert report.pages_read == 1
    assert Interaction.objects.count() == len(rows)
    cells = {"Source.database": "proteins.SourceDatabase.key"}
    cells |= {"Detection.method": "proteins.DetectionMethod.name", "Name.TF": name}
    named = {column: hostile.text(field, 7, 90) for column, field in cells.items()}
    table = write_table(folder / "<svg onload=xss(0) data-xss>.tsv", table_row(**named))
    assert import_tables([table]).pages_read == 1


def _knowledge(hostile: Hostile) -> None:
    make, rows = hostile.make, range(ROWS)
    for number in rows:
        code = f"Z{chr(ord('a') + number)}"
        make(Taxon, number, ncbi_taxon_id=9_000_000 + number, code=code)
    for number, taxon in enumerate(Taxon.objects.filter(ncbi_taxon_id__gte=9_000_000)):
        make(TaxonName, number, taxon=taxon)
    taxon = Taxon.objects.get(code="Za")
    citations = [make(Citation, number, pmid=1 + number, year=2000) for number in rows]
    databases = {source.key: source for source in SourceDatabase.objects.all()}
    sources = []
    for number in rows:
        key = hostile.text("proteins.SourceDatabase.key", number, 100)
        given = {"key": key, "publication": citations[number], "via": databases.get("GTRD")}
        given |= hostile.values(SourceDatabase, number, given)
        made, _ = SourceDatabase.objects.update_or_create(fold=fold(key), defaults=given)
        sources.append(made)
    methods = [
        DetectionMethod.objects.get_or_create(fold=fold(name), defaults={"name": name})[0]
        for name in (hostile.text(METHOD, number, 100) for number in rows)
    ]
    # One that names everything, and for each row one that names little: pages stay light.
    everything = _evidence(hostile, ROWS, sources, methods, citations)
    each = [
        _evidence(hostile, number, [sources[number]], [methods[number]], [citations[number]])
        for number in rows
    ]
    change = make_change()
    counts = {"change": change, "declared_tf": True, "declared_target": True, "has_page": True}
    proteins = [
        make(Protein, number, accession=accession(number), taxon=taxon, **counts) for number in rows
    ]
    hub, *others = proteins
    verdict = {"change": change, "status": ReviewStatus.DISPUTED, "reporting": Reporting.WITHDRAWN}
    whole = _supported(hostile, ROWS, everything) | verdict
    itself = Interaction.objects.create(tf=hub, target=hub, **whole)
    Interaction.objects.create(tf=others[0], target=others[1], **whole)
    reasons = [make(ReviewReason, number) for number in rows]
    why = {"reason": reasons[0], "pmid": 1, "change": change}
    make(Review, interaction=itself, **why)
    for number, state in zip(rows, cycle(StatementState), strict=False):
        cited = {"citation": citations[number], "method": methods[number]}
        content = {"evidence": each[number], "state": state, "change": change, **cited}
        dataset = make(Dataset, number, source=sources[number])
        make(Statement, number, interaction=itself, dataset=dataset, **content)
    for number, (evidence, other) in enumerate(zip(each, others, strict=False)):
        part = _supported(hostile, number, evidence) | verdict
        reviewed = Interaction.objects.create(tf=hub, target=other, **part)
        make(Review, number, interaction=reviewed, **{**why, "reason": reasons[number]})
        Interaction.objects.create(tf=other, target=hub, **part)
    Protein.objects.filter(pk=hub.pk).update(target_count=ROWS, tf_count=ROWS)
    Protein.objects.exclude(pk=hub.pk).filter(taxon=taxon).update(target_count=1, tf_count=1)
    SecondaryAccession.objects.create(accession="O00001", protein=hub)
    AccessionFate.objects.create(accession=HUB, successor="O00002", fate=0)
    kinds = cycle([NameKind.SYNONYM, NameKind.FULL_NAME, NameKind.ORF])
    elsewhere = cycle(Database)
    for number, kind, database in zip(rows, kinds, elsewhere, strict=False):
        source = make(NameSource, number)
        of_source = {"protein": hub, "source": source}
        make(ProteinName, number, kind=kind, position=number, **of_source)
        make(CrossReference, number, database=database, **of_source)
    JasparMatrix.objects.create(protein=hub, matrix_id="MA0001.1")
    for number in rows:
        make(Ortholog, number, protein=hub, taxon=taxon)
        site = {"tflink_id": f"TFLinkLS{number:08d}", "tf": hub, "start": 1, "end": 9}
        make(BindingSite, number, evidence=each[number], **site)


def _evidence(
    hostile: Hostile,
    row: int,
    sources: Iterable[SourceDatabase],
    methods: Iterable[DetectionMethod],
    citations: Iterable[Citation],
) -> Evidence:
    counts = dict.fromkeys(("source_count", "method_count", "citation_count"), 1)
    counts |= {"tier": Tier.STRONG, "method_classes": 1, "independent_sources": 1}
    evidence: Evidence = hostile.make(Evidence, row, small_scale=SmallScale.YES, **counts)
    evidence.sources.set(sources)
    evidence.methods.set(methods)
    evidence.citations.set(citations)
    return evidence


def _supported(hostile: Hostile, row: int, evidence: Evidence) -> dict[str, Any]:
    """What an interaction has of which one document says all."""
    support = hostile.make(Support, row, evidence=evidence)
    SupportPart.objects.create(support=support, role=Role.TABLE, evidence=evidence)
    return {"support": support, "evidence": evidence}


METHOD = "proteins.DetectionMethod.name"


def _act(hostile: Hostile, admin: User, colleague: User) -> None:
    """What curators can say through actions, under the rules of each."""
    tf, target = Protein.objects.filter(accession__in=[accession(1), accession(2)])
    reason = hostile.text("curation.Revision.reason")
    for number, protein in enumerate((tf, target)):
        name = hostile.text("proteins.Protein.name", 10 + number, 100)
        orthologs = [["Mus musculus", hostile.text("proteins.Ortholog.identifier", 3, 64), True]]
        values: dict[str, Any] = {"name": name, "orthologs": orthologs}
        assert actions.amend_protein(user=admin, protein=protein, values=values, reason=reason)
    for number, citation in enumerate(Citation.objects.filter(pmid__lte=ROWS)[:3]):
        fields = {name: f"proteins.Citation.{name}" for name in ("title", "authors", "journal")}
        texts = {name: hostile.text(field, number + 12) for name, field in fields.items()}
        doi = f'10.1234/"><svg/onload=xss({hostile.numbers["proteins.Citation.doi"]})/data-xss>'
        values = {**texts, "doi": doi, "is_retracted": True}
        assert actions.amend_citation(user=admin, citation=citation, values=values, reason=reason)
    pair = Interaction.objects.get(tf=tf, target=target)
    actions.reopen_interaction(user=admin, interaction=pair, reason=f"{reason} 2")
    proposal = actions.propose(
        user=colleague,
        kind=RecordKind.PROTEIN,
        record_id=tf.pk,
        values={"name": hostile.text("proteins.Protein.name", 15, 100)},
        reason=hostile.text("curation.Proposal.comment"),
    )
    actions.comment(user=admin, proposal=proposal, text=hostile.text("curation.Comment.text", 1))
    actions.reject_proposal(
        user=admin, proposal=proposal, reason=hostile.text("curation.Proposal.decision_reason")
    )
    source = SourceDatabase.objects.exclude(url="").latest("pk")
    url_fields = ["url", "licence_url"]
    for name in url_fields:
        setattr(source, name, _url(hostile, f"proteins.SourceDatabase.{name}"))
    source.full_clean()
    actions.keep_vocabulary(user=admin, record=source, reason="Its page moved.", changed=url_fields)
    dataset = Dataset.objects.latest("pk")
    dataset.licence_url = _url(hostile, "proteins.Dataset.licence_url")
    dataset.full_clean()
    dataset.save()


def _url(hostile: Hostile, field: str) -> str:
    """A URL that a form lets in."""
    return f"https://x.invalid/\"'><svg/onload=xss({hostile.numbers[field]})/data-xss>"


def _desk(hostile: Hostile, admin: User) -> None:
    make, now = hostile.make, timezone.now()
    hub = Protein.objects.get(accession=HUB)
    make(Group).user_set.add(admin)
    about: dict[str, Any] = {"kind": "protein", "record_id": hub.pk}
    states = ("open", "returned", "open", "accepted", "rejected")
    for number in range(ROWS):
        run = make(ImportRun, number, state="finished", finished_at=now)
        imported = {"run": run, "imported_at": now}
        make(SourcePage, number, protein=hub, generation=3, **imported)
        make(SourceTable, number, rows=1, **imported)
        make(RunChunk, number, run=run)
        state, origin = states[number % 5], ("import", "curator", "public")[number % 3]
        people = {"author": admin, "decided_by": admin, "assigned_to": admin}
        proposal = make(Proposal, number, **about, state=state, origin=origin, run=run, **people)
        Endorsement.objects.create(proposal=proposal, user=admin)
        submission = make(Submission, number, author=admin, species=hub.taxon, pmid=1 + number)
        texts = ("cell_line", "tissue", "condition", "quotation")
        stated = {
            name: [None, hostile.text(f"proteins.Statement.{name}", number)] for name in texts
        }
        Proposal.objects.create(
            kind="statement", record_key=f"{HUB}-{accession(1)}", changes=stated, author=admin,
            origin="curator", submission=submission, state=("open", "returned")[number % 2],
            decision_reason=hostile.text("curation.Proposal.decision_reason", number),
        )  # fmt: skip
        make(Comment, number, **about, proposal=proposal, author=admin)
        make(Revision, number, **about, verb="amended", user=admin, run=run, proposal=proposal)
        if origin == "public":
            _report(hostile, number, proposal)
    make(Pin, **about, pinned_by=admin)
    pinned = hostile.text("curation.Pin.source_value")
    Pin.objects.update(source_value=pinned)
    for number, state in enumerate(("failed", "done", "ready")):
        job: dict[str, Any] = {"state": state, "started_by": admin, "decided_by": admin}
        name = f"2026.12.{number + 1}"
        make(ReleaseOrder, number, name=name, **{**job, "state": state.replace("ready", "running")})
        job["run"] = ImportRun.objects.all()[number]
        make(Upload, number, kind="pages", size=1, **job)
        make(RunUndo, number, **job)
        change = make(ChangeSet, number, kind="desk", user=admin)
        batch = Batch.objects.create(change=change, kind="dispute", records=1)
        del job["run"]
        make(BatchJob, number, kind="undo", undoes=batch, **job)
        make(Revision, number, **about, verb="amended", user=admin, change=change)
    of_user = ContentType.objects.get_for_model(User)
    make(Researcher, user=admin, orcid="0000-0002-1825-0097")
    make(LogEntry, user=admin, action_flag=2, content_type=of_user, object_id=str(admin.pk))


def _report(hostile: Hostile, number: int, proposal: Proposal) -> None:
    """A report of a reader, as it is beside its proposal; and one that is sent."""
    # Its token and stamp are made up by the code, of letters that URLs take.
    given = {"category": "other", "token": f"token-{number}", "stamp": f"stamp-{number}"}
    hostile.make(PublicReport, number, proposal=proposal, **given)
    message = hostile.text("curation.Proposal.comment", number)
    kind, record_id = RecordKind.PROTEIN, proposal.record_id
    assert record_id is not None
    report = actions.report_error(
        kind=kind,
        record_id=record_id,
        category="other",
        message=message,
        sender=Sender(str(number)),
    )
    report.answer = hostile.text("curation.PublicReport.answer", number)
    report.save()
