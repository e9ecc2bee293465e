from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from accounts.clock import school_now
from accounts.leadership.governor import OFFERED, change_on_server
from accounts.models.people import StaffMember
from malpas.lib.errors import RuleViolation

KINDS = [kind.value for kinds in OFFERED.values() for kind in kinds]


class Command(BaseCommand):
    help = (
        "Names the governor who reads complaints about the head teacher, ends the role, or changes how the governor "
        "signs in, where the school has no two senior leaders besides the head. The governor is told; the reason is "
        "written down."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("email", help="the address with which this person signs in")
        parser.add_argument("kind", choices=KINDS)
        parser.add_argument("--address", default="", help="the new address, of the kind 'address'")
        parser.add_argument("--reason", required=True, help="why, and how the person was recognised")

    def handle(self, *args, email: str, kind: str, address: str, reason: str, **options) -> None:
        staff = StaffMember.objects.here().filter(user__email__iexact=email).first()
        if staff is None:
            raise CommandError("No member of staff signs in with this address.")
        try:
            if address:
                validate_email(address)
            change_on_server(staff, kind, reason=reason, address=address, at=school_now())
        except RuleViolation as violation:
            raise CommandError(str(violation.sentence)) from None
        except ValidationError:
            raise CommandError("This is no e-mail address.") from None
        self.stdout.write(f"Done: {staff}, {kind}.")
