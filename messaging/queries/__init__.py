from messaging.queries.conversations import (
    Shown,
    class_rows,
    families,
    family_of,
    get_conversation_for,
    get_message_for,
    parent_rows,
    surroundings,
    talk,
)
from messaging.queries.enquiries import (
    Away,
    absences_on,
    children_to_write_about,
    get_enquiry_at_office,
    get_own_enquiry,
    own_enquiries,
    queue,
    topic_counts,
)
from messaging.queries.owed import lost_notices

__all__ = [
    "Away",
    "Shown",
    "absences_on",
    "children_to_write_about",
    "class_rows",
    "families",
    "family_of",
    "get_conversation_for",
    "get_enquiry_at_office",
    "get_message_for",
    "get_own_enquiry",
    "lost_notices",
    "own_enquiries",
    "parent_rows",
    "queue",
    "surroundings",
    "talk",
    "topic_counts",
]
