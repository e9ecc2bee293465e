import time

from django.core.management.base import BaseCommand

from malpas.operations import media


class Command(BaseCommand):
    help = "Says which uploaded files no row names, and which rows' files are missing. --remove takes the former away."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--remove", action="store_true", help="remove files that no row names")

    def handle(self, *args, remove: bool, **options) -> None:
        now = time.time()
        for path in list(media.orphans(now)):
            self.stdout.write(f"no row names {path.name}")
        if remove:
            self.stdout.write(f"removed: {media.remove_orphans(now)}")
        gone = media.missing()
        for name in gone:
            self.stdout.write(f"not on the disk: {name}")
        if gone:
            raise SystemExit(1)
