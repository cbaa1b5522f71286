"""The questions of the fit check as a form. Its words come from outside: screen, paper and form print the same."""

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.rules import fit

OPEN = _("Choose one answer.")
ODD = _("That is not one of the choices. Choose again.")


class FitForm(forms.Form):
    """`questions` are those of `report.fit_questions`. Filled from an address or from a posted form alike."""

    def __init__(self, *args, questions, **kwargs):
        super().__init__(*args, **kwargs)
        for question in questions:
            self.fields[question.key] = self._field(question)

    @staticmethod
    def _field(question):
        kind, widget = forms.ChoiceField, forms.RadioSelect
        errors = {"required": OPEN, "invalid_choice": ODD}
        if question.several:
            kind, widget = forms.MultipleChoiceField, forms.CheckboxSelectMultiple
            errors |= {"required": _("Tick what works, or “None of these”."), "invalid_list": ODD}
        return kind(
            label=question.asked,
            help_text=question.hint,
            choices=question.choices,
            widget=widget,
            error_messages=errors,
        )

    def clean_fundamentals(self):
        chosen = self.cleaned_data[fit.SEVERAL]
        if fit.NONE in chosen and len(chosen) > 1:
            raise forms.ValidationError(_("Tick either what works or “None of these”, not both."))
        return [choice for choice in chosen if choice != fit.NONE]

    @property
    def answers(self):
        """What was answered, as the rules take it. Only of a valid form."""
        return fit.read(self.cleaned_data)
