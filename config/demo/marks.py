"""How far loading has come, kept as events of the history: nobody can take them back.

Asking the records themselves would not do: people may change and withdraw them afterwards, and
loading again must not undo that.
"""

from datetime import datetime
from typing import Final

from django.db import transaction

from config.demo.people import DEMO, DEMO_CENTRES
from registry import actions, queries
from registry.models import Centre

RECORDS_LOADED: Final = "demo.load_records"
THERAPY_LOADED: Final = "demo.load_therapy"
IMAGES_LOADED: Final = "demo.load_images"
SUSPECTS_LOADED: Final = "demo.load_suspects"
SECOND_READS_LOADED: Final = "demo.load_second_reads"
THEATRE_LIST_LOADED: Final = "demo.load_theatre_list"


def is_marked(action: str) -> bool:
    return queries.history.has_action(chain=DEMO, action=action)


def mark(action: str, *, centre: Centre, at: datetime) -> None:
    """Record the step in the transaction of the step."""
    with transaction.atomic():
        actions.history.record(chain=centre.code, at=at, by=None, action=action, obj=centre)


def taken_centres() -> list[str]:
    """Codes of the demonstration that name a centre here."""
    return [centre.code for centre in DEMO_CENTRES if queries.centres.exists(centre.code)]
