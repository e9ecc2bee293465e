from django.core.management.base import BaseCommand, CommandError

from accounts.clock import school_now
from accounts.models.people import User
from malpas.demo.load import load_demo_school


class Command(BaseCommand):
    help = "Makes the demo school in an empty database."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="Do nothing when somebody is there.")

        parser.add_argument("--bare", action="store_true", help="Without points, stories and letters.")

    def handle(self, *args, if_empty: bool = False, bare: bool = False, **options) -> None:
        if User.objects.exists():
            if not if_empty:
                raise CommandError("Somebody uses this database already. Nothing was changed.")
            return
        load_demo_school(at=school_now(), bare=bare)
        self.stdout.write("The demo school is in.")
