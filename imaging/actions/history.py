"""Tell the history what happened, in the transaction of the change.

The recorder belongs to a layer above; its path comes from the settings.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.utils.module_loading import import_string


def record(
    *,
    centre_code: str,
    at: datetime,
    by: AbstractBaseUser | None,
    action: str,
    object_type: str,
    object_id: uuid.UUID,
    facts: Mapping[str, Any],
    frequent: bool = False,
    reason: str = "",
) -> None:
    """Append one event to the history of the centre; `by` is None for the command line."""
    import_string(settings.HISTORY_RECORDER)(
        centre_code=centre_code,
        at=at,
        by=by,
        action=action,
        object_type=object_type,
        object_id=object_id,
        facts=facts,
        frequent=frequent,
        reason=reason,
    )
