"""Sessions in the database, under names that could be ours."""

import re

from django.contrib.sessions.backends import db

NAME = re.compile("[a-z0-9]{32}")  # as Django makes them


class SessionStore(db.SessionStore):
    """Any other name in a cookie is none. PostgreSQL could not even be asked for one with a NUL in it."""

    def _validate_session_key(self, key):
        return bool(key and NAME.fullmatch(key))
