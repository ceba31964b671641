"""Every action, every role, own and other's proposals, over HTTP: who may do what.

A row is an action: its request, its outcome for each role (in the order of the heading), and
how the database shows it. Whatever is refused must leave no trace. The forms are those of a
person with the right, so that a page which does not show a form hides nothing.
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
    Upload,
)
from curation.permissions import CURATOR, SENIOR_CURATOR
from curation.uploads import process
from proteins.models import (
    BindingSite,
    Citation,
    DetectionMethod,
    Interaction,
    Protein,
    Taxon,
)
from tests.curation.admin.forms import page
from tests.curation.role_matrix import ROLES, Action, World, outcome_of
from tests.curation.role_matrix_asks import (
    SECRET,
    account,
    answered,
    change_of,
    commented,
    decide,
    delete_of,
    desk,
    endorsed,
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
    senior_role,
    several,
    state_is,
    status_of,
    theirs,
    upload,
    verb,
)

pytestmark = pytest.mark.django_db
NAME_IT = {"name": ["Another"]}
PAIR = {
    "tf": lambda world: world.spare.pk,
    "target": lambda world: world.tf.pk,
    "sources": ["GTRD"],
}
#                                curator senior administrator superuser staff anonymous
CHANGE, CHANGE_ONLY = "proposed done no done no login", "no done no done no login"
REVIEW, PROPOSE = "done done no done no login", "proposed proposed no proposed no login"
NO_ONE = "no no no no no login"

RECORDS = [
    Action("change a protein", form("protein", change_of("protein", "tf"), **NAME_IT), CHANGE,
         lambda w: field(Protein, w.tf.pk, "name") == "Another"),
    Action("propose a change instead",
         form("protein", change_of("protein", "tf"), **NAME_IT, _propose="1"), PROPOSE, no_one),
    Action("add a protein",
         form("add protein", lambda _: page("protein", "add"), accession="P99999",
              taxon=lambda w: w.tf.taxon_id), CHANGE_ONLY,
         lambda _: Protein.objects.filter(accession="P99999").exists()),
    Action("delete a protein", delete_of("protein", "spare"), CHANGE_ONLY,
         gone(Protein, lambda w: w.spare.pk)),
    Action("merge a protein",
         press(lambda w: desk("proteins_protein_merge", w.old.pk), primary="Q9UK53", reason="x",
               seen="999999"), CHANGE_ONLY, gone(Protein, lambda w: w.old.pk)),
    Action("revert a protein", press(first_version, reason="Back.", seen="999999"), CHANGE_ONLY,
         lambda w: field(Protein, w.target.pk, "name") == "BAX"),
    Action("comment on a protein",
         press(lambda w: desk("proteins_protein_history", w.tf.pk), text="Hm."), REVIEW,
         commented("Hm.")),
    Action("change an interaction",
         form("interaction", change_of("interaction", "reported"), effect="1"), CHANGE,
         lambda w: field(Interaction, w.reported.pk, "effect") == 1),
    Action("add an interaction",
         form("add interaction", lambda _: page("interaction", "add"), **PAIR), CHANGE,
         lambda w: Interaction.objects.filter(tf=w.spare).exists()),
    Action("delete an interaction", delete_of("interaction", "added"), CHANGE_ONLY,
         gone(Interaction, lambda w: w.added.pk)),
    Action("delete what a source reports", delete_of("interaction", "reported"),
         "no refused no refused no login", gone(Interaction, lambda w: w.reported.pk)),
    Action("confirm", verb("confirm"), REVIEW, status_of("reported", 1)),
    Action("dispute", verb("dispute"), REVIEW, status_of("reported", 2)),
    Action("reject", verb("reject"), "refused done no done no login", status_of("reported", 3)),
    Action("propose to reject", verb("propose-rejection"),
         "proposed refused no refused no login", no_one),
    Action("reopen what is rejected", verb("reopen-rejected", "rejected", "rejected"),
         "refused done no done no login", status_of("rejected", 0)),
    Action("confirm what is rejected", verb("confirm", "rejected", "rejected"),
         "refused refused no refused no login", status_of("rejected", 1)),
    Action("reopen by the other button", verb("reopen", "rejected", "rejected"),
         "refused refused no refused no login", status_of("rejected", 0)),
    Action("confirm several", in_list("confirm"), "done done refused done no login",
         status_of("reported", 1)),
    Action("reject several", in_list("reject"), "refused done refused done no login",
         status_of("reported", 3)),
    Action("change a binding site", form("site", change_of("bindingsite", "site"), end="8"), CHANGE,
         lambda w: field(BindingSite, w.site.pk, "end") == 8),
    Action("add a binding site",
         form("add site", lambda _: page("bindingsite", "add"), tflink_id="TFLinkLS2",
              tf=lambda w: w.tf.pk, sources=["GTRD"]), CHANGE_ONLY,
         lambda _: BindingSite.objects.filter(tflink_id="TFLinkLS2").exists()),
    Action("delete a binding site", delete_of("bindingsite", "site"), CHANGE_ONLY,
         gone(BindingSite, lambda w: w.site.pk)),
    Action("change a publication",
         form("citation", change_of("citation", "citation"), title="After"), CHANGE,
         lambda w: field(Citation, w.citation.pk, "title") == "After"),
    Action("add a publication", form("add citation", lambda _: page("citation", "add"), pmid="97"),
         CHANGE_ONLY, lambda _: Citation.objects.filter(pmid=97).exists()),
    Action("delete a publication", delete_of("citation", "unused"), CHANGE_ONLY,
         gone(Citation, lambda w: w.unused.pk)),
    Action("look a publication up",  # there is no contact address here, so that nothing is asked
         press(lambda w: desk("proteins_citation_look_up", w.citation.pk)),
         "no refused no refused no login", no_one),
    Action("change a method",
         press(lambda w: desk("proteins_detectionmethod_change", w.method.pk), psi_mi_id="",
               identifies_participant_only="on"), CHANGE_ONLY,
         lambda w: field(DetectionMethod, w.method.pk, "identifies_participant_only") is True),
    Action("add a species",
         press(lambda _: desk("proteins_taxon_add"), ncbi_taxon_id="9598",
               scientific_name="Pan troglodytes", code="Pt"), CHANGE_ONLY,
         lambda _: Taxon.objects.filter(code="Pt").exists()),
    Action("delete a method",
         press(lambda w: desk("proteins_detectionmethod_delete", w.method.pk), post="yes"),
         CHANGE_ONLY, gone(DetectionMethod, lambda w: w.method.pk)),
    Action("change a shared evidence row",
         press(lambda w: desk("proteins_evidence_change", w.reported.evidence_id), small_scale="2"),
         NO_ONE, no_one),
    Action("delete from the history",
         press(lambda _: desk("curation_revision_delete", Revision.objects.latest("id").pk),
               post="yes"), NO_ONE, no_one),
    Action("write into the history", press(lambda _: desk("curation_revision_add"), verb="amended"),
         NO_ONE, no_one),
]  # fmt: skip

SAY_IT = "Said."
PROPOSALS = [
    Action("accept another's", decide("accept", theirs), CHANGE_ONLY,
         state_is(theirs, "accepted")),
    Action("accept one's own", decide("accept", mine), "no refused no refused no login",
         state_is(mine, "accepted")),
    Action("reject another's", decide("reject", theirs), CHANGE_ONLY, state_is(theirs, "rejected")),
    Action("reject one's own", decide("reject", mine), "no refused no refused no login",
         state_is(mine, "rejected")),
    Action("withdraw another's", decide("withdraw", theirs), "refused refused no refused no login",
         state_is(theirs, "withdrawn")),
    Action("withdraw one's own", decide("withdraw", mine), REVIEW, state_is(mine, "withdrawn")),
    Action("assign another's",
         decide("assign", theirs, to=lambda w: w.keeper.pk), CHANGE_ONLY,
         lambda w: field(Proposal, w.theirs.pk, "assigned_to") == w.keeper.pk),
    Action("assign one's own",
         decide("assign", mine, to=lambda w: w.keeper.pk), CHANGE_ONLY,
         lambda w: field(Proposal, mine(w).pk, "assigned_to") == w.keeper.pk),
    Action("assign to who may not decide", decide("assign", theirs, to=lambda w: w.idle.pk),
         "no refused no refused no login", no_one),
    Action("endorse another's", decide("endorse", theirs), REVIEW, endorsed(theirs)),
    Action("endorse one's own", decide("endorse", mine), "refused refused no refused no login",
         endorsed(mine)),
    Action("comment on another's", decide("comment", theirs, text=SAY_IT), REVIEW,
         commented(SAY_IT)),
    Action("comment on one's own", decide("comment", mine, text=SAY_IT), REVIEW, commented(SAY_IT)),
    Action("accept several of others", several("accept", theirs), CHANGE_ONLY,
         state_is(theirs, "accepted")),
    Action("accept several of one's own", several("accept", mine), "no refused no refused no login",
         state_is(mine, "accepted")),
    Action("reject several of others", several("reject", theirs), CHANGE_ONLY,
         state_is(theirs, "rejected")),
    Action("reject several of one's own", several("reject", mine), "no refused no refused no login",
         state_is(mine, "rejected")),
    Action("report an error", report, "done done done done done done",
         lambda _: PublicReport.objects.count() == 2),
    Action("deal with a report", decide("accept", error_report, answer=SAY_IT), CHANGE_ONLY,
         lambda w: state_is(error_report, "accepted")(w) and answered(SAY_IT)(w)),
    Action("find no error in a report", decide("reject", error_report, answer=SAY_IT), CHANGE_ONLY,
         lambda w: state_is(error_report, "rejected")(w) and answered(SAY_IT)(w)),
    Action("answer what is no report", decide("accept", theirs, answer=SAY_IT),
         "no refused no refused no login", state_is(theirs, "accepted")),
    Action("withdraw a report", decide("withdraw", error_report),
         "refused refused no refused no login",
         state_is(error_report, "withdrawn")),
    Action("endorse a report", decide("endorse", error_report), REVIEW, endorsed(error_report)),
    Action("change a proposal itself",
         press(lambda w: desk("curation_proposal_change", w.theirs.pk), state="accepted"), NO_ONE,
         state_is(theirs, "accepted")),
    Action("delete a proposal",
         press(lambda w: desk("curation_proposal_delete", w.theirs.pk), post="yes"), NO_ONE,
         gone(Proposal, lambda w: w.theirs.pk)),
    Action("add a proposal past its action",
         press(lambda _: desk("curation_proposal_add"), kind="protein"), NO_ONE, no_one),
]  # fmt: skip

IMPORTS = [
    Action("upload", upload, CHANGE_ONLY, lambda _: Upload.objects.count() == 2),
    Action("confirm an upload", job("confirm", "upload", "upload"), CHANGE_ONLY,
         job_is(Upload, "upload", "running")),
    Action("discard an upload", job("discard", "upload", "upload"), CHANGE_ONLY,
         job_is(Upload, "upload", "discarded")),
    Action("try an upload again", job("again", "upload", "upload"), CHANGE_ONLY,
         job_is(Upload, "upload", "checking")),
    Action("ask to take an import back",  # somebody has: their page is shown to who may
         press(lambda w: desk("curation_importrun_undo", w.run.pk)),
         "no refused no refused no login",
         no_one),
    Action("take an import back", job("confirm", "runundo", "undo"), CHANGE_ONLY,
         job_is(RunUndo, "undo", "running")),
    Action("leave an import in", job("discard", "runundo", "undo"), CHANGE_ONLY,
         job_is(RunUndo, "undo", "discarded")),
    Action("delete an import's record",
         press(lambda w: desk("curation_importrun_delete", w.run.pk), post="yes"), NO_ONE, no_one),
]  # fmt: skip

RELEASES = [
    Action("make a release", press(lambda _: desk("curation_releaseorder_add"), name="2026.02"),
         CHANGE_ONLY, lambda _: ReleaseOrder.objects.count() == 2),
    Action("make a release again that failed", job("again", "releaseorder", "order"), CHANGE_ONLY,
         job_is(ReleaseOrder, "order", "running")),
    Action("discard the order of a release", job("discard", "releaseorder", "order"), CHANGE_ONLY,
         job_is(ReleaseOrder, "order", "discarded")),
    Action("confirm a release, which has no trial", job("confirm", "releaseorder", "order"),
         "no refused no refused no login", job_is(ReleaseOrder, "order", "running")),
]  # fmt: skip

MANAGE, ROOT_ONLY = "no no done done no login", "no no no done no login"
NEW_ACCOUNT = {
    "username": "eve", "password1": SECRET, "password2": SECRET,
}  # fmt: skip
ACCOUNTS = [
    Action("add an account", press(lambda _: desk("auth_user_add"), **NEW_ACCOUNT), MANAGE,
         lambda _: User.objects.filter(username="eve").exists()),
    Action("give a role", give("idle", SENIOR_CURATOR), MANAGE, has_role("idle", SENIOR_CURATOR)),
    Action("give oneself a role", give("me", SENIOR_CURATOR), "no no refused refused no login",
         lambda w: w.me is not None and w.me.username != "my senior"
         and has_role("me", SENIOR_CURATOR)(w)),
    Action("make a superuser", give("idle", CURATOR, is_superuser="on"),
         "no no refused done no login",
         lambda w: bool(field(User, w.idle.pk, "is_superuser"))),
    Action("change a superuser", account("root", first_name="x"), ROOT_ONLY,
         lambda w: field(User, w.root.pk, "first_name") == "x"),
    Action("set a superuser's password",
         press(lambda w: desk("auth_user_password_change", w.root.pk), password1=SECRET + "8",
               password2=SECRET + "8", usable_password="true"), ROOT_ONLY,
         lambda w: User.objects.get(pk=w.root.pk).check_password(SECRET + "8")),
    Action("set somebody's password",
         press(lambda w: desk("auth_user_password_change", w.idle.pk), password1=SECRET + "8",
               password2=SECRET + "8", usable_password="true"), MANAGE,
         lambda w: User.objects.get(pk=w.idle.pk).check_password(SECRET + "8")),
    Action("delete an account",
         press(lambda w: desk("auth_user_delete", w.idle.pk), post="yes"), ROOT_ONLY,
         gone(User, lambda w: w.idle.pk)),
    Action("change what a role may do",
         press(lambda _: desk("auth_group_change", senior_role()), name="x", permissions=[]),
         NO_ONE, lambda _: not Group.objects.filter(name=SENIOR_CURATOR).exists()),
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
    "action", [*RECORDS, *PROPOSALS, *IMPORTS, *RELEASES, *ACCOUNTS], ids=lambda d: d.name
)
def test_who_may(world: World, action: Action) -> None:
    outcomes = {role: outcome_of(action, world, role) for role in ROLES}
    assert outcomes == dict(zip(ROLES, action.expected.split(), strict=True))
