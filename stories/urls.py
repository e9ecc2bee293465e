from django.urls import path

from stories import change_views, views

urlpatterns = [
    path("news/", views.newsfeed, name="newsfeed"),
    path("news/seen/", views.newsfeed_seen, name="newsfeed_seen"),
    path("news/write/", views.post_new, name="post_new"),
    path("news/add-photo/", views.post_photo_add, name="post_photo_add"),
    path("news/<hidden:post_id>/", views.post, name="post"),
    path("news/<hidden:post_id>/change/", change_views.post_change, name="post_change"),
    path("news/<hidden:post_id>/withdraw/", change_views.post_withdraw, name="post_withdraw"),
    path("news/<hidden:post_id>/take-down/", views.post_take_down, name="post_take_down"),
    path("news/<hidden:post_id>/photo/<int:number>/", views.post_photo, name="post_photo"),
    path("photo/<str:name>/<int:size>/", views.photo, name="photo"),
]
