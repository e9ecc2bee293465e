"""Know who has mfa, and whether this session used it (AU-6).

A session counts while the passkey or authenticator that opened it exists: removing a lost passkey closes its
sessions. Recovery codes count while there is something to recover.
"""

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest

from accounts.allauth_internals import is_code, record_authentication, totp_code, totp_steps_now
from accounts.models.people import User
from accounts.sessions.devices import move_session

AUTHENTICATORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def authenticators_of(user: User) -> list[int]:
    """Return the ids of this person's authenticators.

    Without a query where the session brought them.
    """
    known = user.authenticators
    if known is None:
        known = list(
            Authenticator.objects.filter(user=user, type__in=AUTHENTICATORS).values_list("pk", flat=True)
        )
    return known


def must_use_mfa(user: User | AnonymousUser) -> bool:
    """Return whether this person's password is followed by mfa.

    Staff who have any authenticator, and everybody who chose an authenticator app.
    """
    if not isinstance(user, User):
        return False
    member = getattr(user, "staff_member", None)
    works_here = member is not None and member.left_on is None
    types = AUTHENTICATORS if works_here else [Authenticator.Type.TOTP]
    return Authenticator.objects.filter(user=user, type__in=types).exists()


def has_mfa(request: HttpRequest) -> bool:
    """Return whether the person has mfa and proved it in this session."""
    user = getattr(request.user, "_wrapped", request.user)
    authenticators = authenticators_of(user) if isinstance(user, User) else []
    if not authenticators:
        return False
    used = [record for record in get_authentication_records(request, user) if record.get("method") == "mfa"]
    return any(
        record.get("id") in authenticators or record.get("type") == Authenticator.Type.RECOVERY_CODES
        for record in used
    )


def note_enrolled(request: HttpRequest, kind: str) -> None:
    """Count mfa that was just set up for this session (A07).

    The session gets a new id.
    """
    made = Authenticator.objects.filter(user=request.user, type=kind).latest("pk")
    record_authentication(request, request.user, "mfa", id=made.pk, type=kind)
    before = request.session.session_key
    request.session.cycle_key()
    if before and request.session.session_key:
        move_session(before, request.session.session_key)


def note_signed_in(request: HttpRequest, user: User) -> None:
    """Spare somebody who just signed in a re-authentication.

    Without it they could not change how they sign in at once.
    """
    record_authentication(request, user, "sign-in", reauthenticated=True)


def consume_code(authenticator: Authenticator, code: str) -> bool:
    """Return whether a right code is newer than the last (RFC 6238, 5.2).

    The last one is stored in the row, so that an emptied cache forgets nothing.
    """
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
        secret = decrypt(row.data["secret"])
        right = [step for step in totp_steps_now() if is_code(code, totp_code(secret, step))]
        if not right or right[-1] <= row.data.get("last", 0):
            return False
        row.data["last"] = right[-1]
        row.save(update_fields=["data"])
        authenticator.data = row.data
    return True


def passkeys_work(request: HttpRequest) -> bool:
    """Return whether browsers offer passkeys here.

    By https to a name, or to localhost.
    """
    host = request.get_host().rpartition(":")[0] or request.get_host()
    if host == "localhost":
        return True
    bare = host.startswith("[") or host.replace(".", "").isdigit()
    return request.is_secure() and not bare
