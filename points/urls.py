from django.urls import path

from points import views

urlpatterns = [
    path("class/board/", views.board, name="board"),
    path("class/board/award/", views.award, name="board_award"),
    path("class/board/undo/", views.undo, name="board_undo"),
    path("points/", views.points, name="points"),
    path("points/<int:pupil_id>/", views.child_points, name="child_points"),
    path("pupil/me/", views.pupil_page, name="pupil_page"),
]
