"""Remember in the session which invitation a browser brought."""

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

from accounts.models.staff_invitations import StaffInvitation
from accounts.staff.queries import find_staff_invitation

CARRIED = "staff_invitation"  # key in the session


def carry(request: HttpRequest, invitation: StaffInvitation) -> None:
    """Store the invitation in the session.

    The link has proved the address (AU-2).
    """
    request.session[CARRIED] = invitation.pk
    get_adapter(request).stash_verified_email(request, invitation.address)


def carried_invitation(request: HttpRequest) -> StaffInvitation | None:
    """Return the open invitation that this browser brought."""
    return find_staff_invitation(pk=request.session.get(CARRIED))


def drop_carried(request: HttpRequest) -> None:
    request.session.pop(CARRIED, None)
