"""A second reader in the demonstration: one study agreed on, one in dispute, one decided."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db import transaction

from config.demo.images import Shape, drawn_on, with_images
from config.demo.marks import SECOND_READS_LOADED, mark
from config.demo.people import DEMO
from config.demo.plan import ImagePlan, PatientPlan, ReadPlan
from config.demo.provenance import synthetic_fields
from config.demo.records import READING_TIME, sign_read
from imaging import queries as imaging_queries
from registry import actions, queries
from registry.actions.reads import FindingEntry
from registry.models import Adjudication, ContrastStudy, User
from registry.vocabulary import ReadAdequacy, ReadSource

READS_PER_STUDY: Final = 2
COORDINATED_BY: Final = "manager"
SECOND_READER: Final = "reader2"
DECIDED_BY: Final = "reader3"

REASON: Final = (
    "Contrast ends at the tip in a short column without reaching the sac; what was taken for "
    "pooling is the filled catheter."
)


def load_second_reads(plans: Iterable[PatientPlan], *, at: datetime, shape: Shape) -> None:
    """Ask for two reads, sign those of the second reader, decide one difference; or nothing.

    What people of an older demonstration have read themselves stays as it is.
    """
    manager = queries.people.by_username(COORDINATED_BY)
    with transaction.atomic():
        centre = queries.centres.by_code(DEMO)
        if queries.reading_protocols.in_force(centre).pk is None:
            actions.reading_protocols.edit(
                centre=centre,
                edition=0,
                by=manager,
                at=at,
                changes={"reads_per_study": READS_PER_STUDY},
            )
        for patient, plan in with_images(plans):
            assert plan.image is not None
            if plan.image.second is None or plan.read is None:
                continue
            study = queries.contrast_studies.visible(viewer=manager).get(
                case__patient__subject_key=imaging_queries.subject_key_of(
                    patient.local_number, centre_code=patient.centre_code
                ),
                case__patient__centre__code=patient.centre_code,
            )
            _read_again(study, plan.image.second, plan.image, at=at, shape=shape)
            if plan.image.decided:
                _decide(study, plan.read, at=at)
        mark(SECOND_READS_LOADED, centre=centre, at=at)


def _read_again(
    study: ContrastStudy, plan: ReadPlan, image: ImagePlan, *, at: datetime, shape: Shape
) -> None:
    reader = queries.people.by_username(SECOND_READER)
    if _may_read(study, reader):
        marks = drawn_on(image, study, shape=shape)
        sign_read(plan, study=study, source=ReadSource.IMAGES_HERE, by=reader, at=at, marks=marks)


def _may_read(study: ContrastStudy, reader: User) -> bool:
    places = queries.reading_board.of_study(study=study)
    return places is not None and places.waits_for(reader.pk)


def _decide(study: ContrastStudy, plan: ReadPlan, *, at: datetime) -> None:
    """For the first read, as the abstract has it."""
    decider = queries.people.by_username(DECIDED_BY)
    pair = queries.adjudications.pair_for(viewer=decider, public_id=study.public_id)
    if pair is None:
        return
    actions.adjudications.sign(
        contrast_study=study,
        read_a=pair.read_a,
        read_b=pair.read_b,
        by=decider,
        at=at,
        opened_at=at - READING_TIME,
        adequacy=ReadAdequacy.ADEQUATE.value,
        findings=[FindingEntry(code=plan.finding, sites=plan.sites)],
        reason=REASON,
        synthetic_fields=synthetic_fields(Adjudication, stated=plan.stated),
    )
