"""A published release as its public pages read it: who may read which, in which words, and with everything at hand."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.admin.models import ADDITION, LogEntry
from django.db.models import prefetch_related_objects
from django.http import Http404
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from standards import shipped
from standards.models import LEVELS, Release, Requirement, catalogue

LEVEL_NAMES = {
    Requirement.PRACTICE: (_("Nothing in place"), _("Designed only"), _("Partly in use"), _("In place")),
    Requirement.RESULT: (
        _("Not measured"),
        _("Below target"),
        _("At target, not sustained"),
        _("At target and sustained"),
    ),
}


def releases(user):
    """The releases `user` may read, in the order in which they are offered.

    Every published one for people who are signed in. Everybody else sees what is shipped and nothing more: in a release
    made in the admin site an organisation's own wording has become the text, and that may be licensed.
    """
    return _published() if user.is_authenticated else shipped_releases()


def shipped_releases():
    """The published releases that a folder of fixtures says, none that was made in the admin site."""
    folders = {(folder.parent.name, folder.name) for folder in shipped.folders(settings.FIXTURE_DIRS)}
    additions = LogEntry.objects.filter(
        content_type__app_label="standards", content_type__model="release", action_flag=ADDITION
    )
    made_here = set(additions.values_list("object_id", flat=True))
    return [
        release
        for release in _published()
        if (release.standard.key, release.version.replace(".", "-")) in folders
        and str(release.pk) not in made_here
    ]


def _published():
    return list(Release.objects.published().select_related("standard"))


def family(user, standard):
    """The releases of one standard that `user` may read, the one offered first in front. Raises Http404."""
    found = [release for release in releases(user) if release.standard.key == standard]
    if not found:
        raise Http404
    return found


def named(family, version):
    """The release of that number. Raises Http404."""
    for release in family:
        if release.version == version:
            return release
    raise Http404


def requirements(release):
    """Every requirement of `release` in the standard's order, its variants and its item's references at hand.

    They are the ones `catalogue` keeps, shared by all requests: for reading only.
    """
    found = list(catalogue(release.pk, release.revision).values())
    prefetch_related_objects(found, "variants", "item__references")
    return found


def variant_codes(requirement):
    """Of whom it is asked. Without a query for what `requirements` gave."""
    return {variant.code for variant in requirement.variants.all()}


@dataclass(frozen=True)
class Text:
    """One requirement in the words its reader may see: with `own` those in force here, otherwise the shipped ones."""

    requirement: Requirement
    own: bool = False

    @cached_property
    def words(self):
        if self.own:
            return self.requirement.words
        return {name: getattr(self.requirement, name) for name in Requirement.WORDS}

    @property
    def is_own(self):
        """Does this differ from the shipped text?"""
        shipped_words = ((name, getattr(self.requirement, name)) for name in Requirement.WORDS)
        return self.own and any(self.words[name] != text for name, text in shipped_words)

    @property
    def levels(self):
        """(level, its name, the sentence for it), level 0 first."""
        return levels(self.words, self.requirement.kind)

    @property
    def metric_names(self):
        return ", ".join(name for name, _formula in pairs(self.words["metrics"]))


def levels(words, kind):
    return [(level, LEVEL_NAMES[kind][level], words[f"level_{level}"]) for level in LEVELS]


def pairs(text):
    """[(before the colon, after it)] for texts that say 'Role: question?' or 'Name: how it is worked out' a line."""
    lines = (line.partition(":") for line in text.splitlines() if line.strip())
    return [(before.strip(), after.strip()) for before, _colon, after in lines]
