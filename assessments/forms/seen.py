"""Who saves a page overwrites nothing they have not seen: the form carries what its page was filled with, and that is compared
with what is stored by then."""

from contextlib import contextmanager

from django import forms
from django.core.signing import BadSignature, Signer
from django.db import IntegrityError, transaction
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _

NOTHING = object()


class ChangedMeanwhile(Exception):
    """Somebody else changed what would be overwritten. The form says what, and overwrites it where it is sent again."""


def signed(rows):
    """`rows` (key of a row -> name of a field -> its value, all as JSON has them) as a text that nobody else can make."""
    return _signer().sign_object(rows, compress=True)


def opened(text):
    """What `signed` was given; nothing for any other text."""
    try:
        return _signer().unsign_object(text)
    except BadSignature:
        return {}


def _signer():
    return Signer(salt="what a form was filled with")


@contextmanager
def storing(form):
    """A transaction in which `form` is stored. Where somebody else changed the same meanwhile, or took the name in this very
    moment, it ends without a change and the form says so."""
    try:
        with transaction.atomic():
            yield
    except ChangedMeanwhile:
        pass
    except IntegrityError:
        try:
            form.clean_name()
        except forms.ValidationError as taken:
            form.add_error("name", taken)
        else:
            raise


class SeenForm(forms.Form):
    """A form over rows that others change too."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    overtaken = False

    @property
    def status(self):
        """What its page is answered with: 409 where somebody else changed the same, 422 where it makes no sense."""
        return 409 if self.overtaken else 422 if self.errors else 200

    def look_again(self, rows, key, mine):
        """Compare with `rows`, what is stored by now as for `signed`, before `mine` (name -> value) goes into the row `key`.

        Raises `ChangedMeanwhile` where somebody else gave a field another value than `mine` since the page was loaded.
        """
        stored, seen = rows.get(key, {}), opened(self.cleaned_data["seen"]).get(key, {})
        theirs = {
            name: value
            for name, value in stored.items()
            if name in mine and value not in (mine[name], seen.get(name, NOTHING))
        }
        if not theirs:
            return
        self.overtaken = True
        self.data = self.data.copy()
        self.data["seen"] = signed(rows)
        self._say(theirs)
        raise ChangedMeanwhile

    def _say(self, theirs):
        names = ", ".join(f"“{self.fields[name].label}”" for name in theirs)
        sentence = _(
            "Somebody changed %(names)s after you opened this page, so nothing is saved yet. What you entered is still "
            "here, and what they saved stands below each field. Save again to put yours in its place."
        )
        self.add_error(None, sentence % {"names": names})
        for name, value in theirs.items():
            self.add_error(name, _("Saved meanwhile: %s") % _told(self.fields[name], value))


def _told(field, value):
    """The value of a field as people read it."""
    names = dict(getattr(field, "choices", ()))
    values = value if isinstance(value, list) else [value]
    words = [str(names.get(each, field.prepare_value(each))) for each in values if each not in (None, "")]
    return ", ".join(words) or _("nothing")


class SeenModelForm(SeenForm, forms.ModelForm):
    """One that edits a row, and makes a new one as any other does."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["seen"] = signed(self._rows(self.instance))

    def _rows(self, row):
        return {str(row.pk): model_to_dict(row, self._meta.fields)}

    def save(self):
        """The row, stored: of one that is there already the fields of this form and no others.

        Call it within a transaction. Raises like `look_again`.
        """
        row = self.instance
        if row.pk is None:
            return super().save()
        # With no_key, or who writes a reading, and holds the site, and who edits its metric would wait for each other.
        stored = type(row).objects.select_for_update(no_key=True).get(pk=row.pk)
        [(key, mine)] = self._rows(row).items()
        self.look_again(self._rows(stored), key, mine)
        row.save(update_fields=self._meta.fields)
        return row
