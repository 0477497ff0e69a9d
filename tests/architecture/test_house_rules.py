"""Rules of the house that no import contract can keep."""

import ast
import re
import subprocess

import pytest

from tests.architecture.source_tree import (
    ROOT,
    calls,
    modules,
    name_of,
    public_functions,
    tree_of,
)

WRITES = {"save", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
MANAGER_WRITES = {"create", "update"}

QUERIES_WITHOUT_VIEWER = {
    "registry/queries/advisories.py:criteria_of": "an advisory the caller holds",
    "registry/queries/advisories.py:device_of": "a component the caller holds",
    "registry/queries/centres.py:exists": "commands check a centre's code; nobody is signed in",
    "registry/queries/centres.py:codes": "a rule for all centres is changed by who looks after all",
    "registry/queries/centres.py:by_code": "commands name a centre by its code",
    "registry/queries/health.py:ask_database": "reads nothing",
    "registry/queries/history.py:chain_codes": "verify_history walks every chain",
    "registry/queries/history.py:first_broken_link": "verify_history walks every chain",
    "registry/queries/history.py:lengths": "verify_history walks every chain",
    "registry/queries/history.py:has_action": "load_demo asks how far it came; nobody is signed in",
    "registry/queries/people.py:by_username": "load_demo acts for accounts it opened itself",
    "registry/queries/audit_facts.py:cohort_of_centres": "manage.py audit is for the installation",
    "registry/queries/audit_facts.py:has_more_patients": "says only whether there are many",
    "registry/queries/audit_work.py:begin": "a question `audits.question` made for the viewer",
    "registry/queries/audit_work.py:progress": "a question the caller holds; nothing of patients",
    "registry/queries/audit_work.py:forget": "a question the caller holds",
    "registry/queries/audit_work.py:count": "a question that a viewer asked",
    "registry/queries/kept_answers.py:find": "a question `audits` limits to the viewer's centres",
    "registry/queries/kept_answers.py:keep": "what was counted of the centres of a question",
    "registry/queries/kept_answers.py:clear": "removes what is old",
    "registry/queries/kept_answers.py:write": "writes what the caller holds",
    "registry/queries/kept_answers.py:write_sealed": "writes what the caller holds",
    "registry/queries/kept_answers.py:unsealed": "reads a file that the caller names",
    "registry/queries/kept_cases.py:find": "a question `audits` limits to the viewer's centres",
    "registry/queries/kept_cases.py:keep": "what was counted of the centres of a question",
    "registry/queries/kept_cases.py:counted": "of facts the caller holds",
    "registry/queries/audits.py:behind_result": "of facts the caller holds",
    "registry/queries/kept_answers.py:folder": "a folder",
    "registry/queries/registry_state.py:of_centres": "a digest, of the centres of a question",
    "registry/queries/registry_state.py:one_moment": "reads nothing",
    "registry/queries/read_facts.py:signed_reads": "of the patients audit_facts chose",
    "registry/queries/read_facts.py:adjudications": "of the patients audit_facts chose",
    "registry/queries/later_facts.py:of_patients": "of the patients audit_facts chose",
    "registry/queries/record_quality.py:facts_of_patients": "of the patients audit_facts chose",
    "registry/queries/theatre_facts.py:of_centres": "of the centres audit_facts chose",
    "registry/queries/audits.py:for_command": "manage.py audit is for the installation",
    "registry/queries/reports.py:by_public_id": "manage.py verify_report runs for the installation",
    "registry/queries/people.py:roles_of": "what `visible` has loaded already",
    "registry/queries/adjudications.py:pair_of": "signing compares once more; nothing is shown",
    "registry/queries/reading_board.py:of_centres": "asked by queries with their viewer's centres",
    "registry/queries/reading_board.py:of_reader": "asked by queries with their viewer's centres",
    "registry/queries/reading_board.py:of_studies": "asked by queries with their viewer's centres",
    "registry/queries/reading_board.py:oldest": "asked by queries with their viewer's centres",
    "registry/queries/reading_board.py:of_study": "a study the caller holds; nothing is shown",
    "registry/queries/reading_protocols.py:in_force": "a centre the caller holds",
    "registry/queries/signal_dispositions.py:of_audit_for_record": "a report keeps what was known",
    "registry/queries/signal_dispositions.py:stated": "a disposition the caller holds",
    "registry/queries/report_schedules.py:active": "manage.py send_reports asks for nobody",
    "registry/queries/report_schedules.py:without_report": "manage.py send_reports asks for nobody",
    "registry/queries/report_schedules.py:to_be_sent": "manage.py send_reports asks for nobody",
    "registry/queries/report_schedules.py:in_doubt": "manage.py send_reports asks for nobody",
    "registry/queries/report_schedules.py:may_receive": "asks about the person it is given",
    "registry/queries/reports.py:recomputed": "counts a report's own facts again",
    "registry/queries/read_sendings.py:for_command": "manage.py send_read asks for nobody",
    "registry/queries/reports.py:counted_again": "counts facts the caller holds",
    "registry/queries/reports.py:differences": "compares two results the caller holds",
    "registry/queries/patient_records.py:fetched": "for rules worked out with a change",
    "registry/queries/contradictions.py:contradictions": "records the caller holds",
    "registry/queries/mandatory_answers.py:asked": "records the caller holds",
    "registry/queries/mandatory_answers.py:unanswered": "records the caller holds",
    "registry/queries/mandatory_answers.py:counts": "records the caller holds",
    "registry/queries/list_rules.py:entries": "records the caller holds",
    "registry/queries/reading_rules.py:again_by": "a word the caller holds",
    "registry/queries/reading_rules.py:answers_of": "a read the caller holds",
    "registry/queries/reading_rules.py:asked_of": "a word the caller holds",
    "registry/queries/reading_rules.py:first_two": "reads the caller holds",
    "registry/queries/reading_rules.py:lines": "records the caller holds",
    "registry/queries/list_rules.py:tells_of_reads": "a word the caller holds",
    "registry/queries/list_rules.py:serial_term": "a word the caller holds",
    "registry/queries/lists.py:narrowed": "a question the caller holds",
    "registry/queries/keyset.py:bounded_count": "queries the caller holds",
    "registry/queries/keyset.py:cut": "queries the caller holds",
    "registry/queries/keyset.py:after": "a cursor the caller holds",
    "registry/queries/keyset.py:day_cursor": "a cursor the caller holds",
    "registry/queries/keyset.py:pk_after": "a cursor the caller holds",
    "registry/queries/keyset.py:centre_parts": "queries the caller holds",
    "registry/queries/case_match.py:compare": "two records the caller holds",
    "registry/queries/case_match.py:agreement_of": "what `compare` returned",
    "registry/queries/study_links.py:candidate": "two records the caller holds",
    "registry/queries/study_links.py:in_use": "imaging asks before a study is excluded",
    "registry/queries/reports.py:public_edition": "masks what a report's own facts give",
    "registry/queries/reports.py:unlike_the_registry": "compares a bundle with a report in hand",
    "imaging/queries/exclusion_rules.py:active_rules": "what the intake tells test images by",
    "imaging/queries/peers.py:dimse_peers": "manage.py receive asks whom it may serve",
    "imaging/queries/peers.py:every_peer": "manage.py list_peers is for the installation",
    "imaging/queries/peers.py:by_name": "commands name a peer by its name",
    "imaging/queries/peers.py:open_network_deliveries": "manage.py receive ends what a crash left",
    "imaging/queries/quarantine.py:overdue": "manage.py recover expires what nobody decided about",
    "imaging/queries/quarantine.py:is_decided": "manage.py recover finishes what was interrupted",
    "imaging/queries/patients.py:asks_about_patients": "what `patients_of_run` has loaded already",
    "imaging/queries/patients.py:awaiting_answer": "the guard of a link asks; nothing is shown",
    "imaging/queries/uncounted.py:page_of": "a query the caller holds",
    "imaging/queries/uncounted.py:page_of_parts": "queries the caller holds",
    "imaging/queries/uncounted.py:merged": "queries the caller holds",
    "imaging/queries/runs.py:arrival_of_run": "a delivery the caller holds",
    "registry/queries/study_links.py:arrival_of": "a study the caller holds",
    "imaging/queries/studies.py:subject_key_of": "a keyed hash of what the caller typed",
    "imaging/queries/studies.py:studies_of_run": "the answer to whoever delivered the run",
    "imaging/queries/dicomweb_peers.py:of_token": "whoever has the token is the peer",
    "imaging/queries/remote_archives.py:by_name": "commands name an archive",
}
"""Reads that no person's centre limits, each with the reason."""

ACTIONS_WITHOUT_ACTOR_OR_TIME = {
    "registry/actions/cases.py:require_open": "writes nothing",
    "registry/actions/checkpoints.py:folder": "writes nothing",
    "registry/actions/checkpoints.py:advance": "repeats what the event says, outside the database",
    "registry/actions/checkpoints.py:read_all": "writes nothing",
    "registry/actions/dose_settings.py:doubts_about_concentration": "writes nothing",
    "registry/actions/dose_settings.py:doubts_about_the_day": "writes nothing",
    "registry/actions/dose_settings.py:doubts_of": "writes nothing",
    "registry/actions/dose_settings.py:require_pump_of": "writes nothing",
    "registry/actions/refills.py:doubts_of": "writes nothing",
    "registry/actions/screening_tests.py:doubts_of": "writes nothing",
    "registry/actions/doubts.py:require_confirmed": "writes nothing",
    "registry/actions/history.py:rows_of": "reads child rows for an event",
    "registry/actions/history.py:state_of": "writes nothing",
    "registry/actions/history.py:checkpoint_moved_at_the_end": "around actions that say it",
    "registry/actions/list_entries.py:once_each": "derived from what actions say, at their end",
    "registry/actions/list_entries.py:patient_pk_of": "writes nothing",
    "registry/actions/list_entries.py:refresh": "derived from what an action says",
    "registry/actions/list_entries.py:refresh_outdated": "derived; after a rule has changed",
    "registry/actions/records.py:require_not_after": "writes nothing",
    "registry/actions/records.py:require_past": "writes nothing",
    "registry/actions/refusals.py:require_constraints": "writes nothing",
    "registry/actions/records.py:store": "the one place that saves; its callers say who and when",
    "registry/actions/finding_entries.py:store_findings": "rows of a record that says who and when",
    "registry/actions/study_links.py:require_offered": "writes nothing",
    "registry/actions/undoable_imports.py:chunks": "writes nothing",
    "registry/actions/undoable_imports.py:require_here": "writes nothing",
    "registry/actions/undoable_imports.py:require_untouched": "writes nothing",
    "imaging/actions/files.py:record_batch": "each delivery in it says who sent it",
    "imaging/actions/insertion.py:insert": "how actions write many rows",
    "imaging/actions/insertion.py:insert_rows": "how actions write many rows",
    "imaging/actions/instances.py:create_instances": "a part of `record_batch`",
    "imaging/actions/geometry.py:judge": "a part of `finish_run`, whose event names the verdict",
    "imaging/actions/geometry.py:judge_series_left_over": "after a crash; nobody is signed in",
    "imaging/actions/quarantine.py:expire": "its time is up; nobody decided",
    "imaging/actions/planner_statistics.py:refresh_planner_statistics": "says nothing of anybody",
    "imaging/actions/runs.py:count_ignored": "`finish_run` writes the number into its event",
    "imaging/actions/dicomweb_peers.py:token_sha256": "writes nothing",
    "imaging/actions/series_metadata.py:keep": "derived from stored files; whoever asks first",
    "imaging/actions/study_retrievals.py:note": "by a peer, which has no account",
}
"""What lies in an actions folder and is no action of a person, each with the reason."""

INTAKE = "imaging/queries/intake.py"
"""What the intake asks before it records a batch: nothing read there is shown to a person."""

LONGER_THAN_A_SCREENFUL = {
    "registry/vocabulary.py": "a dictionary: one entry after the other, nothing to follow",
    "imaging/dicom/kept_attributes.py": "a table: one kept attribute after the other",
}
MOST_LINES = 400


def writes_in(name, tree):
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
            continue
        receiver = ast.unparse(call.func.value)
        if call.func.attr in MANAGER_WRITES and ".objects" in receiver:
            yield f"{name}:{call.lineno} {receiver}.{call.func.attr}"
        if call.func.attr in WRITES and not receiver.startswith(("super()", "forms")):
            yield f"{name}:{call.lineno} {receiver}.{call.func.attr}"


def test_the_database_is_written_in_actions_only():
    found = [
        write
        for path in modules("registry", "imaging", "config")
        if "actions" not in path.parts
        for write in writes_in(name_of(path), tree_of(path))
    ]
    assert [write for write in found if "request.session" not in write] == []


def test_the_rule_on_writes_can_fail():
    offender = ast.parse("Patient.objects.filter(pk=1).update(sex='x')\npatient.save()\n")
    assert len(list(writes_in("offender", offender))) == 2


@pytest.mark.parametrize(
    "folder",
    [
        "registry/views",
        "registry/forms",
        "registry/presenters",
        "imaging/views",
        "registry/access.py",
    ],
)
def test_no_manager_is_touched_where_people_are_answered(folder):
    offenders = [
        f"{name_of(path)}:{node.lineno}"
        for path in modules(folder)
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute)
        and node.attr in {"objects", "_default_manager", "_base_manager"}
    ]
    assert offenders == []


