"""When the usage terms are due for review. No query, no request, no clock."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import TermsVersion

REVIEW_SOON = timedelta(days=60)


def is_review_overdue(version: TermsVersion, today: date) -> bool:
    """The day itself is still in time (DO-1). `today` in London."""
    return version.review_by < today


def is_review_soon(version: TermsVersion, today: date) -> bool:
    """In the last sixty days before the review (DO-1)."""
    return today <= version.review_by <= today + REVIEW_SOON
