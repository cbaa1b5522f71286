"""Organisations and sites."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from assessments import places
from assessments.forms.seen import SeenModelForm
from assessments.models import Channel, Organisation, Site
from standards.text import LONGEST_NUMBER, clean_text, one_line


class CleanCharField(forms.CharField):
    """Typed text that every database stores; one line, unless the field shows several."""

    def to_python(self, value):
        cleaned = clean_text if isinstance(self.widget, forms.Textarea) else one_line
        return cleaned(super().to_python(value) or "")


class RowsField(forms.ModelMultipleChoiceField):
    """Rows by their keys. A key longer than any there is counts as one that is not among the choices."""

    def clean(self, value):
        if any(len(str(key)) > LONGEST_NUMBER for key in value or ()):
            raise forms.ValidationError(
                self.error_messages["invalid_choice"], code="invalid_choice", params={"value": "..."}
            )
        return super().clean(value)


def helper(*fields, submit):
    made = FormHelper()
    made.layout = Layout(*fields)
    made.render_hidden_fields = True
    made.add_input(Submit("save", submit))
    return made


class OrganisationForm(forms.ModelForm):
    name = CleanCharField(
        label=_("Name of the organisation"),
        max_length=120,
        help_text=_("The company or office whose sites are assessed. Its members see only its own sites."),
    )

    class Meta:
        model = Organisation
        fields = ["name"]

    @property
    def helper(self):
        return helper("name", submit=_("Create organisation"))


class SiteForm(SeenModelForm):
    name = CleanCharField(
        label=_("Name of the site"), max_length=120, help_text=_("As people say it: Leeds contact centre.")
    )
    country = forms.ChoiceField(label=_("Country"))
    seats = forms.IntegerField(
        label=_("Seats"),
        min_value=1,
        max_value=100_000,
        help_text=_("Workplaces for people who handle contacts."),
    )
    time_zone = forms.ChoiceField(label=_("Time zone"))
    channels = forms.MultipleChoiceField(
        label=_("Channels offered to customers"),
        choices=Channel.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Requirements that concern only channels you do not offer are not asked."),
    )
    vendor = CleanCharField(
        label=_("Vendor, if the site is outsourced"),
        max_length=120,
        required=False,
        help_text=_("The company that runs it for you. Leave empty for a site of your own."),
    )

    class Meta:
        model = Site
        fields = ["name", "country", "seats", "time_zone", "channels", "vendor"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", _("Choose a country")), *places.countries()]
        self.fields["time_zone"].choices = places.time_zones()

    @property
    def helper(self):
        return helper(*self.Meta.fields, submit=_("Save site"))

    def clean_name(self):
        name = self.cleaned_data["name"]
        others = Site.objects.filter(organisation=self.instance.organisation, name__iexact=name).exclude(
            pk=self.instance.pk
        )
        if others.exists():
            # No more than that: the other site may be one in which the reader does not work.
            raise forms.ValidationError(_("“%s” is taken in this organisation. Choose another name.") % name)
        return name
