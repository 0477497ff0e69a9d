"""`manage.py send_reports` from the due day to a mail, by a real conversation, killed anywhere."""

import html
import re
import smtplib
import socket
import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from registry import actions, queries
from registry.exchange import report_mail
from registry.models import AuditReport, ReportNotice, Role, ScheduledReport, User
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db
BACKEND = "registry.access.RoleBackend"
ADDRESS = "https://crescent.example.org"
DUE = make.NOW + timedelta(days=10)


@pytest.fixture
def centre():
    return make.centre()


@pytest.fixture
def auditor(centre):
    person = make.user(at_centre=centre, name="auditor")
    actions.people.set_email(user=person, email="auditor@example.org", by=person, at=make.NOW)
    return User.objects.get(pk=person.pk)


@pytest.fixture
def schedule(centre, auditor):
    make.patient(by=auditor, at_centre=centre)
    return make.report_schedule(of=centre, by=auditor, title="Outcome of screening")


def send(at=DUE, address=ADDRESS):
    return report_mail.send_due(address=address, code_version="1", clock=lambda: at)


def test_a_due_report_is_frozen_and_told_once(schedule, auditor):
    done = send()
    assert (done.frozen, done.sent, done.is_complete) == (1, 1, True)
    report = AuditReport.objects.get()
    due_on = ScheduledReport.objects.get().due_on
    assert report.as_of == due_on
    last = due_on.replace(day=1) - timedelta(days=1)
    assert report.filters["performed_to"] == last.isoformat()
    assert report.filters["performed_from"] == last.replace(day=1).isoformat()
    assert report.frozen_by == auditor
    again = send()
    assert (again.frozen, again.sent, again.is_complete) == (0, 0, True)
    assert len(mail.outbox) == 1


OF_WOMEN = {"age_from": "18", "sex": "female", "diagnosis": ["cp_spastic"]}


def test_limits_come_from_the_page_of_the_audit_and_hold_for_the_report(auditor, centre, client):
    make.patient(by=auditor, at_centre=centre)
    client.force_login(auditor, backend=BACKEND)
    audit = reverse("registry:audit-protocol", args=["ford-1996"])
    shown = client.get(audit, {"centre": centre.code, **OF_WOMEN}).content.decode()
    (link,) = re.findall(r'href="(/schedules/new/[^"]+)"', shown)
    form = client.get(html.unescape(link)).context["form"]
    given = {name: form[name].value() for name in ("protocol", "centre", *OF_WOMEN)}
    assert given == {"protocol": "ford-1996", "centre": [centre.code], **OF_WOMEN}
    answers = {
        "title": "Women", "rhythm": "monthly", "day": "5", "look_back": "ever",
        "recipients": [str(auditor.public_id)], **given,
    }  # fmt: skip
    url = reverse("registry:report-schedule-create")
    refused = client.post(url, answers | {"age_to": "17"})
    assert "below the one where it begins" in refused.content.decode()
    page = client.post(url, answers, follow=True).content.decode()
    assert "from 18" in page
    assert send(at=timezone.now() + timedelta(days=40)).frozen
    limits = {"age_from": 18, "sex": "female", "diagnoses": ["cp_spastic"]}
    assert AuditReport.objects.latest("pk").filters.items() >= limits.items()


def test_centres_and_recipients_count_among_the_answers_missing(auditor, client):
    client.force_login(auditor, backend=BACKEND)
    page = client.get(reverse("registry:report-schedule-create")).content.decode()
    groups = re.findall(r'id="id_(\w+)_field"[^>]* data-mandatory', page)
    assert groups == ["centre", "recipients"]


def test_a_mail_holds_title_and_link_and_nothing_else(schedule, auditor, client):
    send()
    (sent,) = mail.outbox
    report = AuditReport.objects.get()
    path = reverse("registry:report-detail", args=[report.public_id])
    assert sent.to == ["auditor@example.org"]
    assert sent.subject == "Crescent: Outcome of screening"
    assert sent.body.splitlines()[2:4] == ["Outcome of screening", f"{ADDRESS}{path}"]
    assert not any(letter.isdigit() for letter in sent.body.replace(path, ""))
    assert client.get(path).url.startswith(reverse("registry:sign-in"))
    client.force_login(auditor, backend=BACKEND)
    assert client.get(path).status_code == 200


def test_a_mail_speaks_the_language_of_its_reader(schedule, auditor):
    actions.people.choose_language(user=auditor, language="de", by=auditor, at=make.NOW)
    send()
    assert "Sie müssen sich anmelden" in mail.outbox[0].body


