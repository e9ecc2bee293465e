"""List the court orders that nobody has decided about."""

from classes.models.classrooms import Classroom
from classes.models.guardianships import Guardianship


def orders_to_decide(classroom: Classroom | None) -> list[Guardianship]:
    """Return joined guardianships with an undecided court order.

    Of a class, or of all (None).
    """
    guardianships = Guardianship.objects.to_decide().select_related("contact", "pupil__classroom")
    return list(
        (guardianships.filter(pupil__classroom=classroom) if classroom else guardianships).order_by("pk")
    )
