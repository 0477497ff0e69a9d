"""What the answers of a draft imply, and which of them are missing."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Field
from django.utils.translation import gettext

from registry.actions.errors import InvalidRecordError
from registry.exchange.import_plan import Draft
from registry.exchange.tables import Table
from registry.vocabulary import StudyOutcomeCode, YesNoUnknown


def implied(of: Table, values: dict[str, Any]) -> dict[str, Any]:
    """What follows from the outcome of a study, where the file leaves it open."""
    if of.key != "study":
        return values
    outcome = values.get("outcome")
    follows: dict[str, Any] = {}
    if outcome == StudyOutcomeCode.COMPLETED.value:
        follows = {"contrast_injected": YesNoUnknown.YES.value}
    elif outcome == StudyOutcomeCode.STOPPED_NOT_ASPIRABLE.value:
        follows = {
            "contrast_injected": YesNoUnknown.NO.value,
            "aspiration": "none",
            "stop_reason": "not_aspirable",
        }
    known = {column.name: column.closed_list for column in of.columns}
    fitting = {
        name: code
        for name, code in follows.items()
        if (closed := known.get(name)) is not None and code in closed.codes()
    }
    return fitting | values


def require_rows(draft: Draft) -> None:
    for rows in draft.table.rows:
        for row in draft.rows.get(rows.name, ()):
            for column in rows.columns:
                if column.required and column.kind != "yes_no" and column.name not in row:
                    raise InvalidRecordError(
                        {
                            rows.name: [
                                gettext("%(record)s: %(answer)s is missing.")
                                % {"record": gettext(rows.label), "answer": column.label}
                            ]
                        }
                    )


def said_of(draft: Draft, name: str, sentences: Sequence[str]) -> str:
    """What was refused, with the name of the answer where no cell of the file holds it."""
    empty = {str(Field.default_error_messages[code]) for code in ("blank", "null")}
    missing = gettext("Mandatory, and the file does not say it.")
    words = " ".join(missing if one in empty else one for one in sentences)
    if name in draft.cells or name == "__all__":
        return words
    label = next((one.label for one in draft.table.columns if one.name == name), name)
    return f"{gettext(draft.table.label)}: {label}: {words}"
