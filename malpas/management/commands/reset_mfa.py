from django.core.management.base import BaseCommand, CommandError

from accounts.models.people import User
from accounts.staff.mfa_reset import reset_mfa
from malpas.lib.errors import RuleViolation


class Command(BaseCommand):
    help = (
        "Takes away a lost second factor, for the last leader: everybody else asks a senior leader. The person is "
        "signed out everywhere and told by mail; the reason is written down."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("email")
        parser.add_argument("--reason", required=True, help="why, and how the person was recognised")

    def handle(self, *args, email: str, reason: str, **options) -> None:
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            raise CommandError("There is no account with this address.")
        try:
            reset_mfa(user, by=None, reason=reason)
        except RuleViolation as violation:
            raise CommandError(str(violation.sentence)) from None
        self.stdout.write(f"{user} sets up a new second factor at the next sign-in.")
