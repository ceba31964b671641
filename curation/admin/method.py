from __future__ import annotations

from django.contrib import admin

from curation.admin.base import VocabularyAdmin
from proteins.models import DetectionMethod


@admin.register(DetectionMethod)
class DetectionMethodAdmin(VocabularyAdmin[DetectionMethod]):
    list_display = ("name", "psi_mi_id", "identifies_participant_only")
    list_filter = (("psi_mi_id", admin.EmptyFieldListFilter), "identifies_participant_only")
    sortable_by = ("name", "psi_mi_id")
    search_fields = ("name", "psi_mi_id")
    fixed_once_made = ("name",)
