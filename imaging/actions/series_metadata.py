"""Keep the metadata of a series that was put together from its stored files."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from imaging.models import Series, SeriesMetadata


def keep(
    *,
    series: Series,
    stored_sha256s: Sequence[str],
    content: bytes,
    content_format: int,
    at: datetime,
) -> SeriesMetadata:
    """Keep it in place of what was kept before; of two at the same time either may stay."""
    metadata, _ = SeriesMetadata.objects.update_or_create(
        series=series,
        defaults={
            "instances": len(stored_sha256s),
            "content_format": content_format,
            "instances_sha256": hashlib.sha256("".join(stored_sha256s).encode()).hexdigest(),
            "content": content,
            "built_at": at,
        },
    )
    return metadata
