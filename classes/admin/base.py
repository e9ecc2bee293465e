"""Share what the admin pages of the school's records need."""

from accounts.admin.base import OFFICE, SLT, RoleAdmin


class JoiningAdmin(RoleAdmin):
    """Save only what was changed on the page: somebody may join meanwhile."""

    view_for = change_for = {SLT, OFFICE}
    add_for = set()
