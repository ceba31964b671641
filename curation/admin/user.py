"""Accounts and their roles, as Administrators manage them.

Roles come with the code: a group's rights are looked at here and not changed. No user
raises their own rights, and only a superuser touches a superuser.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar, cast

import rest_framework.authtoken.admin  # noqa: F401  (it registers what is unregistered here)
from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import UserChangeForm, UserCreationForm
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import ManyToManyField, QuerySet
from django.forms import CharField, CheckboxSelectMultiple, ModelForm, ModelMultipleChoiceField
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.text import get_text_list
from django.utils.timezone import localdate
from rest_framework.authtoken.models import Token, TokenProxy

from curation.accounts.lockout import unlock
from curation.admin.base.admin import CurationAdmin, ReadOnlyAdmin, curator, what_cites
from curation.models import Researcher, orcid_of
from curation.permissions import ROLE_MEANINGS, ROLES
from proteins.api.tokens import make_token
from proteins.domain.identifiers import IdentifierError, parse_orcid

admin.site.unregister(User)
admin.site.unregister(Group)
# Tokens are made and taken back in the list of accounts; no page shows whole ones.
admin.site.unregister(TokenProxy)

_ABOUT_ROLES = (
    "Whoever has a role may log in to this desk; whoever has none, or is not active, may not. "
    "A change of roles works at once."
)
_ABOUT_TOKENS = (
    "With a token, programs may ask the API more often; it gives no other right. It is made, "
    "and taken back, by an action in the list of accounts."
)
_PERSON = ("first_name", "last_name", "email")
_ORCID_HELP = "Such as 0000-0002-1825-0097. Statements that they add name it."


if TYPE_CHECKING:
    _RoleField = ModelMultipleChoiceField[Group]
    _UserAdmin = DjangoUserAdmin[User]
    _UserForm = UserChangeForm[User]
else:
    _RoleField, _UserAdmin, _UserForm = ModelMultipleChoiceField, DjangoUserAdmin, UserChangeForm


class AccountForm(_UserForm):
    """An account, with what Django's model has no column for."""

    orcid = CharField(label="ORCID", required=False, max_length=60, help_text=_ORCID_HELP)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("orcid", orcid_of(self.instance))

    def clean_orcid(self) -> str:
        text: str = self.cleaned_data["orcid"]
        try:
            return parse_orcid(text) if text else ""
        except IdentifierError as error:
            raise ValidationError(f"{error}.") from error


class RoleField(_RoleField):
    """The roles to choose from, each with what it is for."""

    def label_from_instance(self, obj: Any) -> str:
        meaning = ROLE_MEANINGS.get(obj.name)
        return f"{obj.name}: {meaning}" if meaning else str(obj.name)


