import numpy as np
import pytest

from registry.audit.background_facts import BackgroundFacts
from registry.audit.component_groups import Group
from registry.audit.component_hazards import cox_table
from registry.audit.component_tables import REVISION
from registry.audit.cox import cox
from tests.factories.component_cohorts import many_components
from tests.unit.registry.audit.test_component_tables import PUMPS, rows

BACKGROUND = {
    patient.patient_id: one
    for patient in many_components().patients
    for one in patient.of(BackgroundFacts)
}


def test_revision_is_fitted_and_failure_says_how_many_events_it_needs():
    found = rows(cox_table([PUMPS], BACKGROUND))
    fitted = [row for row in found if row["key"].startswith("pump-revision")]
    assert [row["events"] for row in fitted] == [40, 40, 40]
    x = {
        "age": [
            (one.implanted_on.year - BACKGROUND[one.patient_id].birth_year) / 10
            for one in PUMPS.courses
        ],
        "male": [float(BACKGROUND[one.patient_id].sex == "male") for one in PUMPS.courses],
        "year": [(one.implanted_on.year - 2000) / 5 for one in PUMPS.courses],
    }
    model = cox(REVISION.observed(PUMPS.courses), x, cause=1)
    assert [row["ratio"] for row in fitted] == pytest.approx([one.value for one in model.ratios])
    (other,) = [row for row in found if row["key"] == "pump-failure"]
    assert (other["ratio"], other["why"]) == (None, "needs 30 events")


def test_who_lacks_a_covariate_is_left_out():
    unknown = dict(BACKGROUND)
    gone = list(unknown)[:2]
    unknown[gone[0]] = BackgroundFacts(None, "male", "cp_spastic")
    del unknown[gone[1]]
    (row, *_) = rows(cox_table([PUMPS], unknown))
    assert row["components"] == len(PUMPS.courses) - 2
    (nobody, _) = rows(cox_table([Group("pump", "Pump", PUMPS.courses)], {}))
    assert (nobody["components"], nobody["why"]) == (0, "needs 10 events")
    assert np.isfinite(row["ratio"])
