"""Support of what was here before documents were told apart; every interaction has some."""

import hashlib

import django.db.models.deletion
from django.db import migrations, models

#: `proteins.domain.support.Role.EARLIER`.
EARLIER = 1
BATCH = 2_000
LINKS = ("evidencesource", "evidencemethod", "evidencecitation")
USERS = ("interaction", "bindingsite", "statement")


def fill(apps, schema_editor):
    """Make one Support row for each Evidence row of interactions; then one statement."""
    support = apps.get_model("proteins", "Support").objects
    evidence = apps.get_model("proteins", "Evidence").objects
    interactions = apps.get_model("proteins", "Interaction").objects
    of_interaction = interactions.filter(evidence=models.OuterRef("pk"))
    used = evidence.filter(models.Exists(of_interaction)).order_by("pk")
    support.bulk_create(
        (
            support.model(digest=digest_of(digest), evidence_id=key)
            for key, digest in used.values_list("pk", "digest")
        ),
        batch_size=BATCH,
    )
    schema_editor.execute(
        "INSERT INTO proteins_supportpart (support_id, role, evidence_id) "
        f"SELECT id, {EARLIER}, evidence_id FROM proteins_support"
    )
    schema_editor.execute(
        "UPDATE proteins_interaction SET support_id = (SELECT id FROM proteins_support "
        "WHERE evidence_id = proteins_interaction.evidence_id)"
    )
    if schema_editor.connection.vendor == "postgresql":
        # Rows were written whose checks wait for the end, and columns are altered before it.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def digest_of(evidence_digest):
    return hashlib.sha256(f"{EARLIER}:{evidence_digest}".encode()).hexdigest()


def clear(apps, schema_editor):
    """Forget which document said what, and what evidence only that was about."""
    schema_editor.execute("UPDATE proteins_interaction SET support_id = NULL")
    schema_editor.execute("DELETE FROM proteins_supportpart")
    schema_editor.execute("DELETE FROM proteins_support")
    unused = " AND ".join(
        f"NOT EXISTS (SELECT 1 FROM proteins_{user} WHERE evidence_id = evidence.id)"
        for user in USERS
    )
    unused = f"SELECT id FROM proteins_evidence AS evidence WHERE {unused}"
    for link in LINKS:
        schema_editor.execute(f"DELETE FROM proteins_{link} WHERE evidence_id IN ({unused})")
    schema_editor.execute(f"DELETE FROM proteins_evidence WHERE id IN ({unused})")


class Migration(migrations.Migration):
    dependencies = [("proteins", "0013_tiers")]

    operations = [
        migrations.RunPython(fill, clear),
        migrations.AlterField(
            "interaction",
            "support",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="proteins.support",
            ),
        ),
        migrations.AlterField(
            "interaction",
            "evidence",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="interactions",
                to="proteins.evidence",
            ),
        ),
        migrations.AddIndex(
            "interaction",
            models.Index(fields=["evidence", "support"], name="interaction_evidence_support"),
        ),
    ]
