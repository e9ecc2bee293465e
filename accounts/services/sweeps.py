"""When each sweep was last done, so that somebody notices when beat or every worker has died."""

from accounts.clock import SchoolNow
from accounts.models import Sweep


def note_sweep(name: str) -> None:
    """Writes down that the sweep of this name has just been done, by whichever process."""
    Sweep.objects.bulk_create(
        [Sweep(name=name, done_at=SchoolNow())],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["done_at"],
    )
