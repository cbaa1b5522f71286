"""Whose work it is to answer: one requirement or its item, and all items on one page."""

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assessments.access import ANSWER, roles_that
from assessments.models import User
from assessments.models.progress import progress


def answerers(site):
    """Who may answer at `site`, by name."""
    return User.objects.at_site(site, roles_that(ANSWER)).order_by("name", "email")


class AssignForm(forms.Form):
    """Who answers one requirement, or its whole item."""

    person = forms.ModelChoiceField(
        User.objects.none(), label=_("Who answers it?"), required=False, empty_label=_("Nobody in particular")
    )
    whole = forms.BooleanField(label=_("The whole item, not this requirement alone"), required=False)

    def __init__(self, answer, data=None):
        super().__init__(data, initial={"person": answer.assignee_id})
        self.answer = answer
        self.fields["person"].queryset = answerers(answer.assessment.site)

    @transaction.atomic
    def save(self):
        """Whose it is now (None: nobody's), and how many requirements changed hands.

        Raises PermissionDenied where the assessment is for reading only by now.
        """
        person, answer = self.cleaned_data["person"], self.answer
        answers = answer.assessment.answers.filter(requirement__item=answer.requirement.item_id)
        if not self.cleaned_data["whole"]:
            answers = answers.filter(pk=answer.pk)
        answers.take_turns()
        return person, answers.assign_to(person)


class AssignmentsForm(forms.Form):
    """One choice for each item of `assessment`: a person, nobody, or what several people share as it is.

    The page sends whom it showed beside each choice. What was left as it was shown stays as it is stored by now.
    """

    def __init__(self, assessment, data=None):
        super().__init__(data)
        self.assessment = assessment
        self.domains = progress(assessment).domains
        self.items = {item.code: item for domain in self.domains for item in domain.items}
        self.people = {str(person.pk): person for person in answerers(assessment.site)}
        names = [("", _("Nobody in particular")), *((pk, str(person)) for pk, person in self.people.items())]
        for code, item in self.items.items():
            whose = _whose(item)
            kept = [] if whose in ("", *self.people) else [(whose, ", ".join(map(str, item.assignees)))]
            self.fields[code] = forms.ChoiceField(
                label=f"{code} {item.title}",
                choices=kept + names,
                initial=whose,
                required=False,
                # Of a disabled field counts what is stored, whatever was sent.
                disabled=self.is_bound and self.data.get(code) == self._shown(code),
            )

    def by_domain(self):
        """(title, its fields), as the page lists them."""
        return [(domain.title, [self[item.code] for item in domain.items]) for domain in self.domains]

    def _shown(self, code):
        return self.data.get(f"shown-{code}")

    @property
    def overtaken(self):
        """The codes of items that were changed on the page and, to something else, by somebody since it was shown."""
        return [code for code in self.changed_data if self._shown(code) != self.fields[code].initial]

    def clean(self):
        for code in self.overtaken:
            now = ", ".join(map(str, self.items[code].assignees)) or _("nobody in particular")
            sentence = _(
                "%(item)s changed hands while this page was open: it is answered by %(who)s now. Save again to give it to whom you chose."
            )
            self.add_error(code, sentence % {"item": self.fields[code].label, "who": now})

    def save(self):
        """Give each item whose choice was changed to the person chosen; person -> codes of their new items."""
        given = {}
        for code in self.changed_data:
            person = self.people.get(self.cleaned_data[code])
            if self.assessment.answers.in_item(code).assign_to(person):
                given.setdefault(person, []).append(code)
        return given


def _whose(item):
    """As the page sends it: ids with dots between them, an empty one for the part that is nobody's."""
    return ".".join(sorted({str(place.assignee.pk) if place.assignee else "" for place in item.places}))
