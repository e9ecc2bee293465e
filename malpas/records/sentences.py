"""Say in words what each kind of entry in the audit log means.

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
            "contact.not_same": _("said that %(about)s is not the same person as somebody of a like name"),
            "guardianship.corrected": _("corrected the connection %(about)s"),
            "guardianship.merged": _("put two connections together: %(about)s"),
            "guardianship.added": _("connected %(about)s"),
            "guardianship.joined": _("joined: %(about)s"),
            "guardianship.ended": _("ended the access of %(about)s"),
            "guardianship.opened": _("opened the access of %(about)s again"),
            "guardianship.restricted": _("access of %(about)s: %(before)s → %(after)s"),
            "roster.imported": _("brought a roster in"),
            "roster.undone": _("undid a roster"),
            "roster.expired": _("discarded a roster that nobody had applied"),
            "roster.columns_named": _("said what %(columns)s columns of the roster are"),
            "roster.column_forgotten": _("took back what a column of the roster is"),
        },
    ),
    "joining": Kind(
        _("Codes and letters"),
        {
            "invitation.made": _("made a code for %(about)s"),
            "invitation.withdrawn": _("withdrew the code of %(about)s"),
            "invitation.tried_by_another": _("typed a code that is somebody else’s"),
            "slot.approved": _("approved a further adult: %(about)s"),
            "code.approved": _("approved a code for %(about)s"),
            "approval.asked": _("asked the leaders about %(about)s"),
            "approval.refused": _("refused %(about)s; codes that ended: %(ended)s"),
            "letters.drawn": _("drew letters with codes anew: %(number)s"),
            "letters.requested": _("asked for letters with codes: %(number)s"),
            "letters.made": _("made letters with codes: %(number)s"),
            "letters.fetched": _("opened the letters of %(about)s"),
            "letters.expired": _("deleted letters that nobody had opened; codes that ended: %(ended)s"),
            "alarm.codes": _("raised the alarm: many wrong codes were typed"),
            "card.made": _("made a card for %(about)s"),
            "card.ended": _("ended the card of %(about)s"),
            "card.let_in_again": _("let %(about)s sign in with the card again"),
            "card.shut": _("shut the card of %(about)s after wrong pictures"),
            "card.rests": _("let the card of %(about)s rest after wrong pictures"),
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
            "staff.left": _("noted that %(about)s has left; withdrawn messages: %(withdrawn)s"),
            "staff_invitation.sent": _("invited %(about)s by e-mail"),
            "staff_invitation.withdrawn": _("withdrew the invitation of %(about)s"),
            "staff.account_accepted": _("accepted the invitation for %(about)s"),
            "staff.account_given": _("gave %(about)s an account"),
            "staff.account_ended": _("took the account of %(about)s away"),
            "roles.changed": _("changed the roles of %(about)s: %(roles)s"),
            "governor.proposed": _("proposed a change of the governor: %(about)s %(change)s"),
            "governor.withdrawn": _("withdrew the proposed change of the governor: %(about)s %(change)s"),
            "governor.changed": _("changed the governor: %(about)s %(change)s"),
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
            "signin.alarm": _("raised the alarm: many wrong sign-ins"),
            "parent_pin.chosen": _("chose a PIN that keeps children out"),
            "parent_pin.shut": _("locked the PIN of %(about)s after wrong ones"),
        },
    ),
    "school": Kind(
        _("School, hours and terms"),
        {
            "school.named": _("changed the school’s names and numbers: %(fields)s"),
            "calendar.changed": _("changed the calendar; what waits and moved: %(moved)s"),
            "terms.drafted": _("wrote version %(number)s of the usage terms"),
            "terms.published": _("published version %(number)s of the usage terms"),
            "behaviours.kept": _("looked at the behaviours and kept them"),
            "admin.added": _("added %(about)s"),
            "admin.changed": _("changed %(about)s: %(fields)s"),
            "admin.deleted": _("deleted %(about)s"),
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
            "class_account.added": _("gave %(about)s an account"),
        },
    ),
    "points": Kind(
        _("Points"),
        {
            "points.awarded": _("gave points for %(about)s"),
            "points.undone": _("took back an award within ten minutes"),
            "points.board_set": _("set up the board of %(about)s"),
        },
    ),
    "messages": Kind(
        _("Messages and stories"),
        {
            "message.changed": _("changed a message that waited"),
            "message.withdrawn": _("withdrew a message that waited"),
            "message.hidden": _("hid %(about)s"),
            "message.rerouted": _("passed a message on to the office as %(about)s"),
            "message.sent_for_departed": _("sent what a departed colleague had left waiting: %(about)s"),
            "messages.flood": _("slowed the messages of %(about)s down: very many in an hour"),
            "messages.sent_to_many": _("wrote to %(sent)s families at once"),
            "messages.withdrawn_together": _("withdrew a message to many families that waited"),
            "messaging.suspended": _("stopped all messages; waiting: %(pending)s"),
            "messaging.lifted": _("let messages go on; moved: %(moved)s"),
            "conversation.done": _("closed %(about)s"),
            "conversation.opened": _("opened %(about)s again"),
            "conversation.overseen": _("read %(about)s as a leader"),
            "file.harmful": _("kept a harmful file out"),
            "arrivals.announced_late": _(
                "announced %(messages)s messages late, by up to %(minutes)s minutes"
            ),
            "post.written": _("wrote a story: %(about)s"),
            "post.changed": _("changed the story %(about)s while it waited"),
            "post.withdrawn": _("withdrew the story %(about)s while it waited"),
            "post.hidden": _("hid the story %(about)s"),
            "post.taken_down": _("took the story %(about)s down"),
        },
    ),
    "office": Kind(
        _("The Main Office"),
        {
            "enquiry.recorded": _("wrote a call down as %(about)s"),
            "enquiry.answered": _("answered %(about)s"),
            "enquiry.answered_outside": _("answered %(about)s by telephone or letter"),
            "reply.added": _("added the standard reply %(about)s"),
            "reply.changed": _("changed the standard reply %(about)s"),
            "reply.retired": _("retired the standard reply %(about)s"),
            "reply.restored": _("offered the standard reply %(about)s again"),
            "enquiry.taken": _("took %(about)s"),
            "enquiry.handed_over": _("handed %(about)s over"),
            "enquiry.closed": _("closed %(about)s"),
            "enquiry.reopened": _("opened %(about)s again"),
            "answer.changed": _("changed an answer that waited, to %(about)s"),
            "answer.withdrawn": _("withdrew an answer that waited, to %(about)s"),
            "complaint.stage": _("set stage %(number)s of the complaint %(about)s"),
        },
    ),
    "reports": Kind(
        _("Reports and decisions"),
        {
            "report.made": _("reported something: %(about)s"),
            "report.opened": _("read the report %(about)s"),
            "decision.hide": _("hid what was reported: %(about)s"),
            "decision.warning": _("gave a warning: %(about)s"),
            "decision.removal": _("ended somebody’s access: %(about)s"),
            "decision.lift": _("lifted a removal: %(about)s"),
            "decision.conduct": _("dealt with a report under the code of conduct: %(about)s"),
            "decision.nothing": _("closed a report: %(about)s"),
        },
    ),
}
SENTENCES = {verb: sentence for kind in KINDS.values() for verb, sentence in kind.sentences.items()}
