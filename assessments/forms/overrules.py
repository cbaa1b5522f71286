"""Saying another level than the metrics show, and why."""

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.forms.answers import LEVEL_WORDS
from assessments.forms.sites import CleanCharField, helper
from assessments.models import Answer
from assessments.rules.scoring import LEVEL_CHOICES, NOT_APPLICABLE


class OverruleForm(forms.Form):
    """`version` is the one of the answer that the page shows."""

    choice = forms.ChoiceField(label=_("What you say instead"), widget=forms.RadioSelect)
    because = CleanCharField(
        label=_("Why the metrics do not tell the truth here"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Stands beside the level on the page, in the check of answers and in the report."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, answer, *args, **kwargs):
        initial = {
            "choice": answer.choice if answer.overruled_because else None,
            "because": answer.overruled_because,
            "version": answer.version,
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.answer = answer
        asked = answer.requirement
        levels = zip(LEVEL_CHOICES, LEVEL_WORDS[asked.kind], asked.levels, strict=True)
        self.fields["choice"].choices = [
            *(
                (level, f"{level} {word}: {sentence}")
                for level, word, sentence in levels
                if int(level) != answer.shown
            ),
            (NOT_APPLICABLE, _("Not applicable")),
        ]

    @property
    def helper(self):
        return helper("choice", "because", "version", submit=_("Overrule the metrics"))

    def save(self, *, by):
        """Raises `Conflict` where somebody saved the answer since."""
        choice, because = self.cleaned_data["choice"], self.cleaned_data["because"]
        why_not = {}
        if choice == NOT_APPLICABLE:
            why_not = {"reason": Answer.Reason.OTHER, "reason_text": because}
        self.answer.overrule(choice, because, by=by, version=self.cleaned_data["version"], **why_not)
