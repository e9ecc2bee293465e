"""English sentences of accounts, as the catalogue has them."""

SIGN_IN_WAS_TRIED = "Somebody has tried to sign in to your account"
SCHOOL_TERMS_OVERLAP = "Another term has some of these days already."
STAFF_ARRIVES_NOW = "It arrives at once. Families see it when they look."
ARRIVES_NOW_ANSWER_SOON = "Your message arrives at once. Staff aim to answer as soon as they can."
ANSWERS_COME_SOON = "Staff answer as soon as they can"
ARRIVES_NOW_ANSWER_TODAY_OR_LATER = (
    "Your message arrives at once. An answer may come today or on the next school day."
)
ARRIVES_NOW_ANSWER_NEXT_SCHOOL_DAY = (
    "Your message arrives at once. Please expect an answer on the next school day."
)
QUIET_UNTIL_NEXT_TERM = "Quiet until the next term"
SCHOOL_ENDS_EARLY = "School ends early at %(time)s"
NO_DAY_HAS_HOURS = "No day of the week has hours, so the portal is always quiet."
BANK_HOLIDAYS_UNKNOWN = (
    "The bank holidays of the next 60 days are not known. The portal needs a newer version."
)
ANSWER_MAY_COME_TODAY = "An answer may still come today"
STAFF_ARE_AT_WORK = "Staff are at work"
UNTIL_NEXT_TERM_IS_ENTERED = "when the next term is entered"
SUBSTITUTE_BANK_HOLIDAY = "%(day)s (the day in its place)"
LAST_DAY_BEFORE_FIRST = "The last day comes before the first day."
SCHOOL_ENDS_THEN = "On %(day)s school ends at %(time)s as it is. Write an earlier time."
SCHOOL_BEGINS_THEN = (
    "On %(day)s school begins at %(time)s. Do the children not come at all? Then leave this empty."
)
NO_SCHOOL_THAT_DAY = "There is no school on %(day)s: it cannot close early then."
TERM_TOO_LONG = "A term of 250 days or more is too long. Please check the dates."
CHECK_THE_YEAR = "Please check the year."
HOURS_END_BEFORE_THEY_BEGIN = "Each of the hours must end after they begin."
LESSONS_OUTSIDE_WORK = "Lessons must lie inside the hours in which staff work."
REPLIES_OUTSIDE_WORK = "The hours for replies must lie inside those in which staff work."
QUICK_ANSWERS_OUTSIDE_WORK = "The hours of answers as soon as can be must lie inside those of work."
VIEWER_CANNOT_APPOINT_GOVERNOR = "You cannot be one of the two here: the head teacher, the governor, and leaders whose role or sign-in somebody else has changed in the last four weeks are not. Where the school has no two, whoever runs the server makes the change."
SIGNS_IN_WITH = "They sign in with %(address)s."
HEAD_STAYS_LEADER = "You stay a senior leader, and are no longer the head teacher."
HEAD_CANNOT_BE_TAKEN_BACK = "You cannot take it back. Only %(name)s could make you the head teacher again."
GOVERNOR_CHANGE_DECIDED = "Somebody has decided this in the meantime. Please check it again."
SIGN_IN_CHANGE_PROPOSED = "A change of your sign-in is proposed"
EMAIL_ADDRESS_CHANGED = "Your e-mail address was changed"
DO_NOT_ANSWER_THIS_EMAIL = "Please do not answer this e-mail: write to us in the portal."
NEW_DEVICE_SIGNED_IN = "A new device has signed in to your account"
SIGNED_OUT_UNUSED_DEVICE = "You were signed out, because nobody had used this device for a while."
PASSWORD_IS_KNOWN = "Somebody knows your password"
PROVIDER_ACCOUNT_REFUSED = "Only staff whom the school has listed can come in this way, once they have connected their account on the page “How you sign in”. Please sign in by password or code first."
CONNECTED_WITH_ANOTHER_SIGN_IN = (
    "This account is connected with somebody else’s sign-in. Please tell the Main Office."
)
SIGN_IN_WITH_PROVIDER = "Staff: sign in with %(name)s"
NO_ACCOUNT_WITH_THIS_EMAIL = "Somebody wanted to sign in with this e-mail address, or asked for a new password. Nobody can sign in with it in our portal."
IS_THIS_REALLY_YOU = "Is this really you?"
OFFICE_ROLE = "Office: the records of every child, letters, and what families write to the office."
DEPARTED_STAFF_REFUSED = "You no longer work at the school, so this account does not open anything. Is that wrong? Please telephone the Main Office."
ONLY_LEADER_CANNOT_LEAVE = (
    "They are the only senior leader with an account of their own. Please make somebody else one first."
)
EMAIL_OF_ANOTHER_STAFF_MEMBER = "The account of this e-mail address belongs to another member of staff already. One account is for one person."
START_WITH_CODE = "Start with your code"
NOT_THE_INVITED_EMAIL = "Please use the e-mail address that the invitation was sent to."
MFA_RESET_DONE = "Done. They set up a new second step at their next sign-in."
NO_MFA_TO_RESET = "This person has no second step to take away."
SET_UP_MFA_AGAIN = "Set up a new second step for your sign-in"
PIN_LENGTH_REFUSED = "A PIN has 4 to 8 digits."
PIN_IS_UNCHANGED = "That is the PIN you have. Please choose another."
TICK_TO_AGREE = "Please tick the box to agree, or sign out."
PHOTOS_NOT_RESTORED = "Photos could not be kept. Please choose them again."
TOO_MANY_WRONG_PINS = "Too many wrong PINs. Please wait until %(time)s, or ask a senior leader."
ARRIVES_LATER = (
    "Write when it suits you. It arrives on %(day)s at %(time)s. Nobody is expected to answer before."
)
GOES_OUT_LATER = "What you write now goes out on %(day)s at %(time)s. You can change your mind until then."
PASSWORD_OR_CODE = "Choose a password, or a code each time."
NO_PASSWORD_YET = "You have no password: you sign in by a code that we send you. If you would like one, we send you a link with which you can choose it."
ACCOUNT_EXISTS_ALREADY = (
    "Somebody wanted to make an account with your e-mail address. You have one already, so nothing was made."
)
TOO_MANY_REFUSED_FILES = "That was a lot of files that we cannot take. Please wait an hour, then add others."
TO_THE_FIRST_PAGE = "Home"
COMPLAINT_STAGES_REFUSED = (
    "Write three whole numbers from 1 to 60 with commas between them, such as 5, 10, 15."
)
CLOSURE_OUTSIDE_TERMS = "'%(name)s' lies outside every term."
CLOSURE_TOO_LONG = "School closed for 100 days or more? Please check the dates. You don’t need to enter the holidays between terms."
EMAIL_OF_CLASS_ACCOUNT = (
    "This is the address of a class account. A member of staff has an account of their own."
)
CHANGES_SINCE_VERSION = "What has changed since version %(number)s of %(dated)s"
WELSH_UNTOUCHED = "The English has changed and the Welsh has not. Is the Welsh right as it is?"
ADDRESS_TAKEN = "Another account has this address."
PIN_OF_THEIR_OWN = "PIN of their own"
PIN_FROM_LEADER = "PIN from a leader"
SAME_NAME_OF_STAFF = "Somebody of this name works here already, or has left. Is it the same person?"
CLOSED_TODAY = "School is closed today, %(day)s: %(why)s."
CLOSED_TOMORROW = "School is closed tomorrow, %(day)s: %(why)s."
CLOSED_UNTIL = "School is closed today and until %(last)s: %(why)s."
CLOSES_EARLY_TODAY = "School closes at %(time)s today, %(day)s: %(why)s."
CLOSING_NOTIFIES_NOBODY = "This does not tell anybody."
ONE_HAS_MOVED = "%(number)s message or notice that waits has a new time of arrival."
SOME_HAVE_MOVED = "%(number)s messages and notices that wait have a new time of arrival."
OPENS_NEXT = "School opens next on %(day)s."
CLOSED_ALREADY = "School is closed already on %(day)s. %(why)s."
NO_SCHOOL_ANYWAY = "There is no school on %(day)s as it is: %(why)s."
NO_LONGER_IN_CALENDAR = "This is no longer in the calendar."
TAKEN_OUT_MEANWHILE = "A colleague has taken this out of the calendar in the meantime."
DAYS_ARE_OVER = "These days are over. They are kept on record."
ONE_DAY_HAS_SCHOOL = "Choose at least one school day. Without one the portal is always quiet."
NOTHING_WAITS_LONGER = "Nothing waits longer because of this."
