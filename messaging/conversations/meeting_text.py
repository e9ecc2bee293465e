"""Say what a proposal means to the side that reads it (TE-8, PA-8).

No query, no request, no clock.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.enums import Language
from messaging.enums import MeetingHow, ProposalKind

if TYPE_CHECKING:
    from messaging.models.proposals import Proposal


def title_of(proposal: Proposal, *, mine: bool, by_class: bool, parent: str) -> str:
    """Return the first line of a proposal.

    `mine`: this side wrote it. `by_class`: the reader is the class. An agreed time says who does what.
    """
    if proposal.chosen:
        return _agreed(proposal, proposal.chosen, by_class=by_class, parent=parent)
    if proposal.kind == ProposalKind.REQUEST:
        return _("You asked for a meeting") if mine else _("%(name)s asks for a meeting") % {"name": parent}
    if proposal.kind == ProposalKind.OFFER and mine:
        return _("You offered times to meet")
    return str(ProposalKind(proposal.kind).label)


def details_of(proposal: Proposal) -> str:
    """Return how and in which language, in words: 'in person or by telephone, in English'."""
    if proposal.kind in (ProposalKind.NONE_SUIT, ProposalKind.CANCELLED):
        return ""
    ways = {
        MeetingHow.IN_PERSON: _("in person"),
        MeetingHow.TELEPHONE: _("by telephone"),
        MeetingHow.EITHER: _("in person or by telephone"),
    }
    languages = {Language.ENGLISH: _("in English"), Language.WELSH: _("in Welsh")}
    way = "" if proposal.chosen else ways.get(MeetingHow(proposal.how), "") if proposal.how else ""
    spoken = languages[Language(proposal.spoken)] if proposal.spoken else ""
    return ", ".join(part for part in (way, spoken) if part)


def _agreed(proposal: Proposal, chosen: datetime, *, by_class: bool, parent: str) -> str:
    moment = localtime(chosen)
    when = {"day": date_format(moment, "l j F"), "time": date_format(moment, "H:i"), "name": parent}
    rings = proposal.kind == ProposalKind.TELEPHONE or proposal.how == MeetingHow.TELEPHONE
    if by_class:
        said = (
            _("Telephone %(name)s on %(day)s at %(time)s")
            if rings
            else _("%(name)s comes on %(day)s at %(time)s")
        )
    else:
        said = (
            _("We telephone you on %(day)s at %(time)s")
            if rings
            else _("Come to school on %(day)s at %(time)s")
        )
    return said % when
