"""Every action, every role, own and other's proposals, over HTTP: who may do what.

A row is an action: how it is requested, what becomes of it for each role (in the order of
the heading), and how the database shows it. Whatever is refused must leave no trace. The forms
are those of a user who may, so that a page which does not show a form hides nothing.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import Group, User

from curation.models import (
    Proposal,
    PublicReport,
    ReleaseOrder,
    Revision,
    RunUndo,
    StoredResult,
    Upload,
)
from curation.permissions import CURATOR, SENIOR_CURATOR
from curation.uploads import process
from proteins.models import (
    AccessionFate,
    BindingSite,
    Citation,
    DetectionMethod,
    GeneIDFate,
    Interaction,
    Protein,
    ProteinName,
    Statement,
    Taxon,
)
from tests.curation.admin.forms import page
from tests.curation.role_matrix import ROLES, Case, World, outcome_of
from tests.curation.role_matrix_asks import (
    SECRET,
    account,
    answered,
    change_of,
    commented,
    correction,
    decide,
    decide_row,
    delete_of,
    desk,
    endorsed,
    enter_paper,
    error_report,
    field,
    first_version,
    form,
    give,
    gone,
    has_role,
    in_list,
    job,
    job_is,
    mine,
    no_one,
    press,
    report,
    returned,
    senior_role,
    several,
    state_is,
    status_of,
    submitted_row,
    theirs,
    upload,
    verb,
)

pytestmark = pytest.mark.django_db
NAME_IT = {"name": ["Another"]}
#: The form of a species without other names.
NO_NAMES = {"names-TOTAL_FORMS": "0", "names-INITIAL_FORMS": "0"}
PAIR = {
    "tf": lambda world: world.spare.pk,
    "target": lambda world: world.tf.pk,
    "sources": ["GTRD"],
}
#                                curator senior administrator superuser staff anonymous
CHANGE, CHANGE_ONLY = "asked done no done no login", "no done no done no login"
REVIEW, PROPOSE = "done done no done no login", "asked asked no asked no login"
DENIED = "no no no no no login"

RECORDS = [
    Case("change a protein", form("protein", change_of("protein", "tf"), **NAME_IT), CHANGE,
         lambda w: field(Protein, w.tf.pk, "name") == "Another"),
    Case("propose a change instead",
         form("protein", change_of("protein", "tf"), **NAME_IT, _propose="1"), PROPOSE, no_one),
    Case("add a protein",
         form("add protein", lambda _: page("protein", "add"), accession="P99999",
              taxon=lambda w: w.tf.taxon_id), CHANGE,
         lambda _: Protein.objects.filter(accession="P99999").exists()),
    Case("delete a protein", delete_of("protein", "spare"), CHANGE_ONLY,
         gone(Protein, lambda w: w.spare.pk)),
    Case("merge a protein",
         press(lambda w: desk("proteins_protein_merge", w.old.pk), primary="Q9UK53", reason="x",
               seen="999999"), CHANGE_ONLY, gone(Protein, lambda w: w.old.pk)),
    Case("change the names of a protein",
         form("protein", change_of("protein", "tf"), names=["synonym: p33ING1"]), CHANGE,
         lambda w: ProteinName.objects.filter(protein=w.tf, text="p33ING1").exists()),
    Case("decide on a former accession",
         press(lambda w: desk("proteins_accessionfate_decide", w.fate.pk), reason="x"),
         CHANGE_ONLY, lambda w: field(AccessionFate, w.fate.pk, "settled")),
    Case("decide on a discontinued gene ID",
         press(lambda w: desk("proteins_geneidfate_decide", w.gene_fate.pk), reason="x"),
         CHANGE_ONLY, lambda w: field(GeneIDFate, w.gene_fate.pk, "settled")),
    Case("revert a protein", press(first_version, reason="Back.", seen="999999"), CHANGE_ONLY,
         lambda w: field(Protein, w.target.pk, "name") == "BAX"),
    Case("comment on a protein",
         press(lambda w: desk("proteins_protein_history", w.tf.pk), text="Hm."), REVIEW,
         commented("Hm.")),
    Case("change an interaction",
         form("interaction", change_of("interaction", "reported"), effect="1"), CHANGE,
         lambda w: field(Interaction, w.reported.pk, "effect") == 1),
    Case("add an interaction",
         form("add interaction", lambda _: page("interaction", "add"), **PAIR), CHANGE,
         lambda w: Interaction.objects.filter(tf=w.spare).exists()),
    Case("delete an interaction", delete_of("interaction", "added"), CHANGE_ONLY,
         gone(Interaction, lambda w: w.added.pk)),
    Case("delete what a source reports", delete_of("interaction", "reported"),
         "no told no told no login", gone(Interaction, lambda w: w.reported.pk)),
    Case("confirm", verb("confirm"), REVIEW, status_of("reported", 1)),
    Case("dispute", verb("dispute"), REVIEW, status_of("reported", 2)),
    Case("reject", verb("reject"), "told done no done no login", status_of("reported", 3)),
    Case("propose to reject", verb("propose-rejection"), "asked told no told no login", no_one),
    Case("reopen what is rejected", verb("reopen-rejected", "rejected", "rejected"),
         "told done no done no login", status_of("rejected", 0)),
    Case("confirm what is rejected", verb("confirm", "rejected", "rejected"),
         "told told no told no login", status_of("rejected", 1)),
    Case("reopen by the other button", verb("reopen", "rejected", "rejected"),
         "told told no told no login", status_of("rejected", 0)),
    Case("confirm several", in_list("confirm"), "done done told done no login",
         status_of("reported", 1)),
    Case("reject several", in_list("reject"), "told done told done no login",
         status_of("reported", 3)),
    Case("change a statement",
         form("statement", change_of("statement", "statement"), cell_line="HeLa"), CHANGE,
         lambda w: field(Statement, w.statement.pk, "cell_line") == "HeLa"),
    Case("add a statement",
         form("add statement", lambda _: page("statement", "add"), pmid="9",
              interaction=lambda w: w.reported.pk), CHANGE,
         lambda _: Statement.objects.filter(citation__pmid=9).exists()),
    Case("add from a publication", enter_paper(), CHANGE,
         lambda _: Statement.objects.filter(citation__pmid=12).exists()),
    Case("correct rows of another's submission",
         enter_paper(submission=lambda w: w.submission.pk), "told told no told no login", no_one),
    Case("accept a row of a submission", decide_row("accept"), CHANGE_ONLY,
         state_is(submitted_row, "accepted")),
    Case("accept all rows of a submission", decide_row("accept-all"), CHANGE_ONLY,
         state_is(submitted_row, "accepted")),
    Case("reject a row of a submission", decide_row("reject"), CHANGE_ONLY,
         state_is(submitted_row, "rejected")),
    Case("send a row of a submission back", decide_row("return"), CHANGE_ONLY,
         state_is(submitted_row, "returned")),
    Case("retract a statement", verb("retract", "statement", "statement", "statement"),
         "told done no done no login", lambda w: field(Statement, w.statement.pk, "state") == 2),
    Case("propose to retract a statement",
         verb("propose-retraction", "statement", "statement", "statement"),
         "asked told no told no login", no_one),
    Case("reinstate a statement", verb("reinstate", "wrong statement", "wrong", "statement"),
         "told done no done no login", lambda w: field(Statement, w.wrong.pk, "state") == 0),
    Case("propose to reinstate a statement",
         verb("propose-reinstating", "wrong statement", "wrong", "statement"),
         "asked told no told no login", no_one),
    Case("delete a statement", delete_of("statement", "statement"), DENIED,
         gone(Statement, lambda w: w.statement.pk)),
    Case("change a binding site", form("site", change_of("bindingsite", "site"), end="8"), CHANGE,
         lambda w: field(BindingSite, w.site.pk, "end") == 8),
    Case("add a binding site",
         form("add site", lambda _: page("bindingsite", "add"), tflink_id="TFLinkLS2",
              tf=lambda w: w.tf.pk, sources=["GTRD"]), CHANGE_ONLY,
         lambda _: BindingSite.objects.filter(tflink_id="TFLinkLS2").exists()),
    Case("delete a binding site", delete_of("bindingsite", "site"), CHANGE_ONLY,
         gone(BindingSite, lambda w: w.site.pk)),
    Case("change a publication",
         form("citation", change_of("citation", "citation"), title="After"), CHANGE,
         lambda w: field(Citation, w.citation.pk, "title") == "After"),
    Case("add a publication", form("add citation", lambda _: page("citation", "add"), pmid="97"),
         CHANGE_ONLY, lambda _: Citation.objects.filter(pmid=97).exists()),
    Case("delete a publication", delete_of("citation", "unused"), CHANGE_ONLY,
         gone(Citation, lambda w: w.unused.pk)),
    Case("look a publication up",  # there is no contact address here, so that nothing is sent
         press(lambda w: desk("proteins_citation_look_up", w.citation.pk)),
         "no told no told no login", no_one),
    Case("change a method",
         press(lambda w: desk("proteins_detectionmethod_change", w.method.pk), psi_mi_id="",
               identifies_participant_only="on", reason="x"), CHANGE_ONLY,
         lambda w: field(DetectionMethod, w.method.pk, "identifies_participant_only") is True),
    Case("add a species",
         press(lambda _: desk("proteins_taxon_add"), ncbi_taxon_id="9598",
               scientific_name="Pan troglodytes", code="Pt", reason="x", **NO_NAMES), CHANGE_ONLY,
         lambda _: Taxon.objects.filter(code="Pt").exists()),
    Case("delete a method",
         press(lambda w: desk("proteins_detectionmethod_delete", w.method.pk), reason="x",
               seen="0"),
         CHANGE_ONLY, gone(DetectionMethod, lambda w: w.method.pk)),
    Case("change a shared evidence row",
         press(lambda w: desk("proteins_evidence_change", w.reported.evidence_id), small_scale="2"),
         DENIED, no_one),
    Case("delete from the history",
         press(lambda _: desk("curation_revision_delete", Revision.objects.latest("id").pk),
               post="yes"), DENIED, no_one),
    Case("write into the history", press(lambda _: desk("curation_revision_add"), verb="amended"),
         DENIED, no_one),
]  # fmt: skip

ANSWER = "Said."
PROPOSALS = [
    Case("accept another's", decide("accept", theirs), CHANGE_ONLY,
         state_is(theirs, "accepted")),
    Case("accept one's own", decide("accept", mine), "no told no told no login",
         state_is(mine, "accepted")),
    Case("reject another's", decide("reject", theirs), CHANGE_ONLY, state_is(theirs, "rejected")),
    Case("reject one's own", decide("reject", mine), "no told no told no login",
         state_is(mine, "rejected")),
    Case("send another's back", decide("return", theirs), CHANGE_ONLY,
         state_is(theirs, "returned")),
    Case("send one's own back", decide("return", mine), "no told no told no login",
         state_is(mine, "returned")),
    Case("open another's again", decide("resubmit", theirs), "told told no told no login", no_one),
    Case("open one's own again", decide("resubmit", returned), REVIEW,
         state_is(lambda w: w.returned, "open")),
    Case("withdraw one's own that was sent back", decide("withdraw", returned), REVIEW,
         state_is(returned, "withdrawn")),
    Case("correct and accept another's", correction(theirs, "protein"), CHANGE_ONLY,
         lambda w: state_is(theirs, "accepted")(w)
         and field(Protein, w.tf.pk, "name") == "Another"),
    Case("correct and accept one's own", correction(mine, "protein"), "told told no told no login",
         state_is(mine, "accepted")),
    Case("correct one's own that was sent back", correction(returned, "protein"), REVIEW,
         state_is(lambda w: w.returned, "open")),
    Case("withdraw another's", decide("withdraw", theirs), "told told no told no login",
         state_is(theirs, "withdrawn")),
    Case("withdraw one's own", decide("withdraw", mine), REVIEW, state_is(mine, "withdrawn")),
    Case("assign another's",
         decide("assign", theirs, to=lambda w: w.keeper.pk), CHANGE_ONLY,
         lambda w: field(Proposal, w.theirs.pk, "assigned_to") == w.keeper.pk),
    Case("assign one's own",
         decide("assign", mine, to=lambda w: w.keeper.pk), CHANGE_ONLY,
         lambda w: field(Proposal, mine(w).pk, "assigned_to") == w.keeper.pk),
    Case("assign to who may not decide", decide("assign", theirs, to=lambda w: w.idle.pk),
         "no told no told no login", no_one),
    Case("endorse another's", decide("endorse", theirs), REVIEW, endorsed(theirs)),
    Case("endorse one's own", decide("endorse", mine), "told told no told no login",
         endorsed(mine)),
    Case("comment on another's", decide("comment", theirs, text=ANSWER), REVIEW,
         commented(ANSWER)),
    Case("comment on one's own", decide("comment", mine, text=ANSWER), REVIEW, commented(ANSWER)),
    Case("accept several of others", several("accept", theirs), CHANGE_ONLY,
         state_is(theirs, "accepted")),
    Case("accept several of one's own", several("accept", mine), "no told no told no login",
         state_is(mine, "accepted")),
    Case("reject several of others", several("reject", theirs), CHANGE_ONLY,
         state_is(theirs, "rejected")),
    Case("reject several of one's own", several("reject", mine), "no told no told no login",
         state_is(mine, "rejected")),
    Case("report an error", report, "done done done done done done",
         lambda _: PublicReport.objects.count() == 2),
    Case("deal with a report", decide("accept", error_report, answer=ANSWER), CHANGE_ONLY,
         lambda w: state_is(error_report, "accepted")(w) and answered(ANSWER)(w)),
    Case("find no error in a report", decide("reject", error_report, answer=ANSWER), CHANGE_ONLY,
         lambda w: state_is(error_report, "rejected")(w) and answered(ANSWER)(w)),
    Case("answer what is no report", decide("accept", theirs, answer=ANSWER),
         "no told no told no login", state_is(theirs, "accepted")),
    Case("withdraw a report", decide("withdraw", error_report), "told told no told no login",
         state_is(error_report, "withdrawn")),
    Case("endorse a report", decide("endorse", error_report), REVIEW, endorsed(error_report)),
    Case("change a proposal itself",
         press(lambda w: desk("curation_proposal_change", w.theirs.pk), state="accepted"), DENIED,
         state_is(theirs, "accepted")),
    Case("delete a proposal",
         press(lambda w: desk("curation_proposal_delete", w.theirs.pk), post="yes"), DENIED,
         gone(Proposal, lambda w: w.theirs.pk)),
    Case("add a proposal past its action",
         press(lambda _: desk("curation_proposal_add"), kind="protein"), DENIED, no_one),
]  # fmt: skip

IMPORTS = [
    Case("upload", upload, CHANGE_ONLY, lambda _: Upload.objects.count() == 2),
    Case("confirm an upload", job("confirm", "upload", "upload"), CHANGE_ONLY,
         job_is(Upload, "upload", "running")),
    Case("discard an upload", job("discard", "upload", "upload"), CHANGE_ONLY,
         job_is(Upload, "upload", "discarded")),
    Case("try an upload again", job("again", "upload", "upload"), CHANGE_ONLY,
         job_is(Upload, "upload", "checking")),
    Case("ask to take an import back",  # it is open already: its page is shown to who may
         press(lambda w: desk("curation_importrun_undo", w.run.pk)), "no told no told no login",
         no_one),
    Case("take an import back", job("confirm", "runundo", "undo"), CHANGE_ONLY,
         job_is(RunUndo, "undo", "running")),
    Case("leave an import in", job("discard", "runundo", "undo"), CHANGE_ONLY,
         job_is(RunUndo, "undo", "discarded")),
    Case("delete an import's record",
         press(lambda w: desk("curation_importrun_delete", w.run.pk), post="yes"), DENIED, no_one),
]  # fmt: skip

RELEASES = [
    Case("delete a result that a reader keeps", delete_of("storedresult", "result"),
         "no done done done no login", gone(StoredResult, lambda world: world.result.pk)),
    Case("make a release", press(lambda _: desk("curation_releaseorder_add"), name="2026.02"),
         CHANGE_ONLY, lambda _: ReleaseOrder.objects.count() == 2),
    Case("make a release again that failed", job("again", "releaseorder", "order"), CHANGE_ONLY,
         job_is(ReleaseOrder, "order", "running")),
    Case("discard the order of a release", job("discard", "releaseorder", "order"), CHANGE_ONLY,
         job_is(ReleaseOrder, "order", "discarded")),
    Case("confirm a release, which has no trial", job("confirm", "releaseorder", "order"),
         "no told no told no login", job_is(ReleaseOrder, "order", "running")),
]  # fmt: skip

MANAGE, ROOT_ONLY = "no no done done no login", "no no no done no login"
NEW_ACCOUNT = {
    "username": "eve", "password1": SECRET, "password2": SECRET,
}  # fmt: skip
ACCOUNTS = [
    Case("add an account", press(lambda _: desk("auth_user_add"), **NEW_ACCOUNT), MANAGE,
         lambda _: User.objects.filter(username="eve").exists()),
    Case("give a role", give("idle", SENIOR_CURATOR), MANAGE, has_role("idle", SENIOR_CURATOR)),
    Case("give oneself a role", give("me", SENIOR_CURATOR), "no no told told no login",
         lambda w: w.me is not None and w.me.username != "my senior"
         and has_role("me", SENIOR_CURATOR)(w)),
    Case("make a superuser", give("idle", CURATOR, is_superuser="on"), "no no told done no login",
         lambda w: bool(field(User, w.idle.pk, "is_superuser"))),
    Case("change a superuser", account("root", first_name="x"), ROOT_ONLY,
         lambda w: field(User, w.root.pk, "first_name") == "x"),
    Case("set a superuser's password",
         press(lambda w: desk("auth_user_password_change", w.root.pk), password1=SECRET + "8",
               password2=SECRET + "8", usable_password="true"), ROOT_ONLY,
         lambda w: User.objects.get(pk=w.root.pk).check_password(SECRET + "8")),
    Case("set somebody's password",
         press(lambda w: desk("auth_user_password_change", w.idle.pk), password1=SECRET + "8",
               password2=SECRET + "8", usable_password="true"), MANAGE,
         lambda w: User.objects.get(pk=w.idle.pk).check_password(SECRET + "8")),
    Case("delete an account",
         press(lambda w: desk("auth_user_delete", w.idle.pk), post="yes"), ROOT_ONLY,
         gone(User, lambda w: w.idle.pk)),
    Case("change what a role may do",
         press(lambda _: desk("auth_group_change", senior_role()), name="x", permissions=[]),
         DENIED, lambda _: not Group.objects.filter(name=SENIOR_CURATOR).exists()),
]  # fmt: skip


@pytest.fixture(scope="module")
def world(module_db: None) -> World:
    return World()


@pytest.fixture(autouse=True)
def quiet(tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is started, requested outside, or stored."""
    settings.UPLOAD_DIR = tmp_path / "uploads"
    settings.NCBI_EMAIL = ""
    monkeypatch.setattr(process, "start", lambda _: None)
    monkeypatch.setattr(process, "has_died", lambda _: False)


@pytest.mark.parametrize(
    "case", [*RECORDS, *PROPOSALS, *IMPORTS, *RELEASES, *ACCOUNTS], ids=lambda d: d.name
)
def test_who_may(world: World, case: Case) -> None:
    outcomes = {role: outcome_of(case, world, role) for role in ROLES}
    assert outcomes == dict(zip(ROLES, case.expected.split(), strict=True))
