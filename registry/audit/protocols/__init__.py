"""The executable published studies. A new one is added to `PROTOCOLS` by hand."""

from typing import Final

from registry.audit.protocol import Protocol

from . import abousamra_2016

PROTOCOLS: Final[dict[str, Protocol]] = {
    abousamra_2016.PROTOCOL.key: abousamra_2016.PROTOCOL,
}
