from django.contrib.auth.decorators import login_not_required
from django.urls import path

from classes import agreement, card_views, lock_views, pupil_views, step_views, views, who_views

urlpatterns = [
    path("grown-up/pin/", lock_views.choose_pin, name="grown_up_pin"),
    path("join/", login_not_required(views.join), name="join"),
    path("join/<str:code>/", login_not_required(views.join), name="join_code"),
    path("class/who/", who_views.who, name="who"),
    path("class/pin/", who_views.pin, name="pin"),
    path("class/kept/", who_views.kept, name="kept"),
    path("class/step-in/", step_views.step_in, name="step_in"),
    path("class/step-out/", step_views.step_out, name="step_out"),
    path("terms/agreed/", agreement.terms_agreed, name="terms_agreed"),
    path("class/cards/", card_views.cards, name="cards"),
    path("class/cards/<int:pupil_id>/", card_views.card, name="card"),
    path("class/poster/", card_views.poster, name="poster"),
    path("class/pupils/", card_views.pupils_here, name="pupils_here"),
    path("pupil/", login_not_required(pupil_views.pupil_door), name="pupil_door"),
    path("pupil/card/<str:token>/", login_not_required(pupil_views.pupil_card), name="pupil_card"),
    path("pupil/class/", login_not_required(pupil_views.pupil_class), name="pupil_class"),
    path(
        "pupil/class/<str:token>/", login_not_required(pupil_views.pupil_class_door), name="pupil_class_door"
    ),
    path(
        "pupil/pictures/<int:pupil_id>/",
        login_not_required(pupil_views.pupil_pictures),
        name="pupil_pictures",
    ),
    path("pupil/leave/", login_not_required(pupil_views.pupil_leave), name="pupil_leave"),
]
