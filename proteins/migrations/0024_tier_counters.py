"""The numbers of interactions of each protein by tier of support.

They come from the indexes of interactions alone, a few thousand proteins at once, as 0023 read
the tiers themselves: 12 million interactions are read twice, and nothing is held of them.
"""

from collections import Counter, defaultdict

from django.db import migrations, models

_COLUMNS = ("repeated_count", "supported_count", "strong_count")
_REJECTED = 3
#: Proteins whose interactions are read, and which are written, at once.
_BATCH = 2_000


def count_tiers(apps, schema_editor):
    evidence = apps.get_model("proteins", "Evidence").objects
    tier_of = dict(evidence.values_list("pk", "tier"))
    proteins = apps.get_model("proteins", "Protein").objects.order_by("pk")
    last = 0
    while batch := list(proteins.filter(pk__gt=last).values_list("pk", flat=True)[:_BATCH]):
        first, last = batch[0], batch[-1]
        tiers = _tiers(apps, tier_of, first, last)
        rows = [
            (*(tiers[key][number] for number, _ in enumerate(_COLUMNS, 1)), key)
            for key in batch
            if any(tiers[key][number] for number, _ in enumerate(_COLUMNS, 1))
        ]
        with schema_editor.connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE proteins_protein SET repeated_count = %s, supported_count = %s, "
                "strong_count = %s WHERE id = %s",
                rows,
            )


def _tiers(apps, tier_of, first, last):
    """Return the numbers of the public interactions of proteins by tier, by their keys."""
    tiers = defaultdict(Counter)
    public = apps.get_model("proteins", "Interaction").objects.exclude(status=_REJECTED)
    for end in ("tf", "target"):
        rows = public.filter(**{f"{end}__gte": first, f"{end}__lte": last}).order_by()
        grouped = rows.values(end, "evidence").annotate(number=models.Count("pk"))
        for key, evidence, number in grouped.values_list(end, "evidence", "number").iterator():
            tiers[key][tier_of[evidence]] += number
    return tiers


class Migration(migrations.Migration):
    dependencies = [("proteins", "0023_tier_facets")]

    operations = [
        *(
            migrations.AddField(
                "protein",
                column,
                models.PositiveIntegerField(db_default=0, default=0, editable=False),
            )
            for column in ("strong_count", "supported_count", "repeated_count")
        ),
        migrations.RunPython(count_tiers, migrations.RunPython.noop),
    ]
