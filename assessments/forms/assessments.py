"""Starting an assessment: which questions, for which channels, until when."""

import re
from datetime import date

from django import forms
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment, Channel, moves
from standards.models import Requirement, Variant


class MonthField(forms.CharField):
    """A month, sent by browsers as 2027-10; becomes the date of its first day, or None."""

    widget = forms.TextInput(attrs={"type": "month", "placeholder": "2027-10"})

    def to_python(self, value):
        text = super().to_python(value)
        if not text:
            return None
        match = re.fullmatch(r"(\d{4})-(\d{1,2})", text)
        if not match or not 1 <= int(match[2]) <= 12:
            raise forms.ValidationError(
                _("“%(text)s” is not a month. Write it as 2027-10.") % {"text": text[:20]}
            )
        return date(int(match[1]), int(match[2]), 1) if int(match[1]) else None

    def prepare_value(self, value):
        return value.strftime("%Y-%m") if isinstance(value, date) else value


class AuditMonthForm(forms.ModelForm):
    audit_month = MonthField(
        label=_("Target audit month"),
        required=False,
        help_text=_(
            "When you would like to be audited. It can be changed later; leave it empty if nobody knows."
        ),
    )

    class Meta:
        model = Assessment
        fields = ["audit_month"]

    def clean_audit_month(self):
        month = self.cleaned_data["audit_month"]
        this_month = self.instance.site.today().replace(day=1)
        if month and month < this_month and "audit_month" in self.changed_data:
            raise forms.ValidationError(
                _("This month has passed. Choose %(month)s or later.")
                % {"month": this_month.strftime("%Y-%m")}
            )
        if month and month.year > this_month.year + 10:
            raise forms.ValidationError(_("Choose a month within the next ten years."))
        return month


class VariantField(forms.ModelChoiceField):
    def label_from_instance(self, variant):
        return f"{variant.name} ({variant.code}). {variant.description}"


class BeginningField(forms.ModelChoiceField):
    def label_from_instance(self, assessment):
        return _("Those of %(assessment)s, started %(day)s: %(answered)s of %(asked)s answered") % {
            "assessment": f"{assessment.variant.code} {assessment.release.version}",
            "day": date_format(localtime(assessment.started_at), "j F Y"),
            "answered": assessment.asked - assessment.open,
            "asked": assessment.asked,
        }


class AssessmentForm(AuditMonthForm):
    variant = VariantField(
        label=_("Which kind of operation is assessed?"),
        queryset=Variant.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Choose the kind of operation.")},
    )
    quick = forms.TypedChoiceField(
        label=_("How much is asked?"),
        choices=[
            ("everything", _("Everything this kind of operation is asked")),
            ("quick", _("A quick scan: the fundamentals only, for a first look or a small centre")),
        ],
        widget=forms.RadioSelect,
        coerce=lambda value: value == "quick",
        empty_value=False,
        required=False,
        help_text=_("A quick scan can grow into the whole questionnaire later and keeps its answers."),
    )
    channels = forms.MultipleChoiceField(
        label=_("Channels in scope"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one channel: without one there is nothing to ask.")},
    )

    begin_with = BeginningField(
        label=_("Which answers does it begin with?"),
        queryset=Assessment.objects.none(),
        widget=forms.RadioSelect,
        required=False,
        blank=True,  # or the radio buttons would leave the empty choice out
        empty_label=_("None: every requirement is open"),
        help_text=_(
            "Answers that are taken over count as they were given and are marked until somebody confirms them. "
            "The assessment they come from is for reading from then on."
        ),
    )

    class Meta(AuditMonthForm.Meta):
        fields = ["variant", "quick", "channels", "begin_with", "audit_month"]

    def __init__(self, *args, site, release, before=None, **kwargs):
        variants = Variant.objects.filter(release=release)
        # Said to the form and not to the fields: what the empty instance holds would go before theirs.
        begin_with = Assessment.objects.to_begin_with(site, release)
        chosen = next((each for each in begin_with if str(each.pk) == before), None)
        variant = variants[0] if len(variants) == 1 else None
        if chosen:
            variant = next((each for each in variants if each.code == chosen.variant.code), None)
        initial = {"quick": "everything", "variant": variant, "begin_with": chosen}
        instance = Assessment(site=site, channels=site.channels)
        super().__init__(*args, instance=instance, initial=initial, **kwargs)
        self.site, self.release = site, release
        self.fields["variant"].queryset = variants
        if not Requirement.objects.of(release).filter(quick=True).exists():
            del self.fields["quick"]
        if not release.standard.leads_to_audit:
            del self.fields["audit_month"]
        self.fields["begin_with"].queryset = begin_with
        if not begin_with:
            del self.fields["begin_with"]
        self.fields["channels"].choices = [(c.value, c.label) for c in Channel if c in site.channels]

    def clean(self):
        chosen = super().clean()
        before, variant = chosen.get("begin_with"), chosen.get("variant")
        if before and variant and before.variant.code != variant.code:
            self.add_error(
                "begin_with",
                _(
                    "Those answers are of another kind of operation (%(code)s). Choose that kind, or begin with none."
                )
                % {"code": before.variant.code},
            )
        return chosen

    def asked(self):
        """How many requirements the choices made so far would ask, or None while they are not complete."""
        if not self.is_valid():
            return None
        return Assessment(**self._scope()).requirements_in_scope().count()

    def _scope(self):
        chosen = self.cleaned_data
        return {
            "release": self.release,
            "variant": chosen["variant"],
            "channels": chosen["channels"],
            "quick": chosen.get("quick", False),
        }

    def start(self, by):
        """The new assessment, or the untouched twin that a double click or another tab has just started.

        Raises ValidationError where the answers to begin with were taken over by another one meanwhile.
        """
        audit_month = self.cleaned_data.get("audit_month")
        if before := self.cleaned_data.get("begin_with"):
            successor = Assessment(site=self.site, audit_month=audit_month, **self._scope())
            return moves.next_round(before, successor, by=by), True
        return Assessment.objects.start(site=self.site, audit_month=audit_month, by=by, **self._scope())