def test_who_lost_the_right_gets_nothing_and_it_shows(schedule, auditor, centre, client):
    colleague = make.user(at_centre=centre, roles=[Role.DATA_MANAGER], name="manager")
    schedule.recipients.add(colleague)
    actions.people.set_roles(user=colleague, centre=centre, roles=["reader"], by=None, at=make.NOW)
    done = send()
    assert (done.sent, done.not_sent) == (1, 1)
    assert [sent.to for sent in mail.outbox] == [["auditor@example.org"]]
    client.force_login(auditor, backend=BACKEND)
    page = client.get(reverse("registry:report-schedule", args=[schedule.public_id]))
    assert "not sent: may not audit all of the centres" in page.content.decode()
    listed = client.get(reverse("registry:report-schedules")).content.decode()
    assert "not sent: may not audit all of the centres" in listed


def test_who_has_no_address_gets_nothing_and_it_shows(schedule, auditor):
    actions.people.set_email(user=auditor, email="", by=auditor, at=make.NOW)
    assert send().not_sent == 1
    assert ReportNotice.objects.get().outcome == "no_address"


def test_an_author_who_lost_the_right_freezes_nothing_and_it_shows(schedule, auditor, centre):
    actions.people.set_roles(user=auditor, centre=centre, roles=["surgeon"], by=None, at=make.NOW)
    done = send()
    assert (done.frozen, done.without_report, mail.outbox) == (0, 1, [])
    assert ScheduledReport.objects.get().problem == report_mail.NOT_ALLOWED
    actions.people.set_roles(user=auditor, centre=centre, roles=["auditor"], by=None, at=make.NOW)
    assert (send().frozen, len(mail.outbox)) == (1, 1)


def test_without_a_mail_server_reports_are_frozen_and_mails_wait(schedule, auditor, client, capsys):
    done = send(address=None)
    assert (done.frozen, done.waiting, done.is_complete) == (1, 1, False)
    client.force_login(auditor, backend=BACKEND)
    page = client.get(reverse("registry:report-schedules")).content.decode()
    assert "E-mail is not set up" in page
    assert "waiting to be sent" in page
    with pytest.raises(SystemExit) as ended:
        call_command("send_reports", now=DUE.isoformat())
    assert ended.value.code == 2
    assert "E-mail is not set up" in capsys.readouterr().err
    assert send().sent == 1


# Killed anywhere


class KilledError(BaseException):
    """As a signal would end it: nothing below catches it."""


STEPS = (
    (actions.report_schedules, "fall_due"),
    (actions.reports, "freeze"),
    (actions.report_schedules, "attach"),
    (queries.report_schedules, "may_receive"),
    (actions.report_schedules, "begin_notice"),
)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(("module", "name"), STEPS, ids=lambda one: str(one))
def test_killed_half_way_nothing_is_lost_or_sent_twice(schedule, module, name, when, monkeypatch):
    step = getattr(module, name)

    def killed(*arguments, **named):
        if when == "after":
            step(*arguments, **named)
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(module, name, killed)
        with pytest.raises(KilledError):
            send()
    done = send()
    assert AuditReport.objects.count() == 1
    if (name, when) == ("begin_notice", "after"):
        # Taken in hand: from here on the server might have had it.
        assert (len(mail.outbox), done.in_doubt) == (0, 1)
    else:
        assert (len(mail.outbox), done.is_complete) == (1, True)


def test_a_mail_the_server_took_before_the_kill_is_in_doubt_and_not_sent_again(
    schedule, auditor, client, monkeypatch
):
    def killed(**named):
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(actions.report_schedules, "finish_notice", killed)
        with pytest.raises(KilledError):
            send()
    assert len(mail.outbox) == 1
    done = send()
    assert (len(mail.outbox), done.in_doubt, done.is_complete) == (1, 1, False)
    client.force_login(auditor, backend=BACKEND)
    page = client.get(reverse("registry:report-schedule", args=[schedule.public_id]))
    assert "in doubt" in page.content.decode()


# A real conversation


class Server:
    """Speaks enough SMTP (RFC 5321) for one mail after the other."""

    def __init__(self, answers):
        self.answers, self.mails, self.said = answers, [], []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                line, _ = self.socket.accept()
            except OSError:
                return
            with line, line.makefile("rwb") as talk:
                self._talk(talk)

    def _talk(self, talk):
        def say(text):
            talk.write(f"{text}\r\n".encode())
            talk.flush()

        say("220 test")
        while heard := talk.readline():
            verb = heard.split()[0].upper().decode() if heard.split() else ""
            self.said.append(verb)
            say(self.answers.get(verb, "354 go" if verb == "DATA" else "250 ok"))
            if verb == "DATA" and "DATA" not in self.answers:
                body = b""
                while not body.endswith(b"\r\n.\r\n"):
                    body += talk.readline()
                self.mails.append(body.decode())
                if self.answers.get("end") == "hang up":
                    return
                say(self.answers.get("end", "250 taken"))
            if verb == "QUIT":
                return


