"""Loading the demonstration where it must not be, or after it was interrupted."""

import pytest
from django.core.management import CommandError, call_command

from config.demo.cohort import plan_cohort
from config.demo.images import deliver_images, link_and_read
from config.demo.marks import IMAGES_LOADED, RECORDS_LOADED, is_marked
from config.demo.records import load_records
from imaging.models import Instance
from registry.models import Centre, HistoryEvent, Patient, Read, StudyLink, User
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db

SMALL = (18, 48, 48)


class CrashError(Exception):
    """Stands for a crash in the middle."""


def test_an_installation_with_real_patients_refuses(settings):
    settings.CRESCENT_DEMO = False
    with pytest.raises(CommandError, match="must never stand among real ones"):
        call_command("load_demo")
    assert not Centre.objects.exists()


def test_a_centre_of_that_name_that_is_not_the_demo_is_left_alone():
    make.centre("DEMO")
    with pytest.raises(CommandError, match="Centre DEMO exists"):
        call_command("load_demo")
    assert not Patient.objects.exists()


def test_an_account_of_that_name_stops_the_load_before_anything_is_written():
    make.user(at_centre=make.centre("NORTH"), name="reader")
    with pytest.raises(CommandError, match="does not fit"):
        call_command("load_demo")
    assert list(Centre.objects.values_list("code", flat=True)) == ["NORTH"]


def test_a_crash_among_the_records_leaves_none():
    def plans():
        yield from plan_cohort()[:2]
        raise CrashError

    with pytest.raises(CrashError):
        load_records(plans(), at=make.NOW)
    assert not Centre.objects.exists()
    assert not User.objects.exists()
    assert not HistoryEvent.objects.exists()
    assert not is_marked(RECORDS_LOADED)


def test_a_crash_among_the_images_is_made_good_by_the_next_run():
    imaged = [p for p in plan_cohort() if p.episode and p.episode.study and p.episode.study.image]
    few = imaged[:2]
    load_records(few, at=make.NOW)
    assert is_marked(RECORDS_LOADED)
    deliver_images(few[:1], shape=SMALL, tell=lambda line: None)
    assert not is_marked(IMAGES_LOADED)

    deliver_images(few, shape=SMALL, tell=lambda line: None)
    link_and_read(few, at=make.NOW, shape=SMALL)
    assert Instance.objects.count() == 2 * SMALL[0]
    assert StudyLink.objects.count() == sum(p.episode.study.image.linked for p in few)
    assert Read.objects.count() == 2
    assert is_marked(IMAGES_LOADED)


def test_the_log_ins_can_be_printed_alone(capsys):
    call_command("load_demo", log_ins=True)
    printed = capsys.readouterr().out
    assert "registrar" in printed
    assert "Password of every account: crescent-demo-2016" in printed
    assert not Centre.objects.exists()
