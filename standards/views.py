"""What is asked, for everybody to read: the standards, one release, its question list, what changed, the crosswalk.

Nobody has to be signed in. Who is reads the words in force here; who is not, the shipped text.
"""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from standards import browsing, counts, crosswalk, delta, reading

HOME = "copc-cx"  # the standard on one side of the crosswalk


@login_not_required
@require_safe
def overview(request):
    found = reading.releases(request.user)
    tables, families = counts.count(found), {}
    for release in found:
        row = (release, tables[release.pk], browsing.older_than(release, found))
        families.setdefault(release.standard, []).append(row)
    return render(request, "standards/standards.html", {"families": families.items()})


@login_not_required
@require_safe
def browse(request, standard, version):
    family = reading.family(request.user, standard)
    release = reading.named(family, version)
    requirements, variants = reading.requirements(release), release.variants.all()
    asked = browsing.read(request.GET, variants, requirements)
    context = {
        "release": release,
        "older": browsing.older_than(release, family),
        "asked": asked,
        "found": browsing.find(requirements, asked, own=request.user.is_authenticated),
        "number": len(requirements),
        "has_quick_scan": any(requirement.quick for requirement in requirements),
        "several": len(variants) > 1,
        "variants": browsing.with_counts(variants, requirements),
        "channels": browsing.CHANNELS.items(),
    }
    return render(request, "standards/browse.html", context)


@login_not_required
@require_safe
def question_list(request, standard, version):
    release = reading.named(reading.family(request.user, standard), version)
    variants = list(release.variants.all())
    requirements = reading.requirements(release)
    asked = browsing.read(request.GET, variants, requirements).for_paper(variants)
    context = {
        "release": release,
        "asked": asked,
        "found": browsing.find(requirements, asked, own=request.user.is_authenticated),
        "links": browsing.variant_links(asked, variants),
        "variant": next((each for each in variants if each.code == asked.variant), None),
    }
    return render(request, "standards/print.html", context)


@login_not_required
@require_safe
def changes(request, standard, new, old):
    family = reading.family(request.user, standard)
    newer, older = reading.named(family, new), reading.named(family, old)
    if newer == older:
        raise Http404
    if newer.position > older.position:
        return redirect("release-changes", standard=standard, new=old, old=new)
    variants = browsing.variants_of(newer, older)
    asked = browsing.read(request.GET, variants)
    context = {
        "newer": newer,
        "older": older,
        "asked": asked,
        "links": browsing.variant_links(asked, variants, all_too=True),
        "one_sided": browsing.unknown_to(asked, newer, older),
        **browsing.in_words(
            _compared(family, newer, older, asked.variant), own=request.user.is_authenticated
        ),
    }
    return render(request, "standards/changes.html", context)


def _compared(family, newer, older, variant_code):
    between = [row for row in family if newer.position < row.position < older.position]
    return delta.compare(
        reading.requirements(older),
        reading.requirements(newer),
        variant_code or None,
        between=[requirement for row in between for requirement in reading.requirements(row)],
    )


@login_not_required
@require_safe
def crosswalk_page(request):
    first = {}
    for release in reading.releases(request.user):
        first.setdefault(release.standard.key, release)  # the newest of each standard
    home = first.get(HOME)
    themes = crosswalk.themes(crosswalk.references(first.values()), home) if home else []
    context = {"home": home, "themes": themes, "items": crosswalk.by_item(themes)}
    return render(request, "standards/crosswalk.html", context)
