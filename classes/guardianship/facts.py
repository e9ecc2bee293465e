"""Change by hand what the records say of an adult and a child (PA-2)."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.audit import record
from classes.corrections.services import note_changes
from classes.guardianship.rules import Facts, loosens
from classes.guardianship.services import HasEnded, NotYours, lock_guardianship
from classes.joining.rules import why_approval
from classes.models.guardianships import Guardianship
from classes.models.joining import Invitation
from classes.own_children import refuse_own_child
from classes.rules import check_ends, may_run_joining
from malpas.lib.errors import RuleViolation


class LeaderSays(RuleViolation):
    sentence = _(
        "This would let the adult have a code more easily, so a senior leader changes it. Please ask one of them."
    )


def facts_of(guardianship: Guardianship) -> Facts:
    return Facts(*(getattr(guardianship, name) for name in Facts._fields))


@transaction.atomic
def change_facts(
    *, guardianship: Guardianship, values: Mapping[str, Any], ends: int | None = None, by: Actor
) -> set[str]:
    """Change these facts of a connection; return which have changed (PA-2).

    `values`: some of the fields of Facts. `ends`: how many open codes end by it, as somebody has confirmed: the
    database ends a code that now needs an approval. A new court order waits for a decision. Raises NotYours, OwnChild,
    HasEnded, LeaderSays for an office that loosens, EndsOthers with the number.
    """
    if not may_run_joining(by):
        raise NotYours
    refuse_own_child(guardianship, by=by)
    guardianship = lock_guardianship(guardianship)
    if guardianship.ended_at:
        raise HasEnded
    facts = facts_of(guardianship)
    after = facts._replace(**values)
    before = {name: was for name, was in facts._asdict().items() if was != getattr(after, name)}
    if not before:
        return set()
    if loosens(facts, after) and not by.is_slt:
        raise LeaderSays
    for name in before:
        setattr(guardianship, name, getattr(after, name))
    ended = Invitation.objects.open().filter(guardianship=guardianship).count()
    ended = ended if why_approval(guardianship) else 0
    check_ends(ended, ends)
    if "court_order" in before and after.court_order:
        guardianship.order_decided_at = None
    guardianship.save(update_fields=[*before, "order_decided_at"])
    note_changes(guardianship, before, by=by)
    record("guardianship.corrected", by=by, about=guardianship, fields=sorted(before), ended=ended)
    return set(before)
