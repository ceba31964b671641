"""Evidence that curators pinned: what the documents said, and the curator's word in its place."""

import hashlib

from django.db import migrations

from curation.shared.three_way import evidence_from_json
from proteins.domain.fold import fold

#: `proteins.domain.support.Role`.
EARLIER, PINNED = 1, 50


def split(apps, schema_editor):
    """Give interactions with a pin their source's value as the documents' part."""
    pins = apps.get_model("curation", "Pin").objects.filter(kind="interaction", field="evidence")
    interactions = apps.get_model("proteins", "Interaction").objects
    support = apps.get_model("proteins", "Support").objects
    parts = apps.get_model("proteins", "SupportPart").objects
    replaced = set()
    for pin in pins.exclude(source_value=None).order_by("pk").iterator():
        interaction = interactions.filter(pk=pin.record_id).select_related("evidence").first()
        if interaction is None:
            continue
        source = evidence_of(apps, evidence_from_json(pin.source_value))
        stated = ((EARLIER, source), (PINNED, interaction.evidence))
        canonical = ",".join(f"{role}:{evidence.digest}" for role, evidence in stated)
        row, made = support.get_or_create(
            digest=hashlib.sha256(canonical.encode()).hexdigest(),
            defaults={"evidence_id": interaction.evidence_id},
        )
        if made:
            parts.bulk_create(
                parts.model(support=row, role=role, evidence=evidence) for role, evidence in stated
            )
        replaced.add(interaction.support_id)
        interactions.filter(pk=interaction.pk).update(support=row)
    for key in replaced:
        row = support.get(pk=key)
        if not interactions.filter(evidence=row.evidence_id, support=key).exists():
            parts.filter(support=key).delete()
            row.delete()


def evidence_of(apps, content):
    """Return the Evidence row of a content, made where there is none."""
    evidence, made = apps.get_model("proteins", "Evidence").objects.get_or_create(
        digest=content.digest,
        defaults={
            "small_scale": content.small_scale.value,
            "source_count": len(content.sources),
            "method_count": len(content.methods),
            "citation_count": len(content.pmids),
        },
    )
    if not made:
        return evidence
    for model, column, vocabulary, name, values in (
        ("EvidenceSource", "source", "SourceDatabase", "key", content.sources),
        ("EvidenceMethod", "method", "DetectionMethod", "name", content.methods),
        ("EvidenceCitation", "citation", "Citation", "pmid", content.pmids),
    ):
        link = apps.get_model("proteins", model).objects
        for value in values:
            named = named_row(apps.get_model("proteins", vocabulary).objects, name, value)
            link.create(evidence=evidence, **{column: named})
    return evidence


def named_row(rows, name, value):
    if name == "pmid":
        return rows.get_or_create(pmid=value)[0]
    existing = rows.filter(fold=fold(value)).first()
    if existing is not None:
        return existing
    names = {"key": value, "name": value, "fold": fold(value)}
    fields = {field.name for field in rows.model._meta.concrete_fields}
    return rows.create(**{field: text for field, text in names.items() if field in fields})


class Migration(migrations.Migration):
    dependencies = [
        ("curation", "0018_site_parts"),
        ("proteins", "0014_support_filled"),
    ]

    operations = [migrations.RunPython(split, migrations.RunPython.noop)]
