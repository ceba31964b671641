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

from curation.accounts.lockout import unlock
from proteins.limits import rates

#: Seconds in which an account gets one mail.
WINDOW: Final = 600
#: How many a client sends.
MAILS_BY_CLIENT: Final = "5/hour"


class LimitedResetForm(PasswordResetForm):
    """Sends no account a second mail within the window, and no client more than a few."""

    def get_users(self, email: str) -> Iterator[Any]:
        for user in super().get_users(email):
            if cache.add(f"password-reset-{user.pk}", 1, WINDOW):
                yield user

    def save(self, *args: Any, **options: Any) -> None:
        sent = rates.count("password-reset", rates.client_of(options["request"]), MAILS_BY_CLIENT)
        if sent is None or not sent.is_exceeded:
            super().save(*args, **options)


class UnlockingConfirmView(PasswordResetConfirmView):
    """Whoever has the mail of an account may log in at once, locked out or not."""

    def form_valid(self, form: SetPasswordForm[User]) -> HttpResponse:
        unlock(form.user.get_username())
        return super().form_valid(form)
