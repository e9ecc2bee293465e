"""Change or withdraw a message that has not arrived yet (TE-4, PA-6)."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.audit import record
from accounts.calendar.services import lock_school_for_share
from malpas.lib.errors import RuleViolation
from messaging.attachments.attach import alt_texts_of, change_files, copy_unsent
from messaging.body import require_body
from messaging.conversations.rules import may_change
from messaging.conversations.services.permissions import may_sign, refuse_while_suspended
from messaging.conversations.services.screening import screen_body
from messaging.enums import WithdrawnBecause
from messaging.errors import NotYourConversation
from messaging.models.conversations import Message


class AlreadyArrived(RuleViolation):
    sentence = _("This message has already arrived, so it stays as it is. You can write another.")


def _require_own(message: Message, by: Actor) -> None:
    if not may_change(message, by):
        raise PermissionDenied


@transaction.atomic
def change_message(
    message: Message,
    *,
    by: Actor,
    at: datetime,  # noqa: ARG001 (whether it still waits, the database's clock says at the row)
    body: str,
    confirmed: Collection[str] | None = None,
    files: Collection[str] | None = None,
    described: Mapping[str, str] | None = None,
) -> Message:
    """Change a pending message, signed by `by` (TE-4, PA-6).

    `confirmed`: as for `send_message`. `files`: names of the attachments it then has, new ones included;
    None keeps them. `described`: descriptions of photos, by name.

    Raises AlreadyArrived when the database's clock has reached it, and what `send_message` raises for a
    body.
    """
    _require_own(message, by)
    body = require_body(body)
    if not may_sign(by):
        raise NotYourConversation
    school = lock_school_for_share()
    refuse_while_suspended(school)
    if confirmed is not None:
        descriptions = "\n".join([alt_texts_of(files or (), by), *(described or {}).values()])
        screen_body(body, by=by, confirmed=confirmed, school=school, descriptions=descriptions)
    signed = {"staff": by.staff} if by.is_class else {}
    if not Message.objects.pending().filter(pk=message.pk).update(body=body, **signed):
        raise AlreadyArrived
    if files is not None:
        change_files(message, files, by=by, described=described)
    record("message.changed", by=by, about=message)
    message.body = body
    return message


@transaction.atomic
def withdraw_message(message: Message, *, by: Actor, at: datetime) -> None:
    """Withdraw a pending message, so that it never arrives (TE-4, PA-6).

    Its files are the writer's again, for a message written anew. A repeated request changes nothing. Raises AlreadyArrived when the database's clock has reached it: no
    message is both withdrawn and arrived.
    """
    _require_own(message, by)
    waiting = Message.objects.pending().filter(pk=message.pk)
    if waiting.update(withdrawn_at=at, withdrawn_because=WithdrawnBecause.WRITER):
        copy_unsent(message, by=by, at=at)
        record("message.withdrawn", by=by, about=message)
    elif not Message.objects.filter(pk=message.pk, withdrawn_at__isnull=False).exists():
        raise AlreadyArrived
