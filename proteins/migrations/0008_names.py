"""Names of any length, sorted by their first 100 characters; each name of a list as a row.

An index of PostgreSQL takes 2,704 bytes a row, so that the key of a name is cut.
"""

import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

import proteins.models.rules
from proteins.domain.fold import fold
from proteins.domain.names import names_of

_BATCH = 10_000
_HELP = "As the documents spell it; fixed once made."
_BY_NAME = (
    "is_unnamed",
    "name_key",
    "accession",
    "facet_bits",
    "taxon",
    "is_tf",
    "is_target",
    "id",
)


def fill_names(apps, schema_editor):
    """Split the name of each protein into the rows that follow from it."""
    names = apps.get_model("proteins", "ProteinName").objects.using(schema_editor.connection.alias)
    named = apps.get_model("proteins", "Protein").objects.using(schema_editor.connection.alias)
    rows = []
    for protein, name in named.exclude(name="").order_by("pk").values_list("pk", "name").iterator():
        rows += [
            names.model(protein_id=protein, position=position, text=text, key=fold(text)[:100])
            for position, text in enumerate(names_of(name))
        ]
        if len(rows) >= _BATCH:
            names.bulk_create(rows)
            rows = []
    names.bulk_create(rows)


def term(**options):
    return models.CharField(max_length=250, **options)


class Migration(migrations.Migration):
    dependencies = [("proteins", "0007_site_bins")]

    operations = [
        migrations.RemoveIndex("protein", "protein_by_name"),
        migrations.RemoveIndex("protein", "protein_name_accession"),
        # PostgreSQL alters no column that a generated column is made of.
        migrations.RemoveField("protein", "name_key"),
        migrations.RemoveField("protein", "is_unnamed"),
        migrations.AlterField(
            "protein",
            "name",
            models.CharField(
                blank=True,
                help_text="Gene or protein name; empty where there is none.",
                max_length=4000,
                validators=[proteins.models.rules.validate_name],
            ),
        ),
        migrations.AddField(
            "protein",
            "name_key",
            models.GeneratedField(
                db_index=True,
                db_persist=True,
                expression=django.db.models.functions.text.Left(
                    django.db.models.functions.text.Lower("name"), 100
                ),
                output_field=models.CharField(max_length=100),
            ),
        ),
        migrations.AddField(
            "protein",
            "is_unnamed",
            models.GeneratedField(
                db_persist=True,
                expression=models.ExpressionWrapper(models.Q(("name", "")), models.BooleanField()),
                output_field=models.BooleanField(),
            ),
        ),
        migrations.AddIndex(
            "protein", models.Index(fields=["name_key", "accession"], name="protein_name_accession")
        ),
        migrations.AddIndex("protein", models.Index(fields=_BY_NAME, name="protein_by_name")),
        migrations.CreateModel(
            name="ProteinName",
            fields=[
                (
                    "id",
                    models.AutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.PositiveSmallIntegerField(choices=[(0, "primary")], default=0),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("text", models.CharField(max_length=4000)),
                ("key", models.CharField(max_length=100)),
                ("source", term(blank=True, default="")),
                (
                    "protein",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="names",
                        to="proteins.protein",
                    ),
                ),
            ],
            options={
                "verbose_name": "name",
                "ordering": ["protein", "kind", "source", "position"],
            },
        ),
        migrations.AddIndex(
            "proteinname", models.Index(fields=["key"], name="proteinname_key")
        ),
        migrations.AddIndex(
            "proteinname",
            models.Index(
                fields=["key"],
                name="proteinname_further_key",
                condition=models.Q(("position__gt", 0)),
                opclasses=["varchar_pattern_ops"],
            ),
        ),
        migrations.AddConstraint(
            "proteinname",
            models.UniqueConstraint(
                fields=("protein", "kind", "source", "position"), name="proteinname_unique"
            ),
        ),
        migrations.AddConstraint(
            "proteinname",
            models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="proteinname_text"
            ),
        ),
        migrations.AddConstraint(
            "proteinname",
            models.CheckConstraint(
                condition=models.Q(("kind__in", [0])), name="proteinname_kind"
            ),
        ),
        migrations.AlterField("bindingsite", "assembly", term(blank=True)),
        migrations.AlterField("bindingsite", "chromosome", term(blank=True)),
        migrations.AlterField("detectionmethod", "name", term(help_text=_HELP)),
        migrations.AlterField("ortholog", "identifier", term(db_index=True)),
        migrations.AlterField("sourcedatabase", "key", term(help_text=_HELP)),
        migrations.AlterField("sourcedatabase", "name", term()),
        migrations.AlterField(
            "sourcedatabase",
            "version",
            term(blank=True, help_text="Which version TFLink took; empty is not stated."),
        ),
        migrations.AlterField("taxon", "scientific_name", term()),
        migrations.AlterField(
            "taxonname", "name", term(help_text="Such as a strain, a synonym or a common name.")
        ),
        # Last: PostgreSQL makes no index after rows that point at others, in one transaction.
        migrations.RunPython(fill_names, migrations.RunPython.noop),
    ]
