from django.db import migrations

from curation.vocabulary import load_vocabulary


def add(apps, schema_editor):
    load_vocabulary(apps)


class Migration(migrations.Migration):
    dependencies = [("curation", "0001_initial"), ("proteins", "0001_initial")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
