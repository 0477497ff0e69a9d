"""Tests stand where one looks for them."""

from pathlib import Path

import pytest

from tests.architecture.source_tree import ROOT, modules, name_of

UNIT = ROOT / "tests" / "unit"

SEVERAL_MODULES = {
    "imaging/models/constraints.py": "every constraint of imaging, each broken once",
    "registry/forms/limits.py": "what forms and database constraints both limit, compared",
    "registry/presenters/audit_documents.py": "page, PDF and CSV of one audit, compared",
}
"""Unit tests of what only several modules do together, each with the reason."""

TESTED_BY_THE_PAGE = {
    "registry/actions/errors.py": "names only",
    "registry/actions/case_logs.py": "tests/integration/registry/test_case_log_page.py",
    "registry/actions/undoable_imports.py": "tests/integration/registry/test_case_import.py",
    "registry/queries/health.py": "tests/integration/test_query_counts.py",
    "registry/queries/audits.py": "tests/integration/registry/test_audit_pages.py",
}
"""Actions and queries without a unit test of their own, with what tests them instead."""


def module_of(test: Path) -> str:
    """The module a unit test is of, by its path."""
    folder = test.parent.relative_to(UNIT)
    return (folder / test.name.removeprefix("test_")).as_posix()


TESTS = sorted(UNIT.rglob("test_*.py"))


@pytest.mark.parametrize("test", TESTS, ids=lambda test: test.relative_to(UNIT).as_posix())
def test_a_unit_test_mirrors_its_module(test):
    assert (ROOT / module_of(test)).exists() or module_of(test) in SEVERAL_MODULES


def test_every_action_and_query_of_the_registry_has_a_unit_test():
    tested = {module_of(test) for test in TESTS}
    untested = {
        name_of(path)
        for path in modules("registry/actions", "registry/queries")
        if path.name != "__init__.py"
    } - tested
    assert untested == set(TESTED_BY_THE_PAGE)
