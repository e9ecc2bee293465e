"""Decide who keeps the office's standard replies."""

from accounts.actor import Actor


def may_keep_replies(actor: Actor) -> bool:
    """Tell whether this person makes, changes and retires them."""
    return actor.is_office or actor.is_slt
