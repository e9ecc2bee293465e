"""English sentences of classes, as the catalogue has them."""

CODES_ARE_GUESSED = "Somebody is guessing codes"
CODE_ENDED_BY_GUESSED_BIRTHDAYS = "A code was ended: somebody guessed birthdays"
CODE_TRIED_BY_ANOTHER_ADULT = "A code was tried by another adult"
THIRD_ADULT_REFUSED = "Two adults are already linked to this child. Please ask the office. Keep your letter: once the school has agreed, the same code works."
TOO_MANY_PICTURE_TRIES = "That was a lot of tries. Please ask your teacher."
LEAVING_DATE_REFUSED = "That is not a leaving date. Please check the year."
LEADER_APPROVES_FIRST = "%(why)s A senior leader has to approve the code first."
FURTHER_ADULT_NEEDS_APPROVAL = (
    "Two adults are linked to this child already. A senior leader has to approve a further adult first."
)
CODE_APPROVED = "Approved. A code can be made now."
LETTERS_DOWNLOADED = "You have downloaded these letters"
LETTERS_UNREADABLE = "The file could not be read. Please print the letters again."
LETTERS_ARE_BEING_MADE = "Your letters are being made"
LETTERS_ARE_READY = "Your letters are ready"
LETTERS_FAILED = (
    "We could not make the letters. No code was changed. Please try again, or tell your technician."
)
CARD_REFUSED = "This card does not work. Please show it to your teacher."
FIRST_PICTURE = "Tap your first picture"
SECOND_PICTURE = "Tap your second picture"
THIRD_PICTURE = "Tap your third picture"
AWAY_FOR_A_WHILE = "You were away for a while. Please sign in again."
NEWER_CARD_NEEDED = "Please sign in again with your newest card."
POSTER_IS_OLD = "This poster is an old one. Please tell your teacher."
CLASSES_WITHOUT_CHILDREN = "These classes have no children any more:"
NO_CALENDAR_DAY = "%(column)s is not a day in the calendar: %(value)s"
ROW_REPEATED = "The row repeats row %(row)s and was passed over."
SPREADSHEET_REFUSED = "This spreadsheet, zip or PDF file cannot be read. Please open it, take off a password, and save it as CSV (UTF-8)."
NOT_A_TEXT_FILE = "This is not a text file. Please export it as CSV."
NO_COLUMN_NAMES = "No row with the names of the columns was found. The first row has to name them."
MANY_PUPILS_MISSING = (
    "More than a tenth of the pupils are missing from this file. Was it filtered? Nothing was changed."
)
DATE_ORDER_UNKNOWN = "Nothing was taken in: no date in this file shows whether the day or the month stands first. Please export the dates as 2019-10-14."
DATES_READ_DAY_FIRST = "No date in this file shows whether the day or the month comes first. They were read day first: please check one."
NO_LEAVING_DATE = "%(column)s is no leaving date (%(value)s): taken as “has not left”."
YEAR_OF_TWO_FIGURES = (
    "%(column)s has a year of two digits: %(value)s. Please write it in full, like 31/01/2019."
)
DECIDE_COURT_ORDER = "Decide now: a court order"
EVERYBODY_HAS_A_CODE = "Everybody has joined, has a code, or waits for your decision."
ADULT_WITHOUT_ACCESS = "This adult has no access for this child. No code was made."
EVERYBODY_HAS_A_CARD = "Nobody here is without a card."
NOBODY_TICKED = "Please tick somebody first."
GUARDIANSHIP_IS_OPEN = "This connection is open already."
FAMILY_ACCESS_UNTIL = "The family keeps its access until the day before %(day)s."
ENDS_PRINTED_LETTERS = "This ends %(number)s letters printed in the last 14 days: their codes stop working."
IDS_OF_OTHER_PEOPLE = "  Rows with the ids of people who are somebody else in the portal: %s. Does this file come from this school's own system?"
ONE_ADULT_NOT_JOINED = "%(number)s adult has not joined yet."
ADULTS_NOT_JOINED = "%(number)s adults have not joined yet."
ONE_HAS_A_CODE = "%(number)s of them has a code, which ends if it is printed again."
ONE_CHILD_WITHOUT_CARD = (
    "%(number)s child of %(name)s has no card yet. The cards of the others stay as they are."
)
CHILDREN_WITHOUT_CARD = (
    "%(number)s children of %(name)s have no card yet. The cards of the others stay as they are."
)
CHILDREN_ARE_MISSING = (
    "Stop: %(gone)s of %(here)s children are missing from this file or leave by it. Was it filtered?"
)
TICK_MISSING_CHILDREN = "Please tick that so many children are missing, or upload another file."
PORTAL_HAS_CHANGED = "Something has changed in the portal since you looked. Nothing was taken in. This is what the file would change now."
NOTHING_NEW_IN_FILE = "There is nothing new in this file."
NOBODY_INVITED_OR_REMOVED = "Taken in. Nobody was invited and nobody was removed by this."
FILE_WAITED_TOO_LONG = "The file waited for more than a day and was deleted. Please upload it again."
ONLY_LAST_IMPORT_UNDONE = "Only the last import can be undone, and this is not the last one any more."
ORDER_TAKEN_BACK = "This file reported a court order for these. Undoing takes that back:"
ROSTER_UNDONE = "Undone. Everything is as it was before this file."
IMPORT_IN_USE = "This cannot be undone any more"
ACCENTS_UNREADABLE = "The letters with accents in this file cannot be read. Please save it as CSV (UTF-8)."
TWO_COLUMNS_FOR_ONE = "Two columns cannot be the same thing. Please choose one of them."

