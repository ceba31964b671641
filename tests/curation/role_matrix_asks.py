"""How the cases of the role matrix are requested, and how to recognise that they were done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from curation.models import Comment, Endorsement, Proposal, PublicReport
from curation.permissions import SENIOR_CURATOR
from curation.uploads import jobs
from proteins.models import Interaction
from tests.curation.admin.forms import page
from tests.curation.reports.sending import fields
from tests.curation.role_matrix import World
from tests.places import ROOT

Send = Callable[[Client, World], Any]
SECRET = "Ein-langes-Wort-7"


def desk(name: str, *args: Any) -> str:
    return reverse(f"admin:{name}", args=args)


def field(model: type[Model], pk: int, name: str) -> Any:
    return model._default_manager.values_list(name, flat=True).get(pk=pk)


def form(name: str, where: Callable[[World], str], /, **changes: Any) -> Send:
    """Send a form that a user opened who may, some of it changed."""

    def send(browser: Client, world: World) -> Any:
        given = {key: value(world) if callable(value) else value for key, value in changes.items()}
        return browser.post(where(world), {"_save": "1", **world.forms[name], **given})

    return send


def press(where: Callable[[World], str], /, **fields: Any) -> Send:
    def send(browser: Client, world: World) -> Any:
        given = {key: value(world) if callable(value) else value for key, value in fields.items()}
        return browser.post(where(world), given)

    return send


def gone(model: type[Model], of: Callable[[World], int]) -> Callable[[World], bool]:
    return lambda world: not model._default_manager.filter(pk=of(world)).exists()


def state_is(of: Callable[[World], Proposal | None], state: str) -> Callable[[World], bool]:
    def is_state(world: World) -> bool:
        proposal = of(world)
        return proposal is not None and bool(field(Proposal, proposal.pk, "state") == state)

    return is_state


def theirs(world: World) -> Proposal:
    return world.theirs


def mine(world: World) -> Proposal:
    return world.mine or world.theirs


def returned(world: World) -> Proposal:
    return world.returned or world.theirs


def correction(of: Callable[[World], Proposal], form: str) -> Send:
    """The form of a proposal's record, opened from the proposal, with another name."""

    def send(browser: Client, world: World) -> Any:
        proposal = of(world)
        fields = {**world.forms[form], "name": "Another", "reason": "Because.", "_save": "1"}
        url = page("protein", "change", proposal.record_id)
        return browser.post(f"{url}?proposal={proposal.pk}", fields)

    return send


def status_of(name: str, status: int) -> Callable[[World], bool]:
    return lambda world: bool(field(Interaction, getattr(world, name).pk, "status") == status)


def change_of(model: str, name: str) -> Callable[[World], str]:
    return lambda world: page(model, "change", getattr(world, name).pk)


def delete_of(model: str, name: str) -> Send:
    return press(
        lambda world: page(model, "delete", getattr(world, name).pk),
        post="yes", reason="x", seen="999999",
    )  # fmt: skip


def verb(
    name: str, of: str = "interaction", record: str = "reported", model: str = "interaction"
) -> Send:
    where = change_of(model, record)

    def send(browser: Client, world: World) -> Any:
        fields = {**world.forms[of], "_verb": name, "reason": "Because."}
        return browser.post(where(world), fields)

    return send


def in_list(name: str) -> Send:
    return press(
        lambda _: page("interaction", "changelist"),
        action=f"review_{name}",
        confirmed="1",
        reason="Because.",
        _selected_action=lambda world: [world.reported.pk],
    )


def decide(name: str, of: Callable[[World], Proposal], /, **fields: Any) -> Send:
    return press(
        lambda world: desk(f"curation_proposal_{name}", of(world).pk), reason="Because.", **fields
    )


def error_report(world: World) -> Proposal:
    return world.error_report


def answered(text: str) -> Callable[[World], bool]:
    return lambda world: PublicReport.objects.filter(
        proposal=world.error_report, answer=text
    ).exists()


def report(browser: Client, world: World) -> Any:
    """Report an error, which needs no account."""
    url = reverse("report", args=["interaction", world.reported.key])
    return browser.post(url, fields(world.reported))


def several(verdict: str, of: Callable[[World], Proposal]) -> Send:
    return press(
        lambda _: desk("curation_proposal_several", verdict),
        _selected_action=lambda world: [of(world).pk],
        reason="Because.",
    )


def job(name: str, kind: str, of: str) -> Send:
    return press(
        lambda world: desk(f"curation_{kind}_{name}", getattr(world, of).pk),
        seen=lambda world: jobs.version_of(getattr(world, of)),
        reason="Because.",
    )


def job_is(kind: type[Model], of: str, state: str) -> Callable[[World], bool]:
    return lambda world: bool(field(kind, getattr(world, of).pk, "state") == state)


def upload(browser: Client, _: World) -> Any:
    text = (ROOT / "fixtures" / "pages" / "q9uk53.md").read_bytes()
    return browser.post(
        desk("curation_upload_add"), {"files": SimpleUploadedFile("q9uk53.md", text)}
    )


def account(of: str, /, **fields: Any) -> Send:
    def send(browser: Client, world: World) -> Any:
        user = world.me if of == "me" else getattr(world, of)
        user = user or world.idle
        given = {"username": user.username, "is_active": "on", **fields}
        return browser.post(desk("auth_user_change", user.pk), given)

    return send


def give(of: str, role: str, /, **fields: Any) -> Send:
    def send(browser: Client, world: World) -> Any:
        groups = [Group.objects.get(name=role).pk]
        return account(of, groups=groups, **fields)(browser, world)

    return send


def has_role(of: str, role: str) -> Callable[[World], bool]:
    def has_it(world: World) -> bool:
        user = world.me if of == "me" else getattr(world, of)
        return user is not None and Group.objects.filter(name=role, user=user.pk).exists()

    return has_it


def senior_role() -> int:
    return Group.objects.get(name=SENIOR_CURATOR).pk


def commented(text: str) -> Callable[[World], bool]:
    return lambda _: Comment.objects.filter(text=text).exists()


def endorsed(of: Callable[[World], Proposal]) -> Callable[[World], bool]:
    return lambda world: Endorsement.objects.filter(proposal=of(world)).exists()


def no_one(_: World) -> bool:
    return False


def first_version(world: World) -> str:
    return desk("proteins_protein_version", world.target.pk, 0)
