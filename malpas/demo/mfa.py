"""The second step of the demo's office and leaders: an authenticator whose secret everybody can know."""

import base64
import hashlib

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt

from accounts.allauth_internals import add_authenticator_app, add_recovery_codes, totp_code, totp_steps_now
from accounts.models.people import User


def secret_of(address: str) -> str:
    """The same for the same address at every start, and of no use anywhere else."""
    return base64.b32encode(hashlib.sha1(f"demo {address}".encode()).digest()).decode()


def codes_of(address: str) -> list[str]:
    """The code that was, the code that is and the code that comes; each opens once."""
    return [totp_code(secret_of(address), step) for step in totp_steps_now()]


def give_authenticator(user: User) -> None:
    add_authenticator_app(user, secret_of(str(user.email)))
    add_recovery_codes(user)


def codes_now() -> list[tuple[str, str]]:
    """(person, the code of now) of everybody whose second step is still the demo's own."""
    found = Authenticator.objects.filter(type=Authenticator.Type.TOTP).select_related("user").order_by("pk")
    return [
        (str(each.user), codes_of(each.user.email)[1])
        for each in found
        if secret_of(each.user.email) == decrypt(each.data["secret"])
    ]
