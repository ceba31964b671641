"""Tiers and method classes of evidence, filled from its content and the vocabulary."""

from collections import defaultdict

from django.db import migrations, models

from proteins.domain.evidence import EvidenceContent, SmallScale
from proteins.domain.methods import initial_class
from proteins.domain.tiers import SupportRules, is_initial_aggregator

#: Rows fetched, and written, at once.
_BATCH = 2_000
_COLUMNS = ("tier", "method_classes", "independent_sources")
_CLASSES = [
    (0, "other"),
    (1, "binding in vivo"),
    (2, "binding in vitro"),
    (3, "expression"),
    (4, "reporter"),
    (5, "curated"),
]


def fill_vocabulary(apps, schema_editor):
    methods = apps.get_model("proteins", "DetectionMethod").objects
    for pk, name in list(methods.order_by("pk").values_list("pk", "name")):
        methods.filter(pk=pk).update(method_class=initial_class(name).value)
    sources = apps.get_model("proteins", "SourceDatabase").objects
    for pk, key in list(sources.order_by("pk").values_list("pk", "key")):
        if is_initial_aggregator(key):
            sources.filter(pk=pk).update(is_aggregator=True)


def fill_evidence(apps, schema_editor):
    rules = _rules(apps)
    rows = apps.get_model("proteins", "Evidence").objects
    parts = [
        _links(apps, "EvidenceSource", "source__key"),
        _links(apps, "EvidenceMethod", "method__name"),
        _links(apps, "EvidenceCitation", "citation__pmid"),
    ]
    stored = list(rows.order_by("pk").only("pk", "small_scale"))
    for start in range(0, len(stored), _BATCH):
        batch = stored[start : start + _BATCH]
        for row in batch:
            content = EvidenceContent.of(
                *(part[row.pk] for part in parts), SmallScale(row.small_scale)
            )
            for column, value in zip(_COLUMNS, rules.columns(content), strict=True):
                setattr(row, column, value)
        rows.bulk_update(batch, _COLUMNS)


def _rules(apps):
    sources = apps.get_model("proteins", "SourceDatabase").objects.order_by()
    methods = apps.get_model("proteins", "DetectionMethod").objects.order_by()
    return SupportRules.of(
        sources.values_list("key", "name", "via__key", "is_aggregator", "publication__pmid"),
        methods.values_list("name", "method_class"),
    )


def _links(apps, model, column):
    links = defaultdict(list)
    rows = apps.get_model("proteins", model).objects.order_by()
    for key, value in rows.values_list("evidence_id", column).iterator():
        links[key].append(value)
    return links


def filled(field):
    """A column without a default, which `fill_evidence` or `fill_vocabulary` fills."""
    return {"field": field, "preserve_default": False}


class Migration(migrations.Migration):
    dependencies = [("proteins", "0012_support_and_statements")]

    operations = [
        migrations.AddField(
            "sourcedatabase",
            "is_aggregator",
            models.BooleanField(
                default=False,
                help_text="It gathers what other databases publish: it counts as an independent "
                "database only where nothing that was reached through it is named.",
                verbose_name="aggregator",
            ),
        ),
        migrations.AddField(
            "detectionmethod",
            "method_class",
            **filled(
                models.PositiveSmallIntegerField(
                    blank=True,
                    choices=_CLASSES,
                    default=0,
                    help_text="What kind of observation it makes; left empty, what its name "
                    "suggests.",
                    verbose_name="class",
                )
            ),
        ),
        migrations.AddField(
            "evidence",
            "tier",
            **filled(
                models.PositiveSmallIntegerField(
                    choices=[(0, "single"), (1, "repeated"), (2, "supported"), (3, "strong")],
                    default=0,
                    editable=False,
                )
            ),
        ),
        migrations.AddField(
            "evidence",
            "method_classes",
            **filled(models.PositiveSmallIntegerField(default=0, editable=False)),
        ),
        migrations.AddField(
            "evidence",
            "independent_sources",
            **filled(models.PositiveIntegerField(default=0, editable=False)),
        ),
        migrations.AddConstraint(
            "detectionmethod",
            models.CheckConstraint(
                condition=models.Q(("method_class__in", [0, 1, 2, 3, 4, 5])),
                name="method_class_known",
            ),
        ),
        migrations.AddConstraint(
            "evidence",
            models.CheckConstraint(
                condition=models.Q(("tier__in", [0, 1, 2, 3])), name="evidence_tier_known"
            ),
        ),
        migrations.RunPython(fill_vocabulary, migrations.RunPython.noop),
        migrations.RunPython(fill_evidence, migrations.RunPython.noop),
    ]
