"""The metric register: definitions, targets, and how months are judged."""

from crispy_forms.layout import Fieldset
from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.forms.assessments import MonthField
from assessments.forms.figures import FigureField
from assessments.forms.seen import SeenForm, SeenModelForm, signed
from assessments.forms.sites import CleanCharField, helper
from assessments.models import Answer, Metric, Site, User
from assessments.months import first_of, month_number
from standards.library import library
from standards.models import Requirement

TEXTS = (
    "name", "measures", "process", "formula", "numerator", "denominator", "currency", "scale", "data_source",
)  # fmt: skip
FIXED = ("numerator", "denominator", "unit", "every")  # once there are readings
COPIED = (
    "name", "measures", "process", "kind", "channel", "formula", "numerator", "denominator", "unit", "direction",
    "every", "data_source",
)  # fmt: skip


class MetricForm(SeenModelForm):
    shows = forms.MultipleChoiceField(
        label=_("Results requirements it shows"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Their level then follows from the readings. Of several metrics the worst decides."),
    )

    class Meta:
        model = Metric
        fields = [
            "name", "measures", "kind", "channel", "process", "formula", "numerator", "denominator", "unit", "currency",
            "scale", "decimals", "direction", "every", "owner", "data_source", "sample_size", "shows",
        ]  # fmt: skip
        field_classes = dict.fromkeys(TEXTS, CleanCharField)
        help_texts = {
            "name": _("As people say it: Calls answered in 30 seconds."),
            "measures": _("One sentence: what it tells you."),
            "formula": _("In words, with what is left out."),
            "owner": _("Who explains it, and enters it if nobody else does."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        site, metric = self.instance.site, self.instance
        self.fields["owner"].queryset = User.objects.at_site(site).order_by("name", "email")
        self.fields["owner"].empty_label = _("Nobody yet")
        self.fields["shows"].choices = results_asked(site, metric.shows)
        if metric.pk and metric.readings.exists():
            for name in FIXED:
                self.fields[name].disabled = True
                self.fields[name].help_text = _(
                    "Fixed, because there are readings. To measure something else, define a new metric."
                )

    @property
    def helper(self):
        return helper(
            Fieldset(_("What it is"), "name", "measures", "kind", "channel", "process"),
            Fieldset(
                _("How it is worked out"),
                "formula",
                "numerator",
                "denominator",
                "unit",
                "currency",
                "scale",
                "decimals",
            ),
            Fieldset(_("How it is judged"), "direction", "every", "shows"),
            Fieldset(_("Where it comes from"), "owner", "data_source", "sample_size"),
            submit=_("Save metric"),
        )

    def clean_name(self):
        name = self.cleaned_data["name"]
        others = Metric.objects.filter(site=self.instance.site, name__iexact=name).exclude(
            pk=self.instance.pk
        )
        if twin := others.first():
            raise forms.ValidationError(
                _("This site has that metric already, but it is archived. Take it back into use instead.")
                if twin.archived_at
                else _("This site has a metric of that name already. Choose another name.")
            )
        return name

    def clean(self):
        cleaned = super().clean()
        if bool(cleaned.get("numerator")) != bool(cleaned.get("denominator")):
            missing = "denominator" if cleaned.get("numerator") else "numerator"
            self.add_error(missing, _("Name both counts, or neither where the figure is entered as it is."))
        if cleaned.get("unit") == Metric.Unit.MONEY and not cleaned.get("currency"):
            self.add_error("currency", _("Say which money: £, €, USD."))
        if cleaned.get("unit") == Metric.Unit.SCORE and not cleaned.get("scale"):
            self.add_error("scale", _("Marks mean nothing without their scale: 1 to 5."))
        return cleaned


def results_asked(site, kept=()):
    """(key, code and short name) of the results requirements that assessments of `site` in use ask, and of those `kept`."""
    asked = Answer.objects.filter(
        assessment__site=site,
        assessment__set_aside_at=None,
        assessment__continued_at=None,
        requirement__kind=Requirement.RESULT,
    )
    rows = asked.order_by(
        "requirement__item__domain__release__standard__position",
        "requirement__item__position",
        "requirement__position",
    ).values_list("requirement__key", "requirement__item__code", "requirement__letter", "requirement__short")
    found = {key: f"{code}{letter} {short}" for key, code, letter, short in rows}
    return [*found.items(), *((key, key) for key in kept if key not in found)]


class LibraryForm(forms.Form):
    """Tick what to follow; a metric the site has already is not offered again."""

    metrics = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one metric. Nothing was added.")},
    )

    def __init__(self, site, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.site = site
        had = Metric.objects.filter(site=site).values_list("library_key", "name")
        keys, names = {key for key, _name in had}, {name.casefold() for _key, name in had}
        self.offered = [m for m in library() if m.key not in keys and m.name.casefold() not in names]
        self.fields["metrics"].choices = [(metric.key, metric.name) for metric in self.offered]
        self.asked = dict(results_asked(site))

    def by_kind(self):
        """(name of a kind, its metrics with what of this site each would show, and whether it is ticked)."""
        ticked = set(self["metrics"].value() or ())
        for kind in Metric.Kind:
            rows = [
                (
                    metric,
                    [self.asked[key] for key in metric.requirements if key in self.asked],
                    metric.key in ticked,
                )
                for metric in self.offered
                if metric.kind == kind
            ]
            if rows:
                yield kind.label, rows

    def save(self):
        """The ticked ones as metrics of the site, each linked to the requirements it shows. One that somebody else added in
        this moment stays as it is."""
        chosen = [metric for metric in self.offered if metric.key in self.cleaned_data["metrics"]]
        made = [from_library(entry, self.site) for entry in chosen]
        return Metric.objects.bulk_create(made, ignore_conflicts=True)


def from_library(entry, site):
    """An unsaved metric of `site` as a `LibraryMetric` defines it."""
    values = {name: getattr(entry, name) for name in COPIED}
    return Metric(site=site, library_key=entry.key, shows=list(entry.requirements), **values)


class TargetForm(SeenForm):
    """What meets the metric, from when on, and why. Which of the two figures is asked follows from the direction."""

    low = FigureField(label=_("At least"))
    high = FigureField(label=_("At most"))
    since = MonthField(
        label=_("From the month"),
        help_text=_("Each month is judged by the target then in force. Earlier months keep theirs."),
    )
    rationale = CleanCharField(
        label=_("Why this figure"),
        max_length=300,
        help_text=_("Where it comes from: a contract, what customers say they need, your own best months."),
    )

    def __init__(self, metric, *args, **kwargs):
        targets = list(metric.targets.all())
        latest = targets[-1] if targets else None
        initial = {"since": first_of(month_number(metric.site.today()) - (0 if latest else 12))}
        initial["seen"] = signed(_rows(targets))
        if latest:
            initial |= {"low": latest.low, "high": latest.high}
        super().__init__(*args, initial=initial, **kwargs)
        self.metric = metric
        if metric.direction == Metric.Direction.HIGHER:
            del self.fields["high"]
        if metric.direction == Metric.Direction.LOWER:
            del self.fields["low"]

    @property
    def helper(self):
        return helper(*self.fields, submit=_("Set target"))

    def clean(self):
        cleaned = super().clean()
        low, high = cleaned.get("low"), cleaned.get("high")
        if low is not None and high is not None and low > high:
            self.add_error("high", _("The range ends below where it begins."))
        return cleaned

    def save(self, *, by):
        """The target, set. Call it within a transaction; raises like `look_again` where another is there for that month."""
        # Two who set a target take turns.
        metric = Metric.objects.select_for_update(no_key=True).get(pk=self.metric.pk)
        mine = {name: value for name, value in self.cleaned_data.items() if name != "seen"}
        self.look_again(_rows(metric.targets.all()), mine["since"].isoformat(), mine)
        return self.metric.set_target(by=by, **mine)


def _rows(targets):
    """Month -> what a target sets, as `signed` takes it."""
    return {
        target.since.isoformat(): {name: getattr(target, name) for name in ("low", "high", "rationale")}
        for target in targets
    }


class RulesForm(SeenModelForm):
    class Meta:
        model = Site
        fields = ["months_needed", "months_window", "figures_due_day"]

    @property
    def helper(self):
        return helper(*self.Meta.fields, submit=_("Save"))

    def clean(self):
        cleaned = super().clean()
        needed, window = cleaned.get("months_needed"), cleaned.get("months_window")
        if needed and window and needed > window:
            self.add_error(
                "months_needed",
                _("No more than %(window)s months can be met out of %(window)s.") % {"window": window},
            )
        return cleaned
