from __future__ import annotations

from django.db import models
from django.db.models import Q

from proteins.models import BindingSite, ChangeSet, Protein, Taxon
from proteins.models.names import NameField

#: The key of `SourcePage.unknown_keys` with the accession of a page whose protein has
#: another one now: such a page never overrules what the protein's own page says.
FORMER_ACCESSION = "uniprot_accession"


class RunState(models.TextChoices):
    RUNNING = "running", "running"
    FINISHED = "finished", "finished"
    FAILED = "failed", "failed"
    UNDONE = "undone", "undone"


class ImportRun(models.Model):
    """One run of an import: what it was given, what it did, what it refused.

    `counts` holds created / changed / unchanged for each kind of record, `problems` what
    was refused and why (the first thousand).
    """

    command = models.CharField(max_length=40)
    paths = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=RunState, default=RunState.RUNNING)
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    pages_read = models.PositiveIntegerField(default=0)
    rows_refused = models.PositiveIntegerField(default=0)
    pages_refused = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    problems = models.JSONField(default=list)

    class Meta:
        ordering = ["-started_at", "-id"]
        constraints = [
            models.CheckConstraint(name="run_state_known", condition=Q(state__in=RunState.values))
        ]

    def __str__(self) -> str:
        return f"run {self.pk} of {self.command}, {self.started_at:%Y-%m-%d %H:%M}"


class RunChunk(models.Model):
    """What one committed chunk of a run did, so that it can be taken back.

    `created` holds, for each model, ranges of ids (`[[first, last], ...]`); `changed` a
    list of `[kind, id, key, field, before, after]`, for support with ranges of ids and with
    what roles said before and after; `stated` ranges of ids of binding sites and statements
    that it states and that were stored already.
    """

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="chunks")
    #: None of what was written before changes were numbered.
    change = models.ForeignKey(
        ChangeSet, models.PROTECT, null=True, editable=False, related_name="+", db_index=False
    )
    created = models.JSONField(default=dict)
    changed = models.JSONField(default=list)
    #: None of what was written before this was recorded.
    stated = models.JSONField(default=dict, null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"chunk {self.pk} of run {self.run_id}"


class SourcePage(models.Model):
    """A page as it was last taken in, by path; what the models have no place for
    (download names, keys that the importer does not know) is stored here as it was."""

    path = models.CharField(max_length=1000, unique=True)
    sha256 = models.CharField("SHA-256", max_length=64)
    generation = models.PositiveSmallIntegerField(
        help_text="1 oldest, 2 middle, 3 newest form of the published pages."
    )
    protein = models.ForeignKey(Protein, models.PROTECT, related_name="source_pages")
    run = models.ForeignKey(ImportRun, models.PROTECT, related_name="pages")
    imported_at = models.DateTimeField()
    rows_refused = models.PositiveIntegerField(default=0)
    rules = models.PositiveIntegerField(
        default=0, help_text="Version of the rules by which it was read."
    )
    downloads = models.JSONField(default=dict, blank=True)
    unknown_keys = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["path"]
        constraints = [
            models.CheckConstraint(
                name="page_generation_known", condition=Q(generation__in=[1, 2, 3])
            )
        ]

    def __str__(self) -> str:
        return self.path


class SourceTable(models.Model):
    """A table as it was last taken in, by path; `taxa` are the species that it is complete
    for, none where it is a part. `dataset` is the name of the dataset that a file of statements
    was read for. `rules` is the version of the rules that read it: with others, what it was
    refused may go in."""

    path = models.CharField(max_length=1000, unique=True)
    sha256 = models.CharField("SHA-256", max_length=64)
    dataset = NameField(blank=True)
    rows = models.PositiveIntegerField()
    rows_refused = models.PositiveIntegerField(default=0)
    rules = models.PositiveIntegerField(default=0)
    taxa = models.ManyToManyField(Taxon, related_name="+")
    run = models.ForeignKey(ImportRun, models.PROTECT, related_name="tables")
    imported_at = models.DateTimeField()

    class Meta:
        ordering = ["path"]

    def __str__(self) -> str:
        return self.path


class SitePart(models.Model):
    """What documents say of a binding site under one of its IDs, of a site that has several:
    when a document states another site at its place, the parts may turn out to be of two."""

    tflink_id = models.CharField("TFLink ID", max_length=20, unique=True)
    site = models.ForeignKey(BindingSite, models.CASCADE, related_name="+")
    #: Its fields, with the evidence, and the other IDs that one page has for it.
    stated = models.JSONField()

    class Meta:
        ordering = ["tflink_id"]

    def __str__(self) -> str:
        return self.tflink_id
