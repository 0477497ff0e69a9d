"""The executable published studies. A new one is added to `PROTOCOLS` by hand."""

from typing import Final

from registry.audit.protocol import Protocol

from . import (
    abousamra_2016,
    centre_comparison,
    complications,
    ct_accuracy,
    data_quality,
    device_survival,
    dose_titration,
    ford_1996,
    mccormick_2016,
    reader_agreement,
    time_to_treatment,
)

PROTOCOLS: Final[dict[str, Protocol]] = {
    abousamra_2016.PROTOCOL.key: abousamra_2016.PROTOCOL,
    ct_accuracy.PROTOCOL.key: ct_accuracy.PROTOCOL,
    device_survival.PROTOCOL.key: device_survival.PROTOCOL,
    complications.PROTOCOL.key: complications.PROTOCOL,
    reader_agreement.PROTOCOL.key: reader_agreement.PROTOCOL,
    time_to_treatment.PROTOCOL.key: time_to_treatment.PROTOCOL,
    centre_comparison.PROTOCOL.key: centre_comparison.PROTOCOL,
    ford_1996.PROTOCOL.key: ford_1996.PROTOCOL,
    dose_titration.PROTOCOL.key: dose_titration.PROTOCOL,
    mccormick_2016.PROTOCOL.key: mccormick_2016.PROTOCOL,
    data_quality.PROTOCOL.key: data_quality.PROTOCOL,
}
