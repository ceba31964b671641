"""The dataset of what curators state here."""

from django.db import migrations

NAME = "Curated here"


def add(apps, schema_editor):
    datasets = apps.get_model("proteins", "Dataset").objects.using(schema_editor.connection.alias)
    datasets.get_or_create(fold=NAME.casefold(), defaults={"name": NAME})


class Migration(migrations.Migration):
    dependencies = [("proteins", "0014_support_filled")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
