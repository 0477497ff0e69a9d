"""One registry of a size, whose pages are asked for one after the other by name.

Started by `scale` as a process of its own for each size: a line with the name of a page comes in,
a line with its milliseconds goes out, those on the clock and those of the processor.
"""

import gc
import sys
import time
from datetime import timedelta
from http import HTTPStatus

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from imaging.models import Study
from registry import queries
from registry.models import HistoryEvent, ListEntry, Patient, RevisionCase, User
from registry.presenters.list_terms import LISTS, MISSING_LISTS
from tests.benchmarks import many_patients

EVENTS = ("case", "study", "surgery", "component")
READER, COORDINATOR = many_patients.READER, many_patients.COORDINATOR


def addresses(viewer: User) -> dict[str, tuple[str, str]]:
    """Name of each page to its address here, and to who asks for it."""
    found = {name: (address, viewer.username) for name, address in _of_cases(viewer).items()}
    reading = reverse("registry:reading-list")
    return found | {
        "home of a reader": (reverse("registry:home"), READER),
        "reading list": (reading, READER),
        "reading list, last page": (f"{reading}?page=4", READER),
        "reading list, assigned": (f"{reading}?show=assigned", READER),
        "reading list, four weeks": (f"{reading}?age=28", READER),
        "reading list, done": (f"{reading}?show=done", READER),
        "readers": (reverse("registry:reading-assignments"), COORDINATOR),
        "home of a coordinator": (reverse("registry:home"), COORDINATOR),
        "people": (reverse("registry:person-list"), many_patients.ADMINISTRATOR),
    }


def _of_cases(viewer: User) -> dict[str, str]:
    mine = Patient.objects.filter(centre__memberships__user=viewer).distinct().order_by("pk")
    patient = mine[mine.count() // 2]
    case = RevisionCase.objects.filter(patient=patient).first()
    assert case is not None
    operations = ListEntry.objects.filter(term="surgery").order_by("on", "pk")
    patients, search = reverse("registry:patient-list"), reverse("registry:search")
    event = HistoryEvent.objects.order_by("pk")[HistoryEvent.objects.count() // 2]
    since = operations[operations.count() // 2].on
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
        "search, month": f"{search}?what=surgery&since={since}&until={since + timedelta(days=30)}",
        "search, serial number": f"{search}?serial=SN1",
        "history": reverse("registry:history"),
        "history, from the middle": f"{reverse('registry:history')}?after={event.pk}",
        "transfers": reverse("registry:transfer-list"),
        "measurements": (measured := reverse("registry:measurement-list")),
        "measurements, third page": f"{measured}?page=3",
        "measurements, finding": f"{measured}?finding=leak",
        "measurements, nothing so long": f"{measured}?kind=length&smallest=900",
        "images to link": (images := reverse("registry:image-list")),
        "images to link, third page": f"{images}?page=3",
        "imports": (runs := reverse("imaging:run-list")),
        "imports, third page": f"{runs}?page=3",
        "quarantine": (quarantine := reverse("imaging:quarantine-list")),
        "quarantine, third page": f"{quarantine}?page=3",
        "quarantine, decided": f"{quarantine}?decided",
        "search, component": f"{search}?what=component:pump",
        "search, device": f"{search}?what=model:medtronic_8637_40",
        "search, found at operation": f"{search}?what=found:disconnection",
        "advisories": reverse("registry:advisory-list"),
        "assessments": reverse("registry:assessment-list", args=[patient.public_id]),
        "drug course": reverse("registry:drug-course", args=[patient.public_id]),
        "audits": reverse("registry:audit-list"),
        "reports": reverse("registry:report-list"),
        "data": reverse("registry:data"),
    }
    if image := Study.objects.filter(centre_code=patient.centre.code).first():
        found["images of a study"] = reverse("imaging:study-detail", args=[image.public_id])
    if waiting := queries.study_links.unlinked(viewer=viewer).first():
        found["link images"] = reverse("registry:study-link", args=[waiting.public_id])
    for key, words in (LISTS | MISSING_LISTS).items():
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


def timed(client: Client, address: str) -> str:
    start, worked = time.perf_counter(), time.process_time()
    answer = client.get(address)
    b"".join(answer) if answer.streaming else answer.content
    took = f"{(time.perf_counter() - start) * 1000:.3f} {(time.process_time() - worked) * 1000:.3f}"
    if answer.status_code not in (HTTPStatus.OK, HTTPStatus.FOUND):
        raise RuntimeError(f"{address}: {answer.status_code}")
    return took


def counted(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)


def serve(patients: int) -> None:
    """Build the registry unless it is there, tell its pages, and answer until nobody asks."""
    call_command("migrate", verbosity=0)
    if not Patient.objects.exists():
        many_patients.build(patients=patients)
    if Patient.objects.count() != patients:
        raise RuntimeError("This database was not filled to the end: remove it.")
    viewer = User.objects.get(username=many_patients.VIEWER)
    pages = addresses(viewer)
    clients = {username: _client(username) for _, username in pages.values()}
    asked = {name: (clients[username], address) for name, (address, username) in pages.items()}
    _tell(f"{Patient.objects.count()} {events()}")
    for name, (client, address) in asked.items():
        _tell(f"{name}\t{counted(client, address)}")
    _tell("")
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        _tell(timed(*asked[line.rstrip()]))


def _client(username: str) -> Client:
    client = Client(HTTP_HOST=settings.ALLOWED_HOSTS[0])
    client.force_login(User.objects.get(username=username), backend="registry.access.RoleBackend")
    return client


def _tell(text: str) -> None:
    print(text, flush=True)
