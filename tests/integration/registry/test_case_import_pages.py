"""The pages of an import: send, map, check, correct, take in, take back."""

import io
import os

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from registry.actions.errors import ImportGoneError
from registry.exchange import case_import as cases
from registry.exchange import import_progress, import_work
from registry.models import CaseImport, HistoryEvent, Patient, RevisionCase, Role
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db

TABLE = """Pat-ID;Sex;Dx;Weight;Onset;Why
007;f;Quadri;12,5;01.02.2020;Defekt
008;m;Quadri;850;2020-03-01;Defekt
"""


@pytest.fixture
def centre():
    return make.centre()


@pytest.fixture
def clinician(client, centre):
    person = make.user(at_centre=centre)
    client.force_login(person, backend="registry.access.RoleBackend")
    return person


def send(client, centre, content, name="theirs.csv"):
    file = SimpleUploadedFile(name, content if isinstance(content, bytes) else content.encode())
    answer = client.post(
        reverse("registry:case-import-create"), {"centre": centre.pk, "file": file}, follow=True
    )
    assert answer.status_code == 200
    return answer


def fill(client, one, **said):
    """Open the mapping and answer what is asked, by the words beside the field."""
    url = reverse("registry:case-import", args=[one.public_id])
    form = client.get(url).context["form"]
    data = {name: form[name].initial or "" for name in form.fields}
    for row in form.rows:
        if row["header"] in said:
            data[row["target"].name] = said[row["header"]]
    for value in form.values:
        data[value["field"].name] = said.get(value["word"], data[value["field"].name])
    return client.post(url, {**data, "save": ""}, follow=True)


def page(client, name, one):
    return client.get(reverse(f"registry:{name}", args=[one.public_id]))


def check(client, one):
    return client.post(reverse("registry:case-import-check", args=[one.public_id]), follow=True)


def test_a_table_is_sent_mapped_corrected_sent_again_and_taken_in(client, centre, clinician):
    send(client, centre, TABLE)
    one = CaseImport.objects.get()
    fill(client, one, Why="case.trigger")
    unknown = [problem.sentence for problem in check(client, one).context["page"].problems]
    assert len(unknown) == 5, "each cell once: two words twice, and a weight"
    assert not any("andatory" in sentence or "blank" in sentence for sentence in unknown)
    fill(client, one, Quadri="cp_spastic", Defekt="suspected_malfunction")
    checked = check(client, one)
    assert "was the unit mistaken" in checked.content.decode().lower()
    assert "Take the file in" not in checked.content.decode()

    answer = page(client, "case-import-problems", one)
    book = load_workbook(io.BytesIO(b"".join(answer)))
    sheet = book["table"]
    assert sheet.cell(1, 1).value == "problems"
    assert "Weight" in sheet.cell(3, 1).value
    assert sheet.cell(3, 5).fill.fgColor.rgb == "FFFFE2CC"
    sheet.cell(3, 5).value = "85"
    corrected = io.BytesIO()
    book.save(corrected)

    send(client, centre, corrected.getvalue(), "to-correct.xlsx")
    again = CaseImport.objects.order_by("pk").last()
    checked = check(client, again)
    assert checked.context["page"].problems == []
    assert "Take the file in" in checked.content.decode(), "the columns stayed mapped"
    assert Patient.objects.count() == 0
    taken = client.post(reverse("registry:case-import-take-in", args=[again.public_id]))
    assert taken.status_code == 302
    assert RevisionCase.objects.count() == 2
    assert Patient.objects.get(sex="female").weight_kg == 12.5

    shown = page(client, "case-import", again).content.decode()
    assert "Take the import back" in shown
    assert all(patient.registry_number in shown for patient in Patient.objects.all())
    client.post(reverse("registry:case-import-undo", args=[again.public_id]))
    listed = client.get(reverse("registry:patient-list")).content.decode()
    assert not any(patient.registry_number in listed for patient in Patient.objects.all())


def test_a_refused_row_keeps_the_whole_file_out(client, centre, clinician):
    send(client, centre, TABLE)
    one = CaseImport.objects.get()
    client.post(reverse("registry:case-import-take-in", args=[one.public_id]))
    assert Patient.objects.count() == 0
    one.refresh_from_db()
    assert one.imported_at is None


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "x.csv"), (b"PK\x03\x04nonsense", "x.xlsx"), (b"\xd0\xcf\x11\xe0", "x.xls")],
)
def test_a_file_that_is_no_table_is_answered_in_words(client, centre, clinician, content, name):
    answer = send(client, centre, content, name)
    assert list(answer.context["messages"])
    assert not CaseImport.objects.exists()


