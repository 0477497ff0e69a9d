"""A process of the web server mends what one before it left, before anybody asks."""

import hashlib

import pytest

from config.at_start import recover_in_background
from imaging.archive.archive import SpooledBlob
from imaging.archive.configured import configured_archive


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_starts_after_a_kill_recovers():
    archive = configured_archive()
    path = archive.spool_path()
    path.write_bytes(b"stored without a row")
    sha256 = hashlib.sha256(b"stored without a row").hexdigest()
    archive.put([SpooledBlob(path, sha256, path.stat().st_size)])
    killed = path.parent.with_name("killed")
    killed.mkdir()
    recover_in_background().join()
    assert not killed.exists()
    assert not archive.exists(sha256)
