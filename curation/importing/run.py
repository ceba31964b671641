"""One import from start to end: find the files, tell their kinds, load them in one session.

This is what commands and the desk call. A file whose SHA-256 is that of the last time is
skipped, which is also how an import that was interrupted goes on where it stopped.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, TypedDict, Unpack

from curation.importing.lists import ProteinList
from curation.importing.loading.journal import Events
from curation.importing.loading.report import RunReport, shown_path
from curation.importing.named import NamedFile, NameOf, OnProgress, check_name
from curation.importing.names import NameFiles, NameOptions
from curation.importing.pages import load_pages
from curation.importing.rows import changed_files
from curation.importing.session import ImportSession, OnProblem, OnStart, import_session
from curation.importing.sites import load_sites
from curation.importing.source.kinds import (
    ENDINGS,
    INTERACTION_KINDS,
    NAME_KINDS,
    PAGE_ENDING,
    SITE_KINDS,
    STATEMENT_KINDS,
    FileKind,
    Kind,
    kind_of,
)
from curation.importing.source.problems import PageError
from curation.importing.source.tables import TableError
from curation.importing.statements import StatementOptions, Statements
from curation.importing.tables import Tables
from proteins.analysis import jobs

__all__ = [
    "NameOptions",
    "RunReport",
    "StatementOptions",
    "find_files",
    "import_files",
    "import_names",
    "import_pages",
    "import_sites",
    "import_statements",
    "import_tables",
]

#: Every kind that can be imported.
KINDS: Final = frozenset(Kind) - {Kind.OTHER}
#: Of what is so small, a dry run takes as long as an import of one chunk: 200 pages, or 50,000
#: rows of a compressed table.
BRIEF_BYTES: Final = 1_000_000
_PAGES: Final = frozenset({Kind.PAGE})
_SITES: Final = SITE_KINDS | {Kind.SEQUENCES}
_LISTS: Final = frozenset({Kind.BROWSE})


def _quiet(*_: object) -> None:
    pass


def find_files(paths: Iterable[Path], endings: tuple[str, ...] = ENDINGS) -> list[Path]:
    """Return the files of `paths`, each once: files as named; of folders, those whose names
    have one of `endings`, in order.

    Raises `FileNotFoundError` for a path that does not exist.
    """
    files_by_path: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            files_by_path.update(dict.fromkeys(_files_below(path, endings)))
        elif path.exists():
            files_by_path[path] = None
        else:
            raise FileNotFoundError(path)
    # `pages/x.md` and `./pages/x.md` are one file, and one SourcePage.
    return list(dict.fromkeys(Path(os.path.normpath(path)) for path in files_by_path))


def _files_below(folder: Path, endings: tuple[str, ...]) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.name.lower().endswith(endings))


def find_pages(paths: Iterable[Path]) -> list[Path]:
    """Return the pages of `paths`, as `find_files`."""
    return find_files(paths, (PAGE_ENDING,))


def import_files(
    paths: Sequence[Path],
    *,
    command: str = "import_files",
    kinds: frozenset[Kind] = KINDS,
    complete: bool = False,
    confirmed: bool = False,
    force: bool = False,
    dry_run: bool = False,
    statements: StatementOptions = StatementOptions(),  # noqa: B008  (it is immutable)
    names: NameOptions = NameOptions(),  # noqa: B008  (it is immutable)
    name_of: NameOf = str,
    on_start: OnStart = _quiet,
    on_progress: OnProgress = _quiet,
    on_problem: OnProblem = _quiet,
    events: Events | None = None,
) -> RunReport:
    """Import files of any of `kinds` (or folders of them) and return what happened.

    A table whose name says All, or any where `complete`, is complete for its species: those
    interactions that it lacks are marked as no longer reported. Every other file is a part.
    `statements` and `names` say how files of these are imported.

    `force` reads files that have not changed as well. A file is known again by what `name_of`
    calls it. `on_start` is given the run's record, `on_progress` is called after each page and
    with a number of rows as they are read, `on_problem` for each thing refused; what is refused
    never stops the rest. Raises, before anything is written, `FileNotFoundError` where a path
    does not exist, `ImportBusyError` where another import is running, and `LargeChangeError`
    where a table that is taken as complete does not look complete and that was not `confirmed`.
    """
    endings = (PAGE_ENDING,) if kinds == _PAGES else ENDINGS
    files = find_files(paths, endings)
    with import_session(
        command,
        [shown_path(name_of(path)) for path in paths],
        on_problem=on_problem,
        events=events,
        dry_run=dry_run,
        brief=sum(file.stat().st_size for file in files) <= BRIEF_BYTES,
    ) as session:
        on_start(session.run)
        session.report.documents = _DOCUMENTS.get(kinds, "files")
        named = list(_named(files, name_of, kinds, session))
        interactions, sites, lists = (
            list(changed_files(_of(named, these), session, force=force))
            for these in (INTERACTION_KINDS, _SITES, _LISTS)
        )
        tables = Tables(interactions, session, complete=complete)
        stated = Statements(_of(named, STATEMENT_KINDS), session, statements, force=force)
        of_names = NameFiles(_of(named, NAME_KINDS), session, names, force=force)
        tables.check(confirmed=confirmed)
        stated.check(confirmed=confirmed)
        load_pages(_of(named, _PAGES), session, force=force, on_progress=on_progress)
        tables.load(on_progress)
        load_sites(sites, session, on_progress, complete=complete)
        for file in lists:
            ProteinList(file, session).load(on_progress)
        stated.load(on_progress)
        of_names.load(on_progress)
    if not dry_run:
        jobs.start()
    return session.report


_DOCUMENTS: Final = {
    _PAGES: "pages",
    INTERACTION_KINDS: "tables",
    _SITES: "files of binding sites",
    STATEMENT_KINDS: "files of statements",
    NAME_KINDS: "files of names",
}


class Options(TypedDict, total=False):
    """Options of every import; `import_files` says what they mean."""

    force: bool
    dry_run: bool
    name_of: NameOf
    on_start: OnStart
    on_progress: OnProgress
    on_problem: OnProblem
    events: Events | None


class TableOptions(Options, total=False):
    """Options of imports of tables."""

    complete: bool
    confirmed: bool


def import_pages(paths: Sequence[Path], **how: Unpack[Options]) -> RunReport:
    """Import pages, or folders of pages, as `import_files` does."""
    return import_files(paths, command="import_pages", kinds=_PAGES, **how)


def import_tables(files: Sequence[Path], **how: Unpack[TableOptions]) -> RunReport:
    """Import tables of interactions, as `import_files` does."""
    return import_files(files, command="import_tables", kinds=INTERACTION_KINDS, **how)


def import_sites(files: Sequence[Path], **how: Unpack[TableOptions]) -> RunReport:
    """Import tables and sequences of binding sites, as `import_files` does."""
    return import_files(files, command="import_sites", kinds=_SITES, **how)


def import_statements(
    files: Sequence[Path],
    options: StatementOptions,
    *,
    confirmed: bool = False,
    **how: Unpack[Options],
) -> RunReport:
    """Import files of statements of one dataset, as `import_files` does."""
    return import_files(
        files,
        command="import_statements",
        kinds=STATEMENT_KINDS,
        statements=options,
        confirmed=confirmed,
        **how,
    )


def import_names(files: Sequence[Path], options: NameOptions, **how: Unpack[Options]) -> RunReport:
    """Import files of names and of what became of identifiers, as `import_files` does."""
    return import_files(files, command="import_names", kinds=NAME_KINDS, names=options, **how)


def _of(named: Iterable[NamedFile], kinds: Iterable[Kind]) -> list[NamedFile]:
    wanted = set(kinds)
    return [file for file in named if file.kind.kind in wanted]


def _named(
    files: Iterable[Path], name_of: NameOf, kinds: frozenset[Kind], session: ImportSession
) -> Iterator[NamedFile]:
    """Yield the files that are of `kinds`; the others are refused."""
    for file in files:
        path = name_of(file)
        try:
            check_name(path)
            kind = _kind_of(file, path, kinds)
            if kind.kind not in kinds:
                raise TableError(path, 1, kind.message or _not_here(kind.kind, kinds))
        except (PageError, TableError) as error:
            session.refuse(error.problem)
        else:
            yield NamedFile(file, path, kind)


def _kind_of(file: Path, path: str, kinds: frozenset[Kind]) -> FileKind:
    """Return what a file is; what is called a page is read as one, to say what is wrong."""
    if kinds == _PAGES or path.lower().endswith(PAGE_ENDING):
        return FileKind(Kind.PAGE)
    return kind_of(file, path)


def _not_here(kind: Kind, kinds: frozenset[Kind]) -> str:
    return f"the file is a {kind.value}, not a {_WANTED[kinds]}"


_WANTED: Final = {
    INTERACTION_KINDS: "table of interactions",
    _SITES: "file of binding sites",
    STATEMENT_KINDS: "table of statements",
    NAME_KINDS: "file of names",
}
