"""The admin of vocabularies: few rows, changed with a reason by those who may change records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse

from curation import actions
from curation.actions.records import Vocabulary
from curation.admin.base.admin import ChangedByRight, curator
from curation.admin.editing.delete import RecordRemoval
from curation.admin.editing.doubts import DoubtingForm, has_doubts
from curation.admin.editing.refusals import RefusingAdmin
from curation.admin.history.pages import HistoryPages
from curation.models import MAX_COMMENT, VocabularyKind

Row = TypeVar("Row", bound=models.Model)

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm
else:
    # Django's class takes a type parameter only in its stubs.
    class _ModelForm(Generic[Row], forms.ModelForm): ...


class VocabularyForm(DoubtingForm, _ModelForm[Row]):
    """A form of a vocabulary: with a reason, and with doubts."""

    refusal: ClassVar[ValidationError | None] = None

    reason = forms.CharField(
        max_length=MAX_COMMENT,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
        help_text="Colleagues read it in the history.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A browser would cut what is pasted, without a message.
        if "reason" in self.fields:
            self.fields["reason"].widget.attrs.pop("maxlength", None)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.refusal is not None:
            self.add_error(None, self.refusal)
        elif not self.errors:
            self.check_doubts()
        return cleaned


class VocabularyAdmin(ChangedByRight, HistoryPages, RecordRemoval, RefusingAdmin[Row]):
    """Species, databases, datasets and methods."""

    kind: ClassVar[VocabularyKind]
    form = VocabularyForm
    change_form_template = "admin/curation/vocabulary_change_form.html"

    class Media:
        css: ClassVar[dict[str, tuple[str, ...]]] = {"all": ("curation/forms.css",)}

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Row | None = None,
    ) -> HttpResponse:
        context["has_doubts"] = has_doubts(context["adminform"].form)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_model(
        self, request: HttpRequest, obj: Row, form: ModelForm[Row], change: bool
    ) -> None:
        """The action stores it with the rows of its own, in `save_related`."""

    def save_related(
        self, request: HttpRequest, form: ModelForm[Row], formsets: Any, change: bool
    ) -> None:
        columns = {field.name for field in self.opts.concrete_fields}
        changed = [name for name in form.changed_data if name in columns] if change else None
        actions.keep_vocabulary(
            user=curator(request),
            record=cast(Vocabulary, form.instance),
            reason=form.cleaned_data["reason"],
            changed=changed,
            write_parts=lambda: self._save_parts(request, form, formsets, change),
        )

    def _save_parts(
        self, request: HttpRequest, form: ModelForm[Row], formsets: Any, change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The history has it."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The history has it."""

    def remove(self, request: HttpRequest, record: models.Model, reason: str, seen: int) -> None:
        actions.remove_vocabulary(
            user=curator(request), record=cast(Vocabulary, record), reason=reason, seen=seen
        )
