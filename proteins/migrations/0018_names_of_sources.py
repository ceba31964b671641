"""Names have a kind, a source and a version; identifiers in other databases; what became of
accessions and gene IDs.

Names are looked up by a fold that ignores hyphens, dots and spaces, where the former key did not.
"""

import django.db.models.functions.comparison
from django.db import migrations, models

import proteins.models.rules
from proteins.domain.identifiers import ACCESSION_PATTERN
from proteins.domain.names import folded_name

_BATCH = 10_000


def fold_names(apps, schema_editor):
    """Fold the names of pages, of which only those with a hyphen or the like differ."""
    names = apps.get_model("proteins", "ProteinName").objects.using(schema_editor.connection.alias)
    rows = []
    for row in names.order_by("pk").only("pk", "text", "folded").iterator():
        folded = folded_name(row.text)
        if folded != row.folded:
            row.folded = folded
            rows.append(row)
    for start in range(0, len(rows), _BATCH):
        names.bulk_update(rows[start : start + _BATCH], ["folded"], batch_size=400)


def number():
    return models.AutoField(
        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
    )


def source():
    return models.ForeignKey(
        blank=True,
        db_index=False,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        to="proteins.namesource",
    )


class Migration(migrations.Migration):
    dependencies = [("proteins", "0017_statement_indexes")]

    operations = [
        migrations.CreateModel(
            name="NameSource",
            fields=[
                ("id", number()),
                ("name", models.CharField(max_length=250)),
                ("version", models.CharField(blank=True, default="", max_length=250)),
            ],
            options={
                "verbose_name": "source of names",
                "verbose_name_plural": "sources of names",
                "ordering": ["name", "version"],
                "constraints": [
                    models.UniqueConstraint(fields=("name", "version"), name="namesource_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="namesource_name"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CrossReference",
            fields=[
                ("id", number()),
                (
                    "database",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "Ensembl"),
                            (2, "HGNC"),
                            (3, "SGD"),
                            (4, "WormBase"),
                            (5, "FlyBase"),
                            (6, "MGI"),
                            (7, "RGD"),
                            (8, "ZFIN"),
                        ]
                    ),
                ),
                ("identifier", models.CharField(max_length=40)),
                (
                    "protein",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=models.CASCADE,
                        related_name="cross_references",
                        to="proteins.protein",
                    ),
                ),
                ("source", source()),
            ],
            options={
                "verbose_name": "cross-reference",
                "ordering": ["database", "identifier"],
                "indexes": [models.Index(fields=["identifier"], name="crossreference_identifiers")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("protein", "database", "identifier"), name="crossreference_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("database__in", [1, 2, 3, 4, 5, 6, 7, 8])),
                        name="crossreference_database",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("identifier", ""), _negated=True),
                        name="crossreference_identifier",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AccessionFate",
            fields=[
                ("id", number()),
                (
                    "accession",
                    models.CharField(
                        max_length=10, validators=[proteins.models.rules.validate_accession]
                    ),
                ),
                ("successor", models.CharField(blank=True, default="", max_length=10)),
                (
                    "fate",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "merged into another entry"),
                            (1, "divided into several entries"),
                            (2, "deleted"),
                        ]
                    ),
                ),
                ("settled", models.BooleanField(default=False)),
                ("source", source()),
            ],
            options={
                "verbose_name": "fate of an accession",
                "verbose_name_plural": "fates of accessions",
                "ordering": ["accession", "successor"],
                "indexes": [models.Index(fields=["successor"], name="accessionfate_successors")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("accession", "successor"), name="accessionfate_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("accession__matches", ACCESSION_PATTERN)),
                        name="accessionfate_accession",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("fate", 2), ("successor", "")),
                            models.Q(
                                ("fate__in", [0, 1]), ("successor__matches", ACCESSION_PATTERN)
                            ),
                            _connector="OR",
                        ),
                        name="accessionfate_successor",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GeneIDFate",
            fields=[
                ("id", number()),
                (
                    "ncbi_gene_id",
                    models.PositiveIntegerField(
                        unique=True,
                        validators=[proteins.models.rules.validate_gene_id],
                        verbose_name="NCBI gene ID",
                    ),
                ),
                ("successor", models.PositiveIntegerField(blank=True, db_index=True, null=True)),
                ("settled", models.BooleanField(default=False)),
                ("source", source()),
            ],
            options={
                "verbose_name": "fate of a gene ID",
                "verbose_name_plural": "fates of gene IDs",
                "ordering": ["ncbi_gene_id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ncbi_gene_id__gt", 0),
                            models.Q(
                                ("successor__isnull", True),
                                ("successor__gt", 0),
                                _connector="OR",
                            ),
                        ),
                        name="geneidfate_positive",
                    )
                ],
            },
        ),
        migrations.AddField("secondaryaccession", "source", source()),
        migrations.RemoveConstraint("proteinname", "proteinname_unique"),
        migrations.RemoveConstraint("proteinname", "proteinname_kind"),
        migrations.RemoveIndex("proteinname", "proteinname_key"),
        migrations.RemoveIndex("proteinname", "proteinname_further_key"),
        # All names so far are of pages and tables.
        migrations.RemoveField("proteinname", "source"),
        migrations.AddField("proteinname", "source", source()),
        migrations.RenameField("proteinname", "key", "folded"),
        migrations.AlterField(
            "proteinname",
            "kind",
            models.PositiveSmallIntegerField(
                choices=[
                    (0, "primary"),
                    (1, "synonym"),
                    (2, "ordered locus"),
                    (3, "ORF"),
                    (4, "full protein name"),
                    (5, "mnemonic"),
                ],
                default=0,
            ),
        ),
        migrations.AlterModelOptions(
            "proteinname",
            options={
                "ordering": ["protein", "kind", "source", "position"],
                "verbose_name": "name",
            },
        ),
        migrations.RunPython(fold_names, migrations.RunPython.noop),
        migrations.AddIndex(
            "proteinname",
            models.Index(
                fields=["folded"], name="proteinname_folded", opclasses=["varchar_pattern_ops"]
            ),
        ),
        migrations.AddIndex(
            "proteinname",
            models.Index(
                condition=models.Q(("position__gt", 0), ("source__isnull", True)),
                fields=["folded"],
                name="proteinname_further",
                opclasses=["varchar_pattern_ops"],
            ),
        ),
        migrations.AddConstraint(
            "proteinname",
            models.UniqueConstraint(
                models.F("protein"),
                models.F("kind"),
                django.db.models.functions.comparison.Coalesce("source", 0),
                models.F("position"),
                name="proteinname_unique",
            ),
        ),
        migrations.AddConstraint(
            "proteinname",
            models.CheckConstraint(
                condition=models.Q(("kind__in", [0, 1, 2, 3, 4, 5])), name="proteinname_kind"
            ),
        ),
        migrations.AddConstraint(
            "proteinname",
            models.CheckConstraint(
                condition=models.Q(("source__isnull", False), ("kind", 0), _connector="OR"),
                name="proteinname_of_pages",
            ),
        ),
    ]
