"""The portal's sentences in place of allauth's: an error says what to do."""

from django.utils.translation import gettext_lazy as _

# The first two never say whether an address has an account.
SIGN_IN_ERRORS = {
    "email_password_mismatch": _("That e-mail and password do not match. Try again, or reset your password."),
    "invalid_login": _("That e-mail and password do not match. Try again, or reset your password."),
    "account_inactive": _("This account is closed. Please talk to the Main Office."),
    "too_many_login_attempts": _("Too many tries. Wait 5 minutes, or choose a new password."),
    "rate_limited": _("That was too often. Wait a few minutes, then go on."),
    "incorrect_code": _("This is not the code from the newest e-mail."),
    "incorrect_password": _("This is not your password."),
    "enter_current_password": _("This is not the password you have now."),
    "invalid_password_reset": _("This link no longer works. Ask for a new one."),
    "email_taken": _("Please use another e-mail address."),
    "duplicate_email": _("This is your address already."),
    "same_as_current": _("This is the same as before."),
}
