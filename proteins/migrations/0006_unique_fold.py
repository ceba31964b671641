"""Folds are unique; the names that they are of need not be by themselves any more."""

from django.db import migrations, models

_HELP = "As the documents spell it; fixed once made."


def fold():
    return models.CharField(editable=False, max_length=300, unique=True)


class Migration(migrations.Migration):
    dependencies = [("proteins", "0005_fold")]

    operations = [
        migrations.AlterField("sourcedatabase", "fold", fold()),
        migrations.AlterField("detectionmethod", "fold", fold()),
        migrations.AlterField("taxon", "fold", fold()),
        migrations.AlterField(
            "sourcedatabase", "key", models.CharField(help_text=_HELP, max_length=100)
        ),
        migrations.AlterField(
            "detectionmethod", "name", models.CharField(help_text=_HELP, max_length=100)
        ),
        migrations.AlterField("taxon", "scientific_name", models.CharField(max_length=100)),
    ]
