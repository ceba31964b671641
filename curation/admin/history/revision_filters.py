"""Filters of the list of all that happened, and its search.

The list may hold millions of rows, in the order of time. Each filter is answered from an
index, or by going back through the list where what is looked for is frequent.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.contrib.auth.models import User
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils import timezone

from curation.admin.base.change_list import COUNTED
from curation.admin.base.filters import OfferedFilter
from curation.models import ImportRun, RecordKind, Revision, RunState, Verb
from curation.models.revision import HISTORY_KINDS
from proteins.models import BindingSite, Citation, Interaction, Protein, Statement

#: Import runs that the filter offers; older ones by their number in the URL.
RUNS: Final = 20
#: Digits of a number that every database can compare.
MAX_DIGITS: Final = 18

Revisions = QuerySet[Revision]
Lookups = list[tuple[str, str]]


class VerbFilter(OfferedFilter):
    title = "what was done"
    parameter_name = "verb"
    offered = Verb.choices

    def queryset(self, request: HttpRequest, queryset: Revisions) -> Revisions:
        verb = self.value()
        if verb is None:
            return queryset
        revisions = queryset.filter(verb=verb)
        if verb == Verb.UNDONE:
            return _taken_back(queryset)
        if verb == Verb.LOOKED_UP:
            return revisions.filter(kind=RecordKind.CITATION)
        if verb == Verb.IMPORTED:
            return revisions
        # All others are the work of people, who are few and whose rows have an index.
        return revisions.filter(user__in=list(User.objects.values_list("pk", flat=True)))


class KindFilter(OfferedFilter):
    title = "kind"
    parameter_name = "kind"
    offered = HISTORY_KINDS

    def queryset(self, request: HttpRequest, queryset: Revisions) -> Revisions:
        kind = self.value()
        if kind is None:
            return queryset
        if Revision.objects.filter(kind=kind).order_by()[: COUNTED + 1].count() <= COUNTED:
            return queryset.filter(kind=kind)
        # So many that the next is never far: the index of kinds would have all of them sorted.
        return queryset.alias(kind_text=Cast("kind", CharField())).filter(kind_text=kind)


class PersonFilter(SimpleListFilter):
    title = "person"
    parameter_name = "person"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> Lookups:
        theirs = Revision.objects.filter(user=OuterRef("pk"))
        people = User.objects.filter(Exists(theirs)).order_by("username")
        names = [(str(person.pk), person.get_username()) for person in people]
        return [("none", "no user: imports and commands"), *names]

    def queryset(self, request: HttpRequest, queryset: Revisions) -> Revisions:
        value = self.value()
        if value == "none":
            return queryset.filter(user=None)
        return _of(queryset, "user_id", value)


class RunFilter(SimpleListFilter):
    title = "import run"
    parameter_name = "run"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> Lookups:
        of_run = Revision.objects.filter(run=OuterRef("pk"))
        runs = ImportRun.objects.only("command", "started_at").filter(Exists(of_run))
        return [(str(run.pk), str(run)) for run in runs.order_by("-pk")[:RUNS]]

    def queryset(self, request: HttpRequest, queryset: Revisions) -> Revisions:
        return _of(queryset, "run_id", self.value())


class TimeFilter(OfferedFilter):
    title = "time"
    parameter_name = "time"
    offered = (("day", "last 24 hours"), ("week", "last 7 days"), ("month", "last 30 days"))

    def queryset(self, request: HttpRequest, queryset: Revisions) -> Revisions:
        days = {"day": 1, "week": 7, "month": 30}.get(self.value() or "")
        if days is None:
            return queryset
        return queryset.filter(at__gte=timezone.now() - timedelta(days=days))


def _taken_back(queryset: Revisions) -> Revisions:
    runs = ImportRun.objects.filter(state=RunState.UNDONE).order_by()
    return queryset.filter(verb=Verb.UNDONE, run__in=list(runs.values_list("pk", flat=True)))


def _of(queryset: Revisions, column: str, number: str | None) -> Revisions:
    """Return the rows with a number that a URL gives; none where it can be none."""
    if number is None:
        return queryset
    is_number = number.isdecimal() and len(number) <= MAX_DIGITS
    return queryset.filter(**{column: int(number)}) if is_number else queryset.none()


def revisions_meant(queryset: Revisions, text: str) -> Revisions:
    """Return the revisions of the record with this public identifier, or of this person.

    A record that is there is found whatever it was called before; one that is gone, by what
    it was called when something happened to it.
    """
    people = list(User.objects.filter(username__iexact=text).values_list("pk", flat=True))
    if people:
        return queryset.filter(user__in=people)
    keys = {text, text.upper()}
    of_keys = Revision.objects.filter(record_key__in=keys).order_by()
    records = set(of_keys.values_list("kind", "record_id").distinct()) | records_called(text)
    if not records:
        return queryset.none()
    of_records = Q()
    for kind, number in records:
        of_records |= Q(kind=kind, record_id=number)
    return queryset.filter(of_records)


def records_called(text: str) -> set[tuple[str, int]]:
    """Return kind and id of the records that are there by this public identifier."""
    key = text.upper()
    site = f"TFLink{key[6:]}" if key.startswith("TFLINK") else text
    pair, _, statement = key.partition("/")
    tf, _, target = pair.partition("-")
    of_pair = {"tf__accession": tf, "target__accession": target}
    of_statement = {f"interaction__{name}": value for name, value in of_pair.items()}
    pmid = int(text) if text.isdecimal() and len(text) <= MAX_DIGITS else 0
    rows: tuple[tuple[str, QuerySet[Any]], ...] = (
        (RecordKind.PROTEIN, Protein.objects.filter(accession=key)),
        (RecordKind.INTERACTION, Interaction.objects.filter(**of_pair)),
        (
            RecordKind.STATEMENT,
            Statement.objects.filter(**of_statement, key__startswith=statement.lower()),
        ),
        (RecordKind.CITATION, Citation.objects.filter(pmid=pmid)),
        (RecordKind.BINDING_SITE, BindingSite.objects.filter(tflink_id=site)),
    )
    return {
        (kind, number)
        for kind, matches in rows
        for number in matches.order_by().values_list("pk", flat=True)
    }
