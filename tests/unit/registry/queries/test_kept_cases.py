"""Who is behind a number comes back as it was counted, and never after a fact has changed."""

import stat
from datetime import date, timedelta

import pytest

from registry.actions.theatre_lists import SentLine
from registry.audit.errors import UnknownNumberError
from registry.audit.run import run
from registry.audit.selection import Filters
from registry.queries import audit_facts, kept_answers, kept_cases, registry_state
from registry.queries.kept_answers import Question
from tests.factories import audited_records
from tests.factories import registry_records as make

DAY, AS_OF = date(2024, 3, 12), date(2024, 6, 1)


def asked(protocol_key):
    return Question(protocol_key, Filters(centres=("NORTH",)), AS_OF, "tests")


def kept(protocol_key):
    question = asked(protocol_key)
    cohort = audit_facts.cohort_of_centres(centre_codes=question.centres, needs=question.needs)
    result = run(protocol_key, cohort, filters=question.filters, as_of=AS_OF, code_version="tests")
    state = registry_state.of_centres(question.centres, needs=question.needs)
    kept_cases.keep(question, state=state, result=result, cohort=cohort)
    return result, cohort


@pytest.mark.parametrize("protocol_key", ["abousamra-2016", "ct-accuracy", "data-quality"])
def test_every_number_comes_back_with_whom_it_counts(north, protocol_key):
    audited_records.fill(north.centre, by=north.logged_by)
    lines = [SentLine(row, DAY, number) for row, number in ((2, "LOCAL-1"), (3, "LOCAL-2"))]
    make.theatre_list(of=north.centre, by=north.logged_by, lines=lines)
    result, cohort = kept(protocol_key)
    for number, members in result.numbers().items():
        found = kept_cases.find(asked(protocol_key), number)
        assert found == kept_cases.counted(result, cohort, number)
        assert found.members == tuple(sorted(members))


def test_another_number_is_refused(north):
    kept("abousamra-2016")
    with pytest.raises(UnknownNumberError):
        kept_cases.find(asked("abousamra-2016"), "nothing.of.this")


def test_nothing_is_found_after_a_change_or_in_half_a_file(north):
    result, _ = kept("abousamra-2016")
    number = result.flow.boxes[0].key
    (path,) = kept_answers.folder().iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    assert kept_cases.find(asked("abousamra-2016"), number) is None
    path.write_bytes(whole)
    assert kept_cases.find(asked("abousamra-2016"), number) is not None
    make.patient(by=north.logged_by, at_centre=north.centre)
    assert kept_cases.find(asked("abousamra-2016"), number) is None


def test_it_goes_with_the_answers_that_nobody_asks_for(north):
    kept("abousamra-2016")
    kept_answers.clear(at=make.NOW + timedelta(days=3650))
    assert list(kept_answers.folder().iterdir()) == []
