"""The door to a post, and shaped reads for pages."""

from django.http import Http404

from accounts.actor import Actor
from stories.models import Post


def get_post_for(actor: Actor, post_id: int) -> Post:
    """The post among those this actor may see (PA-5), with its class, signature and photos; 404 otherwise."""
    posts = Post.objects.visible_to(actor).select_related("classroom", "staff", "author")
    post = posts.prefetch_related("photos").filter(pk=post_id).first()
    if post is None:
        raise Http404
    return post


def post_snapshot(post: Post) -> dict[str, object]:
    """The post as it stands, for a report (TE-7): plain values that JSON can hold; times are ISO in UTC.

    Photos are named with their descriptions; a name opens only through the checked view.
    """
    return {
        "id": post.pk,
        "classroom": post.classroom.name if post.classroom else None,
        "account": post.author.name,
        "signed": post.staff.signature,
        "title": post.title,
        "body": post.body,
        "release_at": post.release_at.isoformat(),
        "photos": [{"name": photo.name, "alt": photo.alt} for photo in post.photos.all()],
    }
