"""Names: their one length, and vocabularies, whose rows are unique by the fold of a name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.expressions import Combinable

from proteins.domain.fold import MAX_FOLD_LENGTH, fold, tidy
from proteins.domain.identifiers import MAX_TERM_LENGTH, shown

if TYPE_CHECKING:
    _CharField = models.CharField[str | Combinable, str]
else:
    _CharField = models.CharField


class NameField(_CharField):
    """The name of something; those of proteins alone are longer than `MAX_TERM_LENGTH`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", MAX_TERM_LENGTH)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """Be a plain CharField to migrations, which need none of this."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


class FoldedModel(models.Model):
    """A row with the name `folded_field`, whose fold no other row has.

    `save` fills `fold`; whoever writes rows otherwise calls `fill_fold`.
    """

    folded_field: ClassVar[str]

    fold = models.CharField(max_length=MAX_FOLD_LENGTH, unique=True, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the row with its fold, also where only some fields are to be stored."""
        self.fill_fold()
        fields: Iterable[str] | None = kwargs.get("update_fields")
        if fields is not None and self.folded_field in fields:
            kwargs["update_fields"] = {*fields, "fold"}
        super().save(*args, **kwargs)

    def fill_fold(self) -> None:
        """Tidy the name and fold it."""
        name = tidy(getattr(self, self.folded_field))
        setattr(self, self.folded_field, name)
        self.fold = fold(name)

    def clean(self) -> None:
        """Refuse a name that another row has in another spelling, and name that row."""
        super().clean()
        self.fill_fold()
        others = type(self)._default_manager.exclude(pk=self.pk)
        if (existing := others.filter(fold=self.fold).first()) is not None:
            raise ValidationError({self.folded_field: self.clash(existing)})

    def clash(self, existing: models.Model) -> str:
        """Return what is wrong with a name that `existing` has."""
        kind = self._meta.verbose_name
        name = getattr(existing, self.folded_field)
        return (
            f"The {kind} {shown(name)} exists already; names that differ only by capitals, "
            "spaces or invisible characters are one."
        )
