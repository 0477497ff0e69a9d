"""The product's own Python files, parsed; shared by the architecture tests."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("config", "registry", "imaging")


def modules(*folders: str) -> Iterator[Path]:
    """Python files below the folders (relative to the project), migrations left out."""
    for folder in folders or PACKAGES:
        path = ROOT / folder
        found = [path] if path.suffix == ".py" else sorted(path.rglob("*.py"))
        yield from (file for file in found if "migrations" not in file.parts)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), filename=str(path))


def calls(path: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call))


def public_functions(path: Path) -> Iterator[ast.FunctionDef]:
    return (
        node
        for node in tree_of(path).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    )
