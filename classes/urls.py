from django.contrib.auth.decorators import login_not_required
from django.urls import path

from classes import views

urlpatterns = [
    path("join/", login_not_required(views.join), name="join"),
    path("join/<str:code>/", login_not_required(views.join), name="join_code"),
    path("class/who/", views.who, name="who"),
    path("class/cards/", views.cards, name="cards"),
    path("pupil/", login_not_required(views.pupil_door), name="pupil_door"),
    path("pupil/card/<str:token>/", login_not_required(views.pupil_card), name="pupil_card"),
    path("pupil/leave/", login_not_required(views.pupil_leave), name="pupil_leave"),
]
