"""Nothing of a case, of others' reads or of what happens to them reaches a reader before signing.

A reader looks at every address, then everything that can happen happens, then the reader looks
again: no answer has changed by a byte, and none holds what was planted.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from http import HTTPStatus
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from django.apps import apps
from django.db import models
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from imaging.sealing import SealedTextField
from registry import actions
from registry.models import (
    MaskedReread,
    Patient,
    Read,
    Role,
    User,
)
from registry.views import errors
from tests.factories import addresses, blinded_case, case_forms, exported_reads, walk
from tests.factories import reading_rooms as rooms
from tests.factories import registry_records as make
from tests.factories.blinded_case import SHOWN, TODAY, BlindedCase
from tests.factories.walk import Answer, Walk
from tests.one_world import data_folder, one_world

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

VIEWERS = ("reader", "assigned", "third", "elsewhere")
"""May read; was asked for a read; may decide between two reads; reads in another centre."""

Rows = Mapping[str, Mapping[Any, Mapping[str, Any]]]
"""All that is stored: by model and primary key, field to value."""


@dataclass(frozen=True)
class Story:
    """`earlier` and `later` are the walks of each viewer, before and after everything happens.

    `paths` are the later ones, each with the name of its address; a path of nobody comes first.
    """

    case: BlindedCase
    rows_earlier: Rows
    rows_later: Rows
    paths: list[tuple[str, str]]
    earlier: Mapping[str, Walk]
    later: Mapping[str, Walk]

    def secrets(self, name: str) -> list[bytes]:
        """Canaries, registry numbers, who else is here, and ids of all that is not the viewer's."""
        viewer = self.case.viewers[name]
        own = {row.public_id for row in [viewer, *Read.objects.filter(reader=viewer)]}
        own |= {again.public_id for again in MaskedReread.objects.filter(first_read__reader=viewer)}
        ids = {
            value
            for model, rows in self.rows_later.items()
            if model not in SHOWN_BY_ID
            for row in rows.values()
            for value in row.values()
            if isinstance(value, UUID) and value not in own
        }
        numbers = Patient.objects.values_list("registry_number", flat=True)
        others = User.objects.exclude(pk=viewer.pk).values_list("username", flat=True)
        told = [*numbers, *others, *map(str, ids), *(one.hex for one in ids)]
        return [b"canary", *(one.lower().encode() for one in told)]


SHOWN_BY_ID = {"ContrastStudy", "ReadDraft", "Series", "HistoryEvent", "ListEntry"}
"""Addresses of rooms and images; an event and a line of a list have the ids of
what is looked for by itself."""


def secrets_in(answer: Answer, secrets: list[bytes]) -> list[bytes]:
    content = answer.content.lower()
    return [secret for secret in secrets if secret in content]


