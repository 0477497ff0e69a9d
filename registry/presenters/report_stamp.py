"""What says of a frozen report which one it is."""

from datetime import UTC

from registry.models import AuditReport

BY = "Frozen by"


def words(report: AuditReport) -> dict[str, str]:
    """Who froze it and when, and the hash of its results, for page, paper and CSV."""
    by = report.frozen_by
    return {
        "Report": report.title,
        BY: by.get_full_name() or by.get_username(),
        "Frozen at": f"{report.frozen_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC",
        "Report id": str(report.public_id),
        "SHA-256 of the results": report.results_sha256,
    }


def file_stem(report: AuditReport) -> str:
    """Name of its files: protocol, cut-off and the end of its id, nothing of its title."""
    return f"{report.protocol_key}_{report.as_of.isoformat()}_{report.public_id.hex[-8:]}"
