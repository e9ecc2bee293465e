"""Send the code of a sign-up again, or to another address, without beginning anew (AU-2).

An address that has an account already gets the same page and the same answers: nobody learns of it here.
"""

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.account.utils import complete_signup, setup_user_email
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.allauth_internals import SignUpCode, send_sign_up_code_again, send_sign_up_code_to
from accounts.http import OpenRequest
from accounts.models.notifications import Delivery
from accounts.models.people import User
from accounts.sessions.devices import session_key
from accounts.sessions.rate_limits import (
    ANOTHER_ADDRESS,
    SEND_AGAIN,
    SEND_AGAIN_MOST,
    RateLimit,
    RateLimited,
)
from accounts.sign_in.forms import SIGN_UP, WrongAddressForm
from malpas.lib.errors import RuleViolation


class SentJustNow(RuleViolation):
    sentence = _("We sent it a moment ago. Please wait a minute, and check your junk or spam folder.")


class NoMoreAddresses(RuleViolation):
    sentence = _("That was a lot of addresses. Please wait an hour, or telephone the office.")


def send_again(request: OpenRequest, code: SignUpCode) -> None:
    """Mail the same code once more, so that either mail opens. Raises SentJustNow, RateLimited."""
    try:
        RateLimit((SEND_AGAIN, session_key(request))).acquire()
    except RateLimited:
        raise SentJustNow from None
    RateLimit((SEND_AGAIN_MOST, code.email)).acquire()
    send_sign_up_code_again(code)


def change_address(request: OpenRequest, code: SignUpCode, form: WrongAddressForm) -> HttpResponse | None:
    """Mail a new code to another address; the code that went to the first one ends.

    Returns an answer where the account is made only now. Raises NoMoreAddresses.
    """
    try:
        RateLimit((ANOTHER_ADDRESS, session_key(request))).acquire()
    except RateLimited:
        raise NoMoreAddresses from None
    email = form.cleaned_data["email"]
    try:
        RateLimit((SEND_AGAIN_MOST, email)).acquire()
    except RateLimited:
        raise NoMoreAddresses from None
    if code.user is None and not User.objects.with_address(email).exists():
        try:
            return _make_account(request, form)
        except IntegrityError:  # the same form twice at once: the first has the account
            pass
    taken = code.user is None or not _move(code.user, email)
    send_sign_up_code_to(code, email, taken=taken)
    return None


def _move(user: User, email: str) -> bool:
    """Give an account that nobody has opened yet this address; return False where another account has it."""
    try:
        with transaction.atomic():
            row = User.objects.select_for_update().get(pk=user.pk)
            mine = EmailAddress.objects.filter(user=row)
            others = User.objects.with_address(email).exclude(pk=row.pk)
            if others.exists() or mine.filter(verified=True).exists():
                return False
            Delivery.objects.filter(user=row, address__iexact=row.email or "").cancel()
            mine.delete()
            row.email = email
            row.save(update_fields=["email"])
            EmailAddress.objects.create(user=row, email=email, primary=True)
    except IntegrityError:  # two at the same moment
        return False
    user.email = email
    return True


def _make_account(request: OpenRequest, form: WrongAddressForm) -> HttpResponse:
    """Make the account that was not made because the first address has one."""
    adapter, password = get_adapter(), request.session.pop(SIGN_UP, "")
    with transaction.atomic():
        user = adapter.save_user(request, adapter.new_user(request), form)
        if password:
            user.password = password
            user.save(update_fields=["password"])
        setup_user_email(request, user, [])
    return complete_signup(request, user, None, None)
