"""Combine two connections of one adult with one child: the strictest stays.

Pure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from classes.enums import Restriction, Suggestion

if TYPE_CHECKING:
    from classes.models.guardianships import Guardianship

RESTRICTIONS = (Restriction.NONE, Restriction.MESSAGING_PAUSED, Restriction.NO_ACCESS)
SUGGESTIONS = (Suggestion.INVITE, Suggestion.CONTACT_ONLY, Suggestion.HOLD)
COLUMNS = (
    "parental_responsibility", "court_order", "order_decided_at", "suggestion", "restriction", "restriction_note",
)  # fmt: skip


def strictest(one: Guardianship, other: Guardianship) -> dict[str, object]:
    """Return the columns that both together have.

    A court order or restriction of either counts, responsibility only where both have it. An order that nobody has
    decided about is undecided.
    """
    ordered = [each for each in (one, other) if each.court_order]
    decided = [each.order_decided_at for each in ordered]
    notes = dict.fromkeys(each.restriction_note for each in (one, other) if each.restriction_note.strip())
    return {
        "parental_responsibility": one.parental_responsibility and other.parental_responsibility,
        "court_order": bool(ordered),
        "order_decided_at": None if None in decided else max(filter(None, decided), default=None),
        "suggestion": max(
            one.suggestion, other.suggestion, key=lambda said: SUGGESTIONS.index(Suggestion(said))
        ),
        "restriction": stricter(one, other),
        "restriction_note": "\n".join(notes),
    }


def stricter(one: Guardianship, other: Guardianship) -> Restriction:
    return max(Restriction(one.restriction), Restriction(other.restriction), key=RESTRICTIONS.index)
