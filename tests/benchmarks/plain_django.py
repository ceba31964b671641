"""Processor time of rendered pages, beside plain Django with the same sections and rows.

    TFLINK_DATA_DIR=... python -m tests.benchmarks.plain_django [--rounds 30] [--hub ACCESSION]
                                                                [--small ACCESSION]

The peer is what a careful Django developer writes first: `select_related` and `prefetch_related`,
one aggregate for what the filters count, a template of loops; no caching, no facet that is
stored. It shows the same rows and sections as our page, in the same base template, with
less in most of them (of the list of proteins it counts TFs, targets and species, not databases and
methods). Both are requested in turns through Django's test client in one process; the
least processor time of all rounds counts. Our page is rendered each time; what the requests of
one state of the content share is shared, as it is for readers.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tflink.settings")
    django.setup()

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse

from proteins.models import (
    BindingSite,
    Citation,
    DetectionMethod,
    Interaction,
    Protein,
    SourceDatabase,
    Taxon,
)
from proteins.queries.browse import PAGE_SIZE

ROWS = 25
_OPTIONS = """{% for one in options %}<div><label for="f{{ forloop.counter }}">{{ one.0 }}</label>
<select id="f{{ forloop.counter }}" name="{{ one.0 }}"><option value="">any</option>
{% for value, label in one.1 %}<option value="{{ value }}">{{ label }}</option>{% endfor %}
</select></div>{% endfor %}"""
_TABLE = (
    """<h2>{{ side.title }} <span class="count">{{ side.total }}</span></h2>
{% if side.total > 1 %}<form class="filters">"""
    + _OPTIONS.replace("options", "side.options")
    + """<button>Apply</button></form>{% endif %}
<table class="dense"><thead><tr><th>Name</th><th>Accession</th><th>Support</th><th>Methods</th>
<th>Databases</th><th>Publications</th><th></th></tr></thead><tbody>
{% for row in side.rows %}<tr><th scope="row"><a href="{% url 'protein' row.partner.accession %}">
{{ row.partner.name }}</a></th><td>{{ row.partner.accession }}</td>
<td>{{ row.evidence.get_tier_display }}</td>
<td>{% for one in row.evidence.methods.all %}{{ one.name }}{% if not forloop.last %}, {% endif %}
{% endfor %}</td>
<td>{% for one in row.evidence.sources.all %}{{ one.name }}{% if not forloop.last %}, {% endif %}
{% endfor %}</td>
<td>{{ row.evidence.citations.all|length }}</td>
<td><a href="{% url 'interaction' row.pair %}">Details</a></td></tr>{% endfor %}</tbody></table>"""
)
PROTEIN = Template(
    """{% extends "base.html" %}{% block title %}{{ protein.name }}{% endblock %}{% block main %}
<h1>{{ protein.name }}</h1><p>{{ protein.accession }} <i>{{ protein.taxon }}</i>
{% for gene in protein.gene_ids.all %}{{ gene.ncbi_gene_id }} {% endfor %}
{% for one in protein.jaspar_matrices.all %}{{ one.matrix_id }} {% endfor %}
{% for one in protein.names.all %}{{ one.text }} {% endfor %}
{% for one in protein.cross_references.all %}{{ one }} {% endfor %}</p>
{% for side in sides %}{% if side.total %}<section>"""
    + _TABLE
    + """</section>{% endif %}{% endfor %}
<section><h2>Publications <span class="count">{{ publication_total }}</span></h2><ul>
{% for paper in publications %}<li><a href="{% url 'publication' paper.pmid %}">{{ paper.pmid }}</a>
{{ paper.authors }} {{ paper.title }}: {{ paper.number }}</li>{% endfor %}</ul></section>
<section><h2>Orthologs</h2><ul>{% for one in orthologs %}<li>{{ one.taxon }}
{{ one.identifier }}</li>{% endfor %}</ul></section>
<section><h2>Binding sites</h2><table>{% for site in sites %}<tr><td>{{ site.tflink_id }}</td>
<td>{{ site.chromosome }}:{{ site.start }}-{{ site.end }}</td></tr>{% endfor %}</table></section>
{% endblock %}"""
)
BROWSE = Template(
    """{% extends "base.html" %}{% block title %}Proteins{% endblock %}{% block main %}
<h1>Proteins {{ total }}</h1><form class="filters"><a href="?is_tf=true">TF {{ tfs }}</a>
<a href="?is_target=true">Target {{ targets }}</a>"""
    + _OPTIONS
    + """<button>Apply</button></form><table class="dense">{% for protein in proteins %}<tr>
