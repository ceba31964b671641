"""Messages after saving, and what became of a record that is not there any more."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.admin.utils import quote
from django.db import models
from django.forms import BaseForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from curation.admin.base import links
from curation.admin.base.autocomplete import is_id
from curation.models import Proposal, Revision, Verb
from curation.records.history import revisions_of
from proteins.models import Protein


@dataclass(frozen=True)
class SaveMessage:
    """A message after a save; `stays` where nothing was written."""

    text: SafeString
    stays: bool = False
    proposal: Proposal | None = None


def admin_url(model: type[models.Model], page: str, record_id: int | str | None = None) -> str:
    """Return the URL of a page of a model's admin."""
    args = [] if record_id is None else [quote(record_id)]
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def saved(record: models.Model, what: str) -> SaveMessage:
    """Report that a record was added or changed, with links to it."""
    ways = [(admin_url(type(record), "history", record.pk), "History")]
    if public := links.public_url(record):
        ways.insert(0, (public, "Public page"))
    return SaveMessage(
        format_html(
            'The {} <a href="{}">{}</a> {}. {}',
            record._meta.verbose_name,
            admin_url(type(record), "change", record.pk),
            record,
            what,
            format_html_join(" · ", '<a href="{}">{}</a>', ways),
        )
    )


def proposed(proposal: Proposal) -> SaveMessage:
    return SaveMessage(
        format_html(
            'Your <a href="{}">proposal {}</a> for {} waits for a senior curator. Nothing is '
            "changed until then.",
            reverse("admin:curation_proposal_change", args=[proposal.pk]),
            proposal.pk,
            proposal.record_key,
        ),
        proposal=proposal,
    )


def nothing_changed(record: models.Model) -> SaveMessage:
    return SaveMessage(
        format_html("You changed nothing of {}, so that nothing was saved.", record),
        stays=True,
    )


def deleted(kind: str, name: str, history: str) -> SafeString:
    return format_html(
        'The {} {} was deleted. Its <a href="{}">history</a> stays.', kind, name, history
    )


@dataclass(frozen=True)
class Gone:
    """How a record that is not there any more went, and where it is now."""

    revision: Revision
    #: The admin's page of what it was merged into; empty where it was not.
    now_at: str
    now_called: str
    history: str

    @property
    def text(self) -> SafeString:
        item = self.revision
        return format_html(
            "{} {} was {} by {} on {}{}.{}",
            capfirst(item.kind),
            item.record_key,
            "merged" if self.now_at else "removed",
            item.user or item.run or "somebody",
            f"{item.at:%d %B %Y, %H:%M}".lstrip("0"),
            f": “{item.reason}”" if item.reason else "",
            format_html(' It is now <a href="{}">{}</a>.', self.now_at, self.now_called)
            if self.now_at
            else "",
        )


def what_became(model: type[models.Model], kind: str, object_id: str) -> Gone | None:
    """Return how a record went; None where no history has this id."""
    if not is_id(object_id):
        return None
    last = revisions_of(kind, int(object_id)).order_by("-id").first()
    if last is None:
        return None
    heir = None
    if model is Protein and last.verb != Verb.REMOVED:
        heir = Protein.objects.filter(secondary_accessions__accession=last.record_key).first()
    return Gone(
        last,
        now_at=admin_url(Protein, "change", heir.pk) if heir else "",
        now_called=str(heir or ""),
        history=admin_url(model, "history", object_id),
    )


def typed_into(form: BaseForm, request: HttpRequest) -> list[tuple[str, list[str]]]:
    """Return what was typed or chosen in each field of a form, by its label."""
    typed = []
    for name, field in form.fields.items():
        values = [text for text in request.POST.getlist(name) if text.strip()]
        if values and not field.widget.is_hidden:
            typed.append((capfirst(str(field.label or name.replace("_", " "))), values))
    return typed


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a form, and the place on the page to mend it."""

    anchor: str
    label: str
    text: str


def problems_of(form: BaseForm) -> list[Problem]:
    """Return what is wrong with a form, in the order of its fields; of the whole first."""
    problems = [Problem("", "", str(text)) for text in form.non_field_errors()]
    for bound in form:
        anchor = bound.id_for_label or bound.auto_id
        label = capfirst(str(bound.label))
        problems += [Problem(str(anchor), label, str(text)) for text in bound.errors]
    return problems
