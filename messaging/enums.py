"""Name the states, kinds and topics of messaging."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import TextChoices
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise


class WithdrawnBecause(TextChoices):
    WRITER = "writer", _("withdrawn by its writer")
    WRITER_REMOVED = "writer_removed", _("its writer lost access")
    READER_REMOVED = "reader_removed", _("its reader lost access")


class Topic(TextChoices):
    """Name what belongs to the Main Office (PA-7)."""

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
        """Return the letter that begins a reference.

        It tells the topic on the telephone.
        """
        return {"clubs": "K", "complaint": "C", "other": "S"}.get(self.value, self.value[0].upper())


class ProposalKind(TextChoices):
    """Name what a message carries besides its text (TE-8, PA-8)."""

    REQUEST = "request", _("Asked for a meeting")
    OFFER = "offer", _("Let us meet")
    TELEPHONE = "telephone", _("We will telephone")
    CHOICE = "choice", _("A time is agreed")
    NONE_SUIT = "none_suit", _("None of these times suits")
    COMPLETED = "completed", _("We have talked")
    CANCELLED = "cancelled", _("Cancelled")


ANSWERS = (ProposalKind.CHOICE, ProposalKind.NONE_SUIT)
AGREED = (ProposalKind.CHOICE, ProposalKind.TELEPHONE)  # what can be cancelled, or moved to another time


class FileKind(TextChoices):
    """Name what may go with a message (AU-5).

    A photo is decoded and written anew; a document is checked and stored as it came.
    """

    PHOTO = "photo", _("Photo")
    PDF = "pdf", _("PDF")

    @property
    def icon(self) -> str:
        return "photo" if self == FileKind.PHOTO else "file"


class MeetingHow(TextChoices):
    IN_PERSON = "in_person", _("In person")
    TELEPHONE = "telephone", _("By telephone")
    EITHER = "either", _("Either")


class PhraseKind(TextChoices):
    """Name what a phrase makes the writer confirm before sending."""

    PROGRESS = "progress", _("asks how a child is getting on (PA-8)")
    UNKIND = "unkind", _("would not be said face to face (AU-1)")


OFFICE = "office"  # kind of screening: it seems to belong to the office (PA-7)
CONFIRMABLE = frozenset({*PhraseKind.values, OFFICE})


class SkipReason(TextChoices):
    """Say why an adult was skipped by a broadcast.

    Why one is barred is for the office to explain.
    """

    NOT_JOINED = "not_joined", _("has not joined yet")
    PAUSED = "paused", _("messages are paused")
    BARRED = "barred", _("cannot be written to; please ask the office")


class ConversationState(TextChoices):
    """Name the filters of a class's list."""

    UNANSWERED = "unanswered", _("Unanswered")
    WAITING = "waiting", _("Waiting to go out")
    DONE = "done", _("Done")


HINTS = {
    Topic.ABSENCE: _("Your child will not be in, or not all day"),
    Topic.DINNERS: _("Menu, balance, allergy, packed lunch"),
    Topic.CLUBS: _("Join, leave, or who collects"),
    Topic.LOST: _("A coat, a bottle, a beloved rabbit"),
    Topic.COMPLAINT: _("Something has gone wrong"),
    Topic.URGENT: _("It cannot wait until tomorrow"),
    Topic.OTHER: _("Only if none of these fits"),
}
ALWAYS = {Topic.ABSENCE, Topic.COMPLAINT, Topic.URGENT}  # a school cannot close these


class EnquiryState(TextChoices):
    NEW = "new", _("New")
    TAKEN = "taken", _("Being looked at")
    CLOSED = "closed", _("Done")

    @property
    def family_label(self) -> str:
        """Say to the family where it stands."""
        said = {"new": _("Waiting for the office"), "taken": _("The office is looking at it")}
        return str(said.get(self.value, self.label))


class Alert(TextChoices):
    """Say why an enquiry stands above all others."""

    URGENT = "urgent", pgettext_lazy("mark of an enquiry", "Urgent")
    ALLERGY = "allergy", pgettext_lazy("mark of an enquiry", "Allergy")


