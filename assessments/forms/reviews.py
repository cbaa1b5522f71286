"""Sending items for review, deciding one, and commenting on an answer."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.access import REVIEW, roles_that
from assessments.forms.answers import LEVEL_WORDS
from assessments.models import Comment, Review, User
from assessments.models.reviews import TO_REVIEW
from assessments.rules.scoring import LEVEL_CHOICES, NOT_APPLICABLE, OPEN, UNKNOWN
from standards.text import clean_text

AGREE, OTHER = "agree", "other"


def reviewers(site):
    """Who may review what is answered at `site`, by name."""
    return User.objects.at_site(site, roles_that(REVIEW)).order_by("name", "email")


class WordsField(forms.CharField):
    """Some sentences, cleaned before they are counted: a browser counts a line end as one character."""

    widget = forms.Textarea(attrs={"rows": 3})

    def to_python(self, value):
        return clean_text(super().to_python(value) or "")


class SubmitForm(forms.Form):
    """Which of the items of `progress` to send, to whom, until when."""

    items = forms.MultipleChoiceField(
        error_messages={"required": gettext_lazy("Tick at least one item that is complete.")}
    )
    reviewer = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("Who reviews it?"),
        required=False,
        empty_label=gettext_lazy("Anybody who may review"),
    )
    due = forms.DateField(
        label=gettext_lazy("Until when? (optional)"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("This is not a day. Write it as 2027-10-31.")},
    )
    message = WordsField(
        label=gettext_lazy("What should the reviewer know? (optional)"),
        required=False,
        max_length=Review.MESSAGE_LIMIT,
    )

    def __init__(self, assessment, progress, sender, data=None, ticked=()):
        """`ticked` holds the codes of items to begin with, and of domains: their items without a review that holds."""
        super().__init__(data)
        self.assessment, self.progress, self.sender = assessment, progress, sender
        self.by_code = {item.code: item for item in progress.items}
        self.fields["items"].choices = [(code, item.title) for code, item in self.by_code.items()]
        self.fields["reviewer"].queryset = reviewers(assessment.site).exclude(pk=sender.pk)
        self.begin_with = {
            item.code
            for domain in progress.domains
            for item in domain.items
            if item.code in ticked or (domain.code in ticked and not (item.review and item.review.status))
        }

    @property
    def domains(self):
        """(domain, [(item, may be sent, is ticked)]), as the page lists them."""
        ticked = set(self.data.getlist("items")) if self.is_bound else self.begin_with
        for domain in self.progress.domains:
            rows = ((item, can_be_sent(item)) for item in domain.items)
            yield domain, [(item, ready, ready and item.code in ticked) for item, ready in rows]

    def clean_due(self):
        due, today = self.cleaned_data["due"], self.assessment.site.today()
        if due and due < today:
            raise forms.ValidationError(_("This day has passed. Choose today or later."))
        if due and due.year > today.year + 10:
            raise forms.ValidationError(_("Choose a day within the next ten years."))
        return due

    def save(self):
        """The reviews made and the items refused, see `Review.objects.submit`."""
        data = self.cleaned_data
        items = [self.by_code[code].places[0].requirement.item for code in data["items"]]
        return Review.objects.submit(
            self.assessment,
            items,
            by=self.sender,
            reviewer=data["reviewer"],
            due=data["due"],
            message=data["message"],
        )


def can_be_sent(item):
    """Is everything in it answered, and does it not wait for its review already?"""
    return item.answered == len(item.places) and not (item.review and item.review.status == TO_REVIEW)


class DecideForm(forms.Form):
    """For each of `answers`: agreed, or another level and why. `seen` is what the reviewer looked at."""

    seen = forms.IntegerField(min_value=0)
    message = WordsField(
        label=gettext_lazy("A word on the whole (optional)"), required=False, max_length=Review.MESSAGE_LIMIT
    )

    def __init__(self, review, answers, data=None):
        super().__init__(data, initial={"seen": sum(answer.version for answer in answers)})
        self.review, self.answers = review, answers
        for answer in answers:
            ways = [(AGREE, _("Agree")), (OTHER, _("I see another level"))]
            self.fields[f"see-{answer.pk}"] = forms.ChoiceField(
                choices=ways, initial=AGREE, required=False, widget=forms.RadioSelect
            )
            self.fields[f"level-{answer.pk}"] = forms.ChoiceField(
                label=_("The level I see"), choices=_levels(answer), required=False
            )
            self.fields[f"comment-{answer.pk}"] = WordsField(
                label=_("Why"), max_length=Comment.LIMIT, required=False
            )

    @property
    def rows(self):
        """(answer, agree or other, level, comment) with the fields as the page draws them."""
        return [
            (answer, *(self[f"{name}-{answer.pk}"] for name in ("see", "level", "comment")))
            for answer in self.answers
        ]

    @property
    def seen_now(self):
        """What the page drawn now shows, whatever an earlier one did."""
        return self.initial["seen"]

    def clean(self):
        data = self.cleaned_data
        for answer in self.answers:
            if data.get(f"see-{answer.pk}") == OTHER:
                if f"level-{answer.pk}" not in self.errors and not data.get(f"level-{answer.pk}"):
                    self.add_error(f"level-{answer.pk}", _("Choose the level that you see."))
                if f"comment-{answer.pk}" not in self.errors and not data.get(f"comment-{answer.pk}"):
                    self.add_error(f"comment-{answer.pk}", _("Say why you see another level."))
        return data

    def save(self, by):
        """Decide the review. Raises ValidationError like `Review.decide`."""
        data = self.cleaned_data
        findings = {
            answer: (data[f"level-{answer.pk}"], data[f"comment-{answer.pk}"])
            for answer in self.answers
            if data[f"see-{answer.pk}"] == OTHER
        }
        self.review.decide(by=by, findings=findings, message=data["message"], seen=data["seen"])


def _levels(answer):
    """Every choice but the one that stands: a reviewer who sees the same agrees."""
    words = zip(LEVEL_CHOICES, LEVEL_WORDS[answer.requirement.kind], strict=True)
    named = [(choice, f"{choice} {word}") for choice, word in words]
    named += [(UNKNOWN, _("Not known")), (NOT_APPLICABLE, _("Not applicable"))]
    return [(OPEN, _("Choose a level")), *(pair for pair in named if pair[0] != answer.choice)]


class CommentForm(forms.Form):
    text = WordsField(
        label=gettext_lazy("Your comment"),
        max_length=Comment.LIMIT,
        error_messages={"required": gettext_lazy("Write something first.")},
    )
