"""English sentences of stories, as the catalogue has them."""

NEWS_FOR_THE_SCHOOL = "News for the whole school"
KEEP_PHOTOS_PRIVATE = (
    "Please keep these photos to yourself. Ask the school in writing before you pass one on."
)
TAKING_DOWN_IS_FINAL = "You cannot put it back. You can always write a new story."
FIVE_PHOTOS_AT_MOST = "A story can have up to 5 photos."
EVERY_PHOTO_DESCRIBED = "For those who cannot see it. Every photo needs this."
STORY_FOR_THE_SCHOOL = "For every family of the school, signed %(staff)s"
STORY_IS_OUT = "Your story is out. Families can read it now."
STORY_FOR_THE_CLASS = "For the families of %(name)s, signed %(staff)s"
STORY_IS_PENDING = "Your story waits. It goes out on %(when)s."
STORY_WAS_TAKEN_DOWN = "%(name)s took this story down on %(when)s. Only senior leaders see it."
STORY_WAITS_LONGER = "%(number)d story waits longer."
