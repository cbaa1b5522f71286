"""What a standards editor types: cleaned text, checked beside what is stored."""

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from standards import wordings
from standards.models import Domain, Item, Release, Requirement, Variant, Wording
from standards.text import clean_text

# Characters of guidance, evidence or prompts; the longest shipped text has under a fifth of that.
LINES_LIMIT = 4000
LINES_MOST = 60  # lines of such a text; the longest shipped one has under a fifth of that


class SentenceField(forms.CharField):
    """One line. A line break that came along with a paste becomes a space."""

    def to_python(self, value):
        return " ".join(clean_text(super().to_python(value)).split())

    def widget_attrs(self, widget):
        """No maxlength: a browser would cut a paste without a word; the form says how much too long it is."""
        return {}


class LinesField(forms.CharField):
    """One sentence a line, without empty lines."""

    def __init__(self, **kwargs):
        super().__init__(**{**kwargs, "max_length": LINES_LIMIT})

    def to_python(self, value):
        lines = (" ".join(line.split()) for line in clean_text(super().to_python(value)).split("\n"))
        return "\n".join(line for line in lines if line)

    def validate(self, value):
        super().validate(value)
        lines = value.count("\n") + 1
        if lines > LINES_MOST:
            raise ValidationError(
                _("Ensure this value has at most %(most)s lines (it has %(lines)s).")
                % {"most": LINES_MOST, "lines": lines}
            )

    def widget_attrs(self, widget):
        return {}


LINES = ("guidance", "evidence", "prompts", "metrics")
SENTENCES = tuple(name for name in Requirement.WORDS if name not in LINES)


class WordingForm(forms.ModelForm):
    """Own wording beside the shipped text. A field left empty, or equal to what is shipped, stays as shipped.

    `seen` names the version the editor started from. If somebody saved another one meanwhile, nothing is stored: fields
    the editor had not touched take the newer text, and where both changed one, `theirs` holds it for the page to show.
    """

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Wording
        fields = Wording.FIELDS
        labels = wordings.LABELS
        field_classes = dict.fromkeys(SENTENCES, SentenceField) | dict.fromkeys(LINES, LinesField)
        widgets = dict.fromkeys(SENTENCES, forms.Textarea(attrs={"rows": 3})) | dict.fromkeys(
            LINES, forms.Textarea(attrs={"rows": 5})
        )

    def __init__(self, data=None, *, requirement):
        self.requirement = requirement
        self.latest = wordings.records(requirement).first()
        self.theirs = {}
        super().__init__(
            data,
            instance=getattr(requirement, "wording", None) or Wording(requirement_id=requirement.pk),
            initial={"seen": self.latest and self.latest.history_id},
        )

    def clean(self):
        for name in Wording.FIELDS:
            if self.cleaned_data.get(name) == getattr(self.requirement, name):
                self.cleaned_data[name] = "" if name in Requirement.WORDS else None
        if self.latest and self.cleaned_data.get("seen") != self.latest.history_id:
            self.show_both()
            raise ValidationError(
                _(
                    "%(who)s saved this wording while you were editing it. Nothing of yours is lost, and nothing of it is "
                    "stored yet: where you both changed a text, theirs is shown under yours. Save again to store the "
                    "texts as they stand here."
                )
                % {"who": self.latest.history_user or _("Somebody")},
                code="conflict",
            )
        return self.cleaned_data

    def show_both(self):
        seen = wordings.records(self.requirement).filter(pk=self.cleaned_data.get("seen") or 0).first()
        before, stored = wordings.values_of(seen), wordings.values_of(self.latest)
        self.data = self.data.copy()
        self.data["seen"] = self.latest.history_id
        for name in Wording.FIELDS:
            mine = self.cleaned_data.get(name) or None
            if name in self.errors or stored[name] in (before[name], mine):
                continue
            if mine == before[name]:
                self.data[name] = stored[name] or ""
            else:
                self.theirs[name] = stored[name] or _("as shipped")

    def rows(self):
        """Shipped text, field and, after a conflict, the other editor's text, for each word field."""
        return [
            {
                "field": self[name],
                "shipped": getattr(self.requirement, name),
                "help": Requirement._meta.get_field(name).help_text,
                "lines": name in LINES,
                "own": bool(self.initial.get(name)),
                "theirs": self.theirs.get(name, ""),
            }
            for name in Wording.FIELDS
        ]

    def save(self):
        """Returns whether anything was stored."""
        return wordings.store(
            self.requirement, self.cleaned_data, written_against=self.requirement.fingerprint
        )


class ItemForm(forms.ModelForm):
    """An item of a draft release. It stays in its release, as its requirements and their variants do."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "domain" not in self.fields:  # of a published release, where it is only read
            return
        domains = Domain.objects.filter(release__status=Release.DRAFT)
        if self.instance.pk:
            domains = domains.filter(release=self.instance.domain.release_id)
        self.fields["domain"].queryset = domains.select_related("release__standard")


class RequirementForm(forms.ModelForm):
    """A requirement of a draft release, where everything may change. The admin names model and fields."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        items, variants = Item.objects.filter(domain__release__status=Release.DRAFT), Variant.objects.all()
        if self.instance.pk:
            release = self.instance.item.domain.release
            items = items.filter(domain__release=release)
            variants = variants.filter(release=release)
        self.fields["item"].queryset = items.select_related("domain__release__standard")
        self.fields["variants"].queryset = variants.filter(release__status=Release.DRAFT)

    def clean(self):
        cleaned = super().clean()
        item, variants = cleaned.get("item"), cleaned.get("variants") or ()
        if item and any(variant.release_id != item.domain.release_id for variant in variants):
            self.add_error("variants", _("Choose variants of the release the item belongs to."))
        if not (cleaned.get("human") or cleaned.get("automated")):
            self.add_error("human", _("Choose at least one kind of channel, or nobody would be asked."))
        if cleaned.get("critical") and not cleaned.get("critical_reason"):
            self.add_error("critical_reason", _("Say what makes it critical."))
        if cleaned.get("fundamental") and not cleaned.get("fundamental_reason"):
            self.add_error("fundamental_reason", _("Say why this comes before the rest."))
        return cleaned


class CopyForm(forms.Form):
    """The version number of a copy. It differs from those of the standard's other releases."""

    version = SentenceField(
        max_length=20,
        label=gettext_lazy("Version of the copy"),
        help_text=gettext_lazy(
            "As people will say it, such as 8.0-north. The number of a published release is taken."
        ),
        widget=AdminTextInputWidget(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args, release, **kwargs):
        self.release = release
        super().__init__(*args, **kwargs)

    def clean_version(self):
        version = self.cleaned_data["version"]
        if self.release.standard.releases.filter(version=version).exists():
            raise ValidationError(
                _("%(standard)s has a release %(version)s already. Choose another number.")
                % {"standard": self.release.standard, "version": version}
            )
        return version