def functions_without_viewer():
    for path in modules("registry/queries", "imaging/queries"):
        if name_of(path) == INTAKE:
            continue
        for function in public_functions(path):
            names = {argument.arg for argument in function.args.kwonlyargs}
            if "viewer" not in names:
                yield f"{name_of(path)}:{function.name}"


def test_every_query_takes_the_viewer_or_says_why_not():
    """Both ways: a reason for a query that is gone, or that takes the viewer by now, goes too."""
    assert set(functions_without_viewer()) == set(QUERIES_WITHOUT_VIEWER)


def actions_without_actor_or_time():
    for path in modules("registry/actions", "imaging/actions"):
        for function in public_functions(path):
            if not {"by", "at"} <= {argument.arg for argument in function.args.kwonlyargs}:
                yield f"{name_of(path)}:{function.name}"


def test_every_action_says_who_and_when_or_why_not():
    """Keyword-only `by=` and `at=`."""
    assert set(actions_without_actor_or_time()) == set(ACTIONS_WITHOUT_ACTOR_OR_TIME)


def test_nobody_catches_everything():
    offenders = [
        f"{name_of(path)}:{node.lineno}"
        for path in modules()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in {"Exception", "BaseException"})
    ]
    assert offenders == []


def test_time_is_asked_for_at_the_front_door_only():
    """`timezone.now()` belongs to views and commands; below them time is an argument."""
    front_door = ("views", "management")
    offenders = [
        f"{name_of(path)}:{call.lineno}"
        for path in modules()
        if not set(front_door) & set(path.parts)
        for call in calls(path)
        if ast.unparse(call.func)
        in {"timezone.now", "datetime.now", "date.today", "datetime.today", "datetime.utcnow"}
    ]
    assert offenders == []


