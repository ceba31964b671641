"""Tokens of the API: whoever has one holds its text; the database holds a digest of it."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any, Final

from rest_framework.authtoken.models import Token

#: Hexadecimal digits of a token, and of what is stored: the width of DRF's column. 160 bits of
#: a random text need neither salt nor stretching.
LENGTH: Final = 40


def digest_of(token: str) -> str:
    """Return what is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()[:LENGTH]


def make_token(user: Any) -> str:
    """Give an account a new token in place of any before, and return it: it is not stored."""
    token = secrets.token_hex(LENGTH // 2)
    Token.objects.filter(user=user).delete()
    Token.objects.create(user=user, key=digest_of(token))
    return token