@pytest.fixture
def serving(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = "127.0.0.1", 5
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.DEFAULT_FROM_EMAIL = "crescent@example.org"
    servers = []

    def start(**answers):
        servers.append(Server(answers))
        settings.EMAIL_PORT = servers[-1].port
        return servers[-1]

    yield start
    for server in servers:
        server.socket.close()


def test_a_real_server_gets_one_mail_with_an_id_that_stays(schedule, serving):
    server = serving()
    assert send().sent == 1
    send()
    (got,) = server.mails
    notice = ReportNotice.objects.get()
    assert f"Message-ID: <{notice.public_id}@crescent.example.org>" in got
    assert "From: crescent@example.org" in got
    assert "QUIT" in server.said


@pytest.mark.parametrize(
    ("answers", "outcome", "again"),
    [
        ({"RCPT": "550 no such user"}, "refused", 0),
        ({"RCPT": "450 busy"}, "", 1),
        ({"MAIL": "451 later"}, "", 1),
        ({"end": "554 spam"}, "refused", 0),
        ({"end": "452 full"}, "", 1),
    ],
)
def test_what_the_server_refuses_for_now_is_sent_later(schedule, serving, answers, outcome, again):
    serving(**answers)
    assert send().sent == 0
    notice = ReportNotice.objects.get()
    assert (notice.outcome, notice.begun_at is None) == (outcome, outcome == "")
    assert notice.problem.startswith("SMTP")
    assert "auditor" not in notice.problem
    assert len(serving().mails) == 0
    assert send().sent == again


def test_a_line_that_breaks_after_the_mail_leaves_it_in_doubt(schedule, serving):
    server = serving(end="hang up")
    assert send().in_doubt == 1
    assert len(server.mails) == 1
    assert len(serving().mails) == 0
    assert (send().sent, send().in_doubt) == (0, 1)


def test_where_no_server_listens_the_mail_waits(schedule, serving, settings):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        serving()
        settings.EMAIL_PORT = nobody.getsockname()[1]
        done = send()
    assert (done.sent, done.waiting, done.in_doubt) == (0, 1, 0)
    assert ReportNotice.objects.get().problem == "ConnectionRefusedError"
    serving()
    assert send().sent == 1


# The command and the pages


def test_the_command_takes_a_time_that_is_over(schedule):
    for wrong in ("soon", "2020-01-01", "2999-01-01T00:00+00:00"):
        with pytest.raises(CommandError):
            call_command("send_reports", now=wrong)
    call_command("send_reports", now="2020-01-01T00:00+00:00")
    assert not ScheduledReport.objects.exists()


def test_a_schedule_is_set_up_paused_and_ended_on_its_pages(client, centre, auditor):
    client.force_login(auditor, backend=BACKEND)
    new = reverse("registry:report-schedule-create")
    assert client.get(new).status_code == 200
    answers = {
        "protocol": "ct-accuracy", "title": "CT", "centre": "NORTH", "rhythm": "quarterly",
        "day": "10", "look_back": "quarter", "recipients": str(auditor.public_id),
    }  # fmt: skip
    assert client.post(new, answers | {"recipients": "nobody"}).status_code == 200
    late = client.post(new, answers | {"day": "31"}).content.decode()
    assert "Choose a day up to the 28th" in late
    made = client.post(new, answers)
    schedule = queries.report_schedules.visible(viewer=auditor).get()
    assert made.url == reverse("registry:report-schedule", args=[schedule.public_id])
    assert "Nothing was due yet" in client.get(made.url).content.decode()
    state = reverse("registry:report-schedule-state", args=[schedule.public_id])
    assert "Say why" in client.post(state, {"state": "paused"}, follow=True).content.decode()
    page = client.post(state, {"state": "paused", "reason": "Away"}, follow=True).content.decode()
    assert "Away" in page
    client.post(state, {"state": "ended", "reason": "Done"})
    client.post(state, {"state": "gone"})
    assert queries.report_schedules.visible(viewer=auditor).get().state == "ended"


def test_who_may_not_freeze_changes_no_schedule(client, centre, schedule):
    surgeon = make.user(at_centre=centre, roles=[Role.SURGEON])
    client.force_login(surgeon, backend=BACKEND)
    assert client.get(reverse("registry:report-schedules")).status_code == 200
    detail = reverse("registry:report-schedule", args=[schedule.public_id])
    assert "End for good" not in client.get(detail).content.decode()
    assert client.get(reverse("registry:report-schedule-create")).status_code == 403
    state = reverse("registry:report-schedule-state", args=[schedule.public_id])
    assert client.post(state, {"state": "ended", "reason": "x"}).status_code == 403


def test_everybody_says_where_mails_to_them_go(client, auditor):
    client.force_login(auditor, backend=BACKEND)
    address = reverse("registry:own-email")
    client.post(address, {"email": "new@example.org"})
    client.post(address, {"email": "no address"})
    assert User.objects.get(pk=auditor.pk).email == "new@example.org"


def test_an_smtp_error_without_a_number_has_a_name():
    assert report_mail._words(smtplib.SMTPServerDisconnected("x")) == "SMTPServerDisconnected"
