"""English sentences of messaging, as the catalogue has them."""

WRITING_PAUSED_FOR_FAMILY = "Writing to the class is paused for you. Please telephone the office."
MESSAGES_WITH_FAMILY_PAUSED = "Messages with this family are paused. Please ask the office."
NO_CHILD_LINKED = "No child is linked to your account"
