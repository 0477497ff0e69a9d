"""One centre with something of everything, and a way to sign in without typing."""

import tempfile
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import BrowserContext

from imaging.models import ExclusionRule, IngestedFile
from registry.models import Centre, Role, User
from tests.factories import reading_rooms, stored_studies
from tests.factories import registry_records as make
from tests.factories.case_log_objects import case_log_objects
from tests.factories.dicom_files import ct_instance

LOCAL_NUMBER = "LOCAL-0077"


@dataclass
class World:
    """`objects` by the kind that an address names; `everything` may do all, `reader` only read."""

    centre: Centre
    objects: dict[str, Any]
    everything: User
    reader: User


def world() -> World:
    """A case told to its end, one study that waits for a read, images that wait to be linked."""
    centre = make.centre("NORTH")
    everything = make.user(at_centre=centre, roles=list(Role.values), name="everything")
    colleague = make.user(at_centre=centre, name="colleague")
    patient = make.patient(by=everything, at_centre=centre, local_number=LOCAL_NUMBER)
    component = make.component(of=patient, by=everything)
    case = make.case(of=patient, by=everything, remarks="after a fall")
    told = make.contrast_study(of=case, by=everything)
    read = make.read(of=told, by=everything)
    make.stopped_study(of=case, by=everything)
    waiting = make.contrast_study(of=case, by=everything)
    linked = stored_studies.study(centre_code=centre.code, slices=6, PatientID=LOCAL_NUMBER)
    study_link = make.study_link(of=waiting, study=linked, by=everything)
    unlinked = stored_studies.study(centre_code=centre.code, PatientID=LOCAL_NUMBER)
    return World(
        centre=centre,
        objects={
            "patient": patient,
            "assessment": make.assessment(of=patient, by=everything),
            "component": component,
            "case": case,
            "contrast_study": waiting,
            "surgery": make.surgery(of=case, by=everything),
            "read": read,
            "study": unlinked,
            "study_link": study_link,
            "series": linked.series.get(),
            "run": stored_studies.run_of(linked),
            "quarantined": SimpleNamespace(public_id=conflict(centre).quarantine_key),
            "rule": ExclusionRule.objects.create(
                centre_code=centre.code,
                keyword="StationName",
                match="word",
                text="workshop",
                added_at=make.NOW,
            ),
            "upload": stored_studies.unfinished_upload(by=everything, centre_code=centre.code),
            "report": make.report(of=centre, by=everything),
            "report_schedule": make.report_schedule(of=centre, by=everything),
            **case_log_objects(centre, patient=patient, case=case, by=everything, text="text"),
            "person": colleague,
            **reading_rooms.objects(centre, by=everything),
        },
        everything=everything,
        reader=make.user(at_centre=centre, roles=[Role.READER], name="reader"),
    )


def conflict(centre: Centre) -> IngestedFile:
    """A file that contradicts a stored image in its pixels and in its header."""
    other = {"PixelData": np.full((32, 32), 7, dtype="<i2").tobytes(), "KVP": "100"}
    for overrides, refused in (({}, nullcontext()), (other, suppress(SystemExit))):
        with tempfile.TemporaryDirectory() as folder:
            ct_instance(Path(folder) / "one.dcm", **overrides)
            with refused:
                call_command("ingest", folder, centre=centre.code, workers=1, stdout=StringIO())
    return IngestedFile.objects.get(reason_code="pixel_conflict")


def sign_in(context: BrowserContext, address: str, person: User) -> None:
    """As if the person had signed in on this browser."""
    client = Client()
    client.force_login(person, backend="registry.access.RoleBackend")
    context.add_cookies(
        [
            {
                "name": settings.SESSION_COOKIE_NAME,
                "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                "url": address,
            }
        ]
    )
