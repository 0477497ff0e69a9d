"""Is a bundle what its issuer made? Everything in which it is not, by name.

Three questions: does each file have the hash that was signed; do results, paper and tables come out
of the facts again; and who signed. Records of single patients are named by their place only.
"""

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from typst import TypstError

from registry import queries
from registry.audit.canonical import canonical_bytes
from registry.audit.comparison import Difference
from registry.audit.protocols import PROTOCOLS
from registry.audit.result import AuditResult
from registry.exchange import report_signature
from registry.models import AuditReport

from . import report_bundle, report_stamp
from .report_bundle import (
    CHECKLIST,
    COUNTED,
    DEFINITIONS,
    FACTS,
    MANIFEST,
    NUMBERS,
    PAPER,
    RESULTS,
    SIGNATURE,
    STAMP,
    Bundle,
    MalformedBundleError,
)

MOST_NAMED = 20
"""Places of one file that are named; the rest is counted."""


@dataclass
class Verdict:
    """What was found.

    ``faults`` are damage; ``notes`` are what a reader should know of a bundle that holds.
    """

    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def check(
    bundle: Bundle, *, kept: AuditReport | None, code_version: str, trusted_key: str | None
) -> Verdict:
    """Check a bundle.

    Parameters
    ----------
    kept
        The report of this registry that the bundle says it is of.
    code_version
        Of the software that checks.
    trusted_key
        Public key that must have signed it, besides the one of this installation.

    Raises
    ------
    AuditError
        This version of the code cannot count it again.
    """
    verdict = Verdict()
    if bundle.manifest:
        if bundle.repacked:
            verdict.faults.append(f"zip: packed anew by another program: {bundle.repacked}")
        _files(bundle, verdict)
        _manifest(bundle, verdict)
        _signature(bundle, verdict, trusted_key, is_ours=kept is not None)
    elif trusted_key is not None:
        verdict.faults.append("signature: only a bundle of version 2 has one")
    else:
        verdict.notes.append(UNSIGNED if kept is None else UNSIGNED_KEPT)
    try:
        found = queries.reports.differences(bundle.frozen)
        again = queries.reports.counted_again(bundle.frozen) if bundle.manifest else None
    except UNCOUNTABLE as error:
        # Facts of a known shape may still hold a code that no audit knows.
        verdict.faults.append(f"{FACTS}: cannot be counted ({type(error).__name__})")
        return verdict
    if kept is not None:
        found += queries.reports.unlike_the_registry(bundle.frozen, kept)
    else:
        verdict.notes.append(
            "This registry holds no such report: the bundle was checked against itself only."
        )
    _differences(found, verdict)
    if again is not None:
        if kept is not None:
            _as_kept(bundle, kept, verdict)
        _derived(bundle, again, verdict, code_version)
    return verdict


UNCOUNTABLE = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError)
"""What counting raises, or setting on paper, where something has another shape than foreseen."""

UNSIGNED = "Not signed: a report of version 1 has no signature, so nothing tells who made it."
UNSIGNED_KEPT = (
    "Not signed: there is no signature here; that this registry keeps the same report is what "
    "tells where it comes from."
)


def _files(bundle: Bundle, verdict: Verdict) -> None:
    """Each file by its hash in the list, and no other file."""
    listed = bundle.manifest["files"]
    there = {name: one for name, one in bundle.files.items() if name not in (MANIFEST, SIGNATURE)}
    for name in sorted(set(listed) - set(there)):
        verdict.faults.append(f"{name!a}: listed, and not in the bundle")
    for name in sorted(set(there) - set(listed)):
        verdict.faults.append(f"{name!a}: in the bundle, and not listed")
    for name in sorted(set(there) & set(listed)):
        hashed = report_bundle.sha256(there[name])
        if hashed != listed[name]["sha256"]:
            verdict.faults.append(f"{name}: SHA-256 {hashed}, listed {listed[name]['sha256']!r}")
        if len(there[name]) != listed[name]["bytes"]:
            verdict.faults.append(
                f"{name}: {len(there[name])} bytes, listed {listed[name]['bytes']}"
            )
    for name in (RESULTS, FACTS):
        if canonical_bytes(bundle.frozen[name.removesuffix(".json")]) != there[name]:
            verdict.faults.append(f"{name}: other bytes than its content is written with")
    if canonical_bytes(bundle.manifest) != bundle.files[MANIFEST]:
        verdict.faults.append(f"{MANIFEST}: other bytes than its content is written with")


