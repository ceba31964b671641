from __future__ import annotations

from django.contrib import admin

from curation.admin.base.admin import VocabularyAdmin
from proteins.models import DetectionMethod


@admin.register(DetectionMethod)
class DetectionMethodAdmin(VocabularyAdmin[DetectionMethod]):
    list_display = ("name", "psi_mi_id", "identifies_participant_only")
    list_filter = (("psi_mi_id", admin.EmptyFieldListFilter), "identifies_participant_only")
    sortable_by = ("name", "psi_mi_id")
    search_fields = ("name", "psi_mi_id")
    search_help_text = "Words of the name, or a PSI-MI ID such as MI:0402."
    nothing_yet = "The vocabulary comes with `manage.py migrate`."
    fixed_once_made = ("name",)
