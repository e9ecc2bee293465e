"""Load every model, for Django; import each from the module that defines it."""

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