@pytest.fixture(scope="module", autouse=True)
def crescent_data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One data folder for the module, as the world is built once."""
    with data_folder(tmp_path_factory.mktemp("data")) as data:
        yield data


@pytest.fixture(scope="module")
def story(django_db_setup: None, django_db_blocker: Any, crescent_data: Path) -> Iterator[Story]:
    with (
        django_db_blocker.unblock(),
        pytest.MonkeyPatch.context() as patched,
        one_world(),
    ):
        patched.setattr(timezone, "now", lambda: TODAY)
        case = blinded_case.before()
        rows, earlier = stored(), walks(case)
        blinded_case.happen(case)
        paths = [(path, name) for name, path in addresses.every()]
        yield Story(case, rows, stored(), paths, earlier, walks(case))


def walks(case: BlindedCase) -> dict[str, Walk]:
    """One reader asks in every way; the others open every page, but no image once more."""
    paths = [path for _, path in addresses.every()]
    walked = {name: walk.pages(case.viewers[name], paths) for name in VIEWERS}
    return walked | {"reader": walk.all_addresses(case.reader, paths)}


def stored() -> Rows:
    return {
        model.__name__: {
            row.pk: {
                field.name: getattr(row, field.attname) for field in model._meta.concrete_fields
            }
            for row in model._default_manager.all()
        }
        for app in ("registry", "imaging")
        for model in apps.get_app_config(app).get_models()
    }


NOT_PLANTED = {
    "CaseImport.*": "sealed, and on no page of a reader; what it makes are cases",
    "ImportedRecord.*": "sealed or ids; what it names are cases",
    "TheatreList.*": "of those who audit, on no page of a reader",
    "TheatreLine.*": "the same",
    "SignalDisposition.*": "the same",
    "AuditReport.dispositions": "the same",
    "HistoryChain.code": "the code of the centre",
    "*.synthetic_fields": "names of fields; empty in a real record",
    "Centre.*": "a reader belongs to it",
    "ReadingProtocol.*": "what the list follows",
    "Study.*": "images, which a reader is shown",
    "Series.*": "images",
    "Instance.*": "images",
    "SeriesMetadata.*": "images",
    "DeidentificationManifest.*": "of images, and without a value",
    "StudyLink.public_id": "images that are linked are shown; the id is looked for",
    "StudyLink.created_at": "how long a study waits is shown",
    "StudyLink.edition": "a link is never edited",
    "StudyLink.subject_agrees": "as the link is, so it stays",
    "ReadingAssignment.*": "a reader is told of their own; the ids are looked for",
    "StudyExclusion.excluded_at": "images that are excluded are offered to nobody",
    "RemoteArchive.retired_at": "told of no study",
    "Peer.certificate_sha256": "told of no study",
    "Component.device_identifier": "a part of the UDI, which is planted",
    "PatientTally.rules_version": "the same for every patient",
    "User.last_login": "nobody signs in here",
    "User.email": "no page asks for it",
    "ReadMeasurement.hu_undefined_reason": "the stored pixels have HU",
}
"""Pattern of fields to the reason why nothing is planted there."""

CODED = {
    "AssessmentGrade": "instrument item grade",
    "ReportSchedule": "protocol_key limits",
    "AuditReport": "protocol_key protocol_version filters facts facts_sha256 results"
    " results_sha256 code_version",
    "Adjudication": "vocabulary_version",
    "DoseSetting": "confirmed_doubts",
    "ExclusionRule": "centre_code keyword",
    "CentreTally": "question",
    "HistoryChain": "head_hash facts_hash",
    "HistoryEvent": "action object_type before_digest after_digest previous_hash hash",
    "IngestRun": "centre_code",
    "IngestedFile": "reason_code",
    "ListEntry": "term detail",
    "Patient": "registry_number subject_key",
    "PatientIdentity": "birth_date",
    "PatientMerge": "moved",
    "PatientTally": "answers",
    "Peer": "centre_code network token_sha256",
    "Read": "information_shown images_shown vocabulary_version",
    "ReadMeasurement": "points_mm",
    "Refill": "confirmed_doubts",
    "RemoteArchive": "centre_code",
    "ScreeningTest": "confirmed_doubts",
    "User": "password",
}
"""Texts that hold no words of a person: that they are new or change is all there is to see."""


def planted(story: Story, model: str, field: models.Field) -> bool:
    """Whether a canary stands in a text, or another value now than before in anything else."""
    earlier, later = story.rows_earlier[model], story.rows_later[model]
    written = (models.CharField, models.TextField, models.JSONField, SealedTextField)
    coded = field.choices or field.name in CODED.get(model, "").split()
    if isinstance(field, written) and not coded:
        return any("canary" in str(row[field.name]).lower() for row in later.values())
    return any(
        row[field.name] not in (None, "") and row[field.name] != earlier.get(pk, {}).get(field.name)
        for pk, row in later.items()
    )


def test_every_field_is_planted(story):
    """A new field of a model fails this until it is planted, or named above with a reason."""
    missing = [
        name
        for app in ("registry", "imaging")
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.concrete_fields
        if not (field.is_relation or field.primary_key)
        for name in [f"{model.__name__}.{field.name}"]
        if not any(fnmatch(name, pattern) for pattern in NOT_PLANTED)
        if not planted(story, model.__name__, field)
    ]
    assert missing == []


def opened(story: Story, name: str, address: str, one: Any) -> Answer:
    return story.later[name][f"GET {reverse(address, args=[one.public_id])}"]


@pytest.mark.parametrize("name", VIEWERS)
def test_no_answer_changes_by_a_byte(story, name):
    earlier, later = story.earlier[name], story.later[name]
    assert [asked for asked in earlier if earlier[asked] != later.get(asked)] == []


@pytest.mark.parametrize("name", VIEWERS)
def test_no_answer_tells(story, name):
    secrets = story.secrets(name)
    told = {
        asked: found
        for asked, answer in story.later[name].items()
        if (found := secrets_in(answer, secrets))
    }
    assert told == {}


@pytest.mark.parametrize("name", VIEWERS)
def test_what_came_since_answers_like_what_is_not_there(story, name):
    """Neither a status nor a page tells that there is a read, an operation or a report."""
    of_nobody = {asked: path for path, asked in reversed(story.paths)}
    later = story.later[name]
    told = [
        f"{method} {path}"
        for path, address in story.paths
        for method in ("GET", "POST")
        if f"{method} {path}" in later.keys() - story.earlier[name].keys()
        if later[f"{method} {path}"] != later[f"{method} {of_nobody[address]}"]
    ]
    assert told == []


def test_the_walk_reaches_what_a_reader_may_open(story):
    """Guards the tests above; whatever else opens to a reader is to be thought of here."""
    open_here = {
        address
        for path, address in story.paths
        if story.later["reader"][f"GET {path}"].status == HTTPStatus.OK
    }
    assert {name for name in open_here if not name.startswith("dicomweb:")} == {
        "imaging:series-frame",
        "imaging:series-slices",
        "registry:health-live",
        "registry:health-ready",
        "registry:home",
        "registry:password-change",
        "registry:read-correct",
        "registry:read-detail",
        "registry:read-pdf",
        "registry:read-sr",
        "registry:reading-list",
        "registry:reading-list-file",
        "registry:reading-room",
        "registry:session",
        "registry:vocabulary",
    }
    again = MaskedReread.objects.filter(first_read__reader=story.case.reader)
    assert again.count() == 2
    for one in (story.case.target, *again):
        assert opened(story, "reader", "registry:reading-room", one).status == HTTPStatus.OK
    (decided,) = (
        path
        for path, address in story.paths
        if address == "registry:adjudication"
        if story.later["third"][f"GET {path}"].status == HTTPStatus.OK
    )
    assert str(story.case.disputed.public_id) in decided
    asked = ("registry:reading-room", story.case.asked)
    assert opened(story, "assigned", *asked).status == HTTPStatus.OK
    assert opened(story, "elsewhere", *asked).status == HTTPStatus.NOT_FOUND


SEARCHES = {
    "registry:reading-list": ("show", "age", "page"),
    "registry:home": ("list", "page"),
    "registry:patient-list": ("q",),
    "registry:case-log-patient": ("q", "number"),
    "dicomweb:studies": ("PatientID", "PatientName", "AccessionNumber", "StudyDescription"),
    "dicomweb:series-search": ("PatientID", "PatientName", "SeriesDescription"),
    "dicomweb:instance-search": ("PatientID", "PatientName"),
}


def test_no_search_tells_a_word_of_the_case_from_one_that_occurs_nowhere(story):
    visitor = walk.Visitor(story.case.reader)
    words = ["CANARY", "canary*", "CANARY-LOCAL", "CANARY^NAME", "20090717", "operation"]
    words.append(story.case.patient.registry_number)
    for address, keys in SEARCHES.items():
        for key, word in product(keys, words):
            nowhere = "".join("x" if letter.isalnum() else letter for letter in word)
            answers = [
                visitor.ask("get", f"{reverse(address)}?{key}={quote(one)}")
                for one in (word, nowhere)
            ]
            assert answers[0].status == answers[1].status, (address, key, word)
            bodies = [
                answer.content.replace(one.encode(), b"").replace(quote(one).encode(), b"")
                for answer, one in zip(answers, (word, nowhere), strict=True)
            ]
            assert bodies[0] == bodies[1], (address, key, word)


def test_after_signing_a_reader_sees_their_own_read_and_nobody_elses(story):
    visitor = walk.Visitor(story.case.reader)
    room = reverse("registry:reading-room", args=[story.case.target.public_id])
    client = Client()
    client.force_login(story.case.reader, backend="registry.access.RoleBackend")
    signed = client.post(
        room, case_forms.leak(certainty="4", password=make.PASSWORD, remarks="my own words")
    )
    assert signed.status_code == HTTPStatus.FOUND
    read = Read.objects.get(reader=story.case.reader, contrast_study=story.case.target)
    assert read.information_shown == ["images_only"]
    assert b"my own words" in visitor.ask("get", room).content
    after = walk.pages(story.case.reader, [path for path, _ in story.paths])
    secrets = story.secrets("reader")
    assert [asked for asked, answer in after.items() if secrets_in(answer, secrets)] == []


def test_where_one_read_is_asked_that_of_another_takes_the_study_off_the_list_and_no_more(story):
    """The default of a centre. That somebody has read is learnt so, and not what (ADR 17)."""
    case = story.case
    actions.reading_protocols.edit(
        centre=case.centre, edition=1, by=case.manager, at=TODAY, changes={"reads_per_study": 1}
    )
    fresh, refused = blinded_case.waiting_study(case), Answer(HTTPStatus.NOT_FOUND, b"")
    paths = [
        path
        for _, path in addresses.every()
        if str(fresh.public_id) in path
        or story.later["reader"].get(f"GET {path}", refused).status == HTTPStatus.OK
    ]
    earlier = walk.pages(case.reader, paths)
    rooms.read_images(fresh, by=case.rival, at=TODAY, remarks="CANARY-READ")
    later = walk.pages(case.reader, paths)
    lists = {f"GET {reverse(name)}" for name in ("registry:home", "registry:reading-list")}
    lists.add(f"GET {reverse('registry:reading-list-file', args=['csv'])}")
    assert {asked for asked in earlier if earlier[asked] != later[asked]} == lists
    code = f"Study {fresh.public_id.hex[-6:].upper()}".encode()
    for asked in lists:
        assert code in earlier[asked].content
        assert code not in later[asked].content
        assert secrets_in(later[asked], story.secrets("reader")) == []


def test_the_third_person_sees_two_reads_without_names_before_deciding(story):
    page = opened(story, "third", "registry:adjudication", story.case.disputed)
    assert SHOWN.encode() in page.content
    for reader in (story.case.reader, story.case.rival):
        assert reader.get_username().encode() not in page.content


def test_a_second_look_shows_nothing_of_the_first(story):
    unread = opened(story, "reader", "registry:reading-room", story.case.target)
    for again in MaskedReread.objects.filter(first_read__reader=story.case.reader):
        page = opened(story, "reader", "registry:reading-room", again)
        told = [SHOWN, str(again.first_read.public_id), str(again.contrast_study.public_id)]
        assert [one for one in told if one.encode() in page.content] == []
        assert page.content.count(b" checked") == unread.content.count(b" checked")


def test_who_operates_and_reads_sees_no_words_of_others_reads_before_signing(story):
    """The case is open to this person, and counts as shown; the reads of others are not."""
    both = make.user(at_centre=story.case.centre, roles=[Role.READER, Role.SURGEON], name="both")
    reads = [b"canary-read", b"canary-draft", b"canary-report", b"canary-decision"]
    reads += [b"canary-correction", exported_reads.CANARY.lower().encode()]
    paths = [path for path, _ in story.paths if not path.endswith(".pdf")]
    walked = walk.pages(both, paths)
    assert [asked for asked, answer in walked.items() if secrets_in(answer, reads)] == []
    case = walked[f"GET {reverse('registry:case-detail', args=[story.case.case.public_id])}"]
    assert b"CANARY-OPERATION" in case.content


def test_the_page_of_a_failure_repeats_nothing_of_it(story):
    request = RequestFactory().get("/")
    try:
        raise ValueError(f"CANARY {story.case.patient.registry_number}")
    except ValueError:
        failed = errors.failed(request)
    assert failed.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    secrets = [b"canary", story.case.patient.registry_number.lower().encode()]
    assert secrets_in(Answer.of(failed), secrets) == []
