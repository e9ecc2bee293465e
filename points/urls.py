from django.http import Http404
from django.urls import path


def not_yet(request, **kwargs):
    raise Http404


urlpatterns = [
    path("class/board/", not_yet, name="board"),
    path("points/", not_yet, name="points"),
    path("points/<int:pupil_id>/", not_yet, name="child_points"),
    path("pupil/me/", not_yet, name="pupil_page"),
]
