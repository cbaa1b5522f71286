"""What somebody chooses to have printed: the address of a report carries it, so that it can be kept as a link."""

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.forms.sites import CleanCharField
from assessments.models import ReportLook


class ReportOptionsForm(forms.Form):
    """Bound to the address. `parts` are (key, name) of what the document can print; `look` is that of its organisation."""

    WHOLE, PARTS, ONE_PAGE = "whole", "parts", "one"

    paper = forms.ChoiceField(
        label=_("Paper"), choices=ReportLook.Paper.choices, widget=forms.RadioSelect, required=False
    )
    extent = forms.ChoiceField(
        label=_("How much"),
        choices=[
            (WHOLE, _("The whole report")),
            (PARTS, _("The parts ticked below")),
            (ONE_PAGE, _("The answer alone, on one page")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    section = forms.MultipleChoiceField(label=_("Parts"), widget=forms.CheckboxSelectMultiple, required=False)
    mark = CleanCharField(
        label=_("Confidentiality mark"),
        max_length=60,
        required=False,
        help_text=_("Left empty, it says to whom the report is confidential."),
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    plain = forms.BooleanField(label=_("Without the logo"), required=False)
    bare = forms.BooleanField(
        label=_("Without the data inside"),
        required=False,
        help_text=_("The file carries gaps.csv and answers.json, with every note. One page never does."),
    )

    def __init__(self, data, *, parts, look):
        self.look = look
        initial = {"paper": look.paper, "mark": look.mark, "extent": self.WHOLE}
        super().__init__({**initial, **data.dict(), "section": data.getlist("section")})
        self.fields["section"].choices = parts
        if not look.logo:
            del self.fields["plain"]

    def clean(self):
        chosen = super().clean()
        if chosen.get("extent") == self.PARTS and not chosen.get("section") and "section" not in self.errors:
            self.add_error("section", _("Tick at least one part, or choose the whole report."))
        return chosen

    def chosen(self):
        """What `report.options.Options` takes, from a valid form."""
        chosen = self.cleaned_data
        return {
            "paper": chosen["paper"] or self.look.paper,
            "mark": chosen["mark"],
            "logo": "" if chosen.get("plain") else self.look.logo_text,
            "one_page": chosen["extent"] == self.ONE_PAGE,
            "sections": tuple(chosen["section"]) if chosen["extent"] == self.PARTS else (),
            "data": not chosen["bare"],
        }
