"""What the name of an arriving file says. Names are data: no path is ever built from one."""

import os
import re

IGNORED_NAMES = frozenset({"dicomdir", ".ds_store", "thumbs.db", ".directory"})
"""Companions of a CD or a folder that are no images and carry no finding."""

IGNORED_TITLES = frozenset({"readme", "license", "licence", "copying", "notice", "changelog"})
"""Papers that come with a data set, with one of these suffixes or none."""
PAPER_SUFFIXES = frozenset({"", ".txt", ".md", ".rst", ".html", ".htm"})

PROGRAM_SUFFIXES = frozenset(
    {".exe", ".dll", ".inf", ".ini", ".ico", ".lnk", ".bat", ".cmd", ".msi", ".jar", ".ocx"}
)
"""The viewer program on a CD."""

IGNORED_FOLDERS = frozenset({"__macosx"})
APPLE_DOUBLE_PREFIX = "._"
LONGEST_KEPT_NAME = 1000

_DRIVE = re.compile(r"[A-Za-z]:")


def is_ignored(name: str) -> bool:
    """Whether the file is a known companion; DICOMDIR is never used as an index."""
    *folders, last = _parts(name.lower())
    title, suffix = os.path.splitext(last)
    return (
        last in IGNORED_NAMES
        or last.startswith(APPLE_DOUBLE_PREFIX)
        or (title in IGNORED_TITLES and suffix in PAPER_SUFFIXES)
        or suffix in PROGRAM_SUFFIXES
        or any(folder in IGNORED_FOLDERS for folder in folders)
    )


def leads_out(name: str) -> bool:
    """Whether an archive entry's name would leave the folder it is unpacked to."""
    return (
        "\0" in name
        or name.startswith(("/", "\\"))
        or _DRIVE.match(name) is not None
        or ".." in _parts(name)
    )


def printable(name: str) -> str:
    """The name as text that can be stored, bounded, with undecodable bytes replaced."""
    text = os.fsencode(name).decode("utf-8", "replace") if _has_surrogate(name) else name
    return text.replace("\0", "�")[:LONGEST_KEPT_NAME]


def _parts(name: str) -> list[str]:
    return name.replace("\\", "/").split("/")


def _has_surrogate(name: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in name)
