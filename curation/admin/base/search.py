"""What a curator means by the text of a search box, answered from indexes."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any, Final

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from curation.admin.base.change_list import is_export
from proteins.domain.evidence import SmallScale
from proteins.domain.fold import fold
from proteins.domain.identifiers import MAX_PMID, shown
from proteins.models import DetectionMethod, Evidence, Protein, SourceDatabase
from proteins.models.querysets import EvidenceQuerySet

#: Of the proteins whose name begins so, no more are looked at in a table of their
#: interactions or sites.
MOST_PROTEINS: Final = 50
#: Each word of a search is looked for by itself.
MOST_WORDS: Final = 6
_ARROW: Final = re.compile(r"\s*(?:-+>|=>|→|>)\s*")


def proteins_meant(request: HttpRequest, text: str) -> Collection[int] | QuerySet[Any, Any]:
    """Return the ids of the proteins that `text` means, those that match it whole first.

    A message appears where there are more than `MOST_PROTEINS`; an export looks at all.
    """
    if is_export(request):
        return Protein.objects.matching(text).values("pk")
    whole = Protein.objects.exactly(text).values_list("pk", flat=True)
    alike = Protein.objects.matching(text).values_list("pk", flat=True)
    ids = list(dict.fromkeys([*whole[:MOST_PROTEINS], *alike[: MOST_PROTEINS + 1]]))
    if len(ids) > MOST_PROTEINS:
        messages.info(
            request,
            f"More than {MOST_PROTEINS} proteins begin with {shown(text)}; only the first "
            "ones were looked at. A longer text finds the others.",
        )
    return ids[:MOST_PROTEINS]


def pmid_meant(text: str) -> int | None:
    """Return the PubMed ID that `text` is (`17244529`, `PMID 17244529`), if it is one."""
    match = re.fullmatch(r"(?:pmid)?[:\s]*([0-9]{1,8})", text.strip(), re.ASCII | re.IGNORECASE)
    return int(match[1]) if match and 0 < int(match[1]) <= MAX_PMID else None


def interactions_meant(request: HttpRequest, text: str) -> Q:
    """Return the filter for interactions.

    `Q9UK53-Q07812`, `ING1-BAX` and `ING1 -> BAX` are one interaction. A name, accession or gene
    ID finds those of such a protein, a PubMed ID those that cite it. Of several words each must
    be found.
    """
    if (pair := _pair_meant(text)) is not None:
        return pair
    matches = _interactions_of(request, text)
    if matches is not None:
        return matches
    words = text.split()
    if len(words) > MOST_WORDS:
        messages.info(request, f"Only the first {MOST_WORDS} words were looked for.")
    everything = Q()
    for word in words[:MOST_WORDS]:
        # Nothing found is a filter that nothing passes, not one that is left out.
        everything &= _interactions_of(request, word) or Q(pk__in=[])
    return everything


def _pair_meant(text: str) -> Q | None:
    """Return the filter for the interactions of a TF and a target; None for another text.

    A hyphen is part of many names (NKX2-5): each is tried as what separates the two, and none of
    them where no two such proteins are.
    """
    head, arrow, tail = _ARROW.sub(">", text.strip()).partition(">")
    if arrow:
        return _pair(head, tail) or Q(pk__in=[])
    words = text.strip().split("-")
    if len(words) > MOST_WORDS:
        return None
    pairs = Q()
    for at in range(1, len(words)):
        pairs |= _pair("-".join(words[:at]), "-".join(words[at:])) or Q()
    return pairs or None


def _pair(tf: str, target: str) -> Q | None:
    """Return the filter for what is named exactly on both sides; None where a side names none."""
    tfs, targets = (
        list(Protein.objects.exactly(name).values_list("pk", flat=True)[:MOST_PROTEINS])
        for name in (tf.strip(), target.strip())
    )
    return Q(tf__in=tfs, target__in=targets) if tfs and targets else None


def _interactions_of(request: HttpRequest, text: str) -> Q | None:
    proteins = proteins_meant(request, text)
    # A query, where it is one, is sent once and not read.
    some = proteins.exists() if isinstance(proteins, QuerySet) else proteins
    matches = Q(tf__in=proteins) | Q(target__in=proteins) if some else None
    pmid = pmid_meant(text)
    if pmid is not None:
        citing = list(Evidence.objects.citing(pmid).values_list("pk", flat=True))
        if citing:
            cited = Q(evidence__in=citing)
            matches = cited if matches is None else matches | cited
    return matches


def evidence_meant(rows: EvidenceQuerySet, text: str) -> EvidenceQuerySet:
    """Cut evidence down by each word: a PubMed ID, part of the name of a database or of a
    detection method, `small-scale`."""
    for word in text.replace("PMID", "").replace("pmid:", "").split():
        pmid = pmid_meant(word)
        if pmid is not None:
            rows = rows.citing(pmid)
        elif word.lower() == "small-scale":
            rows = rows.at_scale(SmallScale.YES)
        else:
            # These two tables hold a few dozen rows each.
            keys = SourceDatabase.objects.filter(fold__contains=fold(word))
            names = DetectionMethod.objects.filter(fold__contains=fold(word))
            rows = rows.filter(
                Q(
                    pk__in=Evidence.objects.from_source(*keys.values_list("key", flat=True)).values(
                        "pk"
                    )
                )
                | Q(
                    pk__in=Evidence.objects.by_method(*names.values_list("name", flat=True)).values(
                        "pk"
                    )
                )
            )
    return rows
