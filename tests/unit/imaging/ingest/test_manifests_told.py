"""A manifest crosses the pipe once, and only with its own hash."""

from imaging.dicom.manifest import Manifest, content_sha256
from imaging.ingest.manifests_told import MOST, ManifestsTold


def answer(number: int) -> dict:
    plain = Manifest(file=(f"fact {number}",)).to_json()
    return {"manifest": plain, "manifest_sha256": content_sha256(plain), "other": number}


def test_both_ends_agree_however_many_manifests_there_are():
    child, parent = ManifestsTold(), ManifestsTold()
    crossed = 0
    for number in [1, 1, 2, 1, *range(3 * MOST), 1]:
        sent = child.shortened(answer(number))
        crossed += sent["manifest"] is not None
        assert parent.completed(sent) == answer(number)
    assert crossed < 3 * MOST + 5


def test_a_manifest_under_a_foreign_hash_or_never_told_is_not_believed():
    parent = ManifestsTold()
    lie = {**answer(1), "manifest_sha256": answer(2)["manifest_sha256"]}
    assert parent.completed(lie) is None
    assert parent.completed({**answer(1), "manifest": None}) is None


def test_other_answers_are_left_as_they_are():
    for other in (None, [], {"done": 1}):
        assert ManifestsTold().completed(other) == other
