"""What a user agent accepts, best first.

References
----------
RFC 9110 12.5.1; DICOM PS3.18 8.3.3.
"""

import re
from dataclasses import dataclass

from imaging.dicomweb.media_types import MULTIPART_RELATED, MediaType, MediaTypeError

ANY = "*/*"
LONGEST_ACCEPT = 4000
MOST_TYPES = 50
_QUALITY = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")
_COMMA = re.compile(r",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)")
"""One that is not quoted."""


@dataclass(frozen=True)
class Accepted:
    """One media range. Of a multipart type `essence` is the type of its parts."""

    essence: str
    multipart: bool
    transfer_syntax: str
    """UID, `*`, or empty where none was named."""

    def covers(self, essence: str) -> bool:
        """Whether the type is in the range."""
        if self.essence in (ANY, essence):
            return True
        return self.essence.endswith("/*") and essence.startswith(self.essence[:-1])


def accepted(header: str) -> list[Accepted]:
    """The media ranges of an Accept header; what cannot be read in it is passed over.

    No header means that anything is accepted.
    """
    if not header.strip():
        header = ANY
    ranked = []
    for text in _COMMA.split(header[:LONGEST_ACCEPT])[:MOST_TYPES]:
        try:
            media_type = MediaType.parse(text.strip())
        except MediaTypeError:
            continue
        quality = media_type.parameters.get("q", "1")
        if _QUALITY.fullmatch(quality) is None or float(quality) == 0:
            continue
        ranked.append((-float(quality), _range(media_type)))
    return [one for _, one in sorted(ranked, key=lambda pair: pair[0])]


def _range(media_type: MediaType) -> Accepted:
    parameters = media_type.parameters
    multipart = media_type.essence == MULTIPART_RELATED
    return Accepted(
        essence=parameters.get("type", ANY).lower() if multipart else media_type.essence,
        multipart=multipart,
        transfer_syntax=parameters.get("transfer-syntax", ""),
    )
