"""`manage.py receive`: take in images over the DICOM network."""

import gc
import ipaddress
import signal
import ssl
import threading
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connections
from django.utils import timezone

from imaging.archive.configured import configured_archive, configured_partial_files
from imaging.archive.errors import ArchiveError
from imaging.ingest.dimse.service import Service, close_abandoned
from imaging.ingest.dimse.transport_security import UnusableCertificateError, server_context
from imaging.ingest.intake import Intake
from imaging.ingest.pool import new_pool
from imaging.ingest.recovery import at_start
from imaging.queries.peers import dimse_peers

PORT = 11112
"""Registered for DICOM (PS3.8 section 9.1.1)."""

LAST_PORT = 65535

WORKERS = 2
"""Two read faster than one service receives."""


class Command(BaseCommand):
    requires_system_checks = ()  # about pages and deployment, which it does not touch
    help = (
        "Receive images with C-STORE from registered peers, and answer C-ECHO, until SIGTERM or "
        "Ctrl+C. An object is answered with success only once it is durable."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--bind", default="127.0.0.1", metavar="ADDRESS")
        parser.add_argument("--port", type=int, default=PORT)
        parser.add_argument(
            "--workers",
            type=int,
            default=WORKERS,
            help=f"reading processes, about 90 MB each; default {WORKERS}",
        )
        parser.add_argument("--tls-certificate", type=Path, metavar="PEM")
        parser.add_argument("--tls-key", type=Path, metavar="PEM")
        parser.add_argument(
            "--tls-ca", type=Path, metavar="PEM", help="who signs the certificates of peers"
        )
        parser.add_argument(
            "--tls-crl", type=Path, metavar="PEM", help="certificates that were revoked"
        )
        parser.add_argument(
            "--without-tls",
            action="store_true",
            help="listen beyond this machine without encryption: names of patients cross the "
            "network in clear",
        )

    def handle(self, *, bind: str, port: int, workers: int, **options: Any) -> None:
        if workers < 1:
            raise CommandError("--workers must be at least 1.")
        if not 0 <= port <= LAST_PORT:
            raise CommandError(f"--port is a number up to {LAST_PORT}; 0 takes a free one.")
        tls = _tls(options)
        self._check_address(bind, is_open=tls is None, allowed=options["without_tls"])
        archive = configured_archive()
        try:
            self._check_peers(has_tls=tls is not None)
            at_start(archive=archive, partial_files=configured_partial_files(), clock=timezone.now)
            close_abandoned(clock=timezone.now)
        except DatabaseError as error:
            raise CommandError(
                f"The database does not answer ({type(error).__name__}). Check DATABASE_URL, run "
                "`manage.py migrate`, then start again."
            ) from error
        except (ArchiveError, OSError) as error:
            raise CommandError(str(error)) from error
        finally:
            connections.close_all()
        with (
            new_pool(size=workers) as pool,
            Intake(pool=pool, archive=archive, clock=timezone.now) as intake,
        ):
            try:
                service = Service(
                    host=bind, port=port, tls=tls, intake=intake, archive=archive,
                    clock=timezone.now,
                )  # fmt: skip
            except OSError as error:
                raise CommandError(
                    f"Cannot listen on {bind} port {port} ({error}). Choose another address or "
                    "port, or end the program that uses it."
                ) from error
            self._run(service, bind=bind, has_tls=tls is not None)

    def _run(self, service: Service, *, bind: str, has_tls: bool) -> None:
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: service.stop())
        how = "with TLS" if has_tls else "without TLS"
        # What is loaded stays: the garbage collector need not look at it again and again.
        gc.freeze()
        self.stdout.write(f"receiving on {bind} port {service.port} {how}")
        self.stdout.flush()
        service.run()
        self.stdout.write("stopped")

    def _check_address(self, bind: str, *, is_open: bool, allowed: bool) -> None:
        try:
            address = ipaddress.ip_address(bind)
        except ValueError as error:
            raise CommandError(
                f"--bind takes an IP address, not {bind!r}. Without it the service listens on "
                "127.0.0.1."
            ) from error
        if address.is_loopback:
            return
        if settings.CRESCENT_DEMO:
            raise CommandError("With CRESCENT_DEMO=1 the service listens on the loopback only.")
        if is_open and not allowed:
            raise CommandError(
                "Beyond this machine images travel with names of patients. Give --tls-certificate, "
                "--tls-key and --tls-ca, or --without-tls for a network that is trusted."
            )

    def _check_peers(self, *, has_tls: bool) -> None:
        peers = dimse_peers()
        if not peers:
            raise CommandError(
                "No DICOM network peer is registered, so nobody could send anything. Register one "
                "with `manage.py add_peer`, then start again."
            )
        if not has_tls and (bound := [peer.name for peer in peers if peer.certificate_sha256]):
            self.stderr.write(
                f"Without TLS these peers cannot prove who they are and are refused: "
                f"{', '.join(bound)}."
            )


def _tls(options: dict[str, Any]) -> ssl.SSLContext | None:
    """TLS as the options describe it; None when they do not."""
    files = [options["tls_certificate"], options["tls_key"], options["tls_ca"]]
    if not any(files) and not options["tls_crl"]:
        return None
    if not all(files):
        raise CommandError("TLS needs --tls-certificate, --tls-key and --tls-ca together.")
    certificate, key, authorities = files
    try:
        return server_context(
            certificate=certificate, key=key, authorities=authorities, revoked=options["tls_crl"]
        )
    except UnusableCertificateError as error:
        raise CommandError(str(error)) from error
