"""Folders: every file arrives exactly once, in a fixed order."""

import os
from pathlib import Path

import pytest

from imaging.ingest.arrival import Arrival, Ignored
from imaging.ingest.containers import walk


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "sent"
    (folder / "b").mkdir(parents=True)
    for name in ("2.dcm", "1.dcm", "b/3.dcm", "DICOMDIR"):
        (folder / name).write_bytes(b"x")
    return folder


def arrived(*paths: Path) -> list[Arrival]:
    return [arrival for arrival in walk(paths) if isinstance(arrival, Arrival)]


def test_files_arrive_sorted_and_numbered_and_companions_are_counted(folder: Path):
    arrivals = list(walk([folder]))
    assert [arrival.position for arrival in arrivals] == [1, 2, 3, 4]
    assert [Path(arrival.name).name for arrival in arrived(folder)] == ["1.dcm", "2.dcm", "3.dcm"]
    assert sum(isinstance(arrival, Ignored) for arrival in arrivals) == 1


def test_links_to_folders_are_counted_and_not_followed(folder: Path):
    (folder / "loop").symlink_to(folder)
    assert len(arrived(folder)) == 3
    assert sum(isinstance(arrival, Ignored) for arrival in walk([folder])) == 2


def test_a_link_to_a_file_is_read_and_one_to_nothing_is_refused(folder: Path):
    (folder / "9.dcm").symlink_to(folder / "1.dcm")
    (folder / "8.dcm").symlink_to(folder / "nothing")
    refused = {Path(arrival.name).name: arrival.refused for arrival in arrived(folder)}
    assert refused["9.dcm"] == ""
    assert refused["8.dcm"] == "not_a_file"


def test_a_pipe_is_refused_without_waiting_for_it(folder: Path):
    os.mkfifo(folder / "0.dcm")
    assert arrived(folder)[0].refused == "not_a_file"


def test_a_name_that_is_no_text_can_be_stored(folder: Path):
    os.close(os.open(os.fsencode(folder) + b"/M\xfcller.dcm", os.O_CREAT))
    names = [arrival.name for arrival in arrived(folder)]
    assert any("�" in name for name in names)
    for name in names:
        name.encode()
