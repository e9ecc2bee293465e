from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from classes.classrooms.services import give_class_account
from classes.models.classrooms import Classroom
from malpas.lib.errors import RuleViolation


class Command(BaseCommand):
    help = (
        "Makes the shared account of a class and mails its address a link to choose a password. The same as on the "
        "page “Classes”, where its staff are chosen."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("classroom", help="the class by its name")
        parser.add_argument("email")

    def handle(self, *args, classroom: str, email: str, **options) -> None:
        found = Classroom.objects.filter(name=classroom).first()
        if found is None:
            raise CommandError(f"There is no class {classroom!r}.")
        try:
            validate_email(email)
            give_class_account(found, email, by=None)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        except RuleViolation as violation:
            raise CommandError(str(violation.sentence)) from None
        self.stdout.write(f"{found} can now choose a password by 'I have forgotten my password'.")
