"""The bugs, from the order in which bytes become durable to what a page may show."""

from tests.faults.planted_bugs.bug import Bug

DURABILITY = ("tests/faults/test_durability_order.py::test_every_answer_follows_fsync_rename_folder"
              "_fsync_and_commit",)  # fmt: skip
TABLE = (
    "tests/unit/imaging/dicom/test_confidentiality_profile.py",
    "tests/unit/imaging/dicom/test_deidentification.py",
    "tests/unit/imaging/dicom/test_kept_attributes.py",
)
HOSTILE = ("tests/integration/imaging/test_hostile_files.py",)
LOADING = ("tests/unit/imaging/dicom/test_loading.py",)

BUGS = (
    Bug(
        "answered before the commit",
        "imaging/actions/files.py",
        "        with transaction.atomic(durable=True):\n"
        "            return _record(delivered=delivered, stored=stored, at=at)\n",
        "        if not transaction.get_autocommit():\n"
        "            transaction.commit()\n"
        "        transaction.set_autocommit(False)\n"
        "        return _record(delivered=delivered, stored=stored, at=at)\n",
        DURABILITY,
    ),
    Bug(
        "file not flushed",
        "imaging/archive/local_files.py",
        "list(self._flushing.map(flush_file, [source for source, _ in moves]))",
        "pass",
        DURABILITY,
    ),
    Bug(
        "folder not flushed",
        "imaging/archive/local_files.py",
        "list(self._flushing.map(flush_folder, entered))",
        "pass",
        DURABILITY,
    ),
    Bug(
        "SQLite with synchronous=NORMAL",
        "config/settings.py",
        "PRAGMA synchronous=FULL",
        "PRAGMA synchronous=NORMAL",
        DURABILITY,
    ),
    Bug(
        "storage believed again after a failed fsync",
        "imaging/archive/local_files.py",
        "                self._fault = fault\n",
        "                pass\n",
        ("tests/unit/imaging/archive/test_local_files.py",),
    ),
    Bug(
        "duplicate answered without its bytes",
        "imaging/ingest/storing.py",
        "if stored in blobs or self.archive.exists(stored):",
        "if True:",
        ("tests/integration/imaging/test_ingest_command.py",
         "tests/integration/imaging/test_archive_commands.py"),
    ),
    Bug(
        "duplicate judged by its UID alone",
        "imaging/ingest/identities.py",
        "if same_file or self._same_pixels(stored, prepared):",
        "if True:",
        HOSTILE,
    ),
    Bug(
        "conflict overwrites the stored file",
        "imaging/ingest/storing.py",
        "            elif facts.result == Result.DUPLICATE:\n",
        "            elif facts.result == Result.CONFLICT:\n"
        "                assert file.prepared is not None\n"
        "                stored = self._identities.stored_sha256(file.prepared.sop_instance_uid)\n"
        "                _copy(file.output, self.archive.path(stored).with_suffix('.new'))\n"
        "                self.archive.path(stored).with_suffix('.new').replace(\n"
        "                    self.archive.path(stored)\n"
        "                )\n"
        "            elif facts.result == Result.DUPLICATE:\n",
        HOSTILE,
    ),
    Bug(
        "another patient's image joins the study",
        "imaging/ingest/identities.py",
        "if subject is not None and prepared.subject_key not in (None, subject):",
        "if False:",
        HOSTILE,
    ),
    Bug(
        "series of another study joins",
        "imaging/ingest/identities.py",
        "get(prepared.series_instance_uid, study_uid) != study_uid:",
        "get(prepared.series_instance_uid, study_uid) == 0:",
        HOSTILE,
    ),
    Bug(
        "ingest leaves no trace in the history",
        "imaging/actions/files.py",
        "    for one in delivered:\n        counts = Counter(",
        "    for one in ():\n        counts = Counter(",
        ("tests/integration/imaging/test_ingest_command.py",
         "tests/integration/imaging/test_uploads.py"),
    ),
    Bug(
        "quarantined bytes go before the decision is kept",
        "imaging/ingest/quarantine.py",
        "            try:\n                decisions.discard(",
        "            archive.remove_original(file.quarantine_key)\n"
        "            try:\n                decisions.discard(",
        ("tests/unit/imaging/ingest/test_quarantine.py",),
    ),
    Bug(
        "UIDs without the centre",
        "imaging/dicom/pseudonyms.py",
        'f"{centre_code}|{original}".encode()',
        "original.encode()",
        ("tests/unit/imaging/dicom/test_pseudonyms.py",),
    ),
    Bug(
        "a row of the table left out",
        "imaging/dicom/confidentiality_profile.csv",
        '"(0008,0020)",StudyDate,Study Date,Z\n',
        "",
        TABLE,
    ),
    Bug(
        "one attribute too many on the allow-list",
        "imaging/dicom/kept_attributes.py",
        '    " ContrastBolusAgentNumber",\n',
        '    " ContrastBolusAgentNumber PatientComments",\n',
        TABLE,
    ),
    Bug(
        "the allow-list holds at the top level only",
        "imaging/dicom/deidentification.py",
        "cleaned, outcomes = self._clean(plain_elements(item), kept.items, below, None)",
        "cleaned, outcomes = plain_elements(item), {}",
        TABLE,
    ),
    Bug(
        "identifying texts not searched for in the result",
        "imaging/dicom/stored_header.py",
        "if run.identifiers.found_in(body, written=own):",
        "if False:",
        ("tests/unit/imaging/dicom/test_preparation.py",),
    ),
    Bug(
        "centre filter dropped in a query",
        "imaging/queries/studies.py",
        "        Series.objects.filter(study__centre_code__in=viewer.centre_codes(VIEW_STUDY))\n",
        "        Series.objects.all()\n",
        ("tests/integration/test_centre_scope.py",),
    ),
    Bug(
        "nesting without limit",
        "imaging/dicom/elements.py",
        "MAX_DEPTH = 16\n",
        "MAX_DEPTH = 100_000\n",
        ("tests/unit/imaging/dicom/test_elements.py",),
    ),
    Bug(
        "cut pixels accepted",
        "imaging/dicom/loading.py",
        "if end > size or length < fewest_bytes:",
        "if end > size:",
        LOADING,
    ),
    Bug(
        "anything may follow the pixels",
        "imaging/dicom/loading.py",
        "    if size - end > MAX_HEADER_BYTES:\n        raise TrailingBytesError\n",
        "    return\n",
        LOADING,
    ),
    Bug(
        "header read without limit",
        "imaging/dicom/loading.py",
        "    reach = min(size, start + MAX_HEADER_BYTES)\n",
        "    reach = size\n",
        ("tests/faults/test_bombs.py",),
    ),
    Bug(
        "overlapping zip entries accepted",
        "imaging/ingest/zip_contents.py",
        "if end + info.compress_size > next_start:",
        "if False:",
        ("tests/unit/imaging/ingest/test_zip_contents.py",),
    ),
    Bug(
        "names that lead out of the archive accepted",
        "imaging/ingest/zip_contents.py",
        "    if leads_out(info.orig_filename):\n",
        "    if False:\n",
        ("tests/unit/imaging/ingest/test_zip_contents.py",),
    ),
    Bug(
        "the reading process without a limit of memory",
        "imaging/ingest/limits.py",
        "        _set(resource.RLIMIT_AS, MEMORY_BYTES)\n",
        "        pass\n",
        ("tests/unit/imaging/ingest/test_reading_process.py",
         "tests/integration/imaging/test_hostile_files.py"),
    ),
    Bug(
        "an upload that could not be stored is answered 200",
        "imaging/views/uploads.py",
        "status=HTTPStatus.INSUFFICIENT_STORAGE",
        "status=HTTPStatus.OK",
        ("tests/integration/imaging/test_uploads.py",),
    ),
    Bug(
        "STOW-RS answers 200 whatever happened",
        "imaging/dicomweb/store_response.py",
        "    return HTTPStatus.ACCEPTED if stored else HTTPStatus.CONFLICT\n",
        "    return HTTPStatus.OK\n",
        ("tests/unit/imaging/dicomweb/test_store_response.py",),
    ),
    Bug(
        "recovery sets aside a file that has its row",
        "imaging/ingest/unrecorded.py",
        "                if sha256 not in recorded and archive.exists(sha256):\n",
        "                if True:\n",
        ("tests/integration/imaging/test_archive_commands.py",),
    ),
    Bug(
        "any calling AE title accepted",
        "imaging/ingest/dimse/recognition.py",
        "if peer.calling_ae_title == calling_ae_title]",
        "if peer.calling_ae_title]",
        ("tests/unit/imaging/ingest/dimse/test_recognition.py",),
    ),
    Bug(
        "peers accepted from any address",
        "imaging/ingest/dimse/recognition.py",
        "if caller in ipaddress.ip_network(peer.network)]",
        "if caller]",
        ("tests/unit/imaging/ingest/dimse/test_recognition.py",),
    ),
    Bug(
        "length of a PDU believed",
        "imaging/ingest/dimse/fragments.py",
        "if not FRAGMENT_HEADER_BYTES <= length <= LARGEST_PDU_BYTES:",
        "if False:",
        ("tests/unit/imaging/ingest/dimse/test_fragments.py",),
    ),
    Bug(
        "images linked to a case of another person without a reason",
        "registry/actions/study_links.py",
        "        if differing and not reason:\n",
        "        if False:\n",
        ("tests/unit/registry/actions/test_study_links.py",),
    ),
)  # fmt: skip
