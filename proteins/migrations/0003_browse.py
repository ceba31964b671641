"""Kept facets and the indexes of the list of all proteins.

Facets of proteins that are there already are found in one pass over the interactions.
"""

import functools
import operator

import django.db.models.expressions
from django.db import migrations, models


_STATUSES = ("unreviewed", "confirmed", "disputed")
_OWN = ("small-scale", "binding-sites", *_STATUSES)
_REJECTED, _YES = 3, 2
#: Rows fetched, and written, at once.
_FETCH = 10_000


def _bit(word):
    """As `proteins.domain.facets` had it when this was written."""
    if word in _OWN:
        return 1 << _OWN.index(word)
    first, shared = {"s": (5, 29), "m": (34, 28)}[word[0]]
    return 1 << (first + int(word[1:]) % shared)


def fill_facets(apps, schema_editor):
    model = functools.partial(apps.get_model, "proteins")
    words, sets = [], {}

    def set_of(word):
        if word not in sets:
            sets[word] = 1 << len(words)
            words.append(word)
        return sets[word]

    support = {
        key: set_of("small-scale") if scale == _YES else 0
        for key, scale in model("Evidence").objects.values_list("pk", "small_scale")
    }
    for name, column, letter in (
        ("EvidenceSource", "source_id", "s"),
        ("EvidenceMethod", "method_id", "m"),
    ):
        for key, of in model(name).objects.values_list("evidence_id", column):
            support[key] |= set_of(f"{letter}{of}")
    statuses = [set_of(word) for word in _STATUSES]
    found = {key: 0 for key in model("Protein").objects.values_list("pk", flat=True)}
    rows = model("Interaction").objects.order_by()
    columns = ("tf_id", "target_id", "evidence_id", "status")
    for tf, target, evidence, status in rows.values_list(*columns).iterator(chunk_size=_FETCH):
        if status != _REJECTED:
            gained = support[evidence] | statuses[status]
            found[tf] |= gained
            found[target] |= gained
    sites = model("BindingSite").objects.filter(tf=models.OuterRef("pk"))
    with_sites = model("Protein").objects.filter(models.Exists(sites))
    for key in with_sites.values_list("pk", flat=True):
        found[key] |= set_of("binding-sites")
    _write(schema_editor.connection, words, found)


def _write(connection, words, found):
    texts = {0: ("", 0)}
    for number in set(found.values()) - {0}:
        own = sorted(word for place, word in enumerate(words) if number >> place & 1)
        bits = functools.reduce(operator.or_, map(_bit, own))
        texts[number] = (f" {' '.join(own)} ", bits)
    rows = [(*texts[number], key) for key, number in found.items() if number]
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE proteins_protein SET facets = %s, facet_bits = %s WHERE id = %s", rows
        )
        if connection.vendor == "postgresql":
            # Rows were written whose checks wait for the end, and indexes are made before it.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [
        ("proteins", "0002_literature_and_secondary_accessions"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="protein",
            name="protein_targets_accession",
        ),
        migrations.RemoveIndex(
            model_name="protein",
            name="protein_tfs_accession",
        ),
        migrations.AddField(
            model_name="protein",
            name="facet_bits",
            field=models.BigIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="protein",
            name="facets",
            field=models.TextField(blank=True, default="", editable=False),
        ),
        migrations.AddField(
            model_name="protein",
            name="interaction_count",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.expressions.CombinedExpression(
                    models.F("target_count"), "+", models.F("tf_count")
                ),
                output_field=models.PositiveIntegerField(),
            ),
        ),
        migrations.AddField(
            model_name="protein",
            name="is_unnamed",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.ExpressionWrapper(models.Q(("name", "")), models.BooleanField()),
                output_field=models.BooleanField(),
            ),
        ),
        migrations.RunPython(fill_facets, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="protein",
            index=models.Index(
                fields=["accession", "facet_bits", "taxon", "is_tf", "is_target", "id"],
                name="protein_by_accession",
            ),
        ),
        migrations.AddIndex(
            model_name="protein",
            index=models.Index(
                fields=[
                    "is_unnamed",
                    "name_key",
                    "accession",
                    "facet_bits",
                    "taxon",
                    "is_tf",
                    "is_target",
                    "id",
                ],
                name="protein_by_name",
            ),
        ),
        migrations.AddIndex(
            model_name="protein",
            index=models.Index(
                fields=[
                    "target_count",
                    "accession",
                    "facet_bits",
                    "taxon",
                    "is_tf",
                    "is_target",
                    "id",
                ],
                name="protein_by_targets",
            ),
        ),
        migrations.AddIndex(
            model_name="protein",
            index=models.Index(
                fields=["tf_count", "accession", "facet_bits", "taxon", "is_tf", "is_target", "id"],
                name="protein_by_regulators",
            ),
        ),
        migrations.AddIndex(
            model_name="protein",
            index=models.Index(
                fields=[
                    "interaction_count",
                    "accession",
                    "facet_bits",
                    "taxon",
                    "is_tf",
                    "is_target",
                    "id",
                ],
                name="protein_by_interactions",
            ),
        ),
    ]
