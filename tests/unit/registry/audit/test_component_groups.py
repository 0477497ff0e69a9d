from registry.audit.component_groups import DIMENSIONS, by_kind, divided, era_of
from registry.audit.devices import ComponentKind
from registry.audit.patient_components import watched
from registry.audit.selection import Period
from tests.factories.component_cohorts import AS_OF, many_components

COURSES = [
    one.course
    for patient in many_components().patients
    for one in watched(patient, Period(None, AS_OF))
    if one.course is not None
]


def test_groups_share_out_the_kind_and_pumps_have_no_material():
    kinds = by_kind(COURSES)
    assert sum(len(group.courses) for group in kinds.values()) == len(COURSES) == 240
    for kind in (ComponentKind.PUMP, ComponentKind.SPINAL_SEGMENT):
        for dimension in DIMENSIONS:
            parts = divided(kind, kinds[kind], dimension)
            if dimension.key == "material" and kind == ComponentKind.PUMP:
                assert parts == ()
            else:
                ids = sorted(one for part in parts for one in part.ids)
                assert ids == list(kinds[kind].ids)


def test_an_era_is_five_calendar_years():
    assert [era_of(year) for year in (2009, 2010, 2014, 2015)] == ["2005", "2010", "2010", "2015"]
    labels = [one.label for one in divided(ComponentKind.PUMP, by_kind(COURSES)[ComponentKind.PUMP],
                                           DIMENSIONS[-1])]  # fmt: skip
    assert labels == ["Pump: 2010\N{EN DASH}2014", "Pump: 2015\N{EN DASH}2019"]
