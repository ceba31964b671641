"""The admin as curators find it: its lists in the order of their work.

Beside `curation.admin`, and not in it, because Django loads it before there are models.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import update_wrapper
from typing import Any, Final, cast

from django.apps import AppConfig
from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.contrib.admin.apps import SimpleAdminConfig
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.checks import CheckMessage
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.urls import URLPattern, URLResolver, reverse

from curation.accounts import drafts, typed

#: Characters of what was typed in a message.
_SHOWN: Final = 2_000

#: The lists by what people come for, by model; what is not named follows at the end of the
#: group of its app.
GROUPS: Final[tuple[tuple[str, str, tuple[str, ...]], ...]] = (
    (
        "Records",
        "proteins",
        ("Protein", "Interaction", "Statement", "BindingSite", "Citation"),
    ),
    (
        "Review",
        "curation",
        (
            "Proposal",
            "Submission",
            "Batch",
            "BatchJob",
            "Revision",
            "Comment",
            "Endorsement",
            "Pin",
        ),
    ),
    (
        "Imports",
        "",
        ("Upload", "ImportRun", "RunUndo", "SourcePage", "SourceTable"),
    ),
    ("Releases", "", ("ReleaseOrder",)),
    (
        "Parts of records",
        "",
        (
            "GeneID",
            "JasparMatrix",
            "Ortholog",
            "SecondaryAccession",
            "AccessionFate",
            "GeneIDFate",
            "Evidence",
        ),
    ),
    ("Vocabularies", "", ("Taxon", "SourceDatabase", "Dataset", "DetectionMethod", "ReviewReason")),
    ("People", "auth", ("User", "Group")),
)


class DeskSite(AdminSite):
    """The site of the admin, which loads its lists when they are served or checked.

    At the start of a process, as Django does it, they took most of the time of every command.
    """

    site_header = "TFLink curation"
    site_title = "TFLink curation"
    index_title = "Records"

    def get_urls(self) -> list[URLResolver | URLPattern]:
        admin.autodiscover()
        return super().get_urls()

    def check(self, app_configs: Sequence[AppConfig] | None) -> list[CheckMessage]:
        admin.autodiscover()
        return super().check(app_configs)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Let no form that was filled in be lost because the log-in had ended meanwhile."""

        def shown_again(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if (restored := typed.restored(request)) is None:
                return view(request, *args, **kwargs)
            fields, files = restored
            if not files and typed.is_saved_at_once(fields, request.user):
                return _save(request, fields, lambda: view(request, *args, **kwargs))
            request.typed = fields  # type: ignore[attr-defined]
            _report(request, fields, files)
            return view(request, *args, **kwargs)

        protected = super().admin_view(update_wrapper(shown_again, view), cacheable)

        def carried(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if request.method == "POST" and request.user.is_anonymous:
                return self._log_in_first(request) or protected(request, *args, **kwargs)
            response = protected(request, *args, **kwargs)
            drafts.mark_saved(request, response)
            return response

        return update_wrapper(carried, protected)

    def _log_in_first(self, request: HttpRequest) -> HttpResponse | None:
        """Return the log-in page with what was typed; None where nothing was."""
        token = typed.carried(request)
        if request.path == reverse("admin:logout", current_app=self.name) or not request.POST:
            return None
        context = {
            REDIRECT_FIELD_NAME: request.get_full_path(),
            "app_path": reverse("admin:login", current_app=self.name),
            typed.FIELD: token,
            "is_too_long": typed.is_too_long(request),
        }
        request.method, request.POST = "GET", QueryDict()
        return self.login(request, context)

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        response: HttpResponse = super().login(request, extra_context)
        token = request.POST.get(typed.FIELD, "")
        if token and response.status_code == 302 and request.user.is_authenticated:
            typed.keep(request.session, token, response["Location"])
        return response

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        # Django loads this module before there are models.
        from curation.admin.base.autocomplete import DeskAutocomplete

        return cast(HttpResponse, DeskAutocomplete.as_view(admin_site=self)(request))

    def get_app_list(
        self, request: HttpRequest, app_label: str | None = None
    ) -> list[dict[str, Any]]:
        """Return the lists that a person may open, in groups; an app's own page as ever."""
        apps: list[dict[str, Any]] = super().get_app_list(request, app_label)
        if app_label is not None:
            return apps
        models = [(app["app_label"], model) for app in apps for model in app["models"]]
        url = reverse("admin:index", current_app=self.name)
        return [
            {
                "name": title,
                "app_label": title.lower().replace(" ", "-"),
                "app_url": f"{url}#{title.lower().replace(' ', '-')}",
                "has_module_perms": True,
                "models": members,
            }
            for title, members in _grouped(models)
            if members
        ]


def _save(
    request: HttpRequest, fields: QueryDict, view: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """Send a form again that its author sent before the log-in had ended."""
    typed.put_into(request, fields)
    response = view()
    if response.status_code == 302:
        messages.info(request, "Your log-in had ended; what you sent then was carried out now.")
    return response


def _report(request: HttpRequest, fields: QueryDict, files: list[str]) -> None:
    """Say what was typed, for forms that are not filled in again, and which files it was with."""
    shown = [
        f"{name.replace('_', ' ')}: {value}"
        for name, values in fields.lists()
        for value in values
        if value and not name.startswith("_")
    ]
    text = "Your log-in had ended, and nothing was saved. What you typed: " + "; ".join(shown)
    messages.warning(request, text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")
    if files:
        messages.warning(request, f"Choose the files again: {', '.join(files)}.")


def _grouped(
    models: Iterable[tuple[str, dict[str, Any]]],
) -> list[tuple[str, list[dict[str, Any]]]]:
    groups: dict[str, list[dict[str, Any]]] = {title: [] for title, _, _ in GROUPS}
    home = {app: title for title, app, _ in GROUPS if app}
    places = {
        name: (title, place) for title, _, names in GROUPS for place, name in enumerate(names)
    }
    for app, model in models:
        title, _ = places.get(model["object_name"], (home.get(app, "Other"), 0))
        groups.setdefault(title, []).append(model)
    last = len(places)
    for members in groups.values():
        members.sort(key=lambda model: places.get(model["object_name"], ("", last))[1])
    return list(groups.items())


class DeskConfig(SimpleAdminConfig):
    default_site = "curation.admin_site.DeskSite"

    def ready(self) -> None:
        super().ready()
        # System checks look at sites that exist, and Django makes this one at its first use.
        admin.site.check  # noqa: B018
