from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class WithdrawnBecause(TextChoices):
    WRITER = "writer", _("withdrawn by its writer")
    WRITER_REMOVED = "writer_removed", _("its writer lost access")
    READER_REMOVED = "reader_removed", _("its reader lost access")


class Topic(TextChoices):
    """What belongs to the Main Office (PA-7)."""

    ABSENCE = "absence", _("Absence or sickness")
    DINNERS = "dinners", _("School dinners")
    CLUBS = "clubs", _("After-school clubs")
    LOST = "lost", _("Something lost")
    COMPLAINT = "complaint", _("A complaint")
    URGENT = "urgent", _("Urgent today")
    OTHER = "other", _("Anything else for the office")

    @property
    def icon(self) -> str:
        return {"dinners": "dinner", "clubs": "club", "other": "ask"}.get(self.value, self.value)

    @property
    def letter(self) -> str:
        """Begins the reference, so that a person on the telephone knows what it is about."""
        return {"clubs": "K", "complaint": "C", "other": "S"}.get(self.value, self.value[0].upper())


class CardKind(TextChoices):
    """What stands in a conversation besides words (TE-8, PA-8)."""

    REQUEST = "request", _("Asks for a meeting")
    OFFER = "offer", _("Let us meet")
    TELEPHONE = "telephone", _("We will telephone")
    CHOICE = "choice", _("A time is agreed")
    NONE_SUIT = "none_suit", _("None of these times suits")
    HELD = "held", _("We have talked")


class MeetingHow(TextChoices):
    IN_PERSON = "in_person", _("In person")
    TELEPHONE = "telephone", _("By telephone")
    EITHER = "either", _("Either")


class PhraseKind(TextChoices):
    """What words make the portal ask before it sends."""

    PROGRESS = "progress", _("asks how a child is getting on (PA-8)")
    UNKIND = "unkind", _("would not be said face to face (AU-1)")


class TalkState(TextChoices):
    """What the class may ask its list for."""

    UNANSWERED = "unanswered", _("Unanswered")
    WAITING = "waiting", _("Waiting to go out")
    DONE = "done", _("Done")


class EnquiryState(TextChoices):
    NEW = "new", _("New")
    TAKEN = "taken", _("Being looked at")
    CLOSED = "closed", _("Done")


class DayPart(TextChoices):
    WHOLE = "whole", _("The whole day")
    MORNING = "morning", _("The morning")
    AFTERNOON = "afternoon", _("The afternoon")


class AbsenceReason(TextChoices):
    ILL = "ill", _("Ill")
    OTHER = "other", _("Something else")


class Symptom(TextChoices):
    TUMMY = "tummy", _("Tummy")
    RASH = "rash", _("Rash")
    FEVER = "fever", _("Temperature or cold")
    INJURY = "injury", _("Injury")
    WORRIED = "worried", _("Worried or anxious")
    UNSAID = "unsaid", _("Rather not say")


class ComplaintAbout(TextChoices):
    """Decides who may read a complaint and which clock runs (PA-7)."""

    SCHOOL = "school", _("Something at school")
    STAFF = "staff", _("A member of staff")
    HEAD = "head", _("The head teacher")
    DATA = "data", _("How information about us was used")


class EntryKind(TextChoices):
    """What is written under an enquiry: to the family, by the family, or for staff alone."""

    ANSWER = "answer", _("Answer to the family")
    FAMILY = "family", _("From the family")
    NOTE = "note", _("Note for staff only")


class ClueWeight(TextChoices):
    """How much a word says about what a message is about; 'off' silences a word that the portal came with."""

    SURE = "sure", _("is enough alone")
    MAYBE = "maybe", _("needs a second word")
    HELPS = "helps", _("only strengthens another word")
    AGAINST = "against", _("speaks against it")
    OFF = "off", _("is not looked for")
