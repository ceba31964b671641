"""What is said publicly of a review: read, checked and written with its interaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.core.exceptions import ObjectDoesNotExist, ValidationError

from curation.models import MAX_COMMENT
from curation.records.base import Errors, Values, noting, plain_text
from curation.shared.bulk import bulk_for
from proteins.domain import identifiers
from proteins.domain.fold import fold
from proteins.models import Interaction, Review, ReviewReason

#: What a reviewer may say to readers.
PUBLIC_FIELDS: Final = ("review_reason", "public_reason", "review_pmid")
NO_REASON: Final[Values] = {"review_reason": "", "public_reason": "", "review_pmid": None}
_COLUMNS: Final = ("interaction_id", "reason_id", "text", "pmid", "change_id")


def says_something(values: Mapping[str, Any]) -> bool:
    """Whether values of an interaction say publicly why it was reviewed as it is."""
    return any(values.get(name) for name in PUBLIC_FIELDS)


def review_of(interaction: Interaction) -> Review | None:
    """Return the review of an interaction; None where it has none."""
    try:
        return interaction.review
    except ObjectDoesNotExist:
        return None


def review_values(review: Review | None) -> Values:
    """Return a review as the history of its interaction has it."""
    if review is None:
        return {**NO_REASON, "reviewed": None}
    return {
        "review_reason": review.reason.name if review.reason else "",
        "public_reason": review.text,
        "review_pmid": review.pmid,
        "reviewed": review.change_id,
    }


def cleaned_review(values: Mapping[str, Any], errors: Errors) -> Values:
    """Return what is said publicly in the form in which it is stored; problems go to `errors`."""
    cleaned: Values = {}
    if "review_reason" in values:
        with noting(errors, "review_reason"):
            cleaned["review_reason"] = _reason(values["review_reason"])
    if "public_reason" in values:
        with noting(errors, "public_reason"):
            cleaned["public_reason"] = _public_text(values["public_reason"])
    if "review_pmid" in values:
        with noting(errors, "review_pmid"):
            text = str(values["review_pmid"] or "").strip()
            cleaned["review_pmid"] = identifiers.parse_pmid(text) if text else None
    return cleaned


def _reason(value: Any) -> str:
    """Return a reason of the list in the spelling of this database."""
    name = str(value or "").strip()
    if not name:
        return ""
    reason = ReviewReason.objects.filter(fold=fold(name)).first()
    if reason is None:
        raise ValidationError(f"{identifiers.shown(name)} is not a reason of the list.")
    return reason.name


def _public_text(value: Any) -> str:
    text = str(plain_text(str(value or "")))
    if len(text) > MAX_COMMENT:
        raise ValidationError(f"That has {len(text):,} characters; {MAX_COMMENT:,} are the most.")
    return text


def write_reviews(reviews: Mapping[int, Mapping[str, Any]]) -> None:
    """Store the reviews of interactions, by their ids, in place of former ones; one without a
    change has none. The caller is within a change set."""
    bulk = bulk_for()
    names = {values["review_reason"] for values in reviews.values()} - {""}
    rows = ReviewReason.objects.filter(name__in=names) if names else ()
    reasons = {row.name: row.pk for row in rows}
    bulk.delete(Review, "interaction_id", reviews)
    bulk.insert(
        Review,
        _COLUMNS,
        [
            (
                key,
                reasons.get(values["review_reason"]),
                values["public_reason"],
                values["review_pmid"],
                values["reviewed"],
            )
            for key, values in reviews.items()
            if values["reviewed"] is not None
        ],
    )


def read_review_values(interactions: list[int]) -> dict[int, Values]:
    """Return the values of the reviews of those of these interactions that have one."""
    rows = Review.objects.filter(pk__in=interactions).select_related("reason")
    return {review.pk: review_values(review) for review in rows}
