from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StoriesConfig(AppConfig):
    name = "stories"
    verbose_name = _("Stories")

    def ready(self) -> None:
        from accounts import hooks
        from stories.notifications import name_now
        from stories.queries import NEW_POSTS, SEEN_UNTIL, lost_notices, stories_wait_longer
        from stories.services import reschedule_pending, withdraw_pending

        hooks.reschedule.register(reschedule_pending)
        hooks.waits_longer.register(stories_wait_longer)
        hooks.withdraw_pending.register(withdraw_pending)
        hooks.recheck_access.register("post", lost_notices)
        hooks.name_now.register("post", name_now)
        hooks.WITH_ACCOUNT.update({"new_posts": NEW_POSTS, "seen_until": SEEN_UNTIL})
