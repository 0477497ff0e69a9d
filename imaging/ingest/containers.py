"""Folders and zip archives: what arrives in them, one by one."""

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from imaging.archive.errors import storage_fault
from imaging.ingest.arrival import Arrival, Ignored
from imaging.ingest.names import is_ignored, printable
from imaging.ingest.pool import Pool
from imaging.ingest.reading_process import Fault, Refused
from imaging.ingest.zip_contents import is_zip


def walk(paths: Iterable[Path]) -> Iterator[Arrival | Ignored]:
    """Every file at or below the paths, in a fixed order; links to folders are not followed.

    What cannot be listed arrives as a refused file, so that the counts add up.
    """
    position = 0
    for path in paths:
        for found in _below(path):
            position += 1
            yield _arrival(found, position=position)


def unpacked(arrivals: Iterable[Arrival | Ignored], *, pool: Pool) -> Iterator[Arrival | Ignored]:
    """The same arrivals, with the entries of each zip archive in place of the archive."""
    for arrival in arrivals:
        if isinstance(arrival, Ignored) or arrival.refused:
            yield arrival
            continue
        try:
            zipped = is_zip(arrival.source)
        except OSError:
            yield replace(arrival, refused="file_unreadable")
            continue
        if zipped:
            yield from _entries(arrival, pool=pool)
        else:
            yield arrival


def _entries(archive: Arrival, *, pool: Pool) -> Iterator[Arrival | Ignored]:
    answer = pool.submit(
        {"task": "entries", "source": str(archive.source)}, size_bytes=archive.size_bytes
    ).result()
    if isinstance(answer, Refused):
        yield replace(archive, refused=answer.reason_code)
        return
    if isinstance(answer, Fault):
        raise storage_fault(answer.errno)
    if not answer.value:
        # a sender of nothing but folders is told so
        yield replace(archive, refused="empty_file")
    for number, entry in enumerate(answer.value, start=1):
        if entry["ignored"]:
            yield Ignored(position=archive.position)
            continue
        yield replace(
            archive,
            name=entry["name"],
            entry=number,
            zip_index=entry["index"],
            refused=entry["reason_code"],
        )


def _below(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    unlisted: list[OSError] = []
    for folder, subfolders, names in os.walk(path, onerror=unlisted.append):
        subfolders.sort()
        # A link to a folder is listed among the folders: it is not entered, but it counts.
        links = [name for name in subfolders if (Path(folder) / name).is_symlink()]
        for name in sorted(names + links):
            yield Path(folder) / name
    for error in unlisted:
        yield Path(error.filename)


def _arrival(path: Path, *, position: int) -> Arrival | Ignored:
    if is_ignored(path.name):
        return Ignored(position=position)
    arrival = Arrival(position=position, name=printable(str(path)), source=path.absolute())
    try:
        status = path.stat()
    except FileNotFoundError:
        return replace(arrival, refused="not_a_file" if path.is_symlink() else "file_unreadable")
    except OSError:
        return replace(arrival, refused="file_unreadable")
    if stat.S_ISDIR(status.st_mode):
        return (
            Ignored(position=position)
            if path.is_symlink()
            else replace(arrival, refused="file_unreadable")
        )
    if not stat.S_ISREG(status.st_mode):
        return replace(arrival, refused="not_a_file")
    return replace(arrival, size_bytes=status.st_size)
