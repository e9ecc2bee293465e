from django.urls import include, path

from accounts.calendar import day_views
from accounts.calendar import views as calendar_views
from accounts.parent_lock import views as lock_views
from accounts.profile import views as profile_views
from accounts.staff import invitation_views
from accounts.terms import views as terms_views

urlpatterns = [
    path("terms/agree/", terms_views.terms, name="terms"),
    path("terms/", terms_views.terms_read, name="terms_read"),
    path("terms/yours/", terms_views.terms_mine, name="terms_mine"),
    path("terms/<int:number>/", terms_views.terms_version, name="terms_version"),
    path("not-open/", terms_views.not_open, name="not_open"),
    path("account/devices/", profile_views.devices, name="devices"),
    path("account/devices/end/", profile_views.devices_end, name="devices_end"),
    path("account/address/", profile_views.address, name="address"),
    path(
        "staff/invitation/<str:token>/",
        invitation_views.invitation_link,
        name="staff_invitation_link",
    ),
    path("staff/invitation/", invitation_views.invitation, name="staff_invitation"),
    path("staff/", include("accounts.staff.pages.urls")),
    path("staff/", include("accounts.leadership.urls")),
    path("calendar/", calendar_views.calendar, name="calendar"),
    path("calendar/close/", day_views.close, name="calendar_close"),
    path("calendar/days/", day_views.days, name="calendar_days"),
    path("calendar/terms/new/", day_views.term, name="calendar_term_new"),
    path("calendar/terms/<int:pk>/", day_views.term, name="calendar_term"),
    path("calendar/terms/<int:pk>/remove/", day_views.term_remove, name="calendar_term_remove"),
    path("calendar/closures/new/", day_views.closure, name="calendar_closure_new"),
    path("calendar/closures/<int:pk>/", day_views.closure, name="calendar_closure"),
    path("calendar/closures/<int:pk>/remove/", day_views.closure_remove, name="calendar_closure_remove"),
    path("calendar/file/", calendar_views.calendar_file, name="calendar_file"),
    path("calendar/file/check/", calendar_views.calendar_check, name="calendar_check"),
    path("parent-lock/", lock_views.unlock, name="parent_lock"),
    path("parent-lock/lock/", lock_views.lock, name="parent_lock_now"),
    path("parent-lock/here/", lock_views.here, name="parent_lock_here"),
]
