"""The URLs of a password reset, beside the admin's; its log-in page links to the first by name."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth import views
from django.urls import path

from curation.accounts.password_reset import LimitedResetForm, UnlockingConfirmView

_PAGE = {"site_header": admin.site.site_header, "site_title": admin.site.site_title}

urlpatterns = [
    path(
        "password_reset/",
        views.PasswordResetView.as_view(form_class=LimitedResetForm, extra_context=_PAGE),
        name="admin_password_reset",
    ),
    path(
        "password_reset/done/",
        views.PasswordResetDoneView.as_view(extra_context=_PAGE),
        name="password_reset_done",
    ),
    path(
        "reset/<uidb64>/<token>/",
        UnlockingConfirmView.as_view(extra_context=_PAGE),
        name="password_reset_confirm",
    ),
    path(
        "reset/done/",
        views.PasswordResetCompleteView.as_view(extra_context=_PAGE),
        name="password_reset_complete",
    ),
]
