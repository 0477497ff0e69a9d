"""Whom an advisory is about."""

from datetime import date

import pytest

from registry import actions
from registry.audit.advisory_match import Match
from registry.models import Role
from registry.queries import advisories
from tests.factories import registry_records as make

MODEL = "medtronic_8637_40"


@pytest.fixture
def pump(north):
    return actions.components.edit(
        component=north.component, edition=1, by=north.logged_by, at=make.NOW,
        changes={"model": MODEL, "manufactured_on": date(2018, 6, 1)},
    )  # fmt: skip


def warn(of, **fields):
    return make.advisory(of=of.centre, by=of.logged_by, **fields)


def affected(of, advisory, **page):
    found, _ = advisories.affected(viewer=of.logged_by, advisory=advisory, **page)
    return [(one.component, one.match) for one in found]


def test_an_advisory_is_seen_where_it_holds(north, south):
    ours = warn(north)
    assert ours in advisories.visible(viewer=north.logged_by)
    assert ours not in advisories.visible(viewer=south.logged_by)
    assert advisories.visible(viewer=south.logged_by).count() == 8
    reader = make.user(at_centre=north.centre, roles=[Role.READER])
    assert not advisories.visible(viewer=reader).exists()


def test_components_of_the_model_in_place_are_affected(north, pump):
    assert affected(north, warn(north)) == [(pump, Match.AFFECTED)]
    assert affected(north, warn(north, models=["medtronic_8637_20"])) == []


def test_dates_clear_and_missing_dates_do_not(north, pump):
    assert affected(north, warn(north, manufactured_from=date(2018, 6, 2))) == []
    assert affected(north, warn(north, manufactured_until=date(2018, 6, 1))) == [
        (pump, Match.AFFECTED)
    ]
    by_serial = warn(north, serial_from="NGV1", serial_to="NGV9")
    assert affected(north, by_serial) == [(pump, Match.POSSIBLE)]


def test_what_was_removed_is_affected_no_more(north, pump):
    actions.components.edit(
        component=pump, edition=2, by=north.logged_by, at=make.NOW,
        changes={"removed_on": date(2024, 2, 1)},
    )  # fmt: skip
    assert affected(north, warn(north)) == []


def test_an_advisory_of_a_centre_is_about_its_components_only(north, south, pump):
    theirs = actions.components.edit(
        component=south.component, edition=1, by=south.logged_by, at=make.NOW,
        changes={"model": MODEL},
    )  # fmt: skip
    assert affected(south, warn(north)) == []
    assert affected(south, warn(south)) == [(theirs, Match.AFFECTED)]
    both = make.user(at_centre=north.centre)
    actions.people.set_roles(
        user=both, centre=south.centre, roles=[Role.REGISTRAR], by=None, at=make.NOW
    )
    found, _ = advisories.affected(viewer=type(both).objects.get(pk=both.pk), advisory=warn(north))
    assert [one.component for one in found] == [pump]


def test_the_list_goes_on_where_the_page_ended(north):
    pumps = [
        make.component(of=make.patient(by=north.logged_by, at_centre=north.centre),
                       by=north.logged_by, model=MODEL)
        for _ in range(5)
    ]  # fmt: skip
    cleared = make.patient(by=north.logged_by, at_centre=north.centre)
    make.component(of=cleared, by=north.logged_by, model=MODEL, implanted_on=date(2015, 1, 1))
    advisory = warn(north, implanted_from=date(2019, 1, 1))
    seen, after = [], 0
    while after is not None:
        found, after = advisories.affected(
            viewer=north.logged_by, advisory=advisory, after=after, most=2
        )
        seen += [one.component for one in found]
        assert len(found) <= 2
    assert seen == pumps


def test_each_component_is_told_what_it_is_affected_by(north, pump, django_assert_max_num_queries):
    ours = warn(north)
    ended = warn(north, title="Old")
    actions.advisories.retire(advisory=ended, by=north.logged_by, at=make.NOW)
    catheter = make.component(
        of=north.patient, by=north.logged_by, kind="spinal_segment", reservoir_ml=None
    )
    with django_assert_max_num_queries(3):
        told = advisories.of_components(viewer=north.logged_by, parts=[pump, catheter])
    assert set(told) == {pump.pk}
    assert (ours, Match.AFFECTED) in told[pump.pk]
    assert ended not in [advisory for advisory, _ in told[pump.pk]]
    # Of those that the project knows, the foreign particle by its day of manufacture.
    assert "particle" in " ".join(advisory.title for advisory, _ in told[pump.pk])


@pytest.mark.parametrize(
    ("precision", "answer"),
    [("day", Match.NOT_AFFECTED), ("month", Match.POSSIBLE), ("unknown", Match.POSSIBLE)],
)
def test_a_date_counts_as_far_as_it_is_known(north, precision, answer):
    component = north.component
    component.implanted_on, component.implanted_on_precision = date(2019, 5, 1), precision
    criteria = advisories.criteria_of(warn(north, implanted_from=date(2019, 5, 2)))
    assert advisories.match(criteria, advisories.device_of(component)) is answer
