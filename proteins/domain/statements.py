"""What one source says of one interaction: values and words; standard library only."""

from __future__ import annotations

import enum
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from proteins.domain.evidence import EvidenceContent, SmallScale

#: Characters of a quotation, and of a cell line, tissue or condition.
MAX_QUOTATION: Final = 500
MAX_CONTEXT: Final = 200
MAX_SOURCE_ID: Final = 100
ECO_PATTERN: Final = r"^ECO:[0-9]{7}\Z"
#: The name of the dataset of what curators state here.
CURATED_HERE: Final = "Curated here"


class Basis(enum.IntEnum):
    """Whether the source states an effect or infers it."""

    STATED = 1
    INFERRED = 2

    @property
    def label(self) -> str:
        return _BASES[self]


_BASES: Final = {Basis.STATED: "stated by the source", Basis.INFERRED: "inferred by the source"}


class Sign(enum.IntEnum):
    """The effect in one statement, numbered as the effects of interactions are."""

    UNKNOWN = 0
    ACTIVATION = 1
    REPRESSION = 2


class StatementState(enum.IntEnum):
    """Only active statements support anything.

    Withdrawn: the newest whole file of its dataset lacks it. Retracted: a curator says that it
    is wrong.
    """

    ACTIVE = 0
    WITHDRAWN = 1
    RETRACTED = 2

    @property
    def label(self) -> str:
        return _STATES[self]


_STATES: Final = {
    StatementState.ACTIVE: "active",
    StatementState.WITHDRAWN: "no longer stated",
    StatementState.RETRACTED: "retracted",
}


@dataclass(frozen=True, slots=True)
class StatementContent:
    """What a statement says, apart from the interaction that it is about.

    `source_id` is its ID at the source; `method` a detection method's name, `eco` an ECO code.
    `basis` is given exactly where `effect` is not unknown.
    """

    source_id: str = ""
    pmid: int | None = None
    method: str = ""
    eco: str = ""
    effect: Sign = Sign.UNKNOWN
    basis: Basis | None = None
    small_scale: SmallScale = SmallScale.NOT_STATED
    cell_line: str = ""
    tissue: str = ""
    condition: str = ""
    quotation: str = ""

    def evidence(self, source: str, resources: Iterable[str] = ()) -> EvidenceContent:
        """Return what it adds to the evidence of its interaction.

        `source` is the database of its dataset, empty for what is curated here; `resources` are
        databases from which that has it.
        """
        sources = [source, *(f"{one}_via_{source}" for one in resources)] if source else []
        return EvidenceContent.of(
            sources,
            [self.method] if self.method else [],
            [] if self.pmid is None else [self.pmid],
            self.small_scale,
        )

    def key(self, dataset: str) -> str:
        """Return what makes it one statement of its interaction (32 hexadecimal digits).

        That is its ID at the source, where the source gives one: a newer version of the
        statement then updates it. Otherwise it is all that it says but its scale; `dataset` is
        the folded name of the dataset.
        """
        parts: list[object] = [dataset]
        if self.source_id:
            parts.append(self.source_id)
        else:
            parts += [
                self.pmid,
                self.method,
                self.eco,
                self.effect.value,
                self.basis,
                self.cell_line,
                self.tissue,
                self.condition,
                self.quotation,
            ]
        canonical = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
        return hashlib.blake2b(canonical.encode(), digest_size=16).hexdigest()


def resources_among(sources: Iterable[str], source: str) -> list[str]:
    """Return the databases from which `source` has a statement, of those that it adds."""
    suffix = f"_via_{source}"
    return [one.removesuffix(suffix) for one in sources if source and one.endswith(suffix)]
