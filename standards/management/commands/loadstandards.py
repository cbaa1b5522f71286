"""Loads every shipped release. Run it as often as you like: what editors wrote is never touched."""

from django.conf import settings
from django.core import serializers
from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.db import connection, transaction
from django.db.models import ProtectedError

from standards import shipped
from standards.models import Domain, Item, Reference, Release, Requirement, Scoring, Variant

CHILDREN_FIRST = (Reference, Requirement, Item, Domain, Variant)


class Command(BaseCommand):
    help = (
        "Loads the standards shipped under fixtures/standards. A second run changes nothing; own wording, scoring and "
        "drafts made in the admin site are left alone."
    )

    def handle(self, *, verbosity, **options):
        self.verbosity = verbosity
        folders = shipped.folders(settings.FIXTURE_DIRS)
        if not folders:
            raise CommandError("No standard is shipped: there is no release folder in fixtures/standards.")
        with transaction.atomic():
            for folder in folders:
                self.load(shipped.read(folder))
            describe_tables()

    def say(self, sentence):
        if self.verbosity:
            self.stdout.write(sentence)

    def load(self, entries):
        key = shipped.release_entry(entries).key
        release = Release.objects.filter(standard__key=key[0], version=key[1]).first()
        if release and shipped.made_here(release, entries):
            self.say(
                f"{' '.join(key)}: left alone, because a release of that number was made in the admin site. "
                "Give that one another version there, then load again."
            )
            return
        before = shipped.stored(release) if release else {}
        if release and shipped.holds(before, entries) and hasattr(release, "scoring"):
            self.report(release, " ".join(key), "nothing changed", [])
            return
        if release:
            park_letters(release, entries)
        install(entries)
        loaded = Release.objects.get_by_natural_key(*key)
        farewells = retire(loaded, entries)
        Scoring.objects.get_or_create(release=loaded)
        if release:
            restore_counters(loaded, release)
        after = shipped.stored(loaded)
        if release and after != before:
            loaded.note_edit()
        self.report(loaded, " ".join(key), difference(before, after), farewells)

    def report(self, release, name, what_changed, farewells):
        items = Item.objects.filter(domain__release=release).count()
        requirements = Requirement.objects.of(release).count()
        self.say(f"{name}: {items} items, {requirements} requirements, {what_changed}")
        asked = (f"{variant.code} {variant.requirements.count()}" for variant in release.variants.all())
        self.say(f"  asked of {', '.join(asked)}")
        for sentence in farewells:
            self.say(f"  {sentence}")


def describe_tables():
    """Tells PostgreSQL how large these tables have become. Left to itself it learns that a minute later, and until
    then plans joins over thousands of rows as if there were none: a count of the requirements took over 30 seconds."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for model in (*CHILDREN_FIRST, Requirement.variants.through):
                cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")


def install(entries):
    """As loaddata would, with an error that names file and entry."""
    rows = [{"model": entry.label, "fields": entry.fields} for entry in entries]
    try:
        with transaction.atomic():
            for loaded in serializers.deserialize("python", rows):
                loaded.save()
    except Exception as error:  # whatever it was, the person at the keyboard needs the entry, not a traceback
        where, reason = shipped.first_that_fails(entries) or ("A shipped file", error)
        raise CommandError(f"{where} cannot be loaded: {reason}. Nothing was loaded.") from error


def restore_counters(loaded, before):
    """Loading set what no file says back to its default, and would reopen a release that was published here."""
    loaded.revision = before.revision
    if before.status == Release.PUBLISHED:
        loaded.status = before.status
    loaded.save(update_fields=["revision", "status"])


def park_letters(release, entries):
    """Frees the letters of requirements that move or leave, so that two can change places in one load."""
    places = {
        entry.key: (entry.fields["item"][2], entry.fields["letter"])
        for entry in entries
        if entry.model is Requirement
    }
    for number, row in enumerate(shipped.rows_of(Requirement, release)):
        if places.get(row.natural_key()) != (row.item.code, row.letter):
            # No alphabet uses these.
            Requirement.objects.filter(pk=row.pk).update(letter=chr(0xE000 + number))


def retire(release, entries):
    """Removes rows that are shipped no longer, unless something refers to them. Returns a sentence for each."""
    shipped_keys = {(entry.model, entry.key) for entry in entries}
    return [
        farewell(row)
        for model in CHILDREN_FIRST
        for row in shipped.rows_of(model, release)
        if (model, row.natural_key()) not in shipped_keys
    ]


def farewell(row):
    name = f"{row._meta.verbose_name} {' '.join(row.natural_key()[2:])}, no longer shipped"
    if remove_unless_needed(row):
        return f"{name}: removed"
    if isinstance(row, Requirement):
        row.variants.clear()
        Requirement.objects.filter(pk=row.pk).update(letter=next_letter(row))
        return f"{name}: kept for the answers or own wording it has; new assessments do not ask it"
    return f"{name}: kept, because something refers to it"


def remove_unless_needed(row):
    holds_rows = {Item: "requirements", Domain: "items", Variant: "requirements"}.get(type(row))
    if (holds_rows and getattr(row, holds_rows).exists()) or hasattr(row, "wording"):
        return False
    try:
        with transaction.atomic():
            row.delete()
    except ProtectedError:
        return False
    return True


def next_letter(requirement):
    """The first letter that no other requirement of its item has."""
    others = requirement.item.requirements.exclude(pk=requirement.pk)
    taken = set(others.values_list("letter", flat=True))
    return next(letter for letter in map(chr, range(ord("a"), 0x250)) if letter not in taken)


def difference(before, after):
    """In words, how the stored content changed."""
    if not before:
        return "loaded"
    counts = {
        "added": len(after.keys() - before.keys()),
        "changed": sum(before[key] != after[key] for key in after.keys() & before.keys()),
        "removed": len(before.keys() - after.keys()),
    }
    return ", ".join(f"{count} {word}" for word, count in counts.items() if count) or "nothing changed"
