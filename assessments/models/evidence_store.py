"""Where the bytes of evidence files lie: STORAGES["evidence"] of the settings, a folder or an S3-compatible store.

The database says what there is; the store is only ever asked for names that it wrote.
"""

from contextlib import contextmanager
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils.translation import gettext as _

try:
    from botocore.exceptions import BotoCoreError, ClientError
except ImportError:  # without the extra there is no such store

    class BotoCoreError(Exception):
        pass

    ClientError = BotoCoreError

TROUBLE = (OSError, BotoCoreError, ClientError)


class Missing(Exception):
    """The store answers, and has no such file."""


class Unreachable(Exception):
    """The store does not answer, or not as it should. The message is a sentence."""

    def __init__(self):
        super().__init__(
            _("The store of evidence files does not answer. Nothing was changed. Try again in a while.")
        )


def new_name(organisation_id):
    """Random, so that nobody can guess one; with nothing in it of what a person named the file."""
    return f"{organisation_id}/{uuid4().hex}"


def put(name, content):
    with _told():
        storages["evidence"].save(name, ContentFile(content))


def opened(name):
    """The file, open to be read and known to be there. Raises Missing and Unreachable."""
    try:
        with _told():
            file = storages["evidence"].open(name)
            file.read(1)  # a store far away is only now asked
            file.seek(0)
            return file
    except FileNotFoundError:
        raise Missing(name) from None


def remove(name):
    """It is gone afterwards, whether or not it was there."""
    with _told():
        storages["evidence"].delete(name)


def every():
    """The name of everything in the store."""
    with _told():
        for folder in _listed("")[0]:
            for name in _listed(folder)[1]:
                yield f"{folder}/{name}"


def answers():
    """Is the store there, and does it let us in?"""
    try:
        with _told():
            _listed("asked-only-to-hear-an-answer")
    except Unreachable:
        return False
    return True


def changed_at(name):
    with _told():
        return storages["evidence"].get_modified_time(name)


def _listed(folder):
    try:
        return storages["evidence"].listdir(folder)
    except FileNotFoundError:
        return [], []


@contextmanager
def _told():
    try:
        yield
    except FileNotFoundError:
        raise
    except TROUBLE:
        raise Unreachable from None
