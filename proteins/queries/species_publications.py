"""How many publications support the interactions of each species."""

from __future__ import annotations

from collections import defaultdict

from proteins.models import EvidenceCitation, Interaction, Taxon


def publications_by_species() -> dict[str, int]:
    """Return the number for each species that has any, by its code.

    The species of an interaction is that of its TF. Reads every interaction once, so that it
    is asked for at the end of an import and never by a page; what comes back from that are
    the few thousand pairs of evidence and species.
    """
    rows = Interaction.objects.public().order_by()
    species_of: defaultdict[int, list[int]] = defaultdict(list)
    for evidence, taxon in rows.values_list("evidence", "tf__taxon").distinct().iterator():
        species_of[evidence].append(taxon)
    publications: defaultdict[int, set[int]] = defaultdict(set)
    links = EvidenceCitation.objects.order_by().values_list("evidence", "citation")
    for evidence, citation in links.iterator():
        for taxon in species_of.get(evidence, ()):
            publications[taxon].add(citation)
    codes = dict(Taxon.objects.values_list("pk", "code"))
    return {codes[taxon]: len(found) for taxon, found in publications.items()}
