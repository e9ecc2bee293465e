from django.core.management.base import BaseCommand

from accounts.services import deliver_due
from messaging.services import announce_due


class Command(BaseCommand):
    help = (
        "Announces messages that have arrived and sends mail that is due: for a system timer, beside Celery."
    )

    def handle(self, *args, **options) -> None:
        announced = announce_due()
        sent = deliver_due()
        self.stdout.write(f"{announced} announced, {sent} sent")
