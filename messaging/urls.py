from django.http import Http404
from django.urls import path


def not_yet(request, **kwargs):
    raise Http404


urlpatterns = [
    path("messages/", not_yet, name="messages"),
    path("write/", not_yet, name="write"),
    path("office/", not_yet, name="office"),
]