class NoReader(TextChoices):
    """Say why an answer of the office would reach nobody."""

    NO_ACCOUNT = "no_account", _("They have no account in the portal.")
    CLOSED = "closed", _("Their account is closed.")
    NO_ACCESS = "no_access", _("Their account does not open what is about this child.")


class QueueView(TextChoices):
    """Name the filters of the office's list."""

    MINE = "mine", _("Mine")
    FREE = "free", _("Nobody’s yet")
    DONE = "done", _("Done")


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
    """Say what a complaint is about (PA-7).

    It decides who reads it and which deadline runs.
    """

    SCHOOL = "school", _("Something at school")
    STAFF = "staff", _("A member of staff")
    HEAD = "head", _("The head teacher")
    DATA = "data", _("How information about us was used")


class DinnerAbout(TextChoices):
    MENU = "menu", _("Menu or booking")
    BALANCE = "balance", _("Balance")
    DIET = "diet", _("Diet or allergy")
    PACKED = "packed", _("Packed lunches")


class ClubAbout(TextChoices):
    JOIN = "join", _("Join")
    LEAVE = "leave", _("Leave")
    NOT_COMING = "not_coming", _("Not coming on a day")
    COLLECTS = "collects", _("Who collects")


class NameInIt(TextChoices):
    YES = "yes", pgettext_lazy("there is", "Yes")
    NO = "no", pgettext_lazy("there is", "No")
    UNSURE = "unsure", _("Not sure")


class ReplyBy(TextChoices):
    PORTAL = "portal", _("Here in the portal")
    TELEPHONE = "telephone", _("By telephone")
    LETTER = "letter", _("By letter")


@dataclass(frozen=True)
class Fact:
    """Describe one question of a topic's form, and its choices if any."""

    label: StrPromise
    choices: type[TextChoices] | None = None
    is_day: bool = False

    def display(self, answer: str) -> str:
        """Format a stored answer in the reader's language."""
        if self.choices and answer in self.choices.values:
            return str(self.choices(answer).label)
        if self.is_day:
            return date_format(date.fromisoformat(answer), "l j F Y")
        return answer


FACTS: dict[Topic, dict[str, Fact]] = {
    Topic.DINNERS: {
        "about": Fact(_("What is it about?"), DinnerAbout),
        "from_day": Fact(_("From which day?"), is_day=True),
    },
    Topic.CLUBS: {
        "club": Fact(_("Which club?")),
        "about": Fact(_("What is it about?"), ClubAbout),
        "day": Fact(_("Which day?"), is_day=True),
        "collector": Fact(_("Who collects?")),
        "relation": Fact(_("Who are they to your child?")),
        "collector_phone": Fact(_("Their number")),
    },
    Topic.LOST: {
        "item": Fact(_("What is lost?")),
        "colour": Fact(_("Colour")),
        "size": Fact(_("Size")),
        "brand": Fact(_("Brand")),
        "name_in_it": Fact(_("Is a name in it?"), NameInIt),
        "last_seen": Fact(_("Where and when was it last seen?")),
    },
    Topic.COMPLAINT: {
        "spoken_to": Fact(_("Who have you spoken to?")),
        "wanted": Fact(_("What would put it right?")),
        "reply_by": Fact(_("How shall we answer?"), ReplyBy),
    },
    Topic.URGENT: {"by_when": Fact(_("By when?"))},
}


class EntryKind(TextChoices):
    """Name what is written under an enquiry.

    To the family, by the family, for staff alone, or told to somebody without an account outside the portal.
    """

    ANSWER = "answer", _("Answer to the family")
    FAMILY = "family", _("From the family")
    NOTE = "note", _("Note for staff only")
    CALL = "call", _("Told by telephone")
    LETTER = "letter", _("A letter to print")


class KeywordWeight(TextChoices):
    """Say how much a keyword tells about a message.

    'off' silences a keyword that the portal ships with.
    """

    SURE = "sure", _("is enough alone")
    MAYBE = "maybe", _("needs a second word")
    HELPS = "helps", _("only strengthens another word")
    AGAINST = "against", _("speaks against it")
    OFF = "off", _("is not looked for")
