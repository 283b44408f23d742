"""Run in a process of its own: many threads share few pooled connections, and nothing leaks.

Prints one JSON object: requests made, violations seen, settings left on connections, and what
ended a thread before its time.
"""

import json
import os
import sys
import threading
from collections import Counter

ROUNDS, THREADS = 200, 8


def main() -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test import Client as Browser

    from tests.tenancy.pool_people import people_and_keys

    settings.ROOT_URLCONF = "tests.tenancy.urls"
    settings.ALLOWED_HOSTS = ["*"]
    # No static files were collected for tests, and none are asked for.
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    # What is looked for is what a borrower finds, not how long it waits: a busy machine may take its time.
    settings.DATABASES["default"]["OPTIONS"]["pool"]["timeout"] = 60
    found: Counter[str] = Counter()
    broken: list[str] = []
    lock = threading.Lock()

    def signed_in(user: object) -> Browser:
        browser = Browser(raise_request_exception=False)
        browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        connection.close()
        return browser

    people, alice_key, charlie_key = people_and_keys()
    connection.close()

    def work(number: int) -> None:
        try:
            rounds(number)
        except Exception as error:
            broken.append(f"{type(error).__name__}: {error}")

    def rounds(number: int) -> None:
        counted: Counter[str] = Counter()
        browsers = {name: signed_in(user) for name, user in people.items()}
        connection.close()
        paths = ["people/", "probe/raises/", "probe/invalid/", "probe/sql/", "probe/streams/", "tasks/"]
        for step in range(ROUNDS):
            name = ("alice", "charlie")[(number + step) % 2]
            own, other = (alice_key, charlie_key) if name == "alice" else (charlie_key, alice_key)
            path = paths[step % len(paths)]
            body = browsers[name].get(f"/c/{own}/{path}").content.decode()
            connection.close()  # as at the end of a request: back to the pool, for the next borrower
            counted["requests"] += 1
            if f"MARK-{other}" in body:
                counted["violations"] += 1
            if browsers[name].get(f"/c/{other}/people/").status_code != 404:
                counted["violations"] += 1
            counted["requests"] += 1
            with connection.cursor() as cursor:
                cursor.execute("SELECT COALESCE(current_setting('vciso.read', true), '')")
                if cursor.fetchone()[0] != "":
                    counted["left over"] += 1
            connection.close()
        connection.close()
        with lock:
            found.update(counted)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(
        json.dumps(
            {
                "requests": found["requests"],
                "violations": found["violations"],
                "left": found["left over"],
                "broken": broken,
            }
        )
    )


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "vciso.settings"
    sys.exit(main())
