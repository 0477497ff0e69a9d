"""The process that asks for the page of one audit of `auditing`, until it is there, and then again.

It prints JSON: seconds until the page came, seconds of its steps, seconds when it is asked again,
processor seconds of who counted and of a page that is asked again, and the peak memory of both.
"""

import json
import os
import re
import resource
import statistics
import sys
import time
from collections import defaultdict
from http import HTTPStatus

import django

AGAIN = 5
BETWEEN_SECONDS = 0.1
STATUS = re.compile(r'role="status">([^<]*)<')
"""How far the count is, or why there will be no answer, as the page that waits says it."""


def main() -> None:
    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor
    from django.test import Client
    from django.urls import reverse

    from registry.models import Patient, User
    from tests.benchmarks import many_audited

    what, cases = sys.argv[1], int(sys.argv[2])
    if what == "build":
        # Migrating works out lists, which copies have none of and no audit asks for.
        migrations = MigrationExecutor(connection)
        if migrations.migration_plan(migrations.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0)
        if not Patient.objects.exists():
            many_audited.build(cases=cases)
        if Patient.objects.count() != cases:
            raise RuntimeError("This database was not filled to the end: remove it.")
        return
    client = Client(HTTP_HOST=settings.ALLOWED_HOSTS[0])
    auditor = User.objects.get(username=many_audited.AUDITOR)
    client.force_login(auditor, backend="registry.access.RoleBackend")
    page = f"{reverse('registry:audit-protocol', args=[what])}?as_of=2024-06-01"
    begun = time.perf_counter()
    steps: dict[str, float] = defaultdict(float)
    answer = client.get(page)
    while answer.status_code == HTTPStatus.ACCEPTED:
        status = STATUS.search(answer.text)
        said = status[1] if status else "the page says nothing"
        if "<progress" not in answer.text:
            print(json.dumps({"said": said}))
            return
        before = time.perf_counter()
        time.sleep(BETWEEN_SECONDS)
        answer = client.get(page)
        steps[said] += time.perf_counter() - before
    if answer.status_code != HTTPStatus.OK:
        raise RuntimeError(f"{page}: {answer.status_code}")
    cold = time.perf_counter() - begun
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for child in _children():
        child.wait()
    again, worked = [], []
    for _ in range(AGAIN):
        before, work = time.perf_counter(), time.process_time()
        client.get(page)
        again.append(time.perf_counter() - before)
        worked.append(time.process_time() - work)
    counting = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(
        json.dumps(
            {
                "cold": cold,
                "steps": steps,
                "warm": statistics.median(again),
                "kilobytes": len(client.get(page).content) / 1000,
                "cold_work": counting.ru_utime + counting.ru_stime,
                "warm_work": statistics.median(worked),
                "mib_page": own / 1024,
                "mib_count": counting.ru_maxrss / 1024,
            }
        )
    )


def _children() -> list[object]:
    from registry.queries import audit_work

    return list(audit_work._started)


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    main()
