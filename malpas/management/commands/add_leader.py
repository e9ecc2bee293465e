from allauth.account.models import EmailAddress
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from accounts.models import StaffMember, User
from accounts.services import record


class Command(BaseCommand):
    help = (
        "Makes the first senior leader of a new installation. They choose a password by 'forgotten password'."
    )

    def add_arguments(self, parser) -> None:
        for name in ("email", "title", "forename", "surname"):
            parser.add_argument(name)
        parser.add_argument("--head", action="store_true")
        parser.add_argument("--office", action="store_true")

    @transaction.atomic
    def handle(self, *args, email: str, title: str, forename: str, surname: str, **options) -> None:
        validate_email(email)
        if User.objects.filter(email__iexact=email).exists():
            raise CommandError("There is an account with this address already.")
        user = User.objects.create_user(email=email, name=f"{title} {surname}")
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        leader = StaffMember.objects.create(
            title=title,
            forename=forename,
            surname=surname,
            user=user,
            is_slt=not options["office"],
            is_head=options["head"],
            is_office=options["office"],
        )
        record("staff.added", by=None, about=leader)
        self.stdout.write(f"{leader} can now choose a password by 'I have forgotten my password'.")