<th scope="row"><a href="{% url 'protein' protein.accession %}">{{ protein.name }}</a></th>
<td>{{ protein.accession }}</td>
<td><i>{{ protein.taxon }}</i></td><td>{{ protein.target_count }}</td>
<td>{{ protein.tf_count }}</td><td>{{ protein.interaction_count }}</td>
<td><svg class="plot bar" viewBox="0 0 160 10" role="img"><title>
{% for tier, number in protein.tiers.items %}
{{ number }} {{ tier.label }}{% if not forloop.last %}, {% endif %}{% endfor %}</title>
{% for tier, number in protein.tiers.items %}{% if number %}<rect class="{{ tier.label }}"
width="{% widthratio number most 160 %}" height="10"/>{% endif %}{% endfor %}</svg></td></tr>
{% endfor %}</table>{% endblock %}"""
)


def _vocabulary() -> list[tuple[str, list[tuple[Any, str]]]]:
    return [
        ("source", [(one.key, one.name) for one in SourceDatabase.objects.all()]),
        ("method", [(one.pk, one.name) for one in DetectionMethod.objects.all()]),
    ]


def _side(protein: Protein, title: str, given: str, partner: str) -> dict[str, Any]:
    rows = Interaction.objects.exclude(status=3).filter(**{given: protein})
    related = ("evidence__sources", "evidence__methods", "evidence__citations")
    shown = rows.order_by("-evidence__tier", f"{partner}__name", "pk").select_related(
        "evidence", partner
    )
    page = list(shown.prefetch_related(*related)[:ROWS])
    for row in page:
        other: Protein = getattr(row, partner)
        row.partner = other  # type: ignore[attr-defined]
        pair = (protein, other) if given == "tf" else (other, protein)
        row.pair = "-".join(one.accession for one in pair)  # type: ignore[attr-defined]
    tiers = rows.values_list("evidence__tier").annotate(number=Count("pk"))
    sources = rows.values_list("evidence__sources__name").annotate(number=Count("pk"))
    counted = [("tier", list(tiers)), ("database", list(sources))]
    return {"title": title, "total": rows.count(), "rows": page, "options": counted}


def protein_page(request: HttpRequest, accession: str) -> HttpResponse:
    """What a protein's page shows, plainly."""
    related = ("gene_ids", "jaspar_matrices", "names", "cross_references")
    protein = (
        Protein.objects.select_related("taxon").prefetch_related(*related).get(accession=accession)
    )
    sides = [
        _side(protein, "Regulators", "target", "tf"),
        _side(protein, "Targets", "tf", "target"),
    ]
    if any(side["total"] > 1 for side in sides):
        vocabulary = _vocabulary()
        for side in sides:
            side["options"] += vocabulary
    either = Q(evidence__interactions__tf=protein) | Q(evidence__interactions__target=protein)
    papers = Citation.objects.filter(either).annotate(
        number=Count("evidence__interactions", distinct=True)
    )
    context = {
        "protein": protein,
        "sides": sides,
        "publication_total": papers.count(),
        "publications": papers.order_by("-number", "pmid")[:12],
        "orthologs": protein.orthologs.select_related("taxon")[:120],
        "sites": BindingSite.objects.filter(tf=protein).order_by("pk")[:ROWS],
    }
    return HttpResponse(PROTEIN.render(_context(request, context)))


def browse_page(request: HttpRequest) -> HttpResponse:
    """What the list of proteins shows, plainly."""
    rows = Protein.objects.select_related("taxon")
    counts = Protein.objects.aggregate(
        total=Count("pk"),
        tfs=Count("pk", filter=Q(is_tf=True)),
        targets=Count("pk", filter=Q(is_target=True)),
    )
    species = Taxon.objects.annotate(number=Count("proteins"))
    proteins = list(rows.order_by("-interaction_count", "accession")[:PAGE_SIZE])
    context = {
        **counts,
        "most": max(one.interaction_count for one in proteins),
        "proteins": proteins,
        "options": [
            *_vocabulary(),
            ("species", [(one.pk, f"{one.scientific_name} ({one.number})") for one in species]),
        ],
    }
    return HttpResponse(BROWSE.render(_context(request, context)))


def _context(request: HttpRequest, values: dict[str, Any]) -> Context:
    return Context({"request": request, **values})


def least(rounds: int, *works: Callable[[], object]) -> list[float]:
    """The least processor time of each of some works that take turns, in milliseconds."""
    best = [float("inf")] * len(works)
    for _ in range(rounds):
        for number, work in enumerate(works):
            began = time.process_time()
            work()
            best[number] = min(best[number], time.process_time() - began)
    return [1000 * one for one in best]


def compare(name: str, rounds: int, url: str, plain: Callable[[HttpRequest], HttpResponse]) -> None:
    client, factory = Client(), RequestFactory()

    def ours() -> None:
        response = client.get(url)
        assert response.status_code == 200, (url, response.status_code)

    # The middleware costs both: the peer is called without it, which favours the peer.
    ours_ms, plain_ms = least(rounds, ours, lambda: plain(factory.get(url)))
    print(f"{name}: {ours_ms:.1f} ms, plain Django {plain_ms:.1f} ms: {ours_ms / plain_ms:.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--hub", default="", help="an accession; that with most targets")
    parser.add_argument("--small", default="", help="an accession; one with one interaction")
    options = parser.parse_args()
    most = Protein.objects.order_by("-interaction_count").values_list("accession", flat=True)
    few = Protein.objects.filter(interaction_count=1).values_list("accession", flat=True)
    hub, small = options.hub or most[0], options.small or few[0]
    # No page fits into the cache of pages, so that each is rendered.
    with override_settings(PAGE_CACHE_BYTES=1, ALLOWED_HOSTS=["*"]):
        for name, accession in (("small protein", small), ("hub", hub)):
            url = Protein.objects.get(accession=accession).get_absolute_url()
            plain = partial(protein_page, accession=accession)
            compare(f"{name} {accession}", options.rounds, url, plain)
        compare("browse", options.rounds, reverse("browse"), browse_page)


if __name__ == "__main__":
    main()
