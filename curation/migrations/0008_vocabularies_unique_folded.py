"""One row for all spellings of a source, method, species or group; other names of species."""

import django.db.models.deletion
from django.db import migrations, models

from curation.shared.merge_groups import merge_groups
from curation.shared.merge_spellings import merge_spellings
from curation.vocabulary import load_species_names


def merge(apps, schema_editor):
    merge_spellings(apps)
    merge_groups(apps)
    load_species_names(apps)


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("curation", "0007_release_order"),
        ("proteins", "0005_fold"),
    ]
    run_before = [("proteins", "0006_unique_fold")]

    operations = [
        migrations.CreateModel(
            name="GroupFold",
            fields=[
                (
                    "id",
                    models.AutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("fold", models.CharField(editable=False, max_length=300, unique=True)),
                (
                    "group",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="auth.group",
                    ),
                ),
            ],
        ),
        migrations.RunPython(merge, migrations.RunPython.noop),
    ]
