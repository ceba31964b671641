"""Indexes of interactions that hold what protein pages group and filter by."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("proteins", "0021_species_arrays")]

    operations = [
        migrations.AddIndex(
            "interaction",
            models.Index(
                fields=["tf", "evidence", "status", "reporting", "effect", "target"],
                name="interaction_of_tf",
            ),
        ),
        migrations.AddIndex(
            "interaction",
            models.Index(
                fields=["target", "tf", "evidence", "status", "reporting", "effect"],
                name="interaction_of_target",
            ),
        ),
        # The one of targets holds it.
        migrations.RemoveIndex("interaction", "interaction_target_tf"),
    ]
