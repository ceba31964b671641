"""Rates of the API: by IP address, or by token, with higher limits (`proteins.limits.rates`)."""

from __future__ import annotations

import re
from typing import Any, ClassVar, Final

from django.conf import settings
from rest_framework.authentication import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from proteins.api.tokens import digest_of
from proteins.limits import rates
from proteins.limits.rates import Left

#: What is counted; each has a rate for callers without a token, and one for those with.
REQUESTS: Final = "requests"
FILES: Final = "files"
LOOKUPS: Final = "lookups"

_TOKEN: Final = re.compile(r"[0-9a-f]{40}")


class RateToken(TokenAuthentication):
    """`Authorization: Token ...`: raises the rates of its user, and changes no response."""

    def authenticate_credentials(self, key: str) -> Any:
        # What cannot be a token is not looked for; databases take no NUL.
        if not _TOKEN.fullmatch(key):
            raise AuthenticationFailed("Invalid token.")
        return super().authenticate_credentials(digest_of(key))


class CallerThrottle(BaseThrottle):
    """A rate of `settings.API_RATES` for each caller; no rate, no limit."""

    counted: ClassVar[str] = REQUESTS
    left: Left | None = None

    def allow_request(self, request: Request, view: Any) -> bool:
        token = request.auth
        scope = f"{self.counted}-token" if token else self.counted
        caller = f"token-{token.user_id}" if token else rates.client_of(request._request)
        self.left = rates.count(scope, caller, settings.API_RATES[scope])
        return self.left is None or not self.left.is_exceeded

    def wait(self) -> float | None:
        """The seconds until the window ends."""
        return self.left.seconds if self.left else None


class FilesThrottle(CallerThrottle):
    """Whole lists as files."""

    counted = FILES


class LookupsThrottle(CallerThrottle):
    """Look-ups of many identifiers at once."""

    counted = LOOKUPS
