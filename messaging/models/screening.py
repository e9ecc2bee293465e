"""Store the school's lists for messages: phrases, replies, keywords, topics."""

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.enums import Language
from messaging.enums import KeywordWeight, PhraseKind, Topic


class Phrase(models.Model):
    """Store a phrase that the writer must confirm before sending (AU-1, PA-8).

    It never refuses a message.
    """

    kind = models.TextField(_("what it means"), choices=PhraseKind)
    language = models.TextField(_("language"), choices=Language)
    text = models.TextField(_("words"), max_length=80)

    class Meta:
        ordering = ["kind", "language", "text"]
        verbose_name = _("words to ask about")
        verbose_name_plural = _("words to ask about")
        constraints = [
            models.UniqueConstraint("kind", "language", Lower("text"), name="phrase_once"),
            models.CheckConstraint(condition=models.Q(text__regex=r"\w"), name="phrase_has_text"),
        ]

    def __str__(self) -> str:
        return self.text


class StandardReply(models.Model):
    """Store a reply that staff insert with one tap.

    In the language of the family. A retired one is offered no more.
    """

    title_en = models.TextField(_("title in English"), max_length=60)
    title_cy = models.TextField(_("title in Welsh"), max_length=60)
    body_en = models.TextField(_("words in English"), max_length=1000)
    body_cy = models.TextField(_("words in Welsh"), max_length=1000)
    order = models.BigIntegerField(_("order"), default=100)
    for_office = models.BooleanField(_("for the office"), default=False, db_default=False)
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("standard reply")
        verbose_name_plural = _("standard replies")
        constraints = [
            models.UniqueConstraint(
                Lower("title_en"),
                condition=models.Q(for_office=True, retired_at__isnull=True),
                name="office_reply_title_once",
                violation_error_message=_("There is a reply with this title already."),
            )
        ]

    def __str__(self) -> str:
        return self.title_cy if get_language() == Language.WELSH else self.title_en

    def text_in(self, language: str) -> str:
        return self.body_cy if language == Language.WELSH else self.body_en


class KeywordRule(models.Model):
    """Store a keyword of the school (PA-7).

    Or one that it silences. The portal ships with a list (messaging/data/keyword_rules.tsv); a row here
    adds to it, weighs a keyword anew, or, 'off', removes it. `about` is empty for a keyword that speaks
    against every topic.
    """

    about = models.TextField(_("topic"), choices=Topic, blank=True)
    language = models.TextField(_("language"), choices=Language)
    pattern = models.TextField(_("words"), max_length=80)
    weight = models.TextField(_("weight"), choices=KeywordWeight)

    class Meta:
        ordering = ["about", "language", "pattern"]
        verbose_name = _("word about a topic")
        verbose_name_plural = _("words about topics")
        constraints = [
            models.UniqueConstraint("about", "language", Lower("pattern"), name="keyword_rule_once"),
            models.CheckConstraint(condition=models.Q(pattern__regex=r"\w"), name="keyword_rule_has_pattern"),
        ]

    def __str__(self) -> str:
        return self.pattern


class TopicText(models.Model):
    """Store the school's own texts for a topic of the office (PA-7).

    In both languages; an empty one keeps the portal's.
    """

    topic = models.TextField(_("topic"), choices=Topic, unique=True)
    label_en = models.TextField(_("name in English"), max_length=60, blank=True)
    label_cy = models.TextField(_("name in Welsh"), max_length=60, blank=True)
    hint_en = models.TextField(_("hint in English"), max_length=200, blank=True)
    hint_cy = models.TextField(_("hint in Welsh"), max_length=200, blank=True)
    next_en = models.TextField(_("what happens next, in English"), max_length=1000, blank=True)
    next_cy = models.TextField(_("what happens next, in Welsh"), max_length=1000, blank=True)
    is_closed = models.BooleanField(_("not offered"), default=False, db_default=False)

    class Meta:
        ordering = ["topic"]
        verbose_name = _("words of a topic")
        verbose_name_plural = _("words of topics")

    def __str__(self) -> str:
        return str(Topic(self.topic).label)
