"""An action of the plan, several at once, and a status given on the list or the board."""

from datetime import timedelta
from itertools import groupby

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.forms.sites import CleanCharField, RowsField
from assessments.models import Action, Answer, User
from standards.text import NOTE_LIMIT, whole_number

NOBODY = "nobody"
YEARS = timedelta(days=3660)  # how far a plan looks ahead, and back
TITLE_LIMIT = Action._meta.get_field("title").max_length


class DayField(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date", "placeholder": "2027-10-31"}, format="%Y-%m-%d")
    default_error_messages = {"invalid": gettext_lazy("This is not a day. Write it as 2027-10-31.")}

    def __init__(self, **kwargs):
        super().__init__(required=False, **kwargs)


def owners_at(site):
    """Who can own an action, by name."""
    return User.objects.at_site(site).order_by("name", "email")


def check_days(form, start, due, today):
    """Put a sentence beside the field that says something impossible."""
    for name, day in (("start", start), ("due", due)):
        if day and abs(day - today) > YEARS:
            form.add_error(name, _("Choose a day within ten years of today."))
    if start and due and start > due:
        form.add_error("due", _("It would be due before it starts, on %s.") % date_format(start, "j F Y"))


def suggested(answer):
    """What an action that closes the gap of `answer` begins with: the requirement's own words."""
    asked = answer.requirement
    title = asked.words["first_step"].strip().rstrip(".") or asked.short
    return {
        "title": title if len(title) <= TITLE_LIMIT else asked.short,
        "done_when": asked.levels[asked.target_in_force],
        "effort": asked.effort,
    }


def is_gap(answer):
    """Is it answered below its target?"""
    return answer.level is not None and answer.level < answer.requirement.target_in_force


class ActionForm(forms.ModelForm):
    title = CleanCharField(
        label=gettext_lazy("What is done?"),
        max_length=TITLE_LIMIT,
        help_text=gettext_lazy("Begin with a verb: Recalculate ten figures of last month."),
    )
    owner_name = CleanCharField(
        label=gettext_lazy("Or somebody without an account"), max_length=80, required=False
    )
    start = DayField(label=gettext_lazy("Starts on"))
    due = DayField(label=gettext_lazy("Due on"))
    done_when = CleanCharField(
        label=gettext_lazy("Done when"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("What one will be able to see, in a sentence that is true or false."),
    )
    note = CleanCharField(
        label=gettext_lazy("Note"),
        max_length=NOTE_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    answers = RowsField(
        Answer.objects.none(),
        label=gettext_lazy("Gaps it closes"),
        error_messages={"required": gettext_lazy("Tick at least one gap that it closes.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10**9, required=False)

    class Meta:
        model = Action
        fields = [
            "title", "owner", "owner_name", "effort", "cost", "start", "due", "status", "done_when", "note", "answers",
        ]  # fmt: skip
        labels = {
            "owner": gettext_lazy("Who owns it?"),
            "effort": gettext_lazy("Effort"),
            "cost": gettext_lazy("Cost besides the work"),
            "status": gettext_lazy("Status"),
        }
        help_texts = {"cost": ""}

    def __init__(self, *args, chosen=(), **kwargs):
        """`chosen` are ids of answers that are ticked on a new one."""
        super().__init__(*args, **kwargs)
        action, assessment = self.instance, self.instance.assessment
        linked = set(action.answers.values_list("pk", flat=True)) if action.pk else set()
        self.initial |= {"answers": linked or set(chosen), "version": action.version}
        self.offered = [answer for answer in assessment.sheet() if is_gap(answer) or answer.pk in linked]
        owners = owners_at(assessment.site)
        if action.owner_id:  # somebody who has left since may stay
            owners = (owners | User.objects.filter(pk=action.owner_id)).distinct()
        self.fields["owner"].queryset = owners
        self.fields["owner"].empty_label = _("Nobody yet")
        self.fields["cost"].choices = [("", _("Nobody knows yet")), *Action.Cost.choices]
        self.fields["answers"].queryset = assessment.answers.filter(pk__in=[a.pk for a in self.offered])
        self.fields["answers"].required = bool(self.offered)

    def gaps(self):
        """(domain, [(answer, is ticked, still is a gap)], how many are ticked), as the page lists them."""
        ticked = {str(value) for value in self["answers"].value() or ()}
        for domain, answers in groupby(self.offered, key=lambda answer: answer.requirement.item.domain):
            rows = [(answer, str(answer.pk) in ticked, is_gap(answer)) for answer in answers]
            yield domain, rows, sum(is_ticked for _answer, is_ticked, _still in rows)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("owner") and cleaned.get("owner_name"):
            self.add_error("owner_name", _("Choose a member or write a name, not both."))
        check_days(self, cleaned.get("start"), cleaned.get("due"), self.instance.assessment.site.today())
        return cleaned

    def validate_constraints(self):
        """Said in words by `clean`."""

    @property
    def values(self):
        return {name: self.cleaned_data[name] for name in self.Meta.fields if name != "answers"}

    def save(self, *, by):
        """The action, new or changed. Raises `ActionConflict` where somebody changed it since the page was loaded."""
        answers = self.cleaned_data["answers"]
        if self.instance.pk is None:
            return Action.objects.add(self.instance.assessment, answers, by=by, **self.values)
        self.instance.change(self.values, answers=answers, by=by, version=self.cleaned_data["version"] or 0)
        return self.instance

    def differences(self, stored):
        """(label, mine, theirs) of each field that differs from what is `stored`."""
        mine = self.instance.answers.model.objects.filter(pk__in=self.cleaned_data["answers"])
        pairs = [(name, self.values[name], getattr(stored, name)) for name in self.values]
        told = [(self.fields[n].label, _told(n, m), _told(n, t)) for n, m, t in pairs if m != t]
        codes = [_codes(mine), _codes(stored.answers.all())]
        return told + ([(self.fields["answers"].label, *codes)] if codes[0] != codes[1] else [])


def _codes(answers):
    rows = answers.order_by("requirement__item__position", "requirement__position")
    names = rows.values_list("requirement__item__code", "requirement__letter")
    return ", ".join(f"{code}{letter}" for code, letter in names)


def _told(name, value):
    """A value of that field in words."""
    if name in ("start", "due"):
        return date_format(value, "j F Y") if value else _("no day")
    choices = Action._meta.get_field(name).choices
    words = dict(choices).get(value, "") if choices else str(value or "")
    return str(words) or _("nothing")


class MoveForm(forms.Form):
    """A status, and the one that the sender saw."""

    status = forms.ChoiceField(choices=Action.Status.choices)
    seen = forms.ChoiceField(choices=Action.Status.choices)


class ChangeAllForm(forms.Form):
    """The same change to several actions of an assessment; what is left empty stays as it is."""

    action = RowsField(
        Action.objects.none(),
        error_messages={"required": gettext_lazy("Tick at least one action.")},
    )
    owner = forms.ChoiceField(label=gettext_lazy("Owner"), required=False)
    status = forms.ChoiceField(label=gettext_lazy("Status"), required=False)
    start = DayField(label=gettext_lazy("Starts on"))
    due = DayField(label=gettext_lazy("Due on"))

    def __init__(self, assessment, data=None):
        super().__init__(data, auto_id="all-%s")
        self.assessment = assessment
        self.people = {str(person.pk): person for person in owners_at(assessment.site)}
        as_it_is = ("", _("As it is"))
        self.fields["action"].queryset = Action.objects.filter(assessment=assessment).with_names()
        names = [(key, str(person)) for key, person in self.people.items()]
        self.fields["owner"].choices = [as_it_is, (NOBODY, _("Nobody yet")), *names]
        self.fields["status"].choices = [as_it_is, *Action.Status.choices]

    def clean(self):
        cleaned = super().clean()
        if self.errors:
            return cleaned
        if not self.values:
            raise forms.ValidationError(_("Choose what to change: the owner, the status or a day."))
        check_days(self, cleaned["start"], cleaned["due"], self.assessment.site.today())
        for action in cleaned["action"] if not self.errors else ():
            start, due = cleaned["start"] or action.start, cleaned["due"] or action.due
            if start and due and start > due:
                raise forms.ValidationError(_("“%s” would be due before it starts.") % action)
        return cleaned

    @property
    def values(self):
        """Field of an action -> what all of them get."""
        cleaned = self.cleaned_data
        values = {name: cleaned[name] for name in ("status", "start", "due") if cleaned.get(name)}
        if cleaned.get("owner"):
            values |= {"owner": self.people.get(cleaned["owner"]), "owner_name": ""}
        return values

    @property
    def ticked(self):
        """The ids that were sent and are of this assessment, whatever else is wrong."""
        sent = set(map(whole_number, self.data.getlist("action"))) - {None}
        return list(self.fields["action"].queryset.filter(pk__in=sent).values_list("pk", flat=True))

    def summary(self):
        """(action, [(label, before, after)]) of every action ticked."""
        return [(action, self._differences(action)) for action in self.cleaned_data["action"]]

    def _differences(self, action):
        told = []
        for name, value in self.values.items():
            if name == "owner_name":
                continue
            before = (action.who, str(value or "")) if name == "owner" else None
            before = before or (_told(name, getattr(action, name)), _told(name, value))
            if before[0] != before[1]:
                told.append((self.fields[name].label, *(words or _("Nobody yet") for words in before)))
        return told
