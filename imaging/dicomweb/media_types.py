"""Media types as HTTP headers carry them."""

import re
from dataclasses import dataclass

DICOM = "application/dicom"
DICOM_JSON = "application/dicom+json"
DICOM_XML = "application/dicom+xml"
MULTIPART_RELATED = "multipart/related"

LONGEST_HEADER = 1000
LONGEST_BOUNDARY = 200
"""RFC 2046 allows 70 characters; Orthanc's DICOMweb plugin sends 73."""

_WORD = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_QUOTED = r'"(?:[^"\\\x00-\x1f\x7f-\uffff]|\\[\x20-\x7e])*"'
_ESSENCE = re.compile(rf"\s*({_WORD}/{_WORD})\s*")
_PARAMETER = re.compile(rf";\s*({_WORD})=([!#$%&'*+\-.^_`|~0-9A-Za-z/]+|{_QUOTED})\s*")
"""A slash has to be quoted, but `type=application/dicom` is what many send."""
_BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,\-./:=? ]*[0-9A-Za-z'()+_,\-./:=?]")


class MediaTypeError(ValueError):
    """The header is no media type."""


@dataclass(frozen=True)
class MediaType:
    """Type and subtype in lower case, and parameters by lower-case name."""

    essence: str
    parameters: dict[str, str]

    @classmethod
    def parse(cls, header: str) -> "MediaType":
        """Read a Content-Type header.

        Raises
        ------
        MediaTypeError
            It is none, a parameter comes twice, or something is left over.

        References
        ----------
        RFC 9110 8.3.1.
        """
        found = _ESSENCE.match(header) if len(header) <= LONGEST_HEADER else None
        if found is None:
            raise MediaTypeError
        essence, at = found[1].lower(), found.end()
        parameters: dict[str, str] = {}
        while at < len(header):
            parameter = _PARAMETER.match(header, at)
            if parameter is None or parameter[1].lower() in parameters:
                raise MediaTypeError
            parameters[parameter[1].lower()] = _unquoted(parameter[2])
            at = parameter.end()
        return cls(essence=essence, parameters=parameters)

    @property
    def is_dicom_parts(self) -> bool:
        """Whether it is multipart/related with parts that are DICOM files."""
        return (
            self.essence == MULTIPART_RELATED
            and self.parameters.get("type", DICOM).lower() == DICOM
        )

    @property
    def boundary(self) -> bytes:
        """What separates the parts: characters of a small set, the last no blank.

        References
        ----------
        RFC 2046 5.1.1.

        Raises
        ------
        MediaTypeError
        """
        boundary = self.parameters.get("boundary", "")
        if len(boundary) > LONGEST_BOUNDARY or _BOUNDARY.fullmatch(boundary) is None:
            raise MediaTypeError
        return boundary.encode("ascii")


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1]) if text.startswith('"') else text
