"""Every way to tamper with a bundle has a name, whoever tampers and however well."""

import copy
import csv
import io
import json
import zipfile
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from registry.audit.canonical import canonical_bytes
from registry.audit.errors import AuditError
from registry.audit.protocols import PROTOCOLS
from registry.audit.result import result_sha256
from registry.audit.run import run
from registry.audit.selection import Filters
from registry.exchange import plain_zip, report_signature
from registry.presenters import bundle_check, report_bundle
from registry.presenters.report_bundle import MalformedBundleError
from tests.factories.founding_cohorts import ford_cohort

KEY = "ford-1996"
VERSION = "0.1.0+gabc"
FORGER = Ed25519PrivateKey.from_private_bytes(b"f" * 32)


def content_of(cohort):
    result = run(KEY, cohort, filters=Filters(), as_of=date(2026, 1, 1), code_version=VERSION)
    made_at = datetime(2026, 1, 5, 12, tzinfo=UTC)
    return report_bundle.write_audit(result, cohort, PROTOCOLS[KEY], made_at=made_at)


@pytest.fixture(scope="module")
def whole():
    return plain_zip.unpack(content_of(ford_cohort()))


def checked(files, *, code_version=VERSION, trusted_key=None):
    bundle = report_bundle.read(plain_zip.pack(files))
    return bundle_check.check(bundle, kept=None, code_version=code_version, trusted_key=trusted_key)


def signed_again(files, *, hashes=True):
    """As a forger does who has read the documentation: hash list and signature fit again."""
    manifest = json.loads(files["manifest.json"])
    if hashes:
        manifest["files"] = {
            name: {"bytes": len(content), "sha256": report_bundle.sha256(content)}
            for name, content in files.items()
            if name not in ("manifest.json", "signature.json")
        }
        for part in ("results", "facts"):
            manifest[f"{part}_sha256"] = report_bundle.sha256(files[f"{part}.json"])
    content = canonical_bytes(manifest)
    signature = {
        "algorithm": "Ed25519",
        "public_key": FORGER.public_key().public_bytes_raw().hex(),
        "signature": FORGER.sign(report_signature.PURPOSE + content).hex(),
    }
    return files | {"manifest.json": content, "signature.json": canonical_bytes(signature)}


def test_what_nobody_touched_is_sound_and_says_who_signed(whole):
    verdict = checked(whole)
    assert verdict.faults == []
    assert any("Signed by this installation" in note for note in verdict.notes)
    assert any("checked against itself only" in note for note in verdict.notes)


# One file changed, by somebody who leaves the rest and by somebody who hashes and signs anew.


def row(files, name="rows/screening_tests.csv"):
    rows = list(csv.reader(io.StringIO(files[name].decode(), newline="")))
    rows[1][-1] += "0"
    return {name: written(rows)}


def written(rows):
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def reordered_rows(files):
    head, *lines = files["rows/patients.csv"].splitlines(keepends=True)
    return {"rows/patients.csv": b"".join([head, *reversed(lines)])}


def missing_row(files):
    lines = files["rows/patients.csv"].splitlines(keepends=True)
    return {"rows/patients.csv": b"".join(lines[:-1])}


def line_ends(files):
    return {"rows/patients.csv": files["rows/patients.csv"].replace(b"\r\n", b"\n")}


def counted(files):
    return {"counted.csv": files["counted.csv"] + b"patients,somebody-else\r\n"}


def csv_number(files):
    lines = list(csv.reader(io.StringIO(files["numbers.csv"].decode(), newline="")))
    next(line for line in lines if line[0] == "estimate")[3] = "99"
    return {"numbers.csv": written(lines)}


def json_number(files):
    results = json.loads(files["results.json"])
    results["estimates"][0]["numerator"] += 1
    return {"results.json": canonical_bytes(results)}


def fact(files):
    facts = json.loads(files["facts.json"])
    facts["patients"].pop()
    return {"facts.json": canonical_bytes(facts)}


def definition(files):
    return {"definitions.json": files["definitions.json"].replace(b"Spastic", b"Elastic", 1)}


def checklist(files):
    return {"checklist.csv": files["checklist.csv"].replace(b",in part,", b",reported,", 1)}


def paper(files):
    return {"report.pdf": files["report.pdf"].replace(b"%PDF-", b"%PDF-", 1) + b"%"}


def not_utf_8(files):
    return {"numbers.csv": b"\xff" + files["numbers.csv"]}


def protocol_version(files):
    results = json.loads(files["results.json"])
    results["protocol"]["version"] = "99"
    manifest = json.loads(files["manifest.json"]) | {"protocol": results["protocol"]}
    return {
        "results.json": canonical_bytes(results),
        "manifest.json": canonical_bytes(manifest),
    }


def code_version(files):
    results = json.loads(files["results.json"]) | {"code_version": "9.9.9"}
    return {"results.json": canonical_bytes(results)}


def extra_file(files):
    return {"rows/more.csv": b"a\r\n1\r\n"}


