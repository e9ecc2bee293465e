from allauth.account.models import EmailAddress
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from accounts.audit import record
from accounts.enums import UserKind
from accounts.models.people import User
from classes.models.classrooms import Classroom


class Command(BaseCommand):
    help = (
        "Makes the shared account of a class. Its password is chosen by 'forgotten password' with the class's "
        "address; who may sit at it, and their PINs, are chosen in the admin."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("classroom", help="the class by its name")
        parser.add_argument("email")

    @transaction.atomic
    def handle(self, *args, classroom: str, email: str, **options) -> None:
        validate_email(email)
        found = Classroom.objects.select_for_update().filter(name=classroom).first()
        if found is None:
            raise CommandError(f"There is no class {classroom!r}.")
        if found.account_id or User.objects.filter(email__iexact=email).exists():
            raise CommandError("This class has an account already, or this address belongs to another.")
        found.account = User.objects.create_user(email=email, name=found.name, kind=UserKind.CLASS)
        found.save(update_fields=["account"])
        EmailAddress.objects.create(user=found.account, email=email, verified=True, primary=True)
        record("class_account.added", by=None, about=found)
        self.stdout.write(f"{found} can now choose a password by 'I have forgotten my password'.")
