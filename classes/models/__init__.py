from classes.models.joining import ClassDoor, Invitation, PlaceApproval, PupilCard
from classes.models.letters import LetterSet
from classes.models.people import Classroom, Contact, Guardianship, Pupil, TieIsLive, pupil_here

__all__ = [
    "ClassDoor",
    "Classroom",
    "Contact",
    "Guardianship",
    "Invitation",
    "LetterSet",
    "PlaceApproval",
    "Pupil",
    "PupilCard",
    "TieIsLive",
    "pupil_here",
]
