"""Check who may write, and who may sign (PA-6, TE-4)."""

from datetime import datetime, timedelta

from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.models.people import User
from accounts.models.school import School
from classes.enums import Restriction
from classes.models.classrooms import READ_BY_SOMEBODY
from classes.models.pupils import Pupil
from malpas.lib.errors import RuleViolation
from messaging.errors import NotYourConversation, TooManyMessages
from messaging.locks import lock_writer


class MessagingPaused(RuleViolation):
    sentence = _("Writing to the class is paused for you. Please telephone the office.")


class PausedForFamily(MessagingPaused):
    sentence = _("Messages with this family are paused. Please ask the office.")


class MessagingSuspended(RuleViolation):
    sentence = _("The school has stopped all messages for now. Please telephone the office.")


class NobodyReads(RuleViolation):
    """Refuse a message to a class without an account or staff (PA-6)."""

    sentence = _(
        "Nobody reads messages to this class at the moment. Please telephone the Main Office: %(phone)s."
    )

    def __init__(self, school: School) -> None:
        super().__init__(self.sentence % {"phone": school.office_phone})


def refuse_while_suspended(school: School) -> None:
    if school.messaging_suspended_at:
        raise MessagingSuspended


SIGNED = """
    SELECT u.id FROM accounts_user u
    JOIN classes_classroom c ON c.account_id = u.id
    JOIN classes_classroom_staff m ON m.classroom_id = c.id
    JOIN accounts_staffmember s ON s.id = m.staffmember_id
    WHERE u.id = %s AND s.id = %s AND s.left_on IS NULL
    FOR NO KEY UPDATE OF u FOR KEY SHARE OF m, s
"""


def may_sign(by: Actor) -> bool:
    """Lock the writer and tell whether they may sign for this account.

    At a class account one query locks and asks whether the signing person works here and in this class, so
    that it is serialised with the transaction in which they leave (F35).
    """
    if by.is_class and by.staff is not None:
        return bool(list(User.objects.raw(SIGNED, [by.user.pk, by.staff.pk])))
    lock_writer(by.user)
    return not by.is_class


# Of a child and a parent with access: the guardianship's restriction, the conversation's id, how many messages the
# writer has sent since, and whether somebody reads what is written to the class.
# `has_access` says that the guardianship is live; only one of an adult and a child has not ended.
RIGHT_TO_WRITE = f"""
    SELECT g.restriction, c.id,
        (SELECT count(*) FROM messaging_message m WHERE m.author_id = %(writer)s AND m.sent_at > %(since)s),
        {READ_BY_SOMEBODY}
    FROM classes_guardianship g
    JOIN classes_contact k ON k.id = g.contact_id
    JOIN classes_pupil p ON p.id = g.pupil_id
    LEFT JOIN classes_classroom r ON r.id = p.classroom_id
    LEFT JOIN messaging_conversation c ON c.pupil_id = p.id AND c.parent_id = k.user_id
    WHERE g.pupil_id = %(pupil)s AND k.user_id = %(parent)s AND g.ended_at IS NULL
        AND has_access(g.pupil_id, k.user_id, false) AND %(writer)s = {{writer}}
"""


def right_to_write(
    by: Actor, pupil: Pupil, parent: User, since: datetime
) -> tuple[str, int | None, int, bool] | None:
    """Return what decides whether `by` may write here, in one query.

    None without a live guardianship.
    The tuple: the guardianship's restriction, the conversation's id, how many messages the account has sent
    `since` (UTC), and whether somebody reads what is written to the class.
    """
    statement = RIGHT_TO_WRITE.format(writer="r.account_id" if by.is_class else "k.user_id")
    values: dict[str, int | datetime] = {
        "writer": by.user.pk,
        "since": since,
        "pupil": pupil.pk,
        "parent": parent.pk,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()


def conversation_to_write_in(
    pupil: Pupil, parent: User, by: Actor, at: datetime, school: School
) -> int | None:
    """Return the conversation's id, or None before its first message.

    Raises NotYourConversation, MessagingPaused, PausedForFamily, NobodyReads, TooManyMessages.
    """
    if by.is_pupil or (by.is_class and by.staff is None):
        raise NotYourConversation
    found = right_to_write(by, pupil, parent, at - timedelta(hours=1))
    if found is None:
        raise NotYourConversation
    restriction, conversation_id, sent, is_read = found
    if restriction == Restriction.MESSAGING_PAUSED:
        raise PausedForFamily if by.is_class else MessagingPaused
    if not by.is_class and not is_read:
        raise NobodyReads(school)
    if not by.is_class and sent >= school.messages_an_hour:
        raise TooManyMessages
    return conversation_id
