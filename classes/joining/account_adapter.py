"""Sign-up and sign-in, as allauth does them, with the school's rules: a code first, names from the records."""

from datetime import datetime

from allauth.account.adapter import get_current_site
from allauth.core import context as allauth_context
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models.people import User
from accounts.notify.outbox import queue_mail
from accounts.sign_in.adapter import SignInAdapter
from accounts.sign_in.error_messages import SIGN_IN_ERRORS
from accounts.staff.invitation_link import carried_invitation
from accounts.tasks import deliver, nudge
from classes.joining.code_abuse import note_other_adult
from classes.joining.queries import find_carried_invitation
from classes.joining.services import NotForThem, claim, redeem, redeem_claimed
from classes.models.guardianships import Guardianship
from classes.models.joining import Invitation
from malpas.lib.errors import RuleViolation

CARRIED = "invitation"


def carried(request: HttpRequest) -> Invitation | None:
    """The invitation that this browser brought from the code's page."""
    return find_carried_invitation(request.session.get(CARRIED))


def redeem_or_note(invitation: Invitation, *, by: Actor, at: datetime) -> Guardianship:
    """Uses the code for whom it is. Anybody else gets the one answer, and the office hears of it (A17)."""
    try:
        return redeem(invitation_id=invitation.pk, by=by, at=at)
    except NotForThem:
        note_other_adult(invitation.pk, by=by)
        raise


def welcome(request: HttpRequest, guardianships: list[Guardianship]) -> None:
    """Says whose page has been added."""
    for guardianship in guardianships:
        messages.success(
            request, _("%(name)s is now in your account.") % {"name": guardianship.pupil.first_name}
        )


class PortalAdapter(SignInAdapter):
    error_messages = SignInAdapter.error_messages | SIGN_IN_ERRORS

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """An account begins with a code from the school, or with its invitation of a member of staff (PA-1)."""
        return self.brings_code(request) or carried_invitation(request) is not None

    def brings_code(self, request: HttpRequest) -> bool:
        return carried(request) is not None

    def may_sign_up_with(self, request: HttpRequest, email: str) -> bool:
        return self.brings_code(request) or super().may_sign_up_with(request, email)

    def save_user(self, request, user, form, commit=True) -> User:
        """The name is the school's, never typed (AU-8). The code is claimed, and used once the address is theirs."""
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
        """The address is proved: what they claimed at sign-up becomes theirs, in the same transaction (AU-2)."""
        with transaction.atomic():
            confirmed = super().confirm_email(request, email_address)
            if confirmed:
                self._redeem_claimed(request, email_address.user)
        return confirmed

    def _redeem_claimed(self, request: HttpRequest, user: User) -> None:
        try:
            welcome(request, redeem_claimed(by=Actor(user), at=request.school.now))
        except RuleViolation as violation:
            messages.error(request, violation.sentence)

    def post_login(self, request, user, **kwargs) -> HttpResponse:
        """A code brought by somebody who has an account already is used as soon as they are signed in."""
        self._redeem_claimed(request, user)  # a code by mail has proved the address, too
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
        """Mail is a row first, in the person's language; Celery sends it, and is nudged."""
        request = allauth_context.request
        user = context.get("user") or User.objects.filter(email__iexact=email).first()
        known = {"request": request, "email": email, "current_site": get_current_site(request), **context}
        with override(user.language if user else get_language()):
            mail = self.render_mail(template_prefix, email, known)
        queue_mail(address=email, subject=mail.subject, body=mail.body, user=user)
        transaction.on_commit(lambda: nudge(deliver))


__all__ = ["CARRIED", "PortalAdapter", "carried", "welcome"]
