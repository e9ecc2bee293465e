"""English sentences of the portal itself: its first page, errors, files and setting up, as the catalogue has them."""

SCHOOL_NAMES_AND_NUMBERS = "The school’s names and numbers"
HOURS_OF_THE_WEEK = "The hours of the week"
BEHAVIOURS_THAT_EARN_POINTS = "Behaviours that earn points"
ACCOUNTS_OF_THE_CLASSES = "Accounts of the classes"
STAFF_OF_THE_CLASSES = "Staff of the classes"
TERMS_REVIEW_DUE = "The usage terms are due for review by %(date)s."
