"""Roles were made here once; they are set after every migrate (curation/permissions.py)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("curation", "0003_desk"),
        ("proteins", "0002_literature_and_secondary_accessions"),
    ]

    operations = []
