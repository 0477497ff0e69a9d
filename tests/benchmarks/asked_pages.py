"""One registry of a size, whose pages are asked for one after the other by name.

Started by `scale` as a process of its own for each size: a line with the name of a page comes in,
a line with its milliseconds goes out.
"""

import sys
import time
from http import HTTPStatus

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registry.models import HistoryEvent, ListEntry, Patient, RevisionCase, User
from registry.presenters.list_terms import LISTS
from tests.benchmarks import many_patients

EVENTS = ("case", "study", "surgery", "component")


def addresses(viewer: User) -> dict[str, str]:
    """Name of each page to its address here."""
    mine = Patient.objects.filter(centre__memberships__user=viewer).distinct().order_by("pk")
    patient = mine[mine.count() // 2]
    case = RevisionCase.objects.filter(patient=patient).first()
    assert case is not None
    patients, search = reverse("registry:patient-list"), reverse("registry:search")
    event = HistoryEvent.objects.order_by("pk")[HistoryEvent.objects.count() // 2]
    found = {
        "home": reverse("registry:home"),
        "patients": patients,
        "patients, from the middle": f"{patients}?before={patient.registry_number}",
        "patient by number": f"{patients}?q={patient.registry_number}",
        "patient by number of nobody": f"{patients}?q=NOBODY-1",
        "patient by hospital number": f"{patients}?q=L-1",
        "patient": reverse("registry:patient-detail", args=[patient.public_id]),
        "case": reverse("registry:case-detail", args=[case.public_id]),
        "merge of two": reverse("registry:patient-merge", args=[patient.public_id])
        + f"?with={mine[1].registry_number}",
        "working lists": reverse("registry:work-lists"),
        "search": search,
        "search, finding": f"{search}?what=finding:leak",
        "search, finding and sex": f"{search}?what=finding:leak&sex=male",
        "search, nobody fits": f"{search}?what=case&diagnosis=other",
        "search, day": f"{search}?what=surgery&since=2022-01-01&until=2022-02-01",
        "search, serial number": f"{search}?serial=SN1",
        "history": reverse("registry:history"),
        "history, from the middle": f"{reverse('registry:history')}?after={event.pk}",
        "transfers": reverse("registry:transfer-list"),
        "measurements": reverse("registry:measurement-list"),
        "images to link": reverse("registry:image-list"),
        "imports": reverse("imaging:run-list"),
    }
    for key, words in LISTS.items():
        found[f"list {key}"] = address = reverse("registry:work-list", args=[key])
        rows = ListEntry.objects.filter(term=words.term).order_by("on", "pk")
        if middle := rows[rows.count() // 2 :].first():
            found[f"list {key}, middle"] = f"{address}?after={middle.on}.{middle.pk}"
    return found


def events() -> int:
    """What happened to the patients: of each record of the story one line is listed."""
    kinds = sum(
        ListEntry.objects.filter(term__startswith=event).exclude(term__contains="_").count()
        for event in EVENTS
    )
    return max(kinds, HistoryEvent.objects.count())


def timed(client: Client, address: str) -> float:
    start = time.perf_counter()
    answer = client.get(address)
    b"".join(answer) if answer.streaming else answer.content
    took = (time.perf_counter() - start) * 1000
    if answer.status_code not in (HTTPStatus.OK, HTTPStatus.FOUND):
        raise RuntimeError(f"{address}: {answer.status_code}")
    return took


def counted(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)


def serve(patients: int) -> None:
    """Build the registry, tell its pages, and answer until nobody asks any more."""
    call_command("migrate", verbosity=0)
    many_patients.build(patients=patients)
    viewer = User.objects.get(username=many_patients.VIEWER)
    client = Client(HTTP_HOST=settings.ALLOWED_HOSTS[0])
    client.force_login(viewer, backend="registry.access.RoleBackend")
    asked = addresses(viewer)
    _tell(f"{Patient.objects.count()} {events()}")
    for name, address in asked.items():
        _tell(f"{name}\t{counted(client, address)}")
    _tell("")
    for line in sys.stdin:
        _tell(f"{timed(client, asked[line.rstrip()]):.3f}")


def _tell(text: str) -> None:
    print(text, flush=True)
