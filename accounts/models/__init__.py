from accounts.models.audit import AuditEntry
from accounts.models.devices import Device
from accounts.models.governor import GovernorChange
from accounts.models.lock import GrownUpPin
from accounts.models.notifications import Delivery, Notification, Sweep
from accounts.models.people import StaffMember, User
from accounts.models.school import Closure, School, Term, WorkingHours
from accounts.models.staff_invitations import StaffInvitation
from accounts.models.terms import TermsAcceptance, TermsVersion

__all__ = [
    "AuditEntry",
    "Closure",
    "Delivery",
    "Device",
    "GovernorChange",
    "GrownUpPin",
    "Notification",
    "School",
    "StaffInvitation",
    "StaffMember",
    "Sweep",
    "Term",
    "TermsAcceptance",
    "TermsVersion",
    "User",
    "WorkingHours",
]
