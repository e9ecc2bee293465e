"""English sentences of stories, as the catalogue has them."""

NEWS_FOR_THE_SCHOOL = "News for the whole school"
