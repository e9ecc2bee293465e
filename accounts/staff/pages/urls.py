"""Addresses of the pages of staff."""

from django.urls import path

from accounts.staff.pages.views import accounts, records, work

urlpatterns = [
    path("", records.staff, name="staff"),
    path("add/", records.staff_add, name="staff_add"),
    path("<int:pk>/", records.staff_member, name="staff_member"),
    path("<int:pk>/change/", records.staff_change, name="staff_change"),
    path("<int:pk>/roles/", records.staff_roles, name="staff_roles"),
    path("<int:pk>/account/", accounts.staff_account, name="staff_account"),
    path("<int:pk>/account/invite/", accounts.staff_invite, name="staff_invite"),
    path("<int:pk>/account/withdraw/", accounts.staff_invitation_withdraw, name="staff_invitation_withdraw"),
    path("<int:pk>/account/end/", accounts.staff_account_end, name="staff_account_end"),
    path("<int:pk>/second-step/", accounts.staff_mfa, name="staff_mfa"),
    path("<int:pk>/pin/", work.staff_pin, name="staff_pin"),
    path("<int:pk>/pin/end/", work.staff_pin_end, name="staff_pin_end"),
    path("<int:pk>/leaving/", work.staff_leaving, name="staff_leaving"),
    path("<int:pk>/back/", work.staff_back, name="staff_back"),
]
