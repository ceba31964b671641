"""Groups of accounts, whose names are unique as those of vocabularies are."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.signals import post_save, pre_save
from django.dispatch import receiver

from proteins.domain.fold import MAX_FOLD_LENGTH, fold


class GroupFold(models.Model):
    """The fold of the name of one of Django's groups, a model to which no column can be added."""

    group = models.OneToOneField(Group, models.CASCADE, related_name="+")
    fold = models.CharField(max_length=MAX_FOLD_LENGTH, unique=True, editable=False)

    def __str__(self) -> str:
        return self.fold


@receiver(pre_save, sender=Group)
def refuse_another_spelling(instance: Group, **_: Any) -> None:
    """Raise `ValidationError` where another group has the name in another spelling."""
    others = GroupFold.objects.filter(fold=fold(instance.name)).exclude(group=instance.pk)
    if (existing := others.select_related("group").first()) is not None:
        raise ValidationError({"name": f"The group {existing.group} exists already."})


@receiver(post_save, sender=Group)
def store_fold(instance: Group, **_: Any) -> None:
    GroupFold.objects.update_or_create(group=instance, defaults={"fold": fold(instance.name)})
