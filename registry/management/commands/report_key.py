"""`manage.py report_key`: by which key others tell the reports of this installation."""

from typing import Any

from django.core.management.base import BaseCommand

from registry.exchange import report_signature


class Command(BaseCommand):
    help = "Print the public key (Ed25519) that fits the signatures of this installation."
    requires_system_checks = ()  # about pages and deployment, which it does not touch

    def handle(self, **options: Any) -> None:
        self.stdout.write(report_signature.own_public_key())