@admin.register(User)
class UserAdmin(CurationAdmin[User], _UserAdmin):
    """Accounts. Whether a user may log in to the admin follows from their roles."""

    list_display = ("username", "full_name", "roles", "is_active", "last_login")
    list_filter = ("groups", "is_active")
    search_fields = ("username", "first_name", "last_name", "email")
    search_help_text = "Part of a user name, a name or an e-mail address."
    ordering = ("username",)
    sortable_by = ("username", "last_login")
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined", "api_token")
    actions = ("make_token", "take_token_back", "unlock")
    form = AccountForm
    add_form = UserCreationForm
    # Django's text is about giving a role on a second page only.
    add_form_template = None
    add_fieldsets = (
        (None, {"fields": ("username", "password1", "password2")}),
        ("Person", {"fields": _PERSON}),
        ("Roles", {"description": _ABOUT_ROLES, "fields": ("groups",)}),
    )
    nothing_yet = "There are no accounts."

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    class Media:
        css: ClassVar[dict[str, tuple[str, ...]]] = {"all": ("curation/people.css",)}

    # Who may do what

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and _may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        # Of oneself neither: it would be the end of one's own access.
        return (
            super().has_delete_permission(request, obj)
            and _may_touch(request, obj)
            and not _is_oneself(request, obj)
        )

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        if obj is None:
            return self.add_fieldsets
        rights = ["is_active", "groups"]
        if curator(request).is_superuser:
            rights.append("is_superuser")
        about = _ABOUT_ROLES
        if _is_oneself(request, obj):
            about = "These are your own: nobody changes what they may do themselves."
            rights = ["roles"]
        return (
            (None, {"fields": ("username", "password")}),
            ("Person", {"fields": (*_PERSON, "orcid")}),
            ("Roles", {"description": about, "fields": tuple(rights)}),
            ("Dates", {"fields": ("last_login", "date_joined")}),
            ("API", {"description": _ABOUT_TOKENS, "fields": ("api_token",)}),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        fixed = super().get_readonly_fields(request, obj)
        if _is_oneself(request, obj):
            return (*fixed, "roles")
        return fixed

    def formfield_for_manytomany(
        self, db_field: ManyToManyField[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name == "groups":
            kwargs |= {
                "widget": CheckboxSelectMultiple,
                "form_class": RoleField,
                "label": "Roles",
                "help_text": "",
            }
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    # Saving

    def save_model(
        self, request: HttpRequest, obj: User, form: ModelForm[User], change: bool
    ) -> None:
        if not curator(request).is_superuser and obj.is_superuser:
            raise PermissionDenied("Only a superuser makes or changes a superuser.")
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        account = cast(User, form.instance)
        if "orcid" in form.changed_data:
            _store_orcid(account, form.cleaned_data["orcid"])
        is_staff = account.is_superuser or account.groups.exists()
        if account.is_staff != is_staff:
            account.is_staff = is_staff
            account.save(update_fields=["is_staff"])

    def why_not_deleted(self, record: User) -> str:
        """Who did something stays: histories name them."""
        citing = what_cites(record)
        if LogEntry.objects.filter(user=record).exists():
            citing.append("log entries")
        if not citing:
            return ""
        return (
            f"{get_text_list(sorted(citing), 'and')} name this account. Take away “active” "
            "instead: then nobody can log in with it, and histories stay whole."
        )

    # Tokens of the API

    @admin.action(permissions=["change"], description="Make an API token, in place of any before")
    def make_token(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for account in self._that_may_be_touched(request, queryset):
            key = make_token(account)
            self.log_change(request, account, "An API token was made.")
            messages.success(
                request, f"The API token of {account} is {key}. It is not shown again: send it on."
            )

    @admin.action(permissions=["change"], description="Take the API token back")
    def take_token_back(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for account in self._that_may_be_touched(request, queryset):
            if Token.objects.filter(user=account).delete()[0]:
                self.log_change(request, account, "The API token was taken back.")
                messages.success(request, f"The account {account} has no API token any more.")
            else:
                messages.warning(request, f"The account {account} has no API token.")

    @admin.action(permissions=["change"], description="Let them log in again after failed tries")
    def unlock(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for account in self._that_may_be_touched(request, queryset):
            if unlock(account.get_username()):
                self.log_change(request, account, "The account was unlocked.")
                messages.success(request, f"The account {account} may log in again.")
            else:
                messages.warning(request, f"The account {account} has no failed log-ins.")

    def _that_may_be_touched(
        self, request: HttpRequest, queryset: QuerySet[User]
    ) -> Iterator[User]:
        for account in queryset:
            if self.has_change_permission(request, account):
                yield account
            else:
                messages.error(request, f"Only a superuser changes {account}.")

    @admin.display(description="API token")
    def api_token(self, account: User) -> str:
        token = Token.objects.filter(user=account).first()
        if token is None:
            return "none"
        return f"made on {localdate(token.created):%d %B %Y}"

    # Columns

    @admin.display(description="name")
    def full_name(self, account: User) -> str:
        return account.get_full_name()

    @admin.display(description="roles")
    def roles(self, account: User) -> str:
        roles = sorted(group.name for group in account.groups.all())
        return ", ".join(["superuser", *roles] if account.is_superuser else roles)


def _store_orcid(account: User, orcid: str) -> None:
    if orcid:
        Researcher.objects.update_or_create(user=account, defaults={"orcid": orcid})
    else:
        Researcher.objects.filter(user=account).delete()


def _may_touch(request: HttpRequest, account: User | None) -> bool:
    """Whether an account is none of a superuser, or a superuser makes the request."""
    return account is None or not account.is_superuser or curator(request).is_superuser


def _is_oneself(request: HttpRequest, account: User | None) -> bool:
    return account is not None and account.pk == request.user.pk


@admin.register(Group)
class RoleAdmin(ReadOnlyAdmin[Group]):
    list_display = ("name", "meaning")
    fields = ("name", "meaning", "rights")
    readonly_fields = ("meaning", "rights")
    search_fields = ("name",)
    nothing_yet = "Roles are made by the migrations."

    @admin.display(description="what it is for")
    def meaning(self, group: Group) -> str:
        return ROLE_MEANINGS.get(group.name, "")

    @admin.display(description="rights")
    def rights(self, group: Group) -> SafeString | str:
        rights = sorted(right.meaning for right in ROLES.get(group.name, ()))
        return format_html_join("", "<p>{}</p>", ((right,) for right in rights)) or "none"