def _manifest(bundle: Bundle, verdict: Verdict) -> None:
    """What is said twice is said alike."""
    results = bundle.frozen["results"]
    for name in ("protocol", "code_version"):
        said, there = bundle.manifest.get(name), results.get(name)
        if said != there:
            verdict.faults.append(f"{name}: {MANIFEST} says {said!r}, {RESULTS} {there!r}")


def _signature(bundle: Bundle, verdict: Verdict, trusted_key: str | None, *, is_ours: bool) -> None:
    try:
        signature = report_bundle.parsed(bundle.files[SIGNATURE], SIGNATURE)
    except MalformedBundleError as error:
        verdict.faults.append(f"signature: {error}")
        return
    if signature.keys() != report_signature.KEYS:
        verdict.faults.append(f"signature: {SIGNATURE} has other keys than a signature has")
        return
    if canonical_bytes(signature) != bundle.files[SIGNATURE]:
        verdict.faults.append(f"{SIGNATURE}: other bytes than its content is written with")
    key, signed = str(signature["public_key"]), str(signature["signature"])
    own = report_signature.own_public_key()
    if signature["algorithm"] != report_signature.ALGORITHM or not report_signature.fits(
        bundle.files[MANIFEST], signature=signed, public_key=key
    ):
        verdict.faults.append(f"signature: it does not fit {MANIFEST}, or the key it names")
    elif trusted_key is not None and key != trusted_key:
        verdict.faults.append(f"signature: made with key {key}, not with {trusted_key}")
    elif key == own:
        verdict.notes.append(f"Signed by this installation, key {key}.")
    elif key == trusted_key:
        verdict.notes.append(f"Signed by key {key}, which you named.")
    elif is_ours:
        verdict.faults.append(
            f"signature: made with key {key}, though this registry keeps the report and signs with "
            f"{own}. If its CRESCENT_HISTORY_KEY was another when the bundle was made, name the "
            "key of that time with --key"
        )
    else:
        verdict.notes.append(
            f"Signed by key {key}, which is not known here: whoever rewrote the whole bundle could "
            "have signed it, too. Ask the issuer for the key by another way and name it with --key."
        )


def _as_kept(bundle: Bundle, kept: AuditReport, verdict: Verdict) -> None:
    """What the paper says of the report is what this registry says of it."""
    for name, there in report_bundle.said_of(kept).items():
        said = bundle.manifest.get(name)
        if name != STAMP:
            if said != there:
                verdict.faults.append(f"{name}: {MANIFEST} says {said!r}, the registry {there!r}")
            continue
        stamped, stamp = dict(said or []), dict(there)
        for label in sorted({*stamped, *stamp}):
            old, new = stamped.get(label), stamp.get(label)
            if old == new:
                continue
            words = f"{STAMP}, {label!a}: {MANIFEST} says {old!r}, the registry {new!r}"
            if label == report_stamp.BY and old is not None:
                verdict.notes.append(f"{words}: a name may change after a report was frozen")
            else:
                verdict.faults.append(words)


def _differences(found: list[Difference], verdict: Verdict) -> None:
    for one in found:
        if one.is_new_table:
            verdict.notes.append(f"{one.path}: this version prints it, the frozen report does not")
        elif one.is_wording:
            verdict.notes.append(
                f"Words differ: {one.path}: frozen {one.frozen!r}, this version {one.recomputed!r}"
            )
        else:
            verdict.faults.append(
                f"{one.path}: frozen {one.frozen!r}, counted again {one.recomputed!r}"
            )


