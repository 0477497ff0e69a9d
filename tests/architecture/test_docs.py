"""What the documentation says is there, is there; what is there, the documentation says."""

import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from registry.access import PERMISSIONS_BY_ROLE
from registry.audit.counting import counted
from registry.audit.data_notes import DATA_NOTES
from registry.audit.facts import Cohort
from registry.audit.protocols import PROTOCOLS
from registry.audit.selection import Filters
from registry.models import Role
from tests.architecture.reason_codes_page import CONFLICTS, PAGE, page
from tests.architecture.source_tree import PACKAGES, ROOT

DECISIONS = 24
MOST_LINES_OF_A_DECISION = 60

ADRS = sorted((ROOT / "docs" / "adr").glob("*.md"))
PAGES = [
    *(ROOT / name for name in ("README.md", "DEVELOPERS.md", "CHANGELOG.md")),
    *sorted((ROOT / "docs").glob("*.md")),
    *ADRS,
]
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
AUDIT_PROTOCOLS = (ROOT / "docs" / "audit-protocols.md").read_text(encoding="utf-8")

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
OWN_PATH = re.compile(r"`((?:config|registry|imaging|tests|docs|\.ci)/[\w./-]*\w/?)`")
CODE_SPAN = re.compile(r"`([^`\n]+)`")
MAKE_TARGET = re.compile(r"\bmake ([a-z][a-z-]+)\b")
MANAGE_COMMAND = re.compile(r"\bmanage\.py ([a-z_]+)")
COMMANDS_OF_DJANGO = {"migrate", "check", "runserver", "help", "makemigrations", "changepassword"}
ADDRESS = re.compile(r"https?://[^\s)`\"']+")

each_page = pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
each_decision = pytest.mark.parametrize("path", ADRS, ids=lambda path: path.stem)


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def prose_of(path: Path) -> str:
    return FENCE.sub("", text_of(path))


def code_of(path: Path) -> str:
    """Fenced blocks and code spans: what a reader may type."""
    text = text_of(path)
    return "\n".join([*FENCE.findall(text), *CODE_SPAN.findall(FENCE.sub("", text))])


def anchors_of(path: Path) -> set[str]:
    headings = HEADING.findall(prose_of(path))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def own_commands() -> set[str]:
    return {
        path.stem
        for package in PACKAGES
        for path in (ROOT / package).rglob("management/commands/*.py")
        if path.stem != "__init__"
    }


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]+):", text_of(ROOT / "Makefile"), re.MULTILINE))


# Pages


@each_page
def test_links_lead_somewhere(path):
    broken = []
    for target in LINK.findall(prose_of(path)):
        name, _, anchor = target.partition("#")
        page_meant = (path.parent / name).resolve() if name else path
        if not page_meant.exists() or (anchor and anchor not in anchors_of(page_meant)):
            broken.append(target)
    assert broken == []


@each_page
def test_files_that_are_named_exist(path):
    assert [name for name in OWN_PATH.findall(text_of(path)) if not (ROOT / name).exists()] == []


@each_page
def test_commands_that_are_named_exist(path):
    code = code_of(path)
    assert set(MAKE_TARGET.findall(code)) <= make_targets()
    assert set(MANAGE_COMMAND.findall(code)) <= own_commands() | COMMANDS_OF_DJANGO


@each_page
def test_pages_send_nobody_to_another_machine(path):
    """Sources are cited by DOI; an address of somebody else's rots."""
    assert {re.sub(r":\d+.*", "", found) for found in ADDRESS.findall(text_of(path))} <= {
        "http://127.0.0.1"
    }


# Decisions


def test_decisions_are_numbered_without_a_gap():
    assert [int(path.name[:4]) for path in ADRS] == list(range(1, DECISIONS + 1))


@each_decision
def test_a_decision_has_its_three_parts_on_half_a_page(path):
    text = text_of(path)
    number = int(path.name[:4])
    assert text.startswith(f"# {number}. ")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]
    assert len(text.splitlines()) <= MOST_LINES_OF_A_DECISION


