"""Authenticate by e-mail address; make the tokens of password links."""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.tokens import PasswordResetTokenGenerator

from accounts.enums import UserKind
from accounts.models.people import User
from accounts.sign_in.queries import account_with_school


class PortalBackend(AuthenticationBackend):
    """Sign in by e-mail address.

    A removed person's session ends at their next request (PA-9).
    """

    def user_can_authenticate(self, user: User) -> bool:
        return user.is_active and user.removed_at is None and user.kind != UserKind.PUPIL

    def _check_password(self, user: User | None, password: str) -> User | None:
        """Answer a removed person like any failed sign-in.

        So it confirms no password.
        """
        found = super()._check_password(user, password)
        if found is None and user and user.removed_at:
            self.unstash_authenticated_user()
        return found

    def get_user(self, user_id: int) -> User | None:
        user = account_with_school(user_id)
        return user if user and user.is_active and user.removed_at is None else None


class ResetTokens(PasswordResetTokenGenerator):
    """Tokens of password links (PA-9).

    A new password, a removal or its lifting ends them.
    """

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}{user.access_epoch}"

    def check_token(self, user: User | None, token: str | None) -> bool:
        return user is not None and user.removed_at is None and super().check_token(user, token)
