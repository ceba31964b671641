"""Tables of interactions of one import: how complete each is, then their rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final

from curation.importing.completeness import ReportedPairs, scales_stored
from curation.importing.loading.store import Store
from curation.importing.named import OnProgress
from curation.importing.planning.claims import Claims, claims_of_rows
from curation.importing.rows import FileOfClaims, RowFile
from curation.importing.session import ImportSession
from curation.importing.source.kinds import Kind, read_interactions
from curation.importing.source.pairs import Scan, scan_table
from curation.importing.source.problems import Notes
from curation.importing.source.records import Problem, TableRow, Withdrawal
from curation.shared.large_changes import LargeChangeError, is_large
from proteins.domain.evidence import EvidenceContent
from proteins.domain.support import Role
from proteins.models import Taxon


class Tables:
    """The tables of one import. What those that claim to be complete withdraw is determined
    before anything is written (`check`)."""

    def __init__(self, files: Sequence[RowFile], session: ImportSession, *, complete: bool) -> None:
        self._files = files
        self._session = session
        self._reported = ReportedPairs()
        self._scans = {
            file.named.path: self._scan(file)
            for file in files
            if _claims_complete(file, complete=complete)
        }

    def _scan(self, file: RowFile) -> Scan:
        before = self._reported.sizes()
        scan = scan_table(file.named.file, self._session.species, self._reported)
        scan.repeated = self._reported.repeated_since(before)
        return scan

    def check(self, *, confirmed: bool) -> None:
        """Raise `LargeChangeError` where what is called complete does not look it."""
        _check_completeness(self._scans, self._reported, self._session, confirmed=confirmed)

    def load(self, on_row: OnProgress) -> None:
        for file in self._files:
            scan = self._scans.get(file.named.path)
            _Table(file, self._session, scan, self._reported).load(on_row)


class _Table(FileOfClaims[TableRow]):
    """A table on its way into the database; `scan` is that of one that is complete."""

    def __init__(
        self, file: RowFile, session: ImportSession, scan: Scan | None, reported: ReportedPairs
    ) -> None:
        super().__init__(file, session)
        self._scan = scan
        self._role = _role_of(file, is_whole=scan is not None)
        self._reported = reported
        self._species: set[str] = set()

    @cached_property
    def _united(self) -> dict[tuple[str, str], EvidenceContent]:
        """What the rows of each pair that has several say together, wherever in the file they
        are: a chunk would replace what an earlier one says."""
        repeated = self._scan.repeated if self._scan else frozenset()
        united: dict[tuple[str, str], EvidenceContent] = {}
        for row in self.read(Notes(self.path)) if repeated else ():
            if isinstance(row, TableRow) and (pair := _pair(row)) in repeated:
                before = united.get(pair)
                united[pair] = before.united(row.evidence) if before else row.evidence
        return united

    def read(self, notes: Notes) -> Iterator[TableRow | Problem]:
        return read_interactions(self.file.named.file, self.path, self.session.species, notes)

    def claims_of(self, rows: list[TableRow], store: Store) -> Claims:
        self._species.update({row.tf.species for row in rows})
        if self._united:
            get = self._united.get
            rows = [row._replace(evidence=get(_pair(row), row.evidence)) for row in rows]
        return claims_of_rows(rows, self.path, store.read_former(), store.spellings, self._role)

    def record(self, refused: int) -> None:
        self.check_species(self._species)
        species = self._scan.species if self._scan else ()
        self.record_complete_for(_taxa(species), self._reported, refused)
        if self._scan is None:
            self.session.report.add_notes(
                f"{self.path}: read as a part of its species' interactions, so nothing was marked "
                "as no longer reported"
            )


def _pair(row: TableRow) -> tuple[str, str]:
    return row.tf.mention.accession, row.target.mention.accession


#: In which role downloads of one protein speak; other files are tables or parts of them.
_ROLES: Final = {Kind.TARGETS: Role.TF_FILE, Kind.TFS: Role.TARGET_FILE}


def _role_of(file: RowFile, *, is_whole: bool) -> Role:
    part = Role.TABLE if is_whole else Role.TABLE_PART
    return _ROLES.get(file.named.kind.kind, part)


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
