"""Identifiers of genes in other databases, and the pages there (standard library only)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import IntEnum
from typing import Final, NamedTuple


class Database(IntEnum):
    """A database of genes; its value is how it is stored."""

    ENSEMBL = 1
    HGNC = 2
    SGD = 3
    WORMBASE = 4
    FLYBASE = 5
    MGI = 6
    RGD = 7
    ZFIN = 8


class _Form(NamedTuple):
    """How NCBI calls the database, its identifiers, and their pages."""

    label: str
    pattern: re.Pattern[str]
    url: str


_FORMS: Final[Mapping[Database, _Form]] = {
    database: _Form(label, re.compile(pattern, re.ASCII), url)
    for database, label, pattern, url in (
        (
            Database.ENSEMBL,
            "Ensembl",
            r"ENS[A-Z]{0,6}G[0-9]{11}|[A-Za-z0-9_.()-]{1,40}",
            "https://www.ensembl.org/id/{}",
        ),
        (
            Database.HGNC,
            "HGNC",
            r"HGNC:[0-9]{1,9}",
            "https://www.genenames.org/data/gene-symbol-report/#!/hgnc_id/{}",
        ),
        (Database.SGD, "SGD", r"S[0-9]{9}", "https://www.yeastgenome.org/locus/{}"),
        (
            Database.WORMBASE,
            "WormBase",
            r"WBGene[0-9]{8}",
            "https://wormbase.org/species/c_elegans/gene/{}",
        ),
        (Database.FLYBASE, "FlyBase", r"FBgn[0-9]{7}", "https://flybase.org/reports/{}"),
        (
            Database.MGI,
            "MGI",
            r"MGI:[0-9]{1,9}",
            "https://www.informatics.jax.org/marker/{}",
        ),
        (
            Database.RGD,
            "RGD",
            r"[0-9]{1,12}",
            "https://rgd.mcw.edu/rgdweb/report/gene/main.html?id={}",
        ),
        (Database.ZFIN, "ZFIN", r"ZDB-[A-Z]{1,12}-[0-9]{6}-[0-9]{1,6}", "https://zfin.org/{}"),
    )
}
_BY_LABEL: Final = {form.label.lower(): database for database, form in _FORMS.items()}


class Reference(NamedTuple):
    """An identifier of a gene in another database."""

    database: Database
    identifier: str


def parse_reference(text: str) -> Reference | None:
    """Return what an item of NCBI's column `dbXrefs` names (`HGNC:HGNC:11998`), where its
    database is one that pages link to and the identifier is in its form."""
    label, _, identifier = text.strip().partition(":")
    database = _BY_LABEL.get(label.lower())
    if database is None or _FORMS[database].pattern.fullmatch(identifier) is None:
        return None
    return Reference(database, identifier)


def label_of(database: Database) -> str:
    """Return how a database is called."""
    return _FORMS[database].label


def url_of(database: Database, identifier: str) -> str:
    """Return the page of a gene in another database."""
    return _FORMS[database].url.format(identifier)
