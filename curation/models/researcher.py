"""Who a curator is beyond this site."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import User
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from proteins.domain.identifiers import ORCID_PATTERN


class Researcher(models.Model):
    """The ORCID of an account, a model to which no column can be added.

    Statements copy it, so that they outlive the account.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="researcher")
    orcid = models.CharField("ORCID", max_length=19, validators=[RegexValidator(ORCID_PATTERN)])

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="researcher_orcid_form", condition=Q(orcid__matches=ORCID_PATTERN)
            ),
        ]

    def __str__(self) -> str:
        return self.orcid


def orcid_of(user: User | None) -> str:
    """Return the ORCID of a user, empty where none is stored."""
    if user is None:
        return ""
    return Researcher.objects.filter(user=user).values_list("orcid", flat=True).first() or ""
