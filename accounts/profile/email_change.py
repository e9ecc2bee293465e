"""Change the address for signing in.

By codes to both addresses, or by the office (AU-2).
"""

from datetime import datetime, timedelta

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.actor import Actor
from accounts.audit import record
from accounts.codes.email_codes import CodePolicy, CodesExpired, SentCodes, are_right, remember
from accounts.enums import DeliveryState
from accounts.models.notifications import Delivery
from accounts.models.people import User
from accounts.notify.outbox import queue_mail
from accounts.sessions.devices import end_all_sessions
from accounts.sessions.rate_limits import ADDRESS_CODES
from accounts.staff.governor_guard import note_own_address, refuse_alone
from malpas.lib.errors import RuleViolation

POLICY = CodePolicy("accounts.address", timedelta(minutes=30), ADDRESS_CODES)


class WrongCodes(RuleViolation):
    sentence = gettext_lazy("One of the two codes is not right. Please check both e-mails.")


class ChangeIsOver(RuleViolation):
    sentence = gettext_lazy("These codes no longer work. Please begin again.")


class AddressTaken(RuleViolation):
    sentence = gettext_lazy("Another account has this address.")


class PendingChange(SentCodes):
    """What the session stores of a change.

    The new address and the two codes' hashes.
    """

    email: str


def is_taken(address: str) -> bool:
    """Return whether an account has this address, confirmed or not."""
    return User.objects.with_address(address).exists()


def _code_mail(address: str, code: str, why: str, user: User) -> None:
    explanation = _(
        "It works for 30 minutes. Type it only on the school’s page. Nobody from school will ring you for it."
    )
    closing = _("If it was not you, choose a new password at once and tell the Main Office.")
    subject = _("Your code for a new e-mail address")
    queue_mail(
        address=address, subject=subject, body=f"{why}\n\n{code}\n\n{explanation}\n{closing}\n", user=user
    )


def begin_address_change(user: User, new: str, *, at: datetime) -> PendingChange:
    """Mail a code to each address.

    A new address that another account has gets a mail without a code; the page is the same.
    """
    make = get_adapter().generate_email_verification_code
    old_code, new_code = make(), make()
    with override(user.language):
        why = _(
            "Somebody wants to change the e-mail address of your account to %(new)s. This code agrees to it:"
        )
        _code_mail(user.email or "", old_code, why % {"new": new}, user)
        if is_taken(new):
            explanation = _(
                "Somebody wanted to use this e-mail address for their account. It has one already, so nothing was changed."
            )
            queue_mail(address=new, subject=_("You have an account already"), body=f"{explanation}\n")
        else:
            _code_mail(new, new_code, _("This code shows that this e-mail address is yours:"), user)
    return PendingChange(email=new, **remember(POLICY, old_code, new_code, at=at))


def finish_address_change(
    user: User,
    pending: PendingChange,
    *,
    old_code: str,
    new_code: str,
    by: Actor,
    at: datetime,
    keep: str = "",
) -> None:
    """Change the address when both codes are right.

    `keep` is the key of the session that goes on. Raises WrongCodes, and ChangeIsOver after half an hour or five tries.
    """
    try:
        right = are_right(POLICY, pending, old_code, new_code, at=at)
    except CodesExpired:
        raise ChangeIsOver from None
    if not right:
        raise WrongCodes
    try:
        set_address(user, pending["email"], by=by, keep=keep)
    except AddressTaken:
        raise WrongCodes from None  # taken meanwhile: answer no more than to a wrong code


def set_address(user: User, new: str, *, by: Actor | None, reason: str = "", keep: str = "") -> None:
    """Set the account's address, sign it out everywhere and notify both addresses.

    `keep`: key of the session that goes on, signed in anew by the caller. `reason`: how staff recognised
    the person who lost the old address. Raises AddressTaken, TakesTwo.
    """
    try:
        with transaction.atomic():
            row = User.objects.select_for_update().get(pk=user.pk)
            refuse_alone(row, by=by)
            if is_taken(new):
                raise AddressTaken
            if by is not None and by.user.pk == row.pk:
                note_own_address(row)
            old, row.email = row.email or "", new
            row.save(update_fields=["email"])
            EmailAddress.objects.filter(user=row).delete()
            EmailAddress.objects.create(user=row, email=new, verified=True, primary=True)
            Delivery.objects.filter(user=row, state=DeliveryState.PENDING, notification__isnull=False).update(
                address=new
            )
            end_all_sessions(row, by=by, keep=keep)
            record("address.changed", by=by, about=row, **({"reason": reason} if reason else {}))
            _notify_both(row, old, new)
    except IntegrityError:  # two at the same moment
        raise AddressTaken from None


def _notify_both(user: User, old: str, new: str) -> None:
    with override(user.language):
        subject = _("Your e-mail address was changed")
        explanation = _("You now sign in to the school’s portal with %(new)s, and no longer with %(old)s.")
        closing = _("You were signed out on other devices. If it was not you, telephone the Main Office.")
        body = f"{explanation % {'new': new, 'old': old}}\n\n{closing}\n"
        for address in (old, new):
            queue_mail(address=address, subject=subject, body=body, user=user)
