"""Reads in words, and the neutral name of a study."""

import uuid

from registry.models import ContrastStudy
from registry.presenters.reads import information, neutral_code


def test_a_study_is_named_after_the_random_end_of_its_id():
    study = ContrastStudy(public_id=uuid.UUID("018f0000-0000-7000-8000-00000a1b2c3d"))

    assert neutral_code(study) == "Study 1B2C3D"


def test_what_the_reader_knew_is_told_in_the_order_of_the_list():
    assert information(["operation", "clinical_question"]) == "knew: clinical question, operation"
    assert information(["images_only"]) == "knew: images only"
