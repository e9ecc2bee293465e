"""How a Django form becomes the face's markup: set `FORM_RENDERER = "malpas.lib.renderer.FaceRenderer"`.

`{{ form }}` gives all fields, `{{ form.name.as_field_group }}` gives one. A widget may carry two attributes of ours:
`follow` puts the field under the answer that opens it, `opens` names that answer's value in a radio group.
"""

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting

# Controls whose width says how much is expected.
SHORT = (forms.DateInput, forms.TimeInput, forms.NumberInput)
CHOICES = (forms.RadioSelect, forms.CheckboxSelectMultiple)
# Hidden inputs have no look; a lone checkbox is drawn as a choice.
UNDRESSED = (forms.HiddenInput, forms.CheckboxInput, forms.MultiWidget, *CHOICES)


class FaceBoundField(BoundField):
    def build_widget_attrs(self, attrs, widget=None):
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        if css := self._css(widget):
            attrs["class"] = css
        # A label stands over every field; a placeholder would vanish as soon as one writes.
        if "placeholder" in widget.attrs:
            attrs["placeholder"] = False
        if self.follows:
            attrs["follow"] = False
        return attrs

    @property
    def follows(self) -> bool:
        return bool(self.field.widget.attrs.get("follow"))

    @property
    def is_choices(self) -> bool:
        return isinstance(self.field.widget, CHOICES)

    @property
    def is_checkbox(self) -> bool:
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def first_id(self) -> str:
        """The id of the control that an error's link leads to: of a group, its first answer."""
        return f"{self.auto_id}_0" if self.is_choices else self.id_for_label

    def _css(self, widget) -> str:
        own = widget.attrs.get("class", "")
        if isinstance(widget, UNDRESSED):
            return own
        short = "input--short" if isinstance(widget, SHORT) and "input--" not in own else ""
        return " ".join(filter(None, ("input", short, own)))


class FaceRenderer(TemplatesSetting):
    form_template_name = "components/form.html"
    formset_template_name = "components/formset.html"
    field_template_name = "components/field.html"
    bound_field_class = FaceBoundField
