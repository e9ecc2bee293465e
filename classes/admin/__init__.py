"""The office's side of joining: who is where, letters, restrictions."""

from classes.admin.records import ContactAdmin, InvitationAdmin, PlaceApprovalAdmin, PupilAdmin
from classes.admin.rooms import ClassroomAdmin
from classes.admin.ties import GuardianshipAdmin

__all__ = [
    "ClassroomAdmin",
    "ContactAdmin",
    "GuardianshipAdmin",
    "InvitationAdmin",
    "PlaceApprovalAdmin",
    "PupilAdmin",
]