CHANGES = {
    row: "rows/screening_tests.csv: line 2 differs in responded",
    reordered_rows: "rows/patients.csv: the rows are in another order, from line 2",
    missing_row: "rows/patients.csv: line 26 is missing",
    line_ends: "rows/patients.csv: the same content in other bytes",
    counted: "counted.csv: line ",
    csv_number: "differs in numerator",
    json_number: "numerator: frozen",
    fact: "counted again",
    definition: "definitions.json: line ",
    checklist: "checklist.csv: line 5 differs in state",
    paper: "report.pdf: not what this version sets",
    not_utf_8: "numbers.csv: not UTF-8",
    protocol_version: "protocol.version: frozen '99'",
    code_version: "code_version: manifest.json says",
    extra_file: "'rows/more.csv': no part of a bundle",
}


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_changed_file_is_named_and_the_place_too(whole, change):
    found = change(whole)
    alone = checked(whole | found).faults
    for name in found:
        assert any(name in fault for fault in alone), alone
    # The forger's list and signature fit; the place in the file gives the change away.
    forged = checked(signed_again(whole | found)).faults
    assert any(CHANGES[change] in fault for fault in forged), forged


@pytest.mark.parametrize(
    "name", ["numbers.csv", "report.pdf", "checklist.csv", "rows/patients.csv"]
)
def test_a_missing_file_is_named(whole, name):
    left = {one: content for one, content in whole.items() if one != name}
    assert f"'{name}': listed, and not in the bundle" in checked(left).faults
    forged = checked(signed_again(left)).faults
    assert f"{name}: not in the bundle, though the facts give one" in forged


@pytest.mark.parametrize("name", ["manifest.json", "signature.json", "results.json", "facts.json"])
def test_a_bundle_without_its_core_is_none(whole, name):
    with pytest.raises(MalformedBundleError, match=f"lacks {name}"):
        checked({one: content for one, content in whole.items() if one != name})


def test_a_changed_hash_list_no_longer_fits_its_signature(whole):
    manifest = json.loads(whole["manifest.json"])
    manifest["files"]["report.pdf"]["sha256"] = "0" * 64
    faults = checked(whole | {"manifest.json": canonical_bytes(manifest)}).faults
    assert any(fault.startswith("report.pdf: SHA-256") for fault in faults)
    assert any(fault.startswith("signature: it does not fit") for fault in faults)


@pytest.mark.parametrize(
    "signature", [b"{}", b"[]", b"\xff", b'{"algorithm":"none","public_key":"","signature":""}']
)
def test_what_is_no_signature_is_named(whole, signature):
    faults = checked(whole | {"signature.json": signature}).faults
    assert any(fault.startswith("signature: ") for fault in faults)