# Operations


def test_every_command_is_documented():
    assert own_commands()
    assert [name for name in sorted(own_commands()) if f"manage.py {name}" not in OPERATIONS] == []


def test_every_environment_variable_is_documented():
    source = text_of(ROOT / "config" / "environment.py")
    variables = set(re.findall(r'"(CRESCENT_[A-Z_]+|DATABASE_URL)"', source))
    assert len(variables) > 5
    assert [name for name in sorted(variables) if f"| `{name}` |" not in OPERATIONS] == []


# Who sees what

PERMISSIONS_OF_ROW = {
    "patients and cases": {"registry.view_patient"},
    "who a patient is": {"registry.view_identity"},
    "log and edit": {"registry.log_case"},
    "send and link images": {"imaging.add_study", "registry.link_images"},
    "decide about files in quarantine": {"imaging.decide_quarantine"},
    "see images": {"imaging.view_study"},
    "see deliveries and what was done to their images": {"imaging.view_delivery"},
    "read contrast studies": {"registry.read_study"},
    "assign reads, set the reading protocol": {"registry.assign_reads"},
    "add and end advisories about devices": {"registry.manage_advisories"},
    "run audits": {"registry.run_audit"},
    "freeze reports": {"registry.freeze_report"},
    "decide what device signals mean": {"registry.decide_signal"},
    "say from when a centre logs everything": {"registry.describe_centre"},
    "history": {"registry.view_history"},
    "accounts and roles": {"registry.manage_people"},
    "sources of images": {"imaging.manage_sources"},
}


def table_under(heading: str, text: str) -> list[list[str]]:
    """Cells of the table under a heading; the line of dashes is left out."""
    section = text.split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row[1:-1].split("|")] for row in [rows[0], *rows[2:]]]


def test_the_table_of_permissions_is_the_one_of_the_code():
    (_, *roles), *rows = table_under("Who sees what", text_of(ROOT / "docs" / "data-flow.md"))
    documented = {
        role: {
            permission
            for row in rows
            if row[column] == "×"
            for permission in PERMISSIONS_OF_ROW[row[0]]
        }
        for column, role in enumerate(roles, start=1)
    }
    assert documented == {Role(role).label: set(held) for role, held in PERMISSIONS_BY_ROLE.items()}
    assert [row[0] for row in rows] == list(PERMISSIONS_OF_ROW)


# Reason codes


def test_the_page_of_reason_codes_is_up_to_date():
    assert text_of(PAGE) == page(), "run `python -m tests.architecture.reason_codes_page`"


def test_the_page_names_as_conflict_what_the_intake_calls_so():
    source = text_of(ROOT / "imaging" / "ingest" / "identities.py")
    assert set(re.findall(r'Result\.CONFLICT, "(\w+)"', source)) == CONFLICTS


def test_the_reasons_are_known_without_django():
    script = "import sys, imaging.ingest.reasons; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == 0


# Audit protocols


@pytest.mark.parametrize("protocol", PROTOCOLS.values(), ids=PROTOCOLS)
def test_every_number_of_a_protocol_is_documented(protocol):
    """Nobody in the cohort: every key is there all the same."""
    tally = counted(protocol, Cohort(()), Filters(), date(2024, 12, 31), version=protocol.version)
    keys = {protocol.key}
    if protocol.pairing is not None:
        keys.add(protocol.pairing.version)
    keys |= {box.key for box in tally.flow.boxes}
    keys |= {compared.estimate.key for compared in tally.estimates}
    for table in tally.tables:
        keys |= {table.key, *table.columns}
        if table.key == DATA_NOTES.key:
            keys |= {str(row[0]) for row in table.rows}
    assert [key for key in sorted(keys) if f"`{key}`" not in AUDIT_PROTOCOLS] == []
