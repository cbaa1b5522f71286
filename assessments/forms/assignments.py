"""Whose work it is to answer: one requirement or its item, and all items on one page."""

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.access import ANSWER, roles_that
from assessments.models import User

SEVERAL = "several"


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

    def save(self):
        """Whose it is now (None: nobody's), and how many requirements changed hands."""
        person, answer = self.cleaned_data["person"], self.answer
        answers = answer.assessment.answers.filter(requirement__item=answer.requirement.item_id)
        return person, (answers if self.cleaned_data["whole"] else answers.filter(pk=answer.pk)).assign_to(
            person
        )


class AssignmentsForm(forms.Form):
    """One choice for each of `items`, which are `ItemProgress`. What several people share stays so unless it is changed."""

    def __init__(self, assessment, items, data=None):
        super().__init__(data)
        self.assessment = assessment
        self.people = {str(person.pk): person for person in answerers(assessment.site)}
        names = [("", _("Nobody in particular")), *((pk, str(person)) for pk, person in self.people.items())]
        for item in items:
            whose = [str(person.pk) for person in item.assignees]
            as_it_is = SEVERAL if item.shared or set(whose) - self.people.keys() else "".join(whose)
            kept = [(SEVERAL, ", ".join(map(str, item.assignees)))] if as_it_is == SEVERAL else []
            self.fields[item.code] = forms.ChoiceField(
                label=f"{item.code} {item.title}", choices=kept + names, initial=as_it_is, required=False
            )

    def save(self):
        """Give each item whose choice was changed to the person chosen; person -> codes of their new items."""
        given = {}
        for code in self.changed_data:
            person = self.people.get(self.cleaned_data[code])
            if self.assessment.answers.in_item(code).assign_to(person):
                given.setdefault(person, []).append(code)
        return given
