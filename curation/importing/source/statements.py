"""Files of statements of every form -> statements, streamed; the first line says which form."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from curation.importing.source import statement_tables as tables
from curation.importing.source.problems import Notes
from curation.importing.source.records import Problem, StatementRecord
from curation.importing.source.statements_curated import WHAT, is_curated, read_curated
from curation.importing.source.statements_signor import is_signor, read_signor
from curation.importing.source.text import read_lines
from proteins.domain.species import SpeciesNames

COLLECTRI_COLUMNS: Final = tables.COLLECTRI_COLUMNS

Reader = Callable[[Path, str, SpeciesNames, Notes], Iterator[StatementRecord | Problem]]


class Form(NamedTuple):
    """A kind of file of statements: what tells it by its first line, and what reads it."""

    what: str
    is_first_line: Callable[[str], bool]
    read: Reader


TRRUST: Final = Form("TRRUST table", tables.is_trrust, tables.read_trrust)
COLLECTRI: Final = Form("table of CollecTRI's regulons", tables.is_collectri, tables.read_collectri)
DOROTHEA: Final = Form("table of DoRothEA's regulons", tables.is_dorothea, tables.read_dorothea)
SIGNOR: Final = Form("SIGNOR table", is_signor, read_signor)
CURATED: Final = Form(WHAT, is_curated, read_curated)
#: The last is for any table with the columns that are needed.
FORMS: Final = (TRRUST, COLLECTRI, DOROTHEA, SIGNOR, CURATED)


def form_of(line: str) -> Form | None:
    """Return the form of the file of statements that begins with `line`, or None."""
    return next((form for form in FORMS if form.is_first_line(line)), None)


def read_statements(
    file: Path, name: str, species: SpeciesNames, notes: Notes | None = None
) -> Iterator[StatementRecord | Problem]:
    """Return the statements of a file of any form and, for each row or cell that breaks a rule,
    a problem.

    `notes` collects what is odd. Raises `TableError` where the file cannot be opened or read to
    its end, or has no form.
    """
    first = next((text for _, text in read_lines(file, name) if text.strip()), "")
    form = form_of(first) or CURATED
    return form.read(file, name, species, notes or Notes(name))
