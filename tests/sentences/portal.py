"""English sentences of the portal itself: its first page, errors, files and setting up, as the catalogue has them."""

SCHOOL_NAMES_AND_NUMBERS = "The school’s names and numbers"
HOURS_OF_THE_WEEK = "The hours of the week"
BEHAVIOURS_THAT_EARN_POINTS = "Behaviours that earn points"
ACCOUNTS_OF_THE_CLASSES = "Accounts of the classes"
STAFF_OF_THE_CLASSES = "Staff of the classes"
TERMS_REVIEW_DUE = "The usage terms are due for review by %(date)s."
FILE_TYPE_REFUSED = "We take photos and PDF documents. Please save it as a PDF and add that."
PDF_TOO_SLOW = "This PDF takes too long to open safely. Please print it to a new PDF and add that."
MANY_FILES_ARRIVING = "A lot of photos and documents are arriving just now. Please try again in a moment."
MAY_BE_OUT_OF_DATE = "This may not be up to date. Load the page again to be sure."
PHOTO_DAMAGED = "This photo is damaged. Please choose it once more, or take another."
PICTURE_TOO_LARGE = "This picture is too large to open safely. Please choose a smaller one."
PDF_DAMAGED = "This PDF is damaged. Please print it to a new PDF and add that."
PDF_HOLDS_FILES = "This PDF holds a program or other files. Please print it to a new PDF and add that."
TOO_MANY_FILES_AT_ONCE = (
    "Those were too many files at once, so nothing was sent. Go back and choose five at most."
)
SENT_ALREADY = (
    "What you wrote first has been sent already. Here are your newer words: send them too, or leave them."
)
PHOTO_UNREADABLE = "We cannot read this as a photo. Please choose a JPEG, PNG, WebP or HEIC picture."
STAFF_WROTE_THIS_WEEK = "This week staff wrote %(written)s, out of hours %(late)s"
WAIT_A_FEW_MINUTES = "Wait a few minutes, then try again. What was sent before stays as it is."
POINTS_AND_NEW_DAFFODILS = "points, and %(points)s new daffodils this week"
FIRST_DAFFODILS = "The first ones will grow here."
SHARED_VIEW = "Look together with your child"
DOCUMENTS_NOT_SCANNED = "Documents that wait for the virus scanner"
