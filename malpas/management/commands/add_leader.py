from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from accounts.clock import school_now
from accounts.leadership.leaders import LeaderRequest, add_leader
from accounts.sign_in.password_link import password_link
from malpas.lib.errors import RuleViolation

DONE = {
    "added": "listed as a member of staff",
    "account": "given the account of this address",
    "address": "given this address; the earlier one opens nothing",
    "access": "let in again",
    "returned": "at the school again: the leaving date is gone",
    "is_slt": "made a senior leader",
    "is_office": "made a member of the office",
    "head": "made the head teacher",
    "mfa": "without a second step: a new one is set up at the next sign-in",
}


class Command(BaseCommand):
    help = (
        "Makes a senior leader, the first of a new installation or another, or restores one who has left or has lost "
        "the way in. Prints the link with which they choose a password."
    )

    def add_arguments(self, parser) -> None:
        for name in ("address", "title", "forename", "surname"):
            parser.add_argument(name, metavar="email" if name == "address" else name)
        parser.add_argument("--head", action="store_true", help="the head teacher; there is one")
        parser.add_argument("--hand-over", action="store_true", help="in the place of the head there is now")
        parser.add_argument("--office", action="store_true", help="a member of the office, no senior leader")
        parser.add_argument(
            "--existing-account",
            action="store_true",
            help="the account of this address, a parent's, is theirs",
        )
        parser.add_argument("--new-address", action="store_true", help="their account gets this address")
        parser.add_argument("--lost-mfa", action="store_true", help="they set up a new second step")

    def handle(self, *args, **options) -> None:
        asked = LeaderRequest(**{name: options[name] for name in LeaderRequest.__annotations__})
        if asked.head and asked.office:
            raise CommandError("A head teacher is a senior leader: leave --office away.")
        try:
            validate_email(asked.address)
            leader, done = add_leader(asked, at=school_now())
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        except RuleViolation as violation:
            raise CommandError(str(violation.sentence)) from None
        for step in done:
            self.stdout.write(f"{leader} is {DONE[step]}.")
        if not done:
            self.stdout.write(
                f"{leader} leads already; nothing was changed. Lost the second step? --lost-mfa"
            )
        elif leader.user:
            self.stdout.write(f"{leader} chooses a password with this link, once, within the hour:")
            self.stdout.write(password_link(leader.user))
        self.stdout.write("Later: 'I have forgotten my password' on the page for signing in.")
