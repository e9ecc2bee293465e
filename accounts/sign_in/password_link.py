"""Make the link with which somebody chooses their first password, as after "forgotten password"."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse

from accounts.models.people import User


def password_link(user: User) -> str:
    """Return the link; it works once and for as long as `PASSWORD_RESET_TIMEOUT` says."""
    stored = User.objects.get(pk=user.pk)  # the key depends on columns that updates may have changed since
    parts = {"uidb36": user_pk_to_url_str(stored), "key": default_token_generator.make_token(stored)}
    return f"{settings.PUBLIC_URL}{reverse('account_reset_password_from_key', kwargs=parts)}"
