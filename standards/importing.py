"""The admin pages on which own wording comes in from a workbook, and those about shipped text that changed meanwhile."""

from datetime import UTC, datetime
from io import BytesIO

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from standards import imports
from standards.models import Release
from standards.outdated import outdated, unknown
from standards.workbook import reading
from standards.workbook.reading import Filled
from standards.workbook.template import file_name, template
from standards.workbook.upload import XLSX, WorkbookForm

IMPORTS_A_PAGE = 20
SALT = "standards.importing"
KEPT_SECONDS = 24 * 60 * 60  # from a dry run to its application
KEPT_LIMIT = 2_000_000  # bytes; Django takes 2.5 million in one form


class WordingImports:
    """Mixed into the admin of releases."""

    def get_urls(self):
        pages = {
            "": self.wording_view,
            "template/": self.template_view,
            "apply/": self.apply_view,
            "imports/<int:number>/": self.import_view,
            "imports/<int:number>/undo/": self.undo_view,
            "outdated/": self.outdated_view,
        }
        names = ("wording", "template", "apply", "import", "undo", "outdated")
        return [
            path(
                f"<path:object_id>/wording/{address}",
                self.admin_site.admin_view(view),
                name=f"standards_release_{name}",
            )
            for name, (address, view) in zip(names, pages.items(), strict=True)
        ] + super().get_urls()

    def published(self, request, object_id):
        """The release, if it is one that has own wording: in a draft the text itself is edited."""
        release = self.the_one(request, object_id)
        if not self.has_change_permission(request, release):
            raise PermissionDenied
        if release.status == Release.DRAFT:
            raise Http404
        return release

    def to(self, name, release, *args):
        return HttpResponseRedirect(reverse(f"admin:standards_release_{name}", args=[release.pk, *args]))

    def wording_view(self, request, object_id):
        """Where the template is downloaded and comes back filled in, with every import there was."""
        release = self.published(request, object_id)
        sent = (request.POST, request.FILES) if request.method == "POST" else ()
        form = WorkbookForm(*sent, read=lambda data: reading.read(data, release))
        if form.is_valid():
            return self.dry_run(request, release, form.cleaned_data["workbook"], form.file_name)
        rows = release.wording_imports.select_related("by", "undone_by")
        page = Paginator(rows, IMPORTS_A_PAGE).get_page(request.GET.get("p"))
        return self.page(
            request,
            "wording",
            release,
            _("Own wording from a workbook"),
            form=form,
            imports=page,
            sizes=[(done, *imports.size(done)) for done in page],
        )

    def template_view(self, request, object_id):
        release = self.published(request, object_id)
        content = BytesIO(template(release, at=timezone.now()))
        return FileResponse(content, as_attachment=True, filename=file_name(release), content_type=XLSX)

    # ---- in -----------------------------------------------------------------------------------------------------

    def dry_run(self, request, release, filled, file_name):
        """Shows what a workbook would change. What it says travels along, signed, so that no file has to be kept."""
        plan = imports.plan(release, filled)
        kept = signing.dumps(
            {
                "release": release.pk,
                "file_name": file_name,
                "filled": filled.as_json(),
                "shown": plan.digest,
                "at": timezone.now().isoformat(),
            },
            salt=SALT,
            compress=True,
        )
        if len(kept) > KEPT_LIMIT:
            messages.error(
                request,
                _("This is too much text for one go. Import one half of the rows first, then the other."),
            )
            return self.to("wording", release)
        return self.page(
            request, "dry_run", release, _("What this workbook would change"),
            plan=plan, filled=filled, file_name=file_name, kept=kept, downloaded=moment(filled.downloaded),
        )  # fmt: skip

    def apply_view(self, request, object_id):
        release = self.published(request, object_id)
        kept = self.kept(request, release) if request.method == "POST" else None
        if kept is None:
            return self.to("wording", release)
        filled, accepted = Filled.from_json(kept["filled"]), request.POST.getlist("accept")
        with transaction.atomic():
            imports.take_turns(release, [row.key for row in filled.rows])
            plan = imports.plan(release, filled)
            as_shown = plan.digest == kept["shown"]
            done = as_shown and imports.apply(
                release, plan, accepted=accepted, file_name=kept["file_name"], by=request.user
            )
        if done:
            return self.applied(request, release, done)
        if as_shown:
            messages.info(request, _("Nothing was changed."))
            return self.to("wording", release)
        return self.overtaken(request, release, filled, kept)

    def kept(self, request, release):
        """What the dry run signed, or None, with a sentence."""
        try:
            kept = signing.loads(request.POST.get("kept", ""), salt=SALT, max_age=KEPT_SECONDS)
        except signing.SignatureExpired:
            messages.error(request, _("That page was open for more than a day. Upload the workbook again."))
            return None
        except signing.BadSignature:
            kept = {}
        if kept.get("release") != release.pk:
            messages.error(request, _("Nothing was imported. Upload the workbook again."))
            return None
        return kept

    def applied(self, request, release, done):
        texts, requirements = imports.size(done)
        sentence = ngettext(
            "One text of one requirement is stored and in force.",
            "%(texts)s texts of %(requirements)s requirements are stored and in force.",
            texts,
        )
        counts = {"texts": texts, "requirements": requirements}
        self.log_change(request, release, _("Imported own wording from %s") % done.file_name)
        messages.success(request, sentence % counts)
        return self.to("import", release, done.pk)

    def overtaken(self, request, release, filled, kept):
        """Somebody was quicker: this very person with a second click, or another editor."""
        done = imports.applied_already(release, filled, datetime.fromisoformat(kept["at"]))
        if done:
            messages.info(
                request, _("This workbook was imported already. Nothing was changed a second time.")
            )
            return self.to("import", release, done.pk)
        messages.warning(
            request,
            _("A wording or a shipped text changed meanwhile, so nothing was imported. Look again at what would change now."),
        )  # fmt: skip
        return self.dry_run(request, release, filled, kept["file_name"])

    # ---- and back -----------------------------------------------------------------------------------------------

    def import_view(self, request, object_id, number):
        release = self.published(request, object_id)
        done = get_object_or_404(release.wording_imports.select_related("by", "undone_by"), pk=number)
        texts, requirements = imports.size(done)
        return self.page(
            request, "import", release, done.file_name,
            done=done, texts=texts, requirements=requirements, entries=imports.told(done), undoing=imports.undoing(done),
        )  # fmt: skip

    def undo_view(self, request, object_id, number):
        release = self.published(request, object_id)
        if request.method != "POST":
            return self.to("import", release, number)
        with transaction.atomic():
            done = get_object_or_404(release.wording_imports.select_for_update(), pk=number)
            undone = None if done.undone_at else self.undo(request, done)
        if undone:
            self.log_change(request, release, _("Undid the import from %s") % done.file_name)
            messages.success(request, undone_sentence(undone))
        elif done.undone_at:
            messages.info(request, _("This import was undone already."))
        else:
            messages.warning(
                request,
                _("A wording changed meanwhile, so nothing was undone. Look again at what would go back."),
            )
        return self.to("import", release, done.pk)

    def undo(self, request, done):
        """Undoes the import if that does what the page showed. What it did, or None."""
        imports.take_turns(done.release, done.changes)
        found = imports.undoing(done)
        if not found.entries or found.digest != request.POST.get("shown"):
            return None
        imports.undo(done, found, by=request.user)
        return found

    # ---- shipped text that changed ------------------------------------------------------------------------------

    def outdated_view(self, request, object_id):
        release = self.published(request, object_id)
        return self.page(
            request, "outdated", release, _("Shipped text changed since"),
            outdated=outdated(release), unknown=unknown(release),
        )  # fmt: skip


def moment(text):
    """The point in time an ISO text names, or None: it comes from a file."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def undone_sentence(found):
    back = ngettext("One text went back.", "%(count)s texts went back.", found.texts) % {"count": found.texts}
    left = len(found.left)
    if not left:
        return back
    return back + " " + ngettext(
        "One was edited since and was left alone.", "%(count)s were edited since and were left alone.", left
    ) % {"count": left}  # fmt: skip
