"""Say in words what each kind of audit entry means.

The sentence follows the name of whoever acted. `%(about)s` is the row by its name; what else stands in a sentence
comes from the entry's detail (`malpas.records.lines`).
"""

from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


class Kind(NamedTuple):
    """A group of kinds, as the page filters by it."""

    label: "StrPromise"
    sentences: "dict[str, StrPromise]"


KINDS: dict[str, Kind] = {
    "people": Kind(
        _("Children and adults"),
        {
            "pupil.added": _("added the child %(about)s"),
            "pupil.corrected": _("corrected the record of %(about)s"),
            "contact.added": _("added the adult %(about)s"),
            "contact.corrected": _("corrected the record of %(about)s"),
            "contact.merged": _("put two records of %(about)s together"),
            "contact.not_same": _("noted that %(about)s and somebody with a like name are two people"),
            "guardianship.corrected": _("corrected the connection of %(about)s"),
            "guardianship.merged": _("put two connections together into one: %(about)s"),
            "guardianship.added": _("connected %(about)s"),
            "guardianship.joined": _("joined with the code for %(about)s"),
            "guardianship.ended": _("ended the access of %(about)s"),
            "guardianship.opened": _("opened the access of %(about)s again"),
            "guardianship.restricted": _("changed the access of %(about)s from “%(before)s” to “%(after)s”"),
            "roster.imported": _("took in a roster from the school’s information system"),
            "roster.undone": _("took a roster back"),
            "roster.expired": _("threw away a roster that nobody had taken in"),
            "roster.columns_named": _("said what the columns of a roster mean"),
            "roster.column_forgotten": _("took back what a column of a roster means"),
        },
    ),
    "joining": Kind(
        _("Codes and letters"),
        {
            "invitation.made": _("made a code for %(about)s"),
            "invitation.withdrawn": _("withdrew the code of %(about)s"),
            "invitation.tried_by_another": _("typed a code that is somebody else’s"),
            "slot.approved": _("approved %(about)s as a further adult"),
            "code.approved": _("approved a code for %(about)s"),
            "approval.asked": _("asked the leaders whether %(about)s may have a code"),
            "approval.refused": _("said no to a code for %(about)s"),
            "letters.drawn": _("made letters with codes again: %(about)s"),
            "letters.requested": _("asked for letters with codes: %(about)s"),
            "letters.made": _("made letters with codes: %(about)s"),
            "letters.fetched": _("opened the letters: %(about)s"),
            "letters.expired": _("deleted letters that nobody had opened: %(about)s"),
            "alarm.codes": _("warned that many wrong codes were typed"),
            "card.made": _("made a card for %(about)s"),
            "card.ended": _("ended the card of %(about)s"),
            "card.let_in_again": _("let %(about)s sign in with the card again"),
            "card.shut": _("stopped the card of %(about)s after wrong pictures"),
            "card.rests": _("stopped the card of %(about)s for a while after wrong pictures"),
            "class_page.made": _("made a new class page for %(about)s"),
            "class_page.opened": _("opened the class page of %(about)s"),
        },
    ),
    "staff": Kind(
        _("Staff and roles"),
        {
            "staff.added": _("added %(about)s to the staff"),
            "staff.corrected": _("corrected the record of %(about)s: %(fields)s"),
            "staff.end_planned": _("set a leaving day for %(about)s: %(day)s"),
            "staff.returned": _("took the leaving day of %(about)s away"),
            "staff.left": _("noted that %(about)s has left"),
            "staff_invitation.sent": _("invited %(about)s by e-mail"),
            "staff_invitation.withdrawn": _("withdrew the invitation of %(about)s"),
            "staff.account_accepted": _("accepted the invitation for %(about)s"),
            "staff.account_given": _("gave %(about)s an account"),
            "staff.account_ended": _("took the account of %(about)s away"),
            "roles.changed": _("changed the roles of %(about)s: %(roles)s"),
            "governor.proposed": _("proposed to the other leaders: %(about)s %(change)s"),
            "governor.withdrawn": _("withdrew what was proposed: %(about)s %(change)s"),
            "governor.changed": _("confirmed: %(about)s %(change)s"),
            "pin.ended": _("took the PIN of %(about)s away"),
            "pin.set": _("set the PIN of %(about)s"),
            "pin.locked": _("locked the PIN of %(about)s after wrong ones"),
            "pin.device_locked": _("locked a device of %(about)s after wrong PINs"),
        },
    ),
    "sign_in": Kind(
        _("Signing in and devices"),
        {
            "access.removed": _("ended the access of %(about)s to the portal"),
            "access.restored": _("gave %(about)s access to the portal again"),
            "address.changed": _("changed the e-mail address with which %(about)s signs in"),
            "mfa.reset": _("reset the second step of %(about)s"),
            "provider.connected": _("connected %(about)s with the school’s %(provider)s"),
            "provider.ended": _("ended the connection of %(about)s with the school’s %(provider)s"),
            "session.ended": _("signed a device of %(about)s out"),
            "session.all_ended": _("signed all devices of %(about)s out"),
            "signin.guessed": _("noticed wrong passwords for %(about)s"),
            "signin.codes_guessed": _("noticed wrong codes for %(about)s"),
            "signin.alarm": _("warned that many wrong passwords or codes were typed"),
            "parent_pin.chosen": _("chose a PIN that keeps children out"),
            "parent_pin.shut": _("locked the PIN of %(about)s after wrong ones"),
        },
    ),
    "school": Kind(
        _("School, hours and terms"),
        {
            "school.named": _("changed the school’s names and numbers: %(fields)s"),
            "calendar.changed": _("changed the calendar"),
            "terms.drafted": _("wrote version %(number)s of the usage terms"),
            "terms.published": _("published version %(number)s of the usage terms"),
            "behaviours.kept": _("looked at the behaviours and kept them"),
            "admin.added": _("added %(about)s (%(what)s)"),
            "admin.changed": _("changed %(about)s (%(what)s): %(fields)s"),
            "admin.deleted": _("deleted something from the records (%(what)s)"),
        },
    ),
    "classes": Kind(
        _("Classes"),
        {
            "class.added": _("made the class %(about)s"),
            "class.renamed": _("renamed a class: %(about)s"),
            "class.retired": _("retired the class %(about)s"),
            "class.reopened": _("opened the class %(about)s again"),
            "class.removed": _("removed an empty class"),
            "class.staff_changed": _("changed who works for %(about)s"),
            "class.stepped_in": _("opened the class account of %(about)s from their own"),
            "class.stepped_out": _("left the class account"),
            "class.locked": _("locked the class account"),
            "class_account.added": _("gave %(about)s an account"),
        },
    ),
    "points": Kind(
        _("Points"),
        {
            "points.awarded": _("gave points for %(about)s"),
            "points.undone": _("took points back within 10 minutes"),
            "points.board_set": _("set up the class board of %(about)s"),
        },
    ),
    "messages": Kind(
        _("Messages and stories"),
        {
            "message.changed": _("changed a message before it went out"),
            "message.withdrawn": _("withdrew a message before it went out"),
            "message.put_back": _("put back a message that they had withdrawn"),
            "message.hidden": _("hid %(about)s"),
            "message.rerouted": _("passed a message on to the office, which has it as %(about)s"),
            "message.sent_for_departed": _("sent %(about)s, which a colleague who has left had not sent"),
            "messages.flood": _("slowed the messages of %(about)s down: there were very many in an hour"),
            "messages.sent_to_many": _("wrote to several families at once"),
            "messages.withdrawn_together": _("withdrew a message to several families before it went out"),
            "messaging.suspended": _("stopped all messages of the school"),
            "messaging.lifted": _("let messages go on"),
            "conversation.done": _("closed %(about)s"),
            "conversation.opened": _("opened %(about)s again"),
            "conversation.overseen": _("read %(about)s as a leader"),
            "file.harmful": _("kept a harmful file out"),
            "arrivals.announced_late": _("told people late of messages that had come for them"),
            "post.written": _("wrote a story: %(about)s"),
            "post.changed": _("changed the story %(about)s before it went out"),
            "post.corrected": _("corrected the story %(about)s after it had gone out"),
            "post.withdrawn": _("withdrew the story %(about)s before it went out"),
            "post.hidden": _("hid the story %(about)s"),
            "post.taken_down": _("took the story %(about)s down"),
        },
    ),
    "office": Kind(
        _("The Main Office"),
        {
            "enquiry.recorded": _("wrote a telephone call down as %(about)s"),
            "enquiry.answered": _("answered the family’s enquiry %(about)s"),
            "enquiry.answered_outside": _("answered the family’s enquiry %(about)s by telephone or letter"),
            "reply.added": _("added the standard reply %(about)s"),
            "reply.changed": _("changed the standard reply %(about)s"),
            "reply.retired": _("retired the standard reply %(about)s"),
            "reply.restored": _("offered the standard reply %(about)s again"),
            "enquiry.taken": _("took on the enquiry %(about)s"),
            "enquiry.handed_over": _("handed the enquiry %(about)s over to a colleague"),
            "enquiry.closed": _("marked the enquiry %(about)s as done"),
            "enquiry.photo_removed": _("removed a photo that they had added to %(about)s"),
            "absence.changed": _("changed the absence that they had reported as %(about)s"),
            "absence.cancelled": _("cancelled the absence that they had reported as %(about)s"),
            "enquiry.reopened": _("opened the enquiry %(about)s again"),
            "answer.changed": _("changed an answer to %(about)s before it went out"),
            "answer.withdrawn": _("withdrew an answer to %(about)s before it went out"),
            "complaint.stage": _("moved the complaint %(about)s on to stage %(number)s"),
        },
    ),
    "reports": Kind(
        _("Reports and decisions"),
        {
            "report.made": _("reported what %(about)s wrote"),
            "report.opened": _("read the report about %(about)s"),
            "decision.hide": _("hid what %(about)s wrote"),
            "decision.warning": _("gave %(about)s a warning"),
            "decision.removal": _("ended the access of %(about)s after a report"),
            "decision.lift": _("gave %(about)s access again"),
            "decision.conduct": _("dealt with a report about %(about)s under the code of conduct"),
            "decision.nothing": _("closed a report about %(about)s, with nothing to do"),
        },
    ),
}
SENTENCES = {verb: sentence for kind in KINDS.values() for verb, sentence in kind.sentences.items()}
