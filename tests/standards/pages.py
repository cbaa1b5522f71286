"""The public pages as a reader finds them."""

import re

from django.urls import reverse

from standards.models import Release


def address(name, release, older=None):
    if older:
        return reverse(name, args=[release.standard.key, release.version, older.version])
    return reverse(name, args=[release.standard.key, release.version])


def pages(release):
    """Every public address that shows text of the release."""
    before = Release.objects.filter(standard=release.standard, position__gte=release.position)
    other = before.exclude(pk=release.pk).first()
    found = [address("release", release), address("release-print", release)]
    return [*found, address("release-changes", release, other)] if other else found


def text(response):
    """What a reader reads: no tags, single spaces."""
    page = re.sub(r"<(script|title).*?</\1>", "", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def see(client, url, **query):
    response = client.get(url, query)
    assert response.status_code == 200
    return text(response)
