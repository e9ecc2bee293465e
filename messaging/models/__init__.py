"""Load every model; import each from its own module."""

from messaging.models import (  # noqa: F401
    absences,
    attachments,
    broadcasts,
    complaints,
    conversations,
    enquiries,
    enquiry_triggers,
    entries,
    oversight,
    proposals,
    screening,
)
