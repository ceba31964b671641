"""Tables of interactions of one import: how complete each is, then their rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from curation.importing.completeness import ReportedPairs, scales_stored
from curation.shared.large_changes import LargeChangeError, is_large
from curation.importing.loading.store import Store
from curation.importing.named import OnProgress
from curation.importing.planning.claims import Claims, claims_of_rows
from curation.importing.rows import RowFile, load_file
from curation.importing.session import ImportSession
from curation.importing.source.kinds import Kind, read_interactions
from curation.importing.source.pairs import Scan, scan_table
from curation.importing.source.problems import Notes
from curation.importing.source.records import Problem, TableRow, Withdrawal
from proteins.models import Taxon


class Tables:
    """The tables of one import. What those that claim to be complete withdraw is determined
    before anything is written (`check`)."""

    def __init__(
        self, files: Sequence[RowFile], session: ImportSession, *, complete: bool
    ) -> None:
        self._files = files
        self._session = session
        self._reported = ReportedPairs()
        self._scans = {
            file.named.path: scan_table(file.named.file, session.species, self._reported)
            for file in files
            if _claims_complete(file, complete=complete)
        }

    def check(self, *, confirmed: bool) -> None:
        """Raise `LargeChangeError` where what is called complete does not look it."""
        _check_completeness(self._scans, self._reported, self._session, confirmed=confirmed)

    def load(self, on_row: OnProgress) -> None:
        for file in self._files:
            self._load(file, on_row)

    def _load(self, file: RowFile, on_row: OnProgress) -> None:
        path, scan = file.named.path, self._scans.get(file.named.path)
        names = self._session.species
        species = set[str]()

        def read(notes: Notes) -> Iterator[TableRow | Problem]:
            return read_interactions(file.named.file, path, names, notes)

        def claims_of(rows: list[TableRow], store: Store) -> Claims:
            species.update({row.tf.species for row in rows})
            return claims_of_rows(rows, path, store.read_former(), store.spellings)

        load_file(
            file,
            read,
            claims_of,
            self._session,
            on_row,
            complete_for=_taxa(scan.species if scan else ()),
            reported=self._reported,
        )
        _check_species(path, species, self._session)
        if scan is None:
            self._session.report.note(
                f"{path}: read as a part of its species' interactions, so nothing was marked "
                "as no longer reported"
            )


def _claims_complete(file: RowFile, *, complete: bool) -> bool:
    kind = file.named.kind
    return kind.claims_complete or (complete and kind.kind is Kind.INTERACTIONS)


def _taxa(species: Iterable[str]) -> list[Taxon]:
    return list(Taxon.objects.filter(scientific_name__in=list(species)))


def _check_completeness(
    scans: Mapping[str, Scan], reported: ReportedPairs, session: ImportSession, *, confirmed: bool
) -> None:
    """Raise `LargeChangeError` where what is called complete does not look it."""
    names = {name for scan in scans.values() for name in scan.species}
    taxa = _taxa(names)
    doubts = [
        f"{path} is taken as complete for {taxon.scientific_name}, but it has only "
        f"{_scales_in_words(scan.scales)} rows, where the database has both small-scale and "
        "large-scale evidence."
        for path, scan in scans.items()
        for taxon in taxa
        if taxon.scientific_name in scan.species
        and len(scan.scales) == 1
        and len(scales_stored(taxon)) == 2
    ]
    withdrawals = reported.withdrawals(taxa)
    session.report.withdrawals = [one for one in withdrawals if is_large(one.number, one.stored)]
    doubts += [_would_withdraw(scans, one) for one in session.report.withdrawals]
    session.report.doubts = doubts
    if doubts and not confirmed:
        raise LargeChangeError(" ".join(doubts))


def _would_withdraw(scans: Mapping[str, Scan], withdrawal: Withdrawal) -> str:
    paths = [path for path, scan in scans.items() if withdrawal.species in scan.species]
    return f"{', '.join(paths)} would mark {withdrawal} as no longer reported."


def _scales_in_words(scales: Iterable[str]) -> str:
    return " and ".join(
        {"Yes": "small-scale", "No": "large-scale"}.get(scale, scale) for scale in scales
    )


def _check_species(path: str, species: set[str], session: ImportSession) -> None:
    """Report a table whose name says another species than its rows."""
    named = session.species.of_table(path)
    if named is not None and species and species != {named}:
        rows = ", ".join(sorted(species))
        session.report.note(f"{path}: its name says {named}, its rows are of {rows}")
