"""The invitation of a member of staff that a browser brought from a mailed link."""

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

from accounts.models.staff_invitations import StaffInvitation
from accounts.staff.queries import find_staff_invitation

CARRIED = "staff_invitation"  # key in the session


def carry(request: HttpRequest, invitation: StaffInvitation) -> None:
    """Note the invitation in the session; its link has proved that the address is theirs (AU-2)."""
    request.session[CARRIED] = invitation.pk
    get_adapter(request).stash_verified_email(request, invitation.address)


def carried_invitation(request: HttpRequest) -> StaffInvitation | None:
    """Return the open invitation that this browser brought."""
    return find_staff_invitation(pk=request.session.get(CARRIED))


def drop_carried(request: HttpRequest) -> None:
    request.session.pop(CARRIED, None)
