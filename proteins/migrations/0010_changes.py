"""Change numbers in place of times of change, filled from the order of those times."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

KINDS = [
    ("earlier", "before changes were numbered"),
    ("import", "import"),
    ("undo", "import undone"),
    ("desk", "a curator"),
    ("literature", "publications looked up"),
    ("report", "report by a reader"),
]
REASONS = [
    ("rejected", "rejected by a curator"),
    ("merged", "merged into another record"),
    ("undone", "its import was undone"),
    ("removed", "removed by a curator"),
]
TABLES = ("proteins_protein", "proteins_interaction")


def number(apps, schema_editor):
    """Make one change set of each moment, in order: an import has one a chunk."""
    moments = " UNION ".join(f"SELECT changed_at FROM {table}" for table in TABLES)
    schema_editor.execute(
        "INSERT INTO proteins_changeset (at, kind, reason) "
        f"SELECT changed_at, 'earlier', '' FROM ({moments}) AS moments ORDER BY changed_at"
    )
    for table in TABLES:
        schema_editor.execute(
            f"UPDATE {table} SET change_id = "
            f"(SELECT id FROM proteins_changeset WHERE at = {table}.changed_at)"
        )


def times(apps, schema_editor):
    """Give rows the times of their change sets again."""
    for table in TABLES:
        schema_editor.execute(
            f"UPDATE {table} SET changed_at = "
            f"(SELECT at FROM proteins_changeset WHERE id = {table}.change_id)"
        )


def key():
    return models.AutoField(
        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
    )


def change(**kwargs):
    return models.ForeignKey(
        db_constraint=False,
        db_index=False,
        editable=False,
        on_delete=django.db.models.deletion.DO_NOTHING,
        related_name="+",
        to="proteins.changeset",
        **kwargs,
    )


def number_column():
    # Django cannot take a foreign key without a constraint from a table with generated columns
    # again (SQLite): the way back ends with a plain column.
    return models.IntegerField(db_column="change_id", editable=False, null=True)


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("proteins", "0009_plain_sql_constraints"),
    ]

    operations = [
        migrations.CreateModel(
            name="ChangeSet",
            fields=[
                ("id", key()),
                (
                    "at",
                    models.DateTimeField(db_index=True, default=django.utils.timezone.now),
                ),
                ("run", models.PositiveIntegerField(blank=True, null=True)),
                ("kind", models.CharField(choices=KINDS, max_length=10)),
                ("reason", models.TextField(blank=True)),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"ordering": ["-id"], "verbose_name": "change"},
        ),
        migrations.CreateModel(
            name="Gone",
            fields=[
                ("id", key()),
                ("kind", models.CharField(max_length=12)),
                ("record_key", models.CharField(max_length=40)),
                ("why", models.CharField(choices=REASONS, max_length=10)),
                ("change", change()),
            ],
            options={
                "ordering": ["change", "id"],
                "verbose_name": "record that is gone",
                "verbose_name_plural": "records that are gone",
            },
        ),
        migrations.AddConstraint(
            "changeset",
            models.CheckConstraint(
                condition=models.Q(("kind__in", [kind for kind, _ in KINDS])),
                name="changeset_kind_known",
            ),
        ),
        migrations.AddConstraint(
            "gone",
            models.CheckConstraint(
                condition=models.Q(("kind__in", ["protein", "interaction"])),
                name="gone_kind_known",
            ),
        ),
        migrations.AddConstraint(
            "gone",
            models.CheckConstraint(
                condition=models.Q(("why__in", [why for why, _ in REASONS])),
                name="gone_why_known",
            ),
        ),
        migrations.AddIndex("gone", models.Index(fields=["change", "id"], name="gone_change")),
        migrations.AddField("protein", "change", number_column()),
        migrations.AddField("interaction", "change", number_column()),
        migrations.RunPython(number, times),
        migrations.RemoveIndex("protein", "protein_changed_at"),
        migrations.RemoveIndex("interaction", "interaction_changed_at"),
        migrations.RemoveField("protein", "changed_at"),
        migrations.RemoveField("interaction", "changed_at"),
        migrations.AlterField("protein", "change", change()),
        migrations.AlterField("interaction", "change", change()),
        migrations.AddIndex(
            "protein", models.Index(fields=["change", "id"], name="protein_change")
        ),
        migrations.AddIndex(
            "interaction", models.Index(fields=["change", "id"], name="interaction_change")
        ),
    ]
