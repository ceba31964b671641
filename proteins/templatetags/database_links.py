"""URLs at other databases, for templates."""

from __future__ import annotations

from django import template

from proteins.domain import links

register = template.Library()
register.filter("uniprot", links.uniprot)
register.filter("ncbi_gene", links.ncbi_gene)
register.filter("pubmed", links.pubmed)
register.filter("europe_pmc", links.europe_pmc)
register.filter("pmc", links.pmc)
register.filter("jaspar", links.jaspar)
register.filter("is_web", links.is_web)
