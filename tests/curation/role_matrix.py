"""A world of records in which each role tries each action, and the outcome."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from curation import actions
from curation.actions import papers
from curation.actions.report_limits import Sender
from curation.importing.source.statements_pasted import Block, read_block
from curation.models import (
    Comment,
    Endorsement,
    ImportRun,
    JobState,
    Pin,
    Proposal,
    PublicReport,
    RecordKind,
    ReleaseOrder,
    Revision,
    RunUndo,
    StoredResult,
    Upload,
    UploadKind,
)
from curation.permissions import ADMINISTRATOR, CURATOR, SENIOR_CURATOR
from proteins.models import (
    AccessionFate,
    BindingSite,
    Citation,
    DetectionMethod,
    Evidence,
    GeneID,
    GeneIDFate,
    Interaction,
    Ortholog,
    Protein,
    ProteinName,
    SecondaryAccession,
    SourceDatabase,
    Statement,
    Taxon,
)
from tests.curation.admin.forms import open_form, page
from tests.curation.people import browser_of, make_person
from tests.factories import make_interaction, make_protein, make_statement
from tests.proteins.page_export.round_trip import undone

#: In the order of the columns of the table.
ROLES: Final = ("curator", "senior", "administrator", "superuser", "staff", "anonymous")
EVIDENCE: Final = {"sources": ["GTRD"], "methods": [], "pmids": [7], "small_scale": "no"}
_WATCHED: Final[tuple[type[Model], ...]] = (
    AccessionFate, GeneIDFate, ProteinName,
    BindingSite, Citation, Comment, DetectionMethod, Endorsement, Evidence, GeneID, ImportRun,
    Interaction, Ortholog, Pin, Protein, PublicReport, ReleaseOrder, Revision, RunUndo,
    SecondaryAccession, SourceDatabase, Statement, StoredResult, Taxon, Upload, Group.permissions.through,
    User.groups.through, User.user_permissions.through,
)  # fmt: skip
#: How statements begin that change no row that is watched.
_HARMLESS: Final = (
    "SELECT ", "SAVEPOINT ", "RELEASE SAVEPOINT ", "ROLLBACK TO SAVEPOINT ",
    'INSERT INTO "django_session" ', 'UPDATE "django_session" ', 'DELETE FROM "django_session" ',
)  # fmt: skip
_OF_USERS: Final = ("pk", "username", "password", "is_active", "is_staff", "is_superuser")


@dataclass(frozen=True)
class Visitor:
    """A user of a role, a proposal of theirs, and the key of the session they are in."""

    user: User
    proposal: Proposal
    session: str
    #: Another one of theirs, which was sent back.
    returned: Proposal


@dataclass
class World:
    """One record of each kind, and forms of them, opened by a user who may."""

    forms: dict[str, dict[str, Any]] = field(default_factory=dict)
    #: By role; there is no user for the anonymous.
    visitors: dict[str, Visitor] = field(default_factory=dict)
    #: Who is at work, and a proposal of theirs (none for the anonymous).
    me: User | None = None
    mine: Proposal | None = None
    returned: Proposal | None = None
    #: All rows, before anything was tried.
    before: dict[str, frozenset[Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.author = make_person("author", CURATOR)
        self.keeper = make_person("keeper", SENIOR_CURATOR)
        self.idle = make_person("idle", CURATOR)
        self.root = User.objects.create_superuser("root", password="Ein-langes-Wort-7")
        self.tf, self.target = make_protein("Q9UK53", "ING1"), make_protein("Q07812", "BAX")
        self.spare, self.old = make_protein("P04637", "TP53"), make_protein("P00001", "old")
        self.reported = make_interaction(self.tf, self.target)
        keeper: dict[str, Any] = {"user": self.keeper}
        evidence: dict[str, Any] = {"values": {"evidence": EVIDENCE}}
        self.added = actions.add_interaction(**keeper, tf=self.tf, target=self.tf, **evidence)
        self.rejected = actions.add_interaction(
            **keeper, tf=self.target, target=self.target, **evidence
        )
        actions.reject_interaction(**keeper, interaction=self.rejected, reason="No.")
        self.site = BindingSite.objects.create(
            tflink_id="TFLinkLS1", tf=self.tf, evidence=self.reported.evidence, start=1, end=9
        )
        self.statement = make_statement(self.reported, pmid=7)
        self.wrong = make_statement(self.reported, pmid=8)
        actions.retract_statement(**keeper, statement=self.wrong, reason="Another gene.")
        self.citation = Citation.objects.create(pmid=99, title="Before")
        self.unused = Citation.objects.create(pmid=98)
        self.fate = AccessionFate.objects.create(accession="P00001", fate=2)
        self.gene_fate = GeneIDFate.objects.create(ncbi_gene_id=4_711)
        self.method = DetectionMethod.objects.create(name="a method of the test")
        self.theirs = actions.propose(
            user=self.author,
            kind=RecordKind.PROTEIN,
            record_id=self.tf.pk,
            values={"name": "p33ING1"},
        )
        self.submission = papers.submit_publication(
            user=self.author, pmid=11, species=self.tf.taxon, block=paper_block(),
        )  # fmt: skip
        actions.amend_protein(**keeper, protein=self.target, values={"name": "BAX2"})
        self.error_report = actions.report_error(
            kind=RecordKind.PROTEIN, record_id=self.tf.pk, category="name",
            message="The name is wrong.", sender=Sender("s" * 32),
        ).proposal  # fmt: skip
        self.run = ImportRun.objects.create(command="import_pages", state="finished")
        self.upload = Upload.objects.create(
            state=JobState.READY, folder="a" * 32, started_by=self.keeper, kind=UploadKind.PAGES,
            name="a.md", size=1, preview={"read": 1},
        )  # fmt: skip
        self.undo = RunUndo.objects.create(
            state=JobState.READY, folder="b" * 32, started_by=self.keeper, run=self.run
        )
        self.order = ReleaseOrder.objects.create(
            state=JobState.FAILED, folder="c" * 32, started_by=self.keeper, name="2026.01"
        )
        self.result = StoredResult.objects.create(
            token_hash="0" * 64, question="paths", content=b"", size=0
        )
        self._open_forms()
        self._let_in()
        self.before = snapshot()

    def _open_forms(self) -> None:
        browser = browser_of(self.keeper)
        opened: dict[str, tuple[Any, ...]] = {
            "protein": ("protein", "change", self.tf.pk),
            "add protein": ("protein", "add"),
            "interaction": ("interaction", "change", self.reported.pk),
            "rejected": ("interaction", "change", self.rejected.pk),
            "add interaction": ("interaction", "add"),
            "site": ("bindingsite", "change", self.site.pk),
            "add site": ("bindingsite", "add"),
            "statement": ("statement", "change", self.statement.pk),
            "wrong statement": ("statement", "change", self.wrong.pk),
            "add statement": ("statement", "add"),
            "citation": ("citation", "change", self.citation.pk),
            "add citation": ("citation", "add"),
        }
        self.forms = {name: open_form(browser, page(*of)) for name, of in opened.items()}

    def _let_in(self) -> None:
        """Log in a user of each role, with a proposal of their own."""
        people = {
            "curator": make_person("my curator", CURATOR),
            "senior": make_person("my senior", SENIOR_CURATOR),
            "administrator": make_person("my administrator", ADMINISTRATOR),
            "superuser": User.objects.create_superuser("my superuser"),
            "staff": User.objects.create_user("my staff", is_staff=True),
        }
        for role, user in people.items():
            session = browser_of(user).cookies[settings.SESSION_COOKIE_NAME].value
            self.visitors[role] = Visitor(
                user, self.proposal_of(user), session, self.proposal_of(user, "returned")
            )

    def proposal_of(self, user: User, state: str = "open") -> Proposal:
        return Proposal.objects.create(
            kind="protein", record_id=self.spare.pk, record_key="P04637", origin="curator",
            author=user, changes={"name": ["TP53", f"p53 {user} {state}"]}, taxon=self.spare.taxon,
            state=state,
        )  # fmt: skip


def paper_block() -> Block:
    """What a publication says, of one pair."""
    return read_block("TF\tTarget\nP04637\tQ9UK53\n", Taxon.objects.species_names())


def snapshot() -> dict[str, frozenset[Any]]:
    """Return all rows that could have been written; proposals by themselves."""
    models: tuple[type[Model], ...] = (*_WATCHED, Proposal)
    rows: dict[str, frozenset[Any]] = {
        model._meta.label: frozenset(map(str, model._default_manager.values_list()))
        for model in models
    }
    return rows | {"auth.User": frozenset(User.objects.values_list(*_OF_USERS))}


@contextmanager
def trying(world: World, role: str) -> Iterator[Client]:
    """Be a user of a role, with a proposal of their own; all is rolled back in the end."""
    with undone():
        browser = Client()
        visitor = world.visitors.get(role)
        world.me = visitor.user if visitor else None
        world.mine = visitor.proposal if visitor else None
        world.returned = visitor.returned if visitor else None
        if visitor:
            browser.cookies[settings.SESSION_COOKIE_NAME] = visitor.session
        yield browser


@dataclass
class Writes:
    """Notes what is sent to the database that could change rows other than those of sessions.

    Where there is none, all rows are as before, and need not be read to know it.
    """

    statements: list[str] = field(default_factory=list)

    def __call__(self, execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        if not sql.startswith(_HARMLESS):
            self.statements.append(sql)
        return execute(sql, *arguments)


@dataclass(frozen=True)
class Case:
    """An action over HTTP, and how to recognise that it was done."""

    name: str
    send: Callable[[Client, World], Any]
    #: For each of `ROLES`; see `outcome_of`.
    expected: str
    done: Callable[[World], bool]


def outcome_of(case: Case, world: World, role: str) -> str:
    """Return the outcome of a case: `done`, `asked` (a proposal is opened, and nothing else),
    `no` (403), `told` (refused with a page or a message) or `login`; or what should never be.
    """
    writes = Writes()
    with trying(world, role) as browser:
        with connection.execute_wrapper(writes):
            answer = case.send(browser, world)
        if answer.status_code >= 500:
            return f"error {answer.status_code}"
        if case.done(world):
            return "done"
        before, after = world.before, snapshot() if writes.statements else world.before
        changed = {label for label in before if before[label] != after[label]}
        if changed == {"curation.Proposal"} and _only_proposed(before, after):
            return "asked"
        if changed:
            return f"changed {sorted(changed)}"
        if answer.status_code == 403:
            return "no"
        if answer.status_code == 302 and answer["Location"].startswith(reverse("admin:login")):
            return "login"
        if answer.status_code == 200 and 'id="login-form"' in answer.content.decode():
            return "login"
        return "told" if answer.status_code in (200, 302, 404) else f"answer {answer.status_code}"


def _only_proposed(before: dict[str, frozenset[Any]], after: dict[str, frozenset[Any]]) -> bool:
    """Whether proposals were opened, and those that were there are as before."""
    return before["curation.Proposal"] < after["curation.Proposal"]
