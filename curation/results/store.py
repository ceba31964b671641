"""Stored results: their limits, their rows, and the end of each."""

from __future__ import annotations

import hashlib
import json
import secrets
import zlib
from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings
from django.db.models import QuerySet, Sum
from django.utils import timezone

from curation.models import RETENTION, StoredResult
from proteins import hooks
from proteins.api.rendering import json_bytes

#: Bytes of one result, compressed: that of 5,000 human genes with all TFs has about 600,000.
MAX_BYTES: Final = 2_000_000
#: 256 bits.
_TOKEN_BYTES: Final = 32
_LEVEL: Final = 6
_TOO_LARGE: Final = "This answer is too large to be kept. Save it as a file instead."
_FULL: Final = (
    "No more results can be kept at present. Save the answer as a file, or try again tomorrow."
)


class DatabaseResults:
    """Results as rows, of any number of workers."""

    def store(
        self, question: str, content: Mapping[str, Any], *, species: str = "", genes: int = 0
    ) -> str:
        packed = zlib.compress(json_bytes(content), _LEVEL)
        if len(packed) > MAX_BYTES:
            raise hooks.ResultError(_TOO_LARGE)
        remove_expired()
        stored = StoredResult.objects.aggregate(total=Sum("size"))["total"] or 0
        if stored + len(packed) > settings.RESULTS_MAX_BYTES:
            raise hooks.ResultError(_FULL)
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        StoredResult.objects.create(
            token_hash=_hash(token),
            question=question,
            content=packed,
            size=len(packed),
            species=species,
            genes=genes,
        )
        return token

    def read(self, token: str) -> hooks.StoredResult | None:
        row = _of(token).first()
        if row is None:
            return None
        content = json.loads(zlib.decompress(bytes(row.content)))
        return hooks.StoredResult(row.question, content, row.created_at, row.expires_at)

    def delete(self, token: str) -> bool:
        return bool(_of(token).delete()[0])


def remove_expired() -> int:
    """Delete the results that are past their retention; return how many there were."""
    old = StoredResult.objects.filter(created_at__lte=timezone.now() - RETENTION)
    return old.delete()[0]


def _of(token: str) -> QuerySet[StoredResult]:
    current = StoredResult.objects.filter(created_at__gt=timezone.now() - RETENTION)
    return current.filter(token_hash=_hash(token))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
