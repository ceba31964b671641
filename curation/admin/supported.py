"""What the admin of interactions and of binding sites has in common: a TF, and evidence."""

from __future__ import annotations

from typing import Any, TypeVar

from django.contrib import admin
from django.db.models import ForeignKey, QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest
from django.utils.safestring import SafeString

from curation.admin.base import CurationAdmin
from curation.admin.evidence_html import evidence_html
from proteins.models import BindingSite, Evidence, Interaction

Supported = TypeVar("Supported", bound=Interaction | BindingSite)


class SupportedAdmin(CurationAdmin[Supported]):
    def get_queryset(self, request: HttpRequest) -> QuerySet[Supported]:
        return super().get_queryset(request).prefetch_related("evidence__sources__via")

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField[Any] | None:
        if db_field.name == "evidence":
            kwargs["queryset"] = Evidence.objects.with_content()
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "evidence" and field is not None:
            field.widget.attrs["data-width"] = "75%"
        return field

    def get_view_on_site_url(self, obj: Supported | None = None) -> str | None:
        return obj.tf.get_absolute_url() if obj is not None else None

    @admin.display(description="databases")
    def databases(self, record: Supported) -> str:
        return ", ".join(str(source) for source in record.evidence.sources.all())

    @admin.display(description="supported by")
    def supported_by(self, record: Supported) -> SafeString:
        return evidence_html(Evidence.objects.with_content().get(pk=record.evidence_id))
