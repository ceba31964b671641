"""What is done about results that readers keep: they are no records, and have no history."""

from __future__ import annotations

import logging

from django.contrib.auth.models import User
from django.db import transaction

from curation.models import StoredResult
from curation.permissions import Right, demand

logger = logging.getLogger(__name__)


@transaction.atomic
def remove_result(*, user: User, result: StoredResult) -> None:
    """Delete a result before its time; whoever has its URL finds nothing there any more."""
    demand(user, Right.REMOVE_RESULT)
    number = result.pk
    result.delete()
    logger.info("Result %s was deleted by %s", number, user.get_username())
