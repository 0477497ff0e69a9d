"""The page of reason codes, written from the code.

`python -m tests.architecture.reason_codes_page` writes docs/reason-codes.md anew.
"""

from imaging.dicom.errors import REASONS, Reason
from imaging.ingest.reasons import ALL_REASONS
from tests.architecture.source_tree import ROOT

PAGE = ROOT / "docs" / "reason-codes.md"

HEAD = """\
# Reason codes

Why a file was not taken in, and what to do. Every file that is refused carries exactly one of these
codes. The page of a delivery and the `ingest` command show code, sentence and remedy; the JSON of
the command counts the codes. The list is closed. This page is written from the code by
`.venv/bin/python -m tests.architecture.reason_codes_page`; a test compares the two.

*Rejected*: nothing of the file is kept. *Quarantined*: the file is kept as it came, apart from the
images, for the data manager. *Conflict*: kept in the same way, because an image with the
same identity and other pixels is stored already. *Releasable*: a data manager who has looked at
the file can let it in all the same, with a reason. No sentence repeats a value of the file.
"""

CONFLICTS = frozenset({"pixel_conflict"})
"""Codes whose result is "conflict"; `Identities.judge` gives it."""


def page() -> str:
    """The whole page."""
    of_the_door = {code: reason for code, reason in ALL_REASONS.items() if code not in REASONS}
    return "\n".join(
        [
            HEAD,
            *_section("What the file is", REASONS),
            "",
            *_section("Where it comes from, and what is stored already", of_the_door),
            "",
        ]
    )


def _section(title: str, reasons: dict[str, Reason]) -> list[str]:
    return [
        f"## {title}",
        "",
        "| code | result | what is wrong | what to do |",
        "|---|---|---|---|",
        *(_row(reason) for reason in reasons.values()),
    ]


def _row(reason: Reason) -> str:
    result = "conflict" if reason.reason_code in CONFLICTS else reason.disposition
    if reason.releasable:
        result += ", releasable"
    return f"| `{reason.reason_code}` | {result} | {reason.sentence} | {reason.remedy} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
