"""Load every model, for Django; import each from the module that defines it."""

from messaging.models import (  # noqa: F401
    attachments,
    broadcasts,
    conversations,
    enquiries,
    enquiry_triggers,
    oversight,
    proposals,
    screening,
)
