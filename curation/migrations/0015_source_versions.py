"""Versions of source databases, as TFLink states them, where none is stated."""

from django.db import migrations

from curation.vocabulary import load_source_versions


def add(apps, schema_editor):
    load_source_versions(apps)


class Migration(migrations.Migration):
    dependencies = [
        ("curation", "0014_upload_files"),
        ("proteins", "0011_source_version_date"),
    ]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
