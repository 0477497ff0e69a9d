"""The grouping of operative findings against the vocabulary, and what an operation decides."""

from dataclasses import replace

import pytest

from registry.audit.codes import ABNORMAL_FINDINGS, LeakSite
from registry.audit.facts import OperativeFacts
from registry.audit.reference import (
    CONFIRMS,
    DEFECT_LABELS,
    DEFECTS,
    SEGMENTS,
    SITES,
    UNDECIDED,
    DefectKind,
    Reference,
    partly_explored,
    reference_of,
)
from registry.vocabulary import (
    ComponentKind,
    IntraoperativeFindingCode,
    IntraoperativeGroup,
    IntraoperativeSite,
)
from tests.factories.accuracy_cohorts import FLAT_BATTERY, SOUND, UNEXPLORED, found
from tests.factories.cohorts import AS_OF, surgery


def test_every_finding_of_the_catheter_system_is_a_defect_and_none_of_the_pump_is():
    codes = {code.value: code.group for code in IntraoperativeFindingCode}
    catheter = {
        code for code, group in codes.items() if group == IntraoperativeGroup.CATHETER_SYSTEM
    }
    assert catheter <= set(DEFECTS) <= set(codes)
    beyond = {"csf_leak_dural_entry", "arachnoid_adhesions"}
    assert set(DEFECTS) - catheter == beyond
    assert UNDECIDED in codes
    assert {kind.value for kind in ComponentKind} >= SEGMENTS


def test_findings_and_sites_of_the_image_have_their_counterpart():
    assert set(CONFIRMS) == ABNORMAL_FINDINGS
    assert set(DEFECT_LABELS) == set(DefectKind)
    assert set(SITES) == set(LeakSite)
    assert {site for sites in SITES.values() for site in sites} <= {
        site.value for site in IntraoperativeSite
    }


@pytest.mark.parametrize(
    ("findings", "decided"),
    [
        ((), Reference.NOT_TESTED),
        ((FLAT_BATTERY,), Reference.NOT_TESTED),
        ((FLAT_BATTERY, UNEXPLORED), Reference.NOT_TESTED),
        ((SOUND,), Reference.NO_DEFECT),
        ((found("no_abnormality_found"),), Reference.NO_DEFECT),
        ((found("other"), SOUND), Reference.NOT_TESTED),
        ((found("other"), found("kink")), Reference.DEFECT),
        ((OperativeFacts("pump", "", "confirmed", "other"), SOUND), Reference.NO_DEFECT),
        ((SOUND, found("pseudomeningocele")), Reference.NO_DEFECT),
    ],
)
def test_what_an_operation_decides(findings, decided):
    assert reference_of(replace(surgery("s", on=AS_OF), findings=findings)) is decided


def test_a_part_left_unexplored_is_told():
    one = surgery("s", on=AS_OF)
    assert partly_explored(replace(one, findings=(SOUND, UNEXPLORED)))
    assert not partly_explored(replace(one, findings=(SOUND,)))
