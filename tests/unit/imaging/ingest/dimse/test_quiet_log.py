"""Strangers cannot fill the log."""

import logging

from imaging.ingest.dimse import quiet_log
from imaging.ingest.dimse.quiet_log import QuietLog


def test_a_line_is_written_once_and_what_was_left_out_is_counted(caplog, monkeypatch):
    now = [100.0]
    monkeypatch.setattr(quiet_log.time, "monotonic", lambda: now[0])
    log = QuietLog()
    with caplog.at_level(logging.WARNING):
        for _ in range(1000):
            log.warn("Refused", "from 192.0.2.5")
        log.warn("Refused", "from 192.0.2.6")
        now[0] += quiet_log.EVERY_SECONDS
        log.warn("Refused", "from 192.0.2.5")
    assert caplog.messages == [
        "Refused: from 192.0.2.5",
        "Refused: from 192.0.2.6",
        "Refused: from 192.0.2.5 (999 more since the last such line)",
    ]


def test_memory_for_kinds_is_bounded(monkeypatch, caplog):
    monkeypatch.setattr(quiet_log, "MOST_KINDS", 10)
    log = QuietLog()
    for number in range(100):
        log.warn("Refused", str(number))
    assert len(log._kinds) <= 10
