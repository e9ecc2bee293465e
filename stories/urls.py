from django.http import Http404
from django.urls import path


def not_yet(request, **kwargs):
    raise Http404


urlpatterns = [path("news/", not_yet, name="newsfeed")]
