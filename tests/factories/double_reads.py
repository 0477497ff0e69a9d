"""Studies read by several readers, and looked at again by one."""

from dataclasses import replace
from datetime import timedelta

from registry.audit.facts import PatientFacts
from tests.factories.cohorts import FIRST_DAY, patient, read, study

READERS = ("ann", "bob", "cy")


def read_twice(
    name: str, *findings: str, again: str | None = None, certainties: tuple[int, ...] = ()
) -> PatientFacts:
    """One study; the nth finding is the nth reader's, `again` the first reader's second look."""
    reads = tuple(
        replace(
            read(f"{name}-{n}", finding, signed_on=FIRST_DAY + timedelta(n), reader_id=READERS[n]),
            certainty=certainties[n] if certainties else 4,
        )
        for n, finding in enumerate(findings)
    )
    looks = ()
    if again is not None:
        signed_on = FIRST_DAY + timedelta(40)
        looks = (read(f"{name}-again", again, signed_on=signed_on, reader_id=READERS[0]),)
    one = replace(study(name, on=FIRST_DAY), reads=reads, second_looks=looks)
    return patient(f"patient-{name}", studies=(one,))
