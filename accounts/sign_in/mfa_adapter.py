"""Answer allauth's questions about mfa by the school's rules."""

from io import BytesIO

import segno
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models.school import School
from accounts.rules import needs_mfa
from accounts.sign_in.mfa import AUTHENTICATORS, must_use_mfa


class MfaAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy(
            "This is not right, or was used already. Take the next code, or use your passkey once more."
        ),
        "cannot_delete_authenticator": gettext_lazy(
            "Set up another way first: your work needs a second step."
        ),
        "cannot_generate_recovery_codes": gettext_lazy(
            "Recovery codes belong to an authenticator or passkey."
        ),
        "unverified_email": gettext_lazy("Confirm your e-mail address first."),
    }

    def is_mfa_enabled(self, user, types=None) -> bool:
        """Return whether mfa follows the password.

        A family's passkey does not count, staff's does.
        """
        if types is not None and set(types) == set(AUTHENTICATORS):
            return must_use_mfa(user)
        return super().is_mfa_enabled(user, types)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Return whether it may be removed.

        Staff replace their last one, never only remove it (AU-6).
        """
        others = Authenticator.objects.filter(user=authenticator.user_id, type__in=AUTHENTICATORS)
        needed = needs_mfa(getattr(authenticator.user, "staff_member", None))
        return not needed or others.exclude(pk=authenticator.pk).exists()

    def get_totp_issuer(self) -> str:
        return School.objects.here().short_name or "Malpas"

    def get_totp_label(self, user) -> str:
        return str(user)

    def get_public_key_credential_user_entity(self, user) -> dict:
        return super().get_public_key_credential_user_entity(user) | {"name": str(user)}

    def get_public_key_credential_rp_entity(self) -> dict:
        return super().get_public_key_credential_rp_entity() | {"name": School.objects.here().short_name}

    def build_totp_svg(self, url: str) -> str:
        """Draw the QR code dark on white.

        So a telephone reads it on a dark page.
        """
        drawn = BytesIO()
        segno.make(url).save(drawn, kind="svg", scale=4, light="white", border=3)
        return drawn.getvalue().decode()

    def generate_authenticator_name(self, user, type) -> str:
        return _("My passkey")
