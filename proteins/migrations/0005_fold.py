"""The fold of each name of a vocabulary, and other names of species.

`curation` fills the folds and merges the rows that are one by them, before 0006 makes them
unique: what names sources, methods and species elsewhere is in its tables.
"""

import django.db.models.deletion
from django.db import migrations, models


def fold():
    return models.CharField(default="", editable=False, max_length=300)


class Migration(migrations.Migration):
    dependencies = [("proteins", "0004_source_terms")]

    operations = [
        migrations.AddField("sourcedatabase", "fold", fold()),
        migrations.AddField("detectionmethod", "fold", fold()),
        migrations.AddField("taxon", "fold", fold()),
        migrations.CreateModel(
            name="TaxonName",
            fields=[
                (
                    "id",
                    models.AutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("fold", models.CharField(editable=False, max_length=300, unique=True)),
                (
                    "name",
                    models.CharField(
                        help_text="Such as a strain, a synonym or a common name.", max_length=100
                    ),
                ),
                (
                    "taxon",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="names",
                        to="proteins.taxon",
                    ),
                ),
            ],
            options={"verbose_name": "other name", "ordering": ["id"]},
        ),
    ]
