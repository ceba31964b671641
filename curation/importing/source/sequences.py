"""Sequences of a species' binding sites (`TFLink_<species>_bindingSites_All_v1.0.fasta`),
streamed. Headers are those of a page's body:

    >TFLinkSS09283365;Q94126;ces-2;ce10;chrIII:3744956-3744965
    TTACCCAAC
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from curation.importing.source.problems import LostCell
from curation.importing.source.records import BindingSiteRecord, Problem
from curation.importing.source.sites import fasta_entries, site_of_entry
from curation.importing.source.text import read_lines
from proteins.domain.identifiers import IdentifierError


def read_sequences(file: Path, name: str) -> Iterator[BindingSiteRecord | Problem]:
    """Yield a site with its sequence for each record, and a problem for what breaks a rule.

    A site's evidence is empty: its header states none. Raises `TableError` as `read_lines`
    does.
    """
    for entry in fasta_entries(read_lines(file, name)):
        lost = list[LostCell]()
        try:
            site = site_of_entry(entry, None, lost)
        except IdentifierError as error:
            yield Problem(name, "sequences", entry.line, str(error))
            continue
        for cell, reason in lost:
            yield Problem(name, "sequences", entry.line, reason, cell=cell)
        yield site
