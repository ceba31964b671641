"""A new password by mail: Django's pages, with a limit on mails.

Which addresses have an account no page tells.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.contrib.auth.forms import PasswordResetForm, SetPasswordForm
from django.contrib.auth.models import User
from django.contrib.auth.views import PasswordResetConfirmView
from django.core.cache import cache
from django.http import HttpResponse

from curation.accounts.lockout import client_of, unlock

#: Seconds in which an account gets one mail, and a client sends for so many.
WINDOW: Final = 600
MAILS_BY_CLIENT: Final = 5


class LimitedResetForm(PasswordResetForm):
    """Sends no account a second mail within the window, and no client more than a few."""

    def get_users(self, email: str) -> Iterator[Any]:
        for user in super().get_users(email):
            if cache.add(f"password-reset-{user.pk}", 1, WINDOW):
                yield user

    def save(self, *args: Any, **options: Any) -> None:
        key = f"password-reset-by-{client_of(options['request'])}"
        cache.add(key, 0, WINDOW)
        try:
            number = cache.incr(key)
        except ValueError:  # the window ended in between
            number = 1
        if number <= MAILS_BY_CLIENT:
            super().save(*args, **options)


class UnlockingConfirmView(PasswordResetConfirmView):
    """Whoever has the mail of an account may log in at once, locked out or not."""

    def form_valid(self, form: SetPasswordForm[User]) -> HttpResponse:
        unlock(form.user.get_username())
        return super().form_valid(form)
