"""Documents set by Typst: PDF/A-2a that also meets PDF/UA-1."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import typst

TYPEFACE = "Libertinus Serif"
"""Comes inside the Typst wheel: a document looks the same on every machine."""

BEYOND_THE_TYPEFACE = re.compile(
    "[^\u0020-\u007e\u00a0-\u024f\u0300-\u036f\u0386-\u03ff\u0400-\u045f\u1e00-\u1eff\u2010-\u2027]"
)
"""Letters that are not Latin, Greek or Cyrillic: the typeface may lack them."""

PLACEHOLDER = "\N{WHITE SQUARE}"

AUTHOR = "Crescent"

Described = Mapping[str, Any]


def shown(words: str) -> str:
    """Words of a person, reduced to what the typeface can show."""
    return BEYOND_THE_TYPEFACE.sub(PLACEHOLDER, words)


NOT_IN_XML = re.compile("[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]")
"""Characters that no XML can hold, escaped or not."""


def drawing(svg: str) -> str:
    """A drawing that can be read as XML, whatever the words in it."""
    return NOT_IN_XML.sub(PLACEHOLDER, svg)


def typeset(
    template: Path,
    *,
    name: str,
    described: Described,
    within_typeface: Callable[[Described], Described],
) -> bytes:
    """The PDF of a document; PDF/A refuses a letter without a shape.

    Parameters
    ----------
    name
        By which the template asks for the document.
    described
        All the paper says, as JSON values.
    within_typeface
        The same document with the words of persons reduced by `shown`.

    Raises
    ------
    typst.TypstError
        The template does not fit the document.
    """
    try:
        return _compiled(template, name, described)
    except typst.TypstError:
        return _compiled(template, name, within_typeface(described))


def _compiled(template: Path, name: str, described: Described) -> bytes:
    return bytes(
        typst.compile(
            str(template),
            sys_inputs={name: json.dumps(described, allow_nan=False)},
            pdf_standards=["a-2a", "ua-1"],
            ignore_system_fonts=True,
        )
    )
