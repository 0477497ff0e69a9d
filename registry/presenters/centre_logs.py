"""Which centres have not said from when their log is complete, in words for page and paper."""

from registry.audit.centre_logs import CENTRE_LOGS

from .audit_words import Result


def unknown_words(result: Result) -> str:
    """Empty where every centre has said so, or the audit does not ask."""
    rows = [
        dict(zip(table["columns"], cells, strict=True))
        for table in result["tables"]
        if table["key"] == CENTRE_LOGS.key
        for cells in table["rows"]
    ]
    silent = [row for row in rows if row["complete_from"] is None]
    if not silent:
        return ""
    assumed = sorted({str(row["assumed"]) for row in silent})
    return (
        f"From when the log is complete is not known of {', '.join(row['label'] for row in silent)}"
        f". Assumed: components there are at risk from {' or '.join(assumed)} on, so operations "
        "that were never logged make every curve look too good."
    )
