"""Reading overtakes, recording does not."""

from pathlib import Path

from imaging.ingest.arrival import Arrival
from imaging.ingest.line import Line
from imaging.ingest.submission import Submission
from imaging.models import IngestRun


def submissions(line: Line, count: int) -> list[Submission]:
    made = [
        Submission(
            arrival=Arrival(position=position, name="", source=Path("a")),
            run=IngestRun(id=1),
            by=None,
            output=Path("missing"),
            unpacked=Path("missing"),
            line=line,
        )
        for position in range(1, count + 1)
    ]
    for submission in made:
        line.append(submission)
    return made


def test_what_is_read_early_waits_for_those_before_it():
    line = Line()
    first, second, third = submissions(line, 3)
    second.refuse("not_dicom")
    assert line.advance() == ([], [])
    first.refuse("not_dicom")
    assert line.advance() == ([first, second], [])
    assert line.has(2)
    assert not line.has(3)
    third.refuse("not_dicom")
    line.advance()
    assert line.has(32), "there are no more than these"


def test_after_a_failure_nothing_behind_it_is_taken_in():
    line = Line()
    first, second, third = submissions(line, 3)
    error = OSError("disk")
    first.refuse("not_dicom")
    second.failure = error
    third.refuse("not_dicom")
    assert line.advance() == ([first], [second, third])
    assert third.failure is error
    (late,) = submissions(line, 1)
    assert line.advance() == ([], [late])


def test_what_nobody_began_to_commit_can_be_dropped():
    line = Line()
    first, second, third = submissions(line, 3)
    for one in (first, second):
        one.refuse("not_dicom")
    line.advance()
    line.take(first)
    assert line.drop() == [second, third]
    assert line.taken == {first}
    assert not line.has(1)
