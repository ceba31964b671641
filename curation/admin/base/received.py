"""Forms with files: their size is looked at before anything of them is read."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest

#: What a form takes beside its files, in bytes: names, boundaries, the token.
FORM_BYTES: Final = 100_000
_READ_AT_ONCE: Final = 1 << 16


def declared_size(request: HttpRequest) -> int:
    """Return the declared size of a request's body; no more are read."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def read_and_drop(request: HttpRequest, most: int) -> None:
    """Read what a browser still sends, within reason: only then it looks at the answer."""
    while most > 0 and (chunk := request.read(_READ_AT_ONCE)):
        most -= len(chunk)
