"""Which pages are asked for: those that are compared, and the widest there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain, product
from typing import Final
from urllib.parse import quote, urlencode

from django.apps import apps
from django.db.models import Count
from django.urls import reverse

from proteins.models import (
    BindingSite,
    Citation,
    DetectionMethod,
    Evidence,
    Interaction,
    Protein,
    SourceDatabase,
    Taxon,
)
from proteins.models.querysets import ROW_ORDERS
from proteins.queries.neighbourhood import MAX_LIMIT
from proteins.site.protein.tables import PAGE_SIZE

#: How many records of each kind are looked at for the widest page.
MOST: Final = 5
BROWSE: Final = "/browse/"
BROWSE_LAST: Final = f"{BROWSE}?page=last"


@cache
def hub() -> Protein:
    """The protein with most targets."""
    return Protein.objects.order_by("-target_count", "accession")[0]


@cache
def compared() -> dict[str, str]:
    """The pages of which speed is measured, by name."""
    page = hub().get_absolute_url()
    last = -(-hub().target_count // PAGE_SIZE)
    interaction = hub().target_interactions.order_by("pk")[0]
    return {
        "hub": page,
        "hub, last targets": f"{page}?targets-page={last}",
        "browse": BROWSE,
        "browse, last": BROWSE_LAST,
        "home": reverse("home"),
        "interaction": interaction.get_absolute_url(),
        "publication": _most_cited()[0].get_absolute_url(),
    }


def grown(small: str) -> dict[str, tuple[str, str]]:
    """The pages that are compared with those of the database `small`, an address of each.

    The protein is the one with most targets of those that have as many in both.
    """
    counts = dict(Protein.objects.using(small).values_list("accession", "target_count"))
    hubs = Protein.objects.filter(target_count__gt=0).order_by("-target_count", "accession")
    same = next(hub for hub in hubs if counts.get(hub.accession) == hub.target_count)
    protein = same.get_absolute_url()
    return {
        "protein": (protein, protein),
        "browse, first": (BROWSE, BROWSE),
        "browse, last": (BROWSE_LAST, BROWSE_LAST),
    }


def widest() -> Iterator[str]:
    """Yield addresses of pages that show most, of each kind."""
    yield from compared().values()
    yield from (BROWSE + f"?{urlencode(query)}" for query in _browse_queries())
    for protein in dict.fromkeys(_wide_proteins()):
        page = protein.get_absolute_url()
        yield page
        yield f"{page}publications/"
        yield f"{page}network/"
        yield f"{page}network/?limit={MAX_LIMIT}"
        for order in chain.from_iterable((key, f"-{key}") for key in ROW_ORDERS):
            yield f"{page}?{urlencode({'targets-sort': order, 'tfs-sort': order})}"
    for interaction in _wide_interactions():
        yield interaction.get_absolute_url()
    records: Iterable[Citation | SourceDatabase | DetectionMethod | Taxon] = chain(
        _most_cited(), SourceDatabase.objects.all(), DetectionMethod.objects.used(), _species()
    )
    yield from (record.get_absolute_url() for record in records)
    yield from (f"{reverse('search')}?q={quote(text)}" for text in ("a", "s", "P", "q0", "pax"))


def _browse_queries() -> Iterator[dict[str, str]]:
    for species, function in product([t.code for t in _species()], ["", "tf", "target", "both"]):
        yield {"species": species, **({"function": function} if function else {})}
    for order in ("name", "-targets", "-regulators", "-interactions"):
        yield {"sort": order}


def _wide_proteins() -> Iterator[Protein]:
    proteins = Protein.objects.all()
    yield from proteins.order_by("-target_count")[:MOST]
    yield from proteins.order_by("-tf_count")[:MOST]
    # What has many of both shows two full tables.
    yield from proteins.filter(tf_count__gte=PAGE_SIZE).order_by("-target_count")[:MOST]
    for name in ("gene_ids", "jaspar_matrices", "orthologs"):
        yield from proteins.alias(number=Count(name)).order_by("-number")[:MOST]
    sites = BindingSite.objects.order_by().values("tf").annotate(number=Count("pk"))
    yield from proteins.filter(pk__in=[row["tf"] for row in sites.order_by("-number")[:MOST]])


def _wide_interactions() -> Iterator[Interaction]:
    for field in ("citation_count", "source_count"):
        for evidence in Evidence.objects.order_by(f"-{field}")[:MOST]:
            yield from Interaction.objects.public().filter(evidence=evidence)[:1]


def _most_cited() -> list[Citation]:
    """The publications that support most interactions."""
    uses: Counter[int] = Counter(
        dict(Interaction.objects.values_list("evidence").annotate(number=Count("pk")))
    )
    cited: Counter[int] = Counter()
    model = apps.get_model("proteins", "EvidenceCitation")
    links = model._default_manager.values_list("evidence_id", "citation_id")
    for evidence, citation in links.iterator():
        cited[citation] += uses[evidence]
    keys = [key for key, _ in cited.most_common(MOST)]
    citations = Citation.objects.in_bulk(keys)
    return [citations[key] for key in keys]


def _species() -> list[Taxon]:
    return [taxon for taxon in Taxon.objects.all() if Protein.objects.filter(taxon=taxon)[:1]]
