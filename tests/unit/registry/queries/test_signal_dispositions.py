"""Who sees what was decided: those who may audit all of its centres."""

import pytest

from registry import queries
from registry.models import Role
from tests.factories import registry_records as make
from tests.factories.device_signals import audited, decided

pytestmark = pytest.mark.django_db


def test_those_of_other_centres_are_nobodys_business():
    north, south = make.centre("NORTH"), make.centre("SOUTH")
    auditor = make.user(at_centre=north, roles=[Role.AUDITOR])
    foreign = make.user(at_centre=south, roles=[Role.AUDITOR])
    one = decided(audited(), by=auditor)
    assert list(queries.signal_dispositions.visible(viewer=auditor)) == [one]
    assert list(queries.signal_dispositions.visible(viewer=foreign)) == []


def test_an_audit_finds_its_own_newest_first_on_whatever_day():
    auditor = make.user(at_centre=make.centre(), roles=[Role.AUDITOR])
    result = audited()
    first = decided(result, by=auditor)
    second = decided(result, by=auditor, disposition="chance_watch", before=first)
    filters = result.to_json()["filters"]
    asked = {"protocol_key": "device-survival", "filters": filters}
    found = queries.signal_dispositions.of_audit(viewer=auditor, **asked)
    assert [(one["id"], one["superseded_by"]) for one in found] == [
        (str(second.public_id), None),
        (str(first.public_id), str(second.public_id)),
    ]
    assert found == queries.signal_dispositions.of_audit_for_record(**asked)
    asked["filters"] = filters | {"performed_from": "2012-01-01"}
    assert queries.signal_dispositions.of_audit(viewer=auditor, **asked) == []
