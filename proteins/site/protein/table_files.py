"""The tables of a protein's page as files to download, sent while they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final, NamedTuple

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.urls import reverse
from django.views.decorators.http import require_safe

from proteins.exports.cells import BYTE_ORDER_MARK, Words, csv_values, tsv_values
from proteins.models import Protein
from proteins.queries.evidence import Vocabulary
from proteins.queries.snapshot import consistent_read
from proteins.site.forms import StateForm
from proteins.site.not_found import no_such_protein
from proteins.site.parameters import redirected
from proteins.site.protein import table_rows
from proteins.site.protein.table_choice import Side, choose_interactions, choose_sites
from proteins.site.protein.table_rows import Rows

#: The files by name: `/protein/q9uk53/targets.tsv`.
FILES: Final = (
    "targets.tsv",
    "targets.csv",
    "tfs.tsv",
    "tfs.csv",
    "sites.tsv",
    "sites.csv",
    "sites.bed",
    "orthologs.tsv",
    "publications.tsv",
)
_TYPES: Final = {
    "tsv": "text/tab-separated-values; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "bed": "text/plain; charset=utf-8",
}
_WORDS: Final = Words()


class _File(NamedTuple):
    """What a file holds: its columns (none for no header), its rows, and what chose them."""

    columns: tuple[str, ...]
    rows: Callable[[], Iterator[Rows]]
    form: StateForm | None = None


@require_safe
def table_file(request: HttpRequest, accession: str, name: str) -> HttpResponseBase:
    protein = Protein.objects.by_accession(accession).first()
    if protein is None:
        return no_such_protein(request, accession)
    url = reverse(f"protein-{name}", args=[protein.accession.lower()])
    if elsewhere := redirected(request, url):
        return elsewhere
    table, _, suffix = name.partition(".")
    file = _file(request, protein, table, suffix)
    if file.form is not None and not file.form.is_valid():
        # Rows other than the requested ones must not be taken for them.
        messages = [str(text) for listed in file.form.errors.values() for text in listed]
        return HttpResponse("\n".join([*messages, ""]), status=400, content_type="text/plain")
    response = StreamingHttpResponse(_text(file, suffix), content_type=_TYPES[suffix])
    chosen = "_filtered" if isinstance(file.form, StateForm) and file.form.is_filtered else ""
    filename = f"TFLink_{table}_of_{protein.accession}{chosen}.{suffix}"
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def _file(request: HttpRequest, protein: Protein, table: str, suffix: str) -> _File:
    vocabulary = Vocabulary.read()
    if table in ("targets", "tfs"):
        side: Side = "targets" if table == "targets" else "tfs"
        choice = choose_interactions(protein, side, request.GET, vocabulary)
        rows = partial(table_rows.interactions, protein, choice)
        return _File(table_rows.INTERACTIONS, rows, choice.form)
    if table == "sites":
        chosen = choose_sites(protein, request.GET)
        if suffix == "bed":
            return _File((), partial(table_rows.bed, chosen), chosen.form)
        return _File(table_rows.SITES, partial(table_rows.sites, protein, chosen), chosen.form)
    if table == "orthologs":
        return _File(table_rows.ORTHOLOGS, partial(table_rows.orthologs, protein))
    return _File(table_rows.PUBLICATIONS, partial(table_rows.publications, protein, vocabulary))


def _text(file: _File, suffix: str) -> Iterator[str]:
    write = csv_values if suffix == "csv" else tsv_values
    if file.columns:
        yield (BYTE_ORDER_MARK if suffix == "csv" else "") + write([file.columns], _WORDS)
    # All of it as it was at one moment.
    with consistent_read():
        for rows in file.rows():
            yield write(rows, _WORDS)
