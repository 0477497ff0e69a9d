"""A centre in which studies are read: a coordinator, readers, studies with images."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from registry import actions
from registry.actions.reads import FindingEntry
from registry.models import (
    Adjudication,
    Centre,
    ContrastStudy,
    Read,
    ReadingAssignment,
    ReadingProtocol,
    Role,
    User,
)
from registry.queries import adjudications
from tests.factories import registry_records as make
from tests.factories import stored_studies


@dataclass
class ReadingRooms:
    """Three readers, so that one can decide where two differ."""

    centre: Centre
    manager: User
    readers: list[User]

    def study(self, *, with_images: bool = True) -> ContrastStudy:
        patient = make.patient(by=self.manager, at_centre=self.centre)
        study = make.contrast_study(of=make.case(of=patient, by=self.manager), by=self.manager)
        if with_images:
            images = stored_studies.study(centre_code=self.centre.code, slices=1, PatientID="")
            make.study_link(of=study, study=images, by=self.manager)
        return study

    def protocol(self, **changes: int) -> ReadingProtocol:
        stored = ReadingProtocol.objects.filter(centre=self.centre).first()
        return actions.reading_protocols.edit(
            centre=self.centre,
            edition=stored.edition if stored else 0,
            by=self.manager,
            at=make.NOW,
            changes=changes,
        )

    def assign(self, study: ContrastStudy, reader: User) -> ReadingAssignment:
        return actions.reading_assignments.assign(
            contrast_study=study, reader=reader, by=self.manager, at=make.NOW
        )

    def disputed_study(self) -> ContrastStudy:
        """Read by the first two readers, who differ in what they see."""
        study = self.study()
        read_images(study, by=self.readers[0], finding="leak")
        read_images(study, by=self.readers[1], finding="occlusion")
        return study

    def adjudication(
        self, study: ContrastStudy, *, by: User | None = None, **answers: Any
    ) -> Adjudication:
        """Decided by the third reader."""
        return adjudicate(study, by=by or self.readers[2], **answers)


def rooms(code: str = "NORTH", **protocol: int) -> ReadingRooms:
    centre = make.centre(code)
    found = ReadingRooms(
        centre=centre,
        manager=make.user(at_centre=centre, roles=[Role.DATA_MANAGER]),
        readers=[make.user(at_centre=centre, roles=[Role.READER]) for _ in range(3)],
    )
    if protocol:
        found.protocol(**protocol)
    return found


def read_images(
    study: ContrastStudy,
    *,
    by: User,
    at: datetime = make.NOW,
    finding: str = "leak",
    **answers: Any,
) -> Read:
    """A read of the images here, by somebody who knew nothing else."""
    answers = {"source": "images_here", "information_shown": ["images_only"]} | answers
    return make.read(of=study, by=by, at=at, finding=finding, **answers)


def adjudicate(study: ContrastStudy, *, by: User, **answers: Any) -> Adjudication:
    pair = adjudications.pair_of(study=study)
    assert pair is not None
    answers = {
        "read_a": pair.read_a,
        "read_b": pair.read_b,
        "adequacy": "adequate",
        "findings": [FindingEntry("leak", ("pump_pocket_around_pump",))],
        "reason": "Contrast leaves the line at the pump.",
        "at": make.NOW,
        "opened_at": make.NOW,
    } | answers
    return actions.adjudications.sign(contrast_study=study, by=by, **answers)


def objects(centre: Centre, *, by: User, text: str = "TEXT") -> dict[str, Any]:
    """What the addresses of two reads name, with a text wherever one can be typed.

    `disputed` was read by two who differ, and decided by `decider`.
    """
    everyone = f"{text if text.isalnum() else 'some'}-reader"
    found = ReadingRooms(
        centre=centre,
        manager=by,
        readers=[
            make.user(at_centre=centre, roles=[Role.READER], name=f"{everyone}-{number}")
            for number in range(3)
        ],
    )
    disputed = found.study()
    for reader, finding in zip(found.readers[:2], ("leak", "occlusion"), strict=True):
        read_images(disputed, by=reader, finding=finding, remarks=text)
    adjudicate(disputed, by=found.readers[2], reason=text)
    return {
        "centre": centre,
        "assignment": found.assign(found.study(), found.readers[0]),
        "disputed": disputed,
        "decider": found.readers[2],
    }
