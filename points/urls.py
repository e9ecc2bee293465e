from django.contrib.auth.decorators import login_required
from django.urls import path

from points import board_views, views

urlpatterns = [
    path("class/board/", board_views.board, name="board"),
    path("class/board/award/", board_views.award, name="board_award"),
    path("class/board/undo/", board_views.undo, name="board_undo"),
    path("class/board/pick/", board_views.pick, name="board_pick"),
    path("class/board/settings/", board_views.settings, name="board_settings"),
    path("points/", views.points, name="points"),
    path("points/school/", views.report, name="points_report"),
    path("points/school/awards.csv", views.awards_csv, name="points_csv"),
    path("points/<int:pupil_id>/", views.child_points, name="child_points"),
    path("pupil/me/", login_required(views.pupil_page, login_url="pupil_start"), name="pupil_page"),
    path("pupil/dragon/", login_required(views.pupil_dragon, login_url="pupil_start"), name="pupil_dragon"),
]