# People
CORRECTED_BY_HAND = "corrected by hand, %(day)s"
PERHAPS_THE_SAME = "Somebody of this name is in the records already. Is it the same person?"
OWN_CHILD = "This is about a child of your own. Please ask a colleague to decide it."
UPN_MISTYPED = "The UPN %(value)s has a typing mistake: its first letter does not fit its digits."
ACCESS_CHANGED = "access of %(adult)s to %(child)s: %(before)s → %(after)s"
CODE_MADE_FOR = "made a code for %(adult)s, for %(child)s"
CONNECTED_WITH = "connected %(adult)s with %(child)s"
LETTER_ENDS_BY_THIS = "The letter that was printed before stops working: its code is replaced by this one."
CLASS_NAME_TAKEN = "There is a class of this name already."
CLASS_NOT_READ = "Nobody reads what families write to this class yet, so nobody can write to it."
CHILDREN_IN_CLASS = (
    "There are children in this class. The roster moves them first, or they leave: then it can be retired."
)

# Connections
NOTE_MISSING = "Please write a note: why, and on what it rests. Office and senior leaders read it."
NUMBER_HAS_CHANGED = "The number has changed in the meantime. Nothing was done. Please check it again."
TWO_MESSAGES_WITHDRAWN = "%(number)s messages that have not arrived are withdrawn."
ONE_CODE_ENDS = "%(number)s open code stops working."
LEADER_CHANGES_FACTS = (
    "This would let the adult have a code more easily, so a senior leader changes it. Please ask one of them."
)
LEADERS_ARE_ASKED = "The senior leaders are asked. You see here when one of them has answered."
OFFICE_ASKED_ON = "%(who)s asked on %(day)s: %(reason)s"
ASKED_LEADERS = "asked the leaders about %(adult)s, for %(child)s: %(reason)s"
REFUSED_ADULT = "refused %(adult)s, for %(child)s: %(reason)s"
LETTERS_FOR_SCHOOL = "%(number)s letters are made for the whole school,"
SAY_WHICH_CLASS = "A class was renamed here. Please say first whether the file means the same class."
NOBODY_TO_APPROVE = "Nobody has to approve this adult. Please check the page again."
WRITING_IS_SAVED = "What %(name)s was writing is kept, for %(name)s alone."
BOXES_ON_LETTERS = "The letter has a box □ for each character below. Write the name on it by hand, or open the name and enter it in other letters first."
BOXES_ON_CARDS = "The card or the poster has a box □ for each character below. Write the name on it by hand, or ask the office to enter it in other letters."
CARD_LISTED_WITH_OLDER_DRAGON = "it shows an older dragon"
CARD_WITH_OLDER_DRAGON = "The printed card shows an older dragon. It opens the page as before. On the class’s page the child taps the dragon above."
CARDS_STOP = "%(number)s printed cards stop working, with their squares and pictures. Children signed in with them are out."
TAKE_BACK = "Take it back"
NO_CARD = "No card and no poster?"
LETTERS_HAVE_CHANGED = (
    "The number of letters that would end has changed in the meantime. Nothing was done. Please start again."
)
