from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.urls import path


def not_yet(request, **kwargs):
    raise Http404


urlpatterns = [
    path("join/", login_not_required(not_yet), name="join"),
    path("join/<str:code>/", login_not_required(not_yet), name="join_code"),
    path("class/who/", not_yet, name="who"),
    path("pupil/", login_not_required(not_yet), name="pupil_door"),
    path("pupil/card/<str:token>/", login_not_required(not_yet), name="pupil_card"),
    path("pupil/leave/", not_yet, name="pupil_leave"),
]
