"""Validate a message to several families."""

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from classes.models.pupils import Pupil
from malpas.lib.form_choices import set_queryset
from messaging.conversations.forms.messages import MessageForm
from messaging.fields import ChildrenField

CHOOSE_FAMILIES = _("Choose whom you write to.")
OF_THE_CLASS = _("Please choose children of your class.")


class FamiliesField(ChildrenField):
    def label_from_instance(self, pupil: Pupil) -> str:
        """Name a child with the adults who get a message each.

        Such as 'Mali Price (Nia Price, Gareth Price)'.
        """
        adults = [one.contact.user.name for one in pupil.live if one.contact.user]
        return f"{pupil} ({', '.join(adults)})"


class BroadcastForm(MessageForm):
    everybody = forms.BooleanField(label=_("The whole class"), required=False)
    children = FamiliesField(
        Pupil.objects.none(),
        label=_("Or only some families"),
        required=False,
        widget=forms.CheckboxSelectMultiple({"class": "choices--row"}),
        error_messages={
            "required": CHOOSE_FAMILIES,
            "invalid_choice": OF_THE_CLASS,
            "invalid_pk_value": OF_THE_CLASS,
            "invalid_list": OF_THE_CLASS,
        },
    )
    field_order = ["everybody", "children", "body", "confirmed", "key"]

    def __init__(self, *args, children: QuerySet[Pupil], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.of_class = list(children)
        joined = [pupil.pk for pupil in self.of_class if pupil.live]
        set_queryset(self, "children", children.filter(pk__in=joined))
        self.fields["children"].required = not self["everybody"].value()
        if missing := ", ".join(str(pupil) for pupil in self.of_class if not pupil.live):
            self.fields["children"].help_text = _("Not joined yet: %(names)s") % {"names": missing}
        self.fields["body"].help_text = _(
            "Each adult gets it in a conversation of their own. Nobody sees who else got it."
        )

    def pupils(self) -> list[Pupil]:
        return self.of_class if self.cleaned_data["everybody"] else list(self.cleaned_data["children"])
