from classes.models.joining import Invitation, PlaceApproval, PupilCard
from classes.models.people import Classroom, Contact, Guardianship, Pupil

__all__ = ["Classroom", "Contact", "Guardianship", "Invitation", "PlaceApproval", "Pupil", "PupilCard"]