SPELLINGS = {
    "a key more": lambda signature: canonical_bytes(signature | {"note": "x"}),
    "a key twice": lambda signature: (
        b'{"algorithm":"none",' + canonical_bytes(signature).removeprefix(b"{")
    ),
    "blanks": lambda signature: json.dumps(signature).encode(),
    "upper case": lambda signature: canonical_bytes(
        signature | {"signature": signature["signature"].upper()}
    ),
    "blanks between bytes": lambda signature: canonical_bytes(
        signature | {"signature": " ".join(signature["signature"])}
    ),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_signature_is_written_in_one_way_only(whole, spelling):
    signature = SPELLINGS[spelling](json.loads(whole["signature.json"]))
    key = report_signature.own_public_key()
    faults = checked(whole | {"signature.json": signature}, trusted_key=key).faults
    assert any("signature" in fault for fault in faults)


@pytest.mark.parametrize(
    "change",
    [
        {"stamp": [["Report", "a"], ["Report", "b"]]},
        {"files": []}, {"files": {"report.pdf": 1}}, {"stamp": "x"}, {"made_at": "yesterday"},
        {"title": None}, {"written_by": 3}, {"bundle_version": 3},
    ],
    ids=str,
)  # fmt: skip
def test_a_list_of_another_shape_is_no_bundle(whole, change):
    manifest = json.loads(whole["manifest.json"]) | change
    with pytest.raises(MalformedBundleError):
        checked(whole | {"manifest.json": canonical_bytes(manifest)})


def test_keys_written_twice_or_in_other_order_are_other_bytes(whole):
    twice = whole["results.json"].replace(b"{", b'{"as_of":"1999-01-01",', 1)
    faults = checked(signed_again(whole | {"results.json": twice})).faults
    assert "results.json: other bytes than its content is written with" in faults


def test_results_that_cannot_be_printed_are_named_and_no_crash(whole):
    results = json.loads(whole["results.json"])
    for broken in ({"estimates": 1}, {"flow": [{}]}, {"tables": None}, {"filters": {}}):
        files = whole | {"results.json": canonical_bytes(results | broken)}
        with suppress(AuditError):
            assert checked(signed_again(files)).faults


def test_words_that_no_drawing_and_no_paper_can_hold_are_named_and_no_crash(whole):
    results = json.loads(whole["results.json"])
    results["flow"][0]["label"] += "\x01"
    forged = checked(signed_again(whole | {"results.json": canonical_bytes(results)}))
    assert any("\\x01" in one for one in forged.notes + forged.faults)
    assert "results.json: cannot be set on paper (TypstError)" in forged.faults


@pytest.mark.parametrize("name", ["facts.json", "results.json", "manifest.json"])
@pytest.mark.parametrize("more", [b'"x":"\\ud800",', b'"x":1e999,'])
def test_what_cannot_be_written_again_is_no_bundle(whole, name, more):
    with pytest.raises(MalformedBundleError, match=f"{name} is no JSON"):
        checked(whole | {name: whole[name].replace(b"{", b"{" + more, 1)})


def test_facts_that_no_audit_can_count_are_named_and_no_crash(whole, monkeypatch):
    def counted_again(frozen):
        raise KeyError("a code")

    monkeypatch.setattr(bundle_check.queries.reports, "counted_again", counted_again)
    assert checked(whole).faults == ["facts.json: cannot be counted (KeyError)"]


def test_a_bundle_of_the_first_version_says_that_nobody_signed_it(whole):
    frozen = {
        "bundle_version": 1,
        "results": json.loads(whole["results.json"]),
        "facts": json.loads(whole["facts.json"]),
    }
    frozen |= {f"{part}_sha256": result_sha256(frozen[part]) for part in ("results", "facts")}
    verdict = first_version(frozen)
    assert verdict.faults == []
    assert any(note.startswith("Not signed: ") for note in verdict.notes)
    frozen["results"]["facts_sha256"] = "0" * 64
    frozen["results_sha256"] = result_sha256(frozen["results"])
    (fault,) = first_version(frozen).faults
    assert fault.startswith(f"facts_sha256: frozen {'0' * 64!r}")


def first_version(frozen):
    bundle = report_bundle.read(canonical_bytes(frozen))
    return bundle_check.check(bundle, kept=None, code_version=VERSION, trusted_key=None)


# A whole bundle made anew from other facts is sound in itself: only who signed tells.


@pytest.fixture(scope="module")
def forged():
    cohort = ford_cohort()
    less = replace(cohort, patients=cohort.patients[1:])
    return signed_again(plain_zip.unpack(content_of(less)))


def test_a_bundle_rewritten_throughout_says_that_its_key_is_unknown(forged):
    verdict = checked(forged)
    assert verdict.faults == []
    assert any("could have signed it, too" in note for note in verdict.notes)
    assert not any("by this installation" in note for note in verdict.notes)


def test_a_bundle_rewritten_throughout_fails_where_the_key_is_named(forged, whole):
    key = report_signature.own_public_key()
    (fault,) = checked(forged, trusted_key=key).faults
    assert fault.startswith("signature: made with key")
    assert checked(whole, trusted_key=key).faults == []


def test_a_signature_of_a_stranger_is_known_by_the_key_one_was_told(forged):
    key = FORGER.public_key().public_bytes_raw().hex()
    assert any("which you named" in note for note in checked(forged, trusted_key=key).notes)


# Other versions of the code


def test_newer_code_says_what_it_put_in_other_words_and_counts_all_again(whole, monkeypatch):
    protocol = PROTOCOLS[KEY]
    monkeypatch.setitem(PROTOCOLS, KEY, replace(protocol, question="Said better?"))
    verdict = checked(whole, code_version="0.2.0")
    assert verdict.faults == []
    assert any(f"Written by version {VERSION}, checked by 0.2.0" in one for one in verdict.notes)
    assert any(one.startswith("definitions.json: line ") for one in verdict.notes)
    # The same version cannot have said it otherwise.
    assert any(one.startswith("definitions.json: line ") for one in checked(whole).faults)


def test_a_bundle_of_before_there_were_checklists_holds(whole):
    earlier = {name: content for name, content in whole.items() if name != "checklist.csv"}
    verdict = checked(signed_again(earlier), code_version="0.2.0")
    assert verdict.faults == []
    assert "checklist.csv: not in the bundle; earlier versions wrote none" in verdict.notes


def test_newer_code_that_counts_otherwise_is_a_fault(whole, monkeypatch):
    monkeypatch.setitem(PROTOCOLS, KEY, replace(PROTOCOLS[KEY], version="99", earlier=()))
    assert any("protocol.version" in fault for fault in checked(whole, code_version="0.2.0").faults)


def test_records_are_named_by_their_place_alone(whole):
    facts = json.loads(whole["facts.json"])
    patient_id = facts["patients"][0]["patient_id"]
    for change in (row, reordered_rows, missing_row, counted):
        assert patient_id not in "".join(checked(whole | change(copy.copy(whole))).faults)


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_what_was_changed_is_named_where_another_program_packed_it_anew(whole, compression):
    """Whoever changes a row does so with the zip of their desk."""
    changed = whole | row(whole)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        archive.mkdir("rows")
        for name, content in changed.items():
            archive.writestr(name, content)
    verdict = bundle_check.check(
        report_bundle.read(out.getvalue()), kept=None, code_version=VERSION, trusted_key=None
    )
    assert verdict.faults[0].startswith("zip: packed anew by another program")
    assert CHANGES[row] in verdict.faults
