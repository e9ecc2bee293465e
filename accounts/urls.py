from django.contrib.auth.decorators import login_not_required
from django.urls import path

from accounts import calendar_views, lock_views, own_views, staff_account_views, views

urlpatterns = [
    path("terms/agree/", views.terms, name="terms"),
    path("terms/", login_not_required(views.terms_read), name="terms_read"),
    path("terms/yours/", views.terms_mine, name="terms_mine"),
    path("terms/<int:number>/", views.terms_version, name="terms_version"),
    path("not-open/", views.not_open, name="not_open"),
    path("account/devices/", own_views.devices, name="devices"),
    path("account/devices/end/", own_views.devices_end, name="devices_end"),
    path("account/address/", own_views.address, name="address"),
    path(
        "staff/invitation/<str:token>/",
        login_not_required(staff_account_views.invitation_link),
        name="staff_invitation_link",
    ),
    path("staff/invitation/", login_not_required(staff_account_views.invitation), name="staff_invitation"),
    path("calendar/", calendar_views.calendar, name="calendar"),
    path("calendar/file/", calendar_views.calendar_file, name="calendar_file"),
    path("calendar/file/check/", calendar_views.calendar_check, name="calendar_check"),
    path("grown-up/", lock_views.unlock, name="grown_up"),
    path("grown-up/lock/", lock_views.lock, name="grown_up_lock"),
    path("grown-up/here/", lock_views.here, name="grown_up_here"),
]
