"""Addresses of the pages about the head, the governor and colleagues' accounts."""

from django.urls import path

from accounts.leadership import account_views, governor_views, head_views

urlpatterns = [
    path("<int:pk>/head/", head_views.staff_head, name="staff_head"),
    path("<int:pk>/governor/", governor_views.staff_governor, name="staff_governor"),
    path("<int:pk>/governor/decide/", governor_views.staff_governor_decide, name="staff_governor_decide"),
    path("<int:pk>/address/", account_views.staff_address, name="staff_address"),
    path("<int:pk>/sign-out/", account_views.staff_sign_out, name="staff_sign_out"),
    path("<int:pk>/connections/", account_views.staff_connections, name="staff_connections"),
]