def test_who_logs_no_case_imports_none(client, centre):
    auditor = make.user(at_centre=centre, roles=[Role.AUDITOR])
    client.force_login(auditor, backend="registry.access.RoleBackend")
    assert client.post(reverse("registry:case-import-create")).status_code == 403
    assert "Send the table" not in client.get(reverse("registry:data")).content.decode()


def test_a_table_is_not_sent_to_a_centre_one_does_not_log_in(client, centre, clinician):
    south = make.centre("SOUTH")
    send(client, south, TABLE)
    assert not CaseImport.objects.exists()


def test_the_template_is_mapped_without_a_question(client, centre, clinician):
    template = b"".join(client.get(reverse("registry:data-template")))
    book = load_workbook(io.BytesIO(template))
    sheet = book["cases"]
    headers = [cell.value for cell in sheet[1]]
    said = {
        "patient.local_number": "7", "patient.sex": "female", "patient.diagnosis": "cp_spastic",
        "case.opened_on": "2020-01-01", "case.trigger": "suspected_malfunction",
    }  # fmt: skip
    sheet.append([said.get(header, "") for header in headers])
    filled = io.BytesIO()
    book.save(filled)
    send(client, centre, filled.getvalue(), "template.xlsx")
    one = CaseImport.objects.get()
    assert page(client, "case-import", one).context["form"].rows == []
    assert check(client, one).context["page"].may_take_in


def test_a_page_from_before_the_columns_were_mapped_anew_takes_nothing_in(
    client, centre, clinician
):
    send(client, centre, "Pat-ID;Sex;Diagnosis\n007;f;cp_spastic\n")
    one = CaseImport.objects.get()
    fill(client, one)
    assert check(client, one).context["page"].may_take_in
    fill(client, one)
    url = reverse("registry:case-import-take-in", args=[one.public_id])
    answer = client.post(url, follow=True)
    assert "Nobody has checked the rows" in answer.content.decode()
    assert not Patient.objects.exists()

    checked = check(client, one)
    assert checked.context["page"].may_take_in
    stale = CaseImport.objects.get()
    stale.mapping = "{}"
    with pytest.raises(ImportGoneError):
        cases.take_in(case_import=stale, by=clinician, at=timezone.now())
    client.post(url)
    assert Patient.objects.count() == 1


@pytest.fixture
def in_background(monkeypatch, transactional_db):
    """Every table is too long to be done at once."""
    monkeypatch.setattr(import_work, "AT_ONCE_ROWS", 0)

    def wait():
        import_work.shared_threads().submit(int).result(timeout=60)

    yield wait
    wait()


def test_a_long_table_is_checked_and_taken_in_while_the_page_shows_how_far(client, in_background):
    """Begun once however often it is sent, kept through a reload, and as if never begun when it
    broke off."""
    centre = make.centre()
    person = make.user(at_centre=centre)
    client.force_login(person, backend="registry.access.RoleBackend")
    send(client, centre, "Pat-ID;Sex;Diagnosis\n007;f;cp_spastic\n008;m;cp_spastic\n")
    one = CaseImport.objects.get()
    fill(client, one)
    urls = {
        name: reverse(f"registry:{name}", args=[one.public_id])
        for name in ("case-import", "case-import-check", "case-import-live", "case-import-take-in")
    }

    with import_progress.turn(wait=True):
        for _ in range(2):
            shown = client.post(urls["case-import-check"], follow=True).content.decode()
            assert "Every row is being checked" in shown
            assert '<noscript><meta http-equiv="refresh"' in shown
        shown = client.post(urls["case-import"], {"check": ""}).content.decode()
        assert "Every row is being checked" in shown, "the columns stay as they are meanwhile"
        assert "2 rows" in client.get(urls["case-import-live"]).content.decode()
    in_background()
    assert client.get(urls["case-import-live"])["HX-Refresh"] == "true"
    assert client.get(urls["case-import-check"]).context["page"].may_take_in
    assert HistoryEvent.objects.filter(action="case_import.check").count() == 1
    assert not Patient.objects.exists()

    broken_off = import_progress.hold(one.public_id, kind="take_in", clock=timezone.now)
    broken_off.tell(1, 1)
    os.close(broken_off._lock)  # as the kernel does when a process dies
    shown = client.get(urls["case-import-check"]).content.decode()
    assert "as if it had never begun" in shown
    assert "Take the file in" in shown

    with import_progress.turn(wait=True):
        client.post(urls["case-import-take-in"])
        shown = client.post(urls["case-import-take-in"], follow=True).content.decode()
        assert "The file is being taken in" in shown
    in_background()
    assert Patient.objects.count() == 2
    shown = client.get(urls["case-import"]).content.decode()
    assert "as one transaction" in shown
    assert "as if it had never begun" not in shown
    client.post(urls["case-import-take-in"])
    in_background()
    shown = client.get(urls["case-import"]).content.decode()
    assert "taken in already" in shown
    assert Patient.objects.count() == 2
