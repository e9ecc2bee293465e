"""Make, change and retire the office's standard replies (PA-7)."""

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.audit import record
from accounts.models.school import School
from malpas.lib.errors import RuleViolation
from messaging.models.screening import StandardReply
from messaging.office.rules.replies import may_keep_replies

COLUMNS = ("title_en", "title_cy", "body_en", "body_cy")


class TitleTaken(RuleViolation):
    sentence = _("There is a reply with this title already.")


def _begin(by: Actor) -> None:
    """Lock the lists for this change; every process reads them again.

    Raises PermissionDenied.
    """
    if not may_keep_replies(by):
        raise PermissionDenied
    School.objects.filter(pk=1).update(lists_version=F("lists_version") + 1)


def _in_use(title: str, *, besides: StandardReply | None = None) -> StandardReply | None:
    """Return the reply in use that has this title, other than `besides`."""
    same = StandardReply.objects.filter(for_office=True, retired_at__isnull=True, title_en__iexact=title)
    return (same.exclude(pk=besides.pk) if besides else same).first()


@transaction.atomic
def add_reply(facts: Mapping[str, str], *, by: Actor) -> StandardReply:
    """Make a reply from the COLUMNS.

    The same once more returns the first. Raises TitleTaken.
    """
    _begin(by)
    columns = {name: facts[name] for name in COLUMNS}
    if first := _in_use(columns["title_en"]):
        if any(getattr(first, name) != said for name, said in columns.items()):
            raise TitleTaken
        return first
    reply = StandardReply.objects.create(for_office=True, **columns)
    record("reply.added", by=by, about=reply)
    return reply


@transaction.atomic
def change_reply(reply: StandardReply, facts: Mapping[str, str], *, by: Actor) -> None:
    """Change a reply; what was sent with it stays as it was.

    Raises TitleTaken.
    """
    _begin(by)
    columns = {name: facts[name] for name in COLUMNS}
    if reply.retired_at is None and _in_use(columns["title_en"], besides=reply):
        raise TitleTaken
    StandardReply.objects.filter(pk=reply.pk, for_office=True).update(**columns)
    record("reply.changed", by=by, about=reply)


@transaction.atomic
def retire_reply(reply: StandardReply, *, by: Actor, at: datetime) -> None:
    """Offer a reply no more; a repeated request changes nothing."""
    _begin(by)
    if StandardReply.objects.filter(pk=reply.pk, for_office=True, retired_at__isnull=True).update(
        retired_at=at
    ):
        record("reply.retired", by=by, about=reply)


@transaction.atomic
def restore_reply(reply: StandardReply, *, by: Actor) -> None:
    """Offer a retired reply again. Raises TitleTaken."""
    _begin(by)
    if _in_use(reply.title_en, besides=reply):
        raise TitleTaken
    if StandardReply.objects.filter(pk=reply.pk, for_office=True, retired_at__isnull=False).update(
        retired_at=None
    ):
        record("reply.restored", by=by, about=reply)
