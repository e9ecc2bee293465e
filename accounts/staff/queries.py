"""Find the invitation of a staff member by its mailed token."""

from accounts.models.staff_invitations import StaffInvitation


def find_staff_invitation(**known: object) -> StaffInvitation | None:
    """Return the open invitation with this id or hash, or None."""
    if None in known.values():
        return None
    offers = StaffInvitation.objects.open().select_related("staff", "sent_by")
    return offers.filter(**known).first()
