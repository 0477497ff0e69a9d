"""Theatre lists as facts: whose each line is, and no hospital number nor its hash."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from registry.audit.theatre_facts import TheatreLine as LineFacts
from registry.audit.theatre_facts import TheatreListFacts
from registry.models import Patient, TheatreLine, TheatreList
from registry.vocabulary import ConsentStatus

Owner = tuple[str, str]
"""Public id of the patient, under the number that counts, and consent."""

OPTED_OUT = (ConsentStatus.DECLINED.value, ConsentStatus.WITHDRAWN.value)


def of_centres(centre_codes: Collection[str]) -> tuple[TheatreListFacts, ...]:
    """The lists of these centres that were not withdrawn."""
    lists = TheatreList.objects.filter(
        centre__code__in=centre_codes, withdrawn_at__isnull=True
    ).select_related("centre")
    by_centre: dict[int, list[TheatreList]] = defaultdict(list)
    for one in lists.order_by("sent_at", "id"):
        by_centre[one.centre_id].append(one)
    return tuple(
        facts for centre_pk, some in by_centre.items() for facts in _of_centre(centre_pk, some)
    )


def _of_centre(centre_pk: int, lists: list[TheatreList]) -> Iterable[TheatreListFacts]:
    lines: dict[int, list[TheatreLine]] = defaultdict(list)
    for line in TheatreLine.objects.filter(theatre_list__in=lists).order_by("row"):
        lines[line.theatre_list_id].append(line)
    owners = _owners(centre_pk, lists)
    persons: dict[str, str] = {}
    for one in lists:
        list_id = str(one.public_id)
        yield TheatreListFacts(
            list_id=list_id,
            centre=one.centre_code,
            sent_on=one.centre.day_at(one.sent_at),
            covers_from=one.covers_from,
            covers_to=one.covers_to,
            file_sha256=one.file_sha256,
            lines=tuple(_facts(line, list_id, owners, persons) for line in lines[one.pk]),
            kept_words=one.kept_words,
            left_out=one.left_out,
        )


def _facts(
    line: TheatreLine, list_id: str, owners: dict[str, Owner], persons: dict[str, str]
) -> LineFacts:
    """`persons` gives each hash a name that tells nothing: the first line it stands in."""
    key = line.subject_key or ""
    patient_id, consent = owners.get(key, ("", ""))
    opted_out = consent in OPTED_OUT
    return LineFacts(
        row=line.row,
        on=line.performed_on,
        person=persons.setdefault(key, f"{list_id}:{line.row}") if key else "",
        patient_id="" if opted_out else patient_id,
        other_centre=line.is_elsewhere,
        opted_out=opted_out,
    )


def _owners(centre_pk: int, lists: list[TheatreList]) -> dict[str, Owner]:
    keys = TheatreLine.objects.filter(theatre_list__in=lists, subject_key__isnull=False)
    rows = Patient.objects.filter(
        centre=centre_pk, subject_key__in=keys.values("subject_key")
    ).values_list(
        "subject_key", "public_id", "consent", "merged_into__public_id", "merged_into__consent"
    )
    return {
        str(key): (str(kept or own), str(consent if kept is None else kept_consent))
        for key, own, consent, kept, kept_consent in rows
    }
