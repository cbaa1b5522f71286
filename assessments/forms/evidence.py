"""One thing a site can show, or several files at once."""

import re

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.figures import file_size
from assessments.forms.assessments import MonthField
from assessments.forms.sites import CleanCharField
from assessments.models import Evidence, EvidenceFile
from assessments.models.evidence_files import Putting
from assessments.uploads import Refused, names
from assessments.uploads.checked import looked_through
from assessments.uploads.kinds import ACCEPTED

# A word, a colon and no space: an address of some kind.
ADDRESS = re.compile(r"\s*[a-z][a-z0-9+.-]*:(?=\S)", re.IGNORECASE)
LINK = re.compile(r"https?://[^\s/]+(/\S*)?$", re.IGNORECASE)  # a host of the intranet has no dot
TITLE_LIMIT = 160
SHOWN = 60  # characters of the name that a file was sent with


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Files as `Checked`, all of them or none."""

    widget = FilesInput

    def clean(self, data, initial=None):
        sent = [file for file in (data if isinstance(data, list | tuple) else [data]) if file]
        if len(sent) > settings.EVIDENCE_FILES_AT_ONCE:
            raise ValidationError(
                _("These are %(count)s files. At most %(most)s can be sent at once.")
                % {"count": len(sent), "most": settings.EVIDENCE_FILES_AT_ONCE}
            )
        checked, wrong = [], []
        for file in sent:
            try:
                checked.append(self.checked(file))
            except Refused as refusal:
                wrong.append(f"{file.name[-SHOWN:]}: {refusal}")
        if wrong:
            raise ValidationError(wrong)
        return checked

    def checked(self, file):
        if file.size > settings.EVIDENCE_FILE_BYTES:
            raise Refused(
                _("This file is larger than %(most)s, which is the most that is kept.")
                % {"most": file_size(settings.EVIDENCE_FILE_BYTES)}
            )
        return looked_through(file.read(), file.name)


class EvidenceForm(forms.ModelForm):
    files = FilesField(
        label=gettext_lazy("Files"),
        required=False,
        widget=FilesInput(attrs={"accept": ACCEPTED}),
    )
    place = CleanCharField(
        label=gettext_lazy("Or where is it?"),
        max_length=500,
        required=False,
        help_text=gettext_lazy(
            "A link that begins with https://, or words by which a colleague finds it: Quality drive, folder 2026."
        ),
    )
    title = CleanCharField(
        label=gettext_lazy("What is it?"),
        max_length=TITLE_LIMIT,
        required=False,
        help_text=gettext_lazy(
            "As people call it: Forecast pack, October 2026. A file is called by its own name where you leave this empty."
        ),
    )
    covers_from = MonthField(label=gettext_lazy("Covers from"), required=False)
    covers_to = MonthField(
        label=gettext_lazy("Covers to"),
        required=False,
        help_text=gettext_lazy(
            "The months its figures or records are of. Leave both empty where it has no period, as a policy has none."
        ),
    )

    class Meta:
        model = Evidence
        fields = ["files", "place", "title", "covers_from", "covers_to"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["files"].help_text = _(
            "PDF, PNG, JPEG, Word (.docx), Excel (.xlsx), CSV or text, up to %(size)s each and %(most)s at once."
        ) % {"size": file_size(settings.EVIDENCE_FILE_BYTES), "most": settings.EVIDENCE_FILES_AT_ONCE}
        if self.instance.replaces_id:  # one takes the place of one
            self.fields["files"].widget.attrs.pop("multiple")
            self.fields["files"].label = _("File")
            self.fields["files"].help_text = _(
                "PDF, PNG, JPEG, Word (.docx), Excel (.xlsx), CSV or text, up to %(size)s."
            ) % {"size": file_size(settings.EVIDENCE_FILE_BYTES)}

    def clean_place(self):
        place = self.cleaned_data["place"].strip()
        if ADDRESS.match(place) and not LINK.match(place):
            raise ValidationError(
                _(
                    "This is not a link that can be kept. Write one that begins with https://, or say in words where it is."
                )
            )
        return place

    def clean(self):
        found = super().clean()
        self._check_something_is_held(found)
        self._check_period(found)
        if self.errors and self.files.getlist(self.add_prefix("files")) and "files" not in self.errors:
            self.add_error("files", _("Choose the file again: a browser does not keep it with the form."))
        return found

    def _check_something_is_held(self, found):
        if "files" in self.errors:
            return
        files = found.get("files")
        if not files and not found.get("place") and "place" not in self.errors:
            self.add_error("place", _("Choose a file, or say where it is."))
        if not files and found.get("place") and not found.get("title") and "title" not in self.errors:
            self.add_error("title", _("Say what it is: only a file is called by its own name."))
        if files and len(files) > 1 and self.instance.replaces_id:
            self.add_error("files", _("One file takes the place of one. Choose one."))

    def _check_period(self, found):
        first, last = found.get("covers_from"), found.get("covers_to")
        if bool(first) != bool(last) and not self.errors:
            found["covers_from"] = found["covers_to"] = first or last  # one month is a period of one month
        elif first and last and first > last:
            self.add_error("covers_to", _("This month is before the one it covers from."))
        today = self.instance.answer.assessment.site.today()
        if last and last > today.replace(day=1):
            self.add_error(
                "covers_to", _("This month has not come yet. Evidence is about work that was done.")
            )

    def keep(self, *, by):
        """Every file is a piece of evidence, or the place is one, all or none. Returns what was added.

        Raises what `Evidence.add` raises, and Unreachable where the store of files does not answer.
        """
        files, organisation = self.cleaned_data["files"], self.instance.answer.assessment.site.organisation_id
        if not files:
            self.instance.add(by=by)
            return [self.instance]
        EvidenceFile.objects.check_room(organisation, sum(len(file.content) for file in files), len(files))
        with Putting(organisation, files) as stored, transaction.atomic():
            added = [self._evidence_of(file, alone=len(files) == 1) for file in stored]
            for evidence, file in zip(added, stored, strict=True):
                evidence.add(by=by, file=file)
        return added

    def renamed(self):
        """A sentence for each file that got another ending than it was sent with."""
        sent = self.files.getlist(self.add_prefix("files"))
        pairs = zip(sent, self.cleaned_data["files"], strict=True)
        sentences = [names.another_ending(was.name[-SHOWN:], now.name, now.kind) for was, now in pairs]
        return [sentence for sentence in sentences if sentence]

    def _evidence_of(self, file, *, alone):
        copied = ("answer", "replaces", "place", "covers_from", "covers_to")
        said = self.instance.title
        title = (said or file.name) if alone else " ".join(filter(None, (said and f"{said}:", file.name)))
        return Evidence(title=title[:TITLE_LIMIT], **{name: getattr(self.instance, name) for name in copied})
