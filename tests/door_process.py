"""What a process of its own asks of the door: every request of a list at the same moment, each from a thread of its own.

`COMMAND` reads [{"path", "data", "cookies", "address"}, ...] as JSON and prints [[status, where it leads, text], ...].
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.conf import settings
from django.db import connection
from django.test import Client

COMMAND = "import django; django.setup(); from tests import door_process; door_process.main()"
PATIENCE = 30  # seconds until a thread that waits for the others gives up
LONG = 36_000  # seconds a code of the app counts here, so that its time does not end amid a test


def main():
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.MFA_TOTP_PERIOD = LONG
    asked = json.load(sys.stdin)
    together = Barrier(len(asked))

    def one(request):
        client = Client(REMOTE_ADDR=request["address"], raise_request_exception=False)
        client.cookies.load(request["cookies"])
        together.wait(PATIENCE)
        try:
            response = client.post(request["path"], request["data"])
            return response.status_code, response.get("Location", ""), response.content.decode()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(asked)) as pool:
        print(json.dumps([*pool.map(one, asked)]))