def test_modules_fit_their_noun():
    too_long = {
        name_of(path) for path in modules() if len(path.read_text().splitlines()) > MOST_LINES
    }
    assert too_long == set(LONGER_THAN_A_SCREENFUL)


def test_no_module_is_a_drawer_for_odds_and_ends():
    banned = {"utils", "helpers", "common", "core", "services", "signals", "misc"}
    assert [name_of(path) for path in modules() if path.stem in banned] == []


def test_the_glossary_bans_words_and_the_code_obeys():
    banned = re.compile(
        r"dye[ _]study|side[ _-]?port|catheterogram|re-?operation|\bre-?do\b|gold[ _]standard"
        r"|\brater\b|\bproximal\b|\bdistal\b",
        re.IGNORECASE,
    )
    offenders = [
        f"{name_of(path)}:{number}"
        for path in modules()
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if banned.search(line)
    ]
    assert offenders == []


def test_no_file_names_a_machine_or_a_download_host():
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    hosts = re.compile(
        "|".join(["py" + r"pi\.org", "python" + "hosted", "npm" + r"js\.", "deb" + r"\.debian"])
    )
    machine = re.compile(r"/(home|Users|root|work)/[a-z]")
    offenders = []
    for name in tracked:
        path = ROOT / name
        if path.suffix in {".png", ".dcm", ".pdf", ".ico"} or not path.is_file():
            continue
        text = path.read_text(errors="replace")
        if hosts.search(text) or (machine.search(text) and path != ROOT / "LICENSE"):
            offenders.append(name)
    assert offenders == []