def _derived(bundle: Bundle, again: AuditResult, verdict: Verdict, code_version: str) -> None:
    """Paper, tables and definitions, made anew from results and facts."""
    written_by = bundle.manifest["written_by"]
    same_code = written_by == code_version
    protocol = PROTOCOLS[again.protocol_key]
    try:
        expected = report_bundle.derived(bundle.manifest, bundle.frozen["results"], again, protocol)
    except (*UNCOUNTABLE, TypstError) as error:
        # Results of another shape were named above; here they cannot even be set.
        verdict.faults.append(f"{RESULTS}: cannot be set on paper ({type(error).__name__})")
        return
    exact = report_bundle.rows(bundle.frozen["facts"]) | {COUNTED: expected[COUNTED]}
    for name, content in sorted(exact.items()):
        _compare(bundle, name, content, verdict.faults.append)
    if not same_code:
        verdict.notes.append(
            f"Written by version {written_by}, checked by {code_version}: {PAPER} was checked by "
            "its hash only."
        )
    else:
        _compare(bundle, PAPER, expected[PAPER], verdict.faults.append)
    for name in (NUMBERS, DEFINITIONS, CHECKLIST):
        if name == CHECKLIST and name not in bundle.files and not same_code:
            verdict.notes.append(f"{name}: not in the bundle; earlier versions wrote none")
            continue
        # Newer code may say a thing better; what was said is kept by hash and signature.
        say = verdict.faults.append if same_code else verdict.notes.append
        _compare(bundle, name, expected[name], say)
    for name in sorted(
        set(bundle.files) - {*exact, *expected, MANIFEST, SIGNATURE, RESULTS, FACTS}
    ):
        verdict.faults.append(f"{name!a}: no part of a bundle")


def _compare(bundle: Bundle, name: str, expected: bytes, say: Callable[[str], None]) -> None:
    there = bundle.files.get(name)
    if there is None:
        say(f"{name}: not in the bundle, though the facts give one")
    elif there == expected:
        return
    elif name == PAPER:
        say(f"{name}: not what this version sets from these numbers")
    else:
        places = list(_places(name, there, expected))
        for place in places[:MOST_NAMED]:
            say(f"{name}: {place}")
        if len(places) > MOST_NAMED:
            say(f"{name}: {len(places) - MOST_NAMED} more places differ")


def _places(name: str, there: bytes, expected: bytes) -> list[str]:
    """Where two texts differ, by line and, in a table, by column; never what stands there."""
    try:
        old, new = there.decode(), expected.decode()
    except UnicodeDecodeError:
        return ["not UTF-8"]
    if not name.endswith(".csv"):
        lines = _pairs(old.splitlines(), new.splitlines())
        return [f"line {number} differs" for number, (a, b) in lines if a != b] or [LINE_ENDS]
    try:
        before, after = (list(csv.reader(io.StringIO(text, newline=""))) for text in (old, new))
    except csv.Error:
        return ["no CSV"]
    if before != after and sorted(before) == sorted(after):
        first = next(n for n, (a, b) in _pairs(before, after) if a != b)
        return [f"the rows are in another order, from line {first}"]
    columns: Mapping[int, str] = dict(enumerate(after[0] if after else []))
    return [
        _row_words(number, a, b, columns) for number, (a, b) in _pairs(before, after) if a != b
    ] or [LINE_ENDS]


LINE_ENDS = "the same content in other bytes, such as line ends"


def _row_words(
    number: int, there: list[str] | None, expected: list[str] | None, columns: Mapping[int, str]
) -> str:
    if there is None:
        return f"line {number} is missing"
    if expected is None:
        return f"line {number} is one too many"
    cells = [columns.get(n - 1, f"column {n}") for n, (a, b) in _pairs(there, expected) if a != b]
    return f"line {number} differs in {', '.join(cells)}"


def _pairs(old: list[Any], new: list[Any]) -> list[tuple[int, tuple[Any, Any]]]:
    longest = max(len(old), len(new))
    padded = (one + [None] * (longest - len(one)) for one in (old, new))
    return list(enumerate(zip(*padded, strict=True), start=1))
