from allauth.account.auth_backends import AuthenticationBackend

from accounts.enums import UserKind
from accounts.models import User


class PortalBackend(AuthenticationBackend):
    """Sign-in by e-mail address for everybody. A removed person's session ends at their next request (PA-9)."""

    def user_can_authenticate(self, user: User) -> bool:
        return user.is_active and user.removed_at is None and user.kind != UserKind.PUPIL

    def get_user(self, user_id: int) -> User | None:
        user = User.objects.select_related("staff_member").filter(pk=user_id).first()
        return user if user and user.is_active and user.removed_at is None else None
