"""Revisions and the chunks of imports point at their change sets."""

import django.db.models.deletion
from django.db import migrations, models


def change():
    return models.ForeignKey(
        db_index=False,
        editable=False,
        null=True,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="proteins.changeset",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("curation", "0012_plain_sql_constraints"),
        ("proteins", "0010_changes"),
    ]

    operations = [
        migrations.AddField("revision", "change", change()),
        migrations.AddField("runchunk", "change", change()),
    ]
