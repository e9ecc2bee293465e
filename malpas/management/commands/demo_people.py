from django.core.management.base import BaseCommand

from malpas.demo.people import PASSWORD, sitters
from malpas.demo.pupils import how_pupils_come_in


class Command(BaseCommand):
    help = "Prints who one can sign in as in the demo school."

    def handle(self, *args, **options) -> None:
        found = sitters()
        width = max(len(sitter.address) for sitter in found)
        self.stdout.write(f"Sign in with the password {PASSWORD} as")
        for sitter in found:
            self.stdout.write(f"  {sitter.role:<7} {sitter.address:<{width}}  {sitter.note}")
        if pupils := how_pupils_come_in():
            self.stdout.write(pupils)
        self.stdout.write(
            "Office, head and deputy are asked for a code: the mailbox page shows the one of now."
        )
