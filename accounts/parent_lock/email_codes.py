"""A code by mail that unlocks for a parent who signs in without a password (PA-11)."""

from datetime import datetime, timedelta

from allauth.account.adapter import get_adapter
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.sessions.rate_limits import MAILED_CODE, Limit, RateLimit, RateLimited

SENT = "parent_lock_code"  # the key in the session
SENDING = Limit("unlock-code-sent", 5, 15 * 60)
LIFE = timedelta(minutes=15)
MOST_WRONG = 3


def _mark(code: str) -> str:
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    return salted_hmac("accounts.parent_lock.email_codes", plain, algorithm="sha256").hexdigest()


def send_unlock_code(request: HttpRequest) -> None:
    """Sends a new code to the parent's own address; an older one ends. Raises TooManyAttempts after five."""
    user = request.actor.user
    RateLimit((SENDING, user.pk)).acquire()
    code = get_adapter().generate_login_code()
    request.session[SENT] = {"mark": _mark(code), "at": request.school.now.isoformat(), "wrong": 0}
    get_adapter().send_mail("account/email/login_code", user.email, {"code": code, "user": user})


def is_code_sent(request: HttpRequest) -> bool:
    sent = request.session.get(SENT)
    return sent is not None and request.school.now - datetime.fromisoformat(sent["at"]) <= LIFE


def try_unlock_code(request: HttpRequest, code: str) -> bool:
    """Whether it is the code that was sent to this session within a quarter of an hour; good once, for three tries."""
    sent = request.session.pop(SENT) if is_code_sent(request) else None
    if sent is None:
        return False
    try:
        # The session counts too, and each of parallel requests begins with the same count.
        RateLimit((MAILED_CODE, sent["mark"])).acquire()
    except RateLimited:
        return False
    if constant_time_compare(sent["mark"], _mark(code)):
        return True
    if sent["wrong"] + 1 < MOST_WRONG:
        request.session[SENT] = sent | {"wrong": sent["wrong"] + 1}
    return False
