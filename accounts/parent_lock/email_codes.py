"""Unlock by an e-mailed code, for parents who sign in without a password (PA-11)."""

from datetime import timedelta

from allauth.account.adapter import get_adapter

from accounts.codes.email_codes import CodePolicy, CodesExpired, are_right, is_current, remember
from accounts.http import PortalRequest
from accounts.sessions.rate_limits import MAILED_CODE, Limit, RateLimit

SENT = "parent_lock_code"  # the key in the session
SENDING = Limit("unlock-code-sent", 5, 15 * 60)
POLICY = CodePolicy("accounts.parent_lock.email_codes", timedelta(minutes=15), MAILED_CODE)


def send_unlock_code(request: PortalRequest) -> None:
    """Send a new code to the parent's own address and end an older one.

    Raises RateLimited after five in a quarter of an hour.
    """
    user = request.actor.user
    RateLimit((SENDING, user.pk)).acquire()
    code = get_adapter().generate_login_code()
    request.session[SENT] = remember(POLICY, code, at=request.school.now)
    get_adapter().send_mail("account/email/login_code", user.email, {"code": code, "user": user})


def is_code_sent(request: PortalRequest) -> bool:
    """Return whether this session waits for a code that still works."""
    sent = request.session.get(SENT)
    return sent is not None and is_current(POLICY, sent, at=request.school.now)


def try_unlock_code(request: PortalRequest, code: str) -> bool:
    """Return whether it is the code sent to this session; a right one works once."""
    sent = request.session.pop(SENT, None)
    if sent is None:
        return False
    try:
        if are_right(POLICY, sent, code, at=request.school.now):
            return True
    except CodesExpired:
        return False
    request.session[SENT] = sent | {"tries": sent["tries"] + 1}
    return False
