"""The second step of the demo's office and leaders: an authenticator whose secret everybody can know."""

import base64
import hashlib

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt

from accounts.models.people import User


def secret_of(address: str) -> str:
    """The same for the same address at every start, and of no use anywhere else."""
    return base64.b32encode(hashlib.sha1(f"demo {address}".encode()).digest()).decode()


def codes_of(address: str) -> list[str]:
    """The code that was, the code that is and the code that comes; each opens once."""
    return [
        format_hotp_value(hotp_value(secret_of(address), step)) for step in yield_hotp_counters_from_time()
    ]


def give_authenticator(user: User) -> None:
    TOTP.activate(user, secret_of(str(user.email)))
    RecoveryCodes.activate(user)


def codes_now() -> list[tuple[str, str]]:
    """(person, the code of now) of everybody whose second step is still the demo's own."""
    found = Authenticator.objects.filter(type=Authenticator.Type.TOTP).select_related("user").order_by("pk")
    return [
        (str(each.user), codes_of(each.user.email)[1])
        for each in found
        if secret_of(each.user.email) == decrypt(each.data["secret"])
    ]
