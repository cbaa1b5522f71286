"""A child of the press that does what its document tells it to, instead of setting it. Warm in a moment."""

import json
import os
import signal
import socket
import sys
import time

from assessments.printing import child, frames


def eat(megabytes):
    held = bytearray(megabytes << 20)
    for place in range(0, len(held), 4096):
        held[place] = 1
    time.sleep(60)


def spin():
    while True:
        pass


def ask_database():
    from assessments.models import Assessment

    Assessment.objects.count()


def told():
    mask = os.umask(0)
    os.umask(mask)
    return json.dumps({"environment": dict(os.environ), "umask": mask, "pid": os.getpid()}).encode()


WAIT = "wait for "  # and the name of a file
DEEDS = {
    "sleep": lambda: time.sleep(60),
    "spin": spin,
    "eat": lambda: eat(400),
    "crash": lambda: os.kill(os.getpid(), signal.SIGSEGV),
    "refuse": lambda: {}["Bob said so"],
    "run out": lambda: bytearray(1 << 50),
    "ask the database": ask_database,
}


def wait_for(file):
    while not os.path.exists(file):
        time.sleep(0.02)


def obey(document, options):
    if document.startswith(WAIT):
        wait_for(document.removeprefix(WAIT))
    DEEDS.get(document, lambda: None)()
    return told()


if __name__ == "__main__":
    child.warmed = lambda: (frames.READY,)
    child.printed = obey
    child.main(socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2]))
