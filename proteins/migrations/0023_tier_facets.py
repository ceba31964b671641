"""Tiers of support among the facets of proteins, and names read downwards.

Four words more have bits of their own, so that databases and methods share fewer: the bits of
every protein are written again. Tiers come from the indexes of interactions alone, a few
thousand proteins at once: 12 million interactions are read twice, and nothing is held of them.
"""

from collections import defaultdict
from functools import reduce
from operator import or_

from django.db import migrations, models

_TIERS = ("single", "repeated", "supported", "strong")
_OTHERS = ("small-scale", "binding-sites", "unreviewed", "confirmed", "disputed")
#: The words with a bit of their own, and how many bits databases and methods share, as
#: `proteins.domain.facets` had them before and after this.
_BEFORE = (_OTHERS, 29, 28)
_AFTER = ((*_OTHERS, *_TIERS), 27, 27)
_REJECTED = 3
#: Proteins whose interactions are read, and which are written, at once.
_BATCH = 2_000


def fill_tiers(apps, schema_editor):
    evidence = apps.get_model("proteins", "Evidence").objects
    tier_of = {key: _TIERS[tier] for key, tier in evidence.values_list("pk", "tier")}
    _write(apps, schema_editor, _AFTER, lambda *ends: _tiers(apps, tier_of, *ends))


def remove_tiers(apps, schema_editor):
    _write(apps, schema_editor, _BEFORE, lambda *_: defaultdict(set))


def _write(apps, schema_editor, layout, tiers_between):
    """Write the words and bits of every protein, with the tiers that it has."""
    proteins = apps.get_model("proteins", "Protein").objects.order_by("pk")
    last = 0
    while batch := list(proteins.filter(pk__gt=last).values_list("pk", "facets")[:_BATCH]):
        first, last = batch[0][0], batch[-1][0]
        tiers = tiers_between(first, last)
        rows = []
        for key, text in batch:
            words = sorted({*text.split()} - {*_TIERS} | tiers[key])
            bits = reduce(or_, (_bit(word, *layout) for word in words), 0)
            rows.append((f" {' '.join(words)} " if words else "", bits, key))
        with schema_editor.connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE proteins_protein SET facets = %s, facet_bits = %s WHERE id = %s", rows
            )


def _bit(word, own, sources, methods):
    if word in own:
        return 1 << own.index(word)
    first, shared = {"s": (0, sources), "m": (sources, methods)}[word[0]]
    return 1 << (len(own) + first + int(word[1:]) % shared)


def _tiers(apps, tier_of, first, last):
    """Return the tiers of the public interactions of proteins, by the keys of these."""
    tiers = defaultdict(set)
    public = apps.get_model("proteins", "Interaction").objects.exclude(status=_REJECTED)
    for end in ("tf", "target"):
        rows = public.filter(**{f"{end}__gte": first, f"{end}__lte": last}).order_by()
        for key, evidence in rows.values_list(end, "evidence").distinct().iterator():
            tiers[key].add(tier_of[evidence])
    return tiers


class Migration(migrations.Migration):
    dependencies = [("proteins", "0022_covering_indexes")]

    operations = [
        migrations.AddField(
            "protein",
            "is_named",
            models.GeneratedField(
                db_persist=True,
                expression=models.ExpressionWrapper(
                    models.Q(("name", ""), _negated=True), models.BooleanField()
                ),
                output_field=models.BooleanField(),
            ),
        ),
        migrations.AddIndex(
            "protein",
            models.Index(
                fields=[
                    "is_named",
                    "name_key",
                    "accession",
                    "facet_bits",
                    "taxon",
                    "is_tf",
                    "is_target",
                    "id",
                ],
                name="protein_by_name_down",
            ),
        ),
        migrations.RunPython(fill_tiers, remove_tiers),
    ]
