"""How long somebody stays signed in. Django forgets a session that was not written for SESSION_COOKIE_AGE; what is used is
written now and then, and none lasts longer than SESSION_LONGEST after the sign-in."""

import time

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver

BEGAN, SEEN = "signed_in_at", "seen_at"  # seconds since 1970
WRITTEN_EVERY = 10 * 60  # seconds at least, so that a page costs no write


@receiver(user_logged_in)
def begin(request, **_kwargs):
    request.session[BEGAN] = request.session[SEEN] = int(time.time())


def keep(session):
    """Note that the `session` of somebody who is signed in is in use, or end it where its time is over."""
    if SESSION_KEY not in session:
        return
    now = int(time.time())
    if now - session.setdefault(BEGAN, now) >= settings.SESSION_LONGEST:
        session.flush()
    elif now - session.get(SEEN, 0) >= WRITTEN_EVERY:
        session[SEEN] = now
