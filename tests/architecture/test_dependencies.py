"""Each dependency says why it is there, and is there for something."""

import ast
import re
import sys
import tomllib

import pytest

from tests.architecture.source_tree import ROOT, modules, name_of, tree_of

PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
PROJECT = tomllib.loads(PYPROJECT)
RUNTIME = PROJECT["project"]["dependencies"]
DEVELOPMENT = PROJECT["dependency-groups"]["dev"]
NAME = re.compile(r"[A-Za-z0-9-]+")

MODULE_OF = {"psycopg": "psycopg", "django-csp": "csp", "vl-convert-python": "vl_convert"}
"""Where package and module are called differently; elsewhere a dash is an underscore."""

NOT_IMPORTED = {
    "django-axes": ("config/settings.py", '"axes"'),
    "gunicorn": ("Makefile", "gunicorn"),
    "psycopg": ("docs/operations.md", "postgresql://"),
    "pylibjpeg": ("imaging/dicom/decoding.py", "get_decoder"),
    "pylibjpeg-openjpeg": ("imaging/dicom/acceptance.py", "JPEG2000"),
    "pyjpegls": ("imaging/dicom/acceptance.py", "JPEGLSLossless"),
    "python-gdcm": ("imaging/dicom/acceptance.py", "JPEGLossless"),
    "whitenoise": ("config/settings.py", "whitenoise"),
}
"""Used without an import of ours, with the place that shows it."""

THIRD_PARTY_OF = {
    "registry/audit": {"numpy", "scipy"},
    "imaging/dicom": {"numpy", "pydicom", "cryptography"},
}
"""All that these folders may import beside the standard library and themselves (decision 2)."""


def name(requirement: str) -> str:
    match = NAME.match(requirement)
    assert match
    return match[0]


def imported_by(*folders: str) -> dict[str, set[str]]:
    """Top-level modules by the file that imports them; relative imports stay inside."""
    found: dict[str, set[str]] = {}
    for path in modules(*folders):
        names = set()
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                names.add((node.module or "").split(".")[0])
        found[name_of(path)] = names
    return found


@pytest.mark.parametrize("requirement", [*RUNTIME, *DEVELOPMENT])
def test_a_dependency_has_its_reason_beside_it(requirement):
    (line,) = [line for line in PYPROJECT.splitlines() if f'"{requirement}"' in line]
    _, _, reason = line.partition("# ")
    assert len(reason.split()) >= 2


@pytest.mark.parametrize("package", [name(one) for one in RUNTIME])
def test_a_dependency_is_used(package):
    if package in NOT_IMPORTED:
        path, trace = NOT_IMPORTED[package]
        assert trace in (ROOT / path).read_text(encoding="utf-8")
        return
    module = MODULE_OF.get(package, package.replace("-", "_"))
    assert any(module in names for names in imported_by().values())


def test_what_is_said_to_be_used_without_an_import_is_a_dependency():
    assert set(NOT_IMPORTED) <= {name(one) for one in RUNTIME}


@pytest.mark.parametrize("folder", THIRD_PARTY_OF)
def test_audit_and_dicom_code_import_what_their_decision_allows(folder):
    own = folder.split("/")[0]
    allowed = THIRD_PARTY_OF[folder] | set(sys.stdlib_module_names) | {own}
    offenders = {
        path: names - allowed for path, names in imported_by(folder).items() if names - allowed
    }
    assert offenders == {}
