"""Adapt allauth's sign-up and sign-in to the school's rules.

An account starts with a code, and names come from the school's records.
"""

from datetime import datetime

from allauth.account.adapter import get_current_site
from allauth.core import context as allauth_context
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.http import OpenRequest
from accounts.models.people import User
from accounts.notify.outbox import queue_mail
from accounts.sign_in.adapter import SignInAdapter
from accounts.sign_in.error_messages import SIGN_IN_ERRORS
from accounts.staff.invitation_link import carried_invitation
from classes.joining.code_abuse import note_other_adult
from classes.joining.queries import find_carried_invitation
from classes.joining.services import NotForThem, claim, redeem, redeem_claimed
from classes.models.guardianships import Guardianship
from classes.models.joining import Invitation
from malpas.lib.errors import RuleViolation

CARRIED = "invitation"


def carried(request: OpenRequest) -> Invitation | None:
    """Return the invitation that this browser carries from the code's page."""
    return find_carried_invitation(request.session.get(CARRIED))


def redeem_or_note(invitation: Invitation, *, by: Actor, at: datetime) -> Guardianship:
    """Redeem a code; note it when another adult tried it (A17).

    Another adult gets the same answer as for any refused code, and the office is notified.
    """
    try:
        return redeem(invitation_id=invitation.pk, by=by, at=at)
    except NotForThem:
        note_other_adult(invitation.pk, by=by)
        raise


def welcome(request: OpenRequest, guardianships: list[Guardianship]) -> None:
    """Tell the person which children were added to their account."""
    for guardianship in guardianships:
        messages.success(
            request, _("%(name)s is now in your account.") % {"name": guardianship.pupil.first_name}
        )


class PortalAdapter(SignInAdapter):
    error_messages = SignInAdapter.error_messages | SIGN_IN_ERRORS

    def is_open_for_signup(self, request: OpenRequest) -> bool:
        """Return whether this browser carries a code or a staff invitation (PA-1)."""
        return self.brings_code(request) or carried_invitation(request) is not None

    def brings_code(self, request: OpenRequest) -> bool:
        return carried(request) is not None

    def may_sign_up_with(self, request: OpenRequest, email: str) -> bool:
        return self.brings_code(request) or super().may_sign_up_with(request, email)

    def save_user(self, request, user, form, commit=True) -> User:
        """Save the account under the name of the records (AU-8).

        The code is claimed now, and redeemed once the address is confirmed.
        """
        user = super().save_user(request, user, form, commit=False)
        invitation = carried(request)
        if invitation:
            user.name = invitation.guardianship.contact.full_name
        elif offer := carried_invitation(request):
            user.name = offer.staff.signature
        user.language = (get_language() or "en")[:2]
        if commit:
            with transaction.atomic():
                user.save(force_insert=True)
                if invitation:
                    claim(invitation=invitation, user=user)
        return user

    def confirm_email(self, request, email_address) -> bool:
        """Confirm the address and redeem what was claimed at sign-up (AU-2).

        In one transaction.
        """
        with transaction.atomic():
            confirmed = super().confirm_email(request, email_address)
            if confirmed:
                self._redeem_claimed(request, email_address.user)
        return confirmed

    def _redeem_claimed(self, request: OpenRequest, user: User) -> None:
        try:
            welcome(request, redeem_claimed(by=Actor(user), at=request.school.now))
        except RuleViolation as violation:
            messages.error(request, violation.sentence)

    def post_login(self, request, user, **kwargs) -> HttpResponse:
        """Redeem a code carried by somebody who has an account already."""
        self._redeem_claimed(request, user)  # signing in by a mailed code has confirmed the address too
        invitation = carried(request)
        request.session.pop(CARRIED, None)
        if invitation:
            try:
                actor = Actor(user, getattr(user, "staff_member", None))
                welcome(request, [redeem_or_note(invitation, by=actor, at=request.school.now)])
            except RuleViolation as violation:
                messages.error(request, violation.sentence)
        return super().post_login(request, user, **kwargs)

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Queue mail in the person's language."""
        request = allauth_context.request
        user = context.get("user") or User.objects.filter(email__iexact=email).first()
        known = {"request": request, "email": email, "current_site": get_current_site(request), **context}
        with override(user.language if user else get_language()):
            mail = self.render_mail(template_prefix, email, known)
        queue_mail(address=email, subject=mail.subject, body=mail.body, user=user)


__all__ = ["CARRIED", "PortalAdapter", "carried", "welcome"]
