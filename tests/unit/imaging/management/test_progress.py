"""What a person at a terminal sees of a long delivery."""

from io import StringIO
from pathlib import Path

from django.core.management.base import OutputWrapper

from imaging.ingest.arrival import Arrival, Ignored
from imaging.management.progress import Progress, progress_line


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_the_line_has_rate_and_time_left():
    line = progress_line(files=120, begun_bytes=60_000_000, all_bytes=210_000_000, seconds=2.0)
    assert line == "120 files · 60/210 MB · 30.0 MB/s · 5 s left"


def test_before_anything_has_come_there_is_no_rate():
    assert progress_line(files=0, begun_bytes=0, all_bytes=10**6, seconds=0) == "0 files · 0/1 MB"


def test_the_arrivals_pass_through_as_they_are(tmp_path: Path):
    arrivals = [Arrival(position=1, name="a", source=tmp_path, size_bytes=5), Ignored(position=2)]
    progress = Progress([tmp_path], to=OutputWrapper(StringIO()))
    assert list(progress.counted(arrivals)) == arrivals


def test_only_a_terminal_is_written_to(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("imaging.management.progress.SHOW_EVERY_SECONDS", 0)
    (tmp_path / "x").write_bytes(bytes(2_000_000))
    for output, shown in ((StringIO(), False), (Terminal(), True)):
        progress = Progress([tmp_path], to=OutputWrapper(output))
        list(progress.counted([Arrival(position=1, name="a", source=tmp_path, size_bytes=10**6)]))
        progress.show(1)
        progress.end()
        assert ("1/2 MB" in output.getvalue()) == shown
