"""Every closed list of the registry: code, label, definition, source, version.

One class is one list, one member is one answer a form may offer. A member *is* its stable lowercase
code (a ``str``), and carries what a reader needs to use it as others do: label, definition,
exclusions, synonyms, and where the wording comes from.

``status`` says how far to trust a definition:

published
    The content stands in the cited source.
own
    Own knowledge, not yet verified against a source.
proposal
    A suggestion of this project; a clinician has not signed it off. A list of plain words (day,
    month, year) is a proposal too: no publication prescribes it.

Three words that are never mixed: *unknown* (looked for, cannot be known), *not assessed* (nobody
looked) and *absent* (looked for, not there). A field left empty is a fourth: *not recorded*.

A change of any wording that a person reads bumps the version of its list and
``VOCABULARY_VERSION``; a code, once released, never changes its meaning.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, fields
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, Literal, Self

VOCABULARY_VERSION = "3"
"""Version of the lists taken together."""

say: Callable[[str], str] = str
"""Into the language of whoever reads; `registry/apps.py` sets it: the lists need no Django."""

Status = Literal["published", "own", "proposal"]
Fill = Literal["solid", "hatched", "outline"]

SOURCES: dict[str, str] = {
    "S01": "Abousamra 2016, Dev Med Child Neurol 58:409-15, doi 10.1111/dmcn.12893 (abstract)",
    "S01-summary": "Summary text on intrathecal baclofen therapy (secondary source, unsigned)",
    "S02": "Infection as a complication of ITB treatment in children with CP, J Pediatr Orthop "
    "2016;36:305-9",
    "S03": "Complications in paediatric CP treated with ITB pump, J Child Orthop 2019;13:529-35",
    "S04": "Delhaas, CAP-myelography and CAP-CT-myelography in intrathecal drug delivery failure",
    "S05": "Saulino 2016, Best practices for intrathecal baclofen: troubleshooting",
    "S07": "Delhaas 2017, Plain radiography in intrathecal drug delivery, Insights Imaging "
    "8:499-511",
    "S08": "Dvorak 2010, Incidence and identification of ITB catheter malfunction, PM&R, "
    "doi 10.1016/j.pmrj.2010.01.016",
    "S09": "X-ray imaging analysis of ITB pumps for pediatric emergency medicine, 2018",
    "S10": "Intrathecal pump interrogation tutorial (teaching page)",
    "S11": "Medtronic 8540 catheter access port kit, instructions for use",
    "S12": "Intrathecal baclofen refill page (clinic information)",
    "S14": "Ordia & Vaisman, letter on the Boster 2014 algorithm, Neurol Clin Pract",
    "S15": "Stepwise analysis of baclofen pump function, FSA 2022 poster P020",
    "S17": "Morgalla 2016, High-resolution 3-D CT for IDD complications, Pain Physician",
    "S18": "Omnipaque (iohexol) label text",
    "S21": "Prometra II manual, page 33",
    "S22": "Iohexol label, boxed warning",
    "S23": "Omnipaque summary",
    "S24": "Iohexol intrathecal dosing",
    "S25": "Labels of iodixanol and iopamidol",
    "S26": "Subdural intrathecal catheter placement: two cases",
    "S27": "Delhaas, low-dose CT 2D/3D phantom study, doi 10.1111/ner.12966",
    "S28": "Prometra MRI safety information PL-21604",
    "S29": "Delhaas, Isotopic scintigraphy in intrathecal drug delivery failure",
    "S32": "O'Connell 2004, Comparison of Tc-99m DTPA and indium-111 DTPA, Clin Nucl Med",
    "S34": "Saulino 2017, CSF pressure waveform of the catheter access port",
    "S35": "Krach & Partington, contrast study fails to demonstrate a connector tear",
    "S36": "Recurrent ITB catheter leakage, J Pediatr Surg 2002",
    "S37": "False-positive radiographic catheter migration into cord, Pain Physician 2013;16:E627",
    "S38": "Motta & Antonello 2014, 430 patients",
    "S39": "Ghosh 2014, Complications of intrathecal baclofen pumps in children",
    "S40": "Ford 1996, Arch Neurol 53:1241-6",
    "S41": "Winter 2018, intrathecal baclofen review",
    "S42": "Borrini 2014, adverse events of intrathecal baclofen in 158 adults",
    "S43": "Low rate of catheter complications, Medical College of Wisconsin, 2021",
    "S44": "Lioresal Intrathecal label text, boxed warning",
    "S45": "Yoon 2017, Medicine 96:e7472",
    "S46": "ITB in hereditary spastic paraplegia, Front Neurol 2019, doi 10.3389/fneur.2019.00901",
    "S47": "Five patients with generalized dystonia",
    "S48": "ITB withdrawal (neurosurgical reference text)",
    "S49": "NICE CG145, intrathecal baclofen section",
    "S51": "Coffey 2002, abrupt withdrawal from intrathecal baclofen",
    "S52": "ITB overdose and withdrawal in a child, 2006",
    "S53": "Medtronic, getting a replacement baclofen pump",
    "S54": "Stetkarova & Mencl 2015, early rotation of an ITB pump",
    "S56": "ITB complications, J Pediatr Orthop 2010;30:76-81",
    "S57": "Vender 2006, identification and management of ITB pump complications",
    "S58": "Hong Kong Medical Device Division alert, Ascenda connector, 14 May 2024",
    "S59": "Nuru 2022, meta-analysis",
    "S60": "142 pumps in a children's hospital 2006-2019 (abstract)",
    "S61": "Balaratnam 2020, reducing ITB infections",
    "S63": "Modified complication classification (Clavien-Dindo-Sink), 2016",
    "S65": "Medtronic product performance report, event classification",
    "S68": "Albright 2004, 10-mL pump",
    "S69": "SynchroMed EL and II recall, model lists",
    "S70": "SynchroMed II recall 2012",
    "S71": "Medtronic, drug pump replacement (United Kingdom)",
    "S72": "SynchroMed III approval, 10 Oct 2023",
    "S73": "SynchroMed and IsoMed information for prescribers, 2013",
    "S74": "Prometra II baclofen approval, 2020",
    "S75": "Prometra 20-mL manual, REF 11827",
    "S76": "Prometra, brief statements of the label, 2019, 2022 and 2024",
    "S77": "MedStream approval notice",
    "S78": "Codman pumps, reservoir options for intrathecal drug delivery",
    "S83": "Ascenda catheter page with the 2014 recall",
    "S84": "8709SC recall 2008",
    "S85": "8709SC and 8731SC technical manual (title)",
    "S86": "Konrad 2016, ISPR registry, doi 10.1111/ner.12524",
    "S94": "Mathur, intrathecal baclofen for more than ten years",
    "S96": "Medtronic UK, SynchroMed II, flex dosing",
    "S100": "Ashworth scale, table of grades",
    "S104": "Modified Ashworth scale of the lower limb after stroke",
    "S105": "Penn Spasm Frequency Scale, NINDS common data elements",
    "S106": "Brief Pain Inventory, user guide",
    "S108": "Epworth Sleepiness Scale, American Thoracic Society",
    "S109": "Fatigue Severity Scale in obesity",
    "S110": "Satisfaction With Life Scale",
    "S111": "Barry-Albright Dystonia Scale, NINDS common data elements",
    "S113": "Burke-Fahn-Marsden Dystonia Rating Scale",
    "S117": "GMFCS-E&R",
    "S118": "Functional classification systems (MACS)",
    "S120": "Canadian Occupational Performance Measure, administration",
    "S121": "Narayanan 2006, CPCHILD",
    "S123": "CPCHILD, review and summary",
    "S136": "STARD 2015, BMJ Open",
    "S155": "Veterans Affairs alert AL09-24, SynchroMed II battery and alarm tones",
}
"""Short citations of the sources that definitions cite; several were read as abstracts only."""


class UnknownCodeError(ValueError):
    """A code is not a member of the closed list it was looked up in."""

    def __init__(self, *, list_code: str, code: str) -> None:
        super().__init__(f"{code!r} is not a member of the closed list {list_code!r}")
        self.list_code = list_code
        self.code = code


@dataclass(frozen=True, slots=True)
class Term:
    """What a member of a closed list says; several source keys are separated by blanks.

    Without a ``status`` a term with a source is published and one without is a proposal.
    """

    code: str
    label: str
    definition: str
    source: str = ""
    status: Status | None = None
    group: "ClosedList | None" = None
    synonyms: tuple[str, ...] = ()
    exclusions: tuple[str, ...] = ()
    needs_text: bool = False


class ClosedList(StrEnum):
    """A versioned closed list; subclass it, one member per answer, in clinical order.

    ``list_code``, ``list_label`` and ``version`` belong to the list and are given in the class
    statement. A member keeps the attributes of its ``Term``.
    """

    list_code: ClassVar[str]
    list_label: ClassVar[str]
    version: ClassVar[str]

    term: Term
    source: str
    status: Status
    synonyms: tuple[str, ...]
    needs_text: bool

    def __init_subclass__(cls, *, list_code: str, list_label: str, version: str) -> None:
        super().__init_subclass__()
        cls.list_code = list_code
        cls.list_label = list_label
        cls.version = version

    def __new__(cls, term: Term) -> Self:
        member = str.__new__(cls, term.code)
        member._value_ = term.code
        member.term = term
        for field in fields(term):
            if field.name not in ("code", "group", *_SPOKEN):
                setattr(member, field.name, getattr(term, field.name))
        member.status = term.status or ("published" if term.source else "proposal")
        return member

    @property
    def code(self) -> str:
        """The stable lowercase code as a plain string, as stored."""
        return str(self.value)

    @property
    def label(self) -> str:
        """In the language of whoever reads; `term.label` is the source, for data and documents."""
        return say(self.term.label)

    @property
    def label_in_sentence(self) -> str:
        """In small letters, but where a language has its own rules, as for German nouns."""
        return self.label.lower() if self.label == self.term.label else self.label

    @property
    def definition(self) -> str:
        """In the language of whoever reads."""
        return say(self.term.definition)

    @property
    def exclusions(self) -> tuple[str, ...]:
        """In the language of whoever reads."""
        return tuple(map(say, self.term.exclusions))

    @property
    def group(self) -> "ClosedList | None":
        """The heading a long list shows the member under, itself a member of a closed list."""
        return self.term.group

    @property
    def sources(self) -> tuple[str, ...]:
        """Keys of ``SOURCES``, empty for a definition without a published source."""
        return tuple(self.source.split())

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Pairs of code and label in list order, as form and model fields take them."""
        return [(member.code, member.label) for member in cls]

    @classmethod
    def codes(cls) -> tuple[str, ...]:
        """All codes in list order."""
        return tuple(member.code for member in cls)

    @classmethod
    def get(cls, code: str) -> Self:
        """Return the member with this code.

        Raises
        ------
        UnknownCodeError
            The list has no such code.
        """
        for member in cls:
            if member.code == code:
                return member
        raise UnknownCodeError(list_code=cls.list_code, code=code)

    @classmethod
    def fingerprint(cls) -> str:
        """SHA-256, hexadecimal, over version, codes and all that gives them their meaning."""
        digest = hashlib.sha256(f"{cls.list_code}\x1f{cls.version}\x1e".encode())
        for member in cls:
            digest.update(member._fingerprint_line().encode())
        return digest.hexdigest()

    def _fingerprint_line(self) -> str:
        parts = [
            f"{field.name}={_as_text(getattr(self.term, field.name))}"
            for field in fields(self.term)
            if field.name not in _NOT_MEANING
        ]
        return "\x1f".join(parts) + "\x1e"


_SPOKEN = ("label", "definition", "exclusions")

_NOT_MEANING = frozenset({"source", "status", "colour", "glyph", "fill"})
"""A better source, a sign-off or another colour does not change what an answer means."""


def _as_text(value: object) -> str:
    if isinstance(value, tuple):
        return "\x1d".join(str(item) for item in value)
    return "" if value is None else str(value)


def _reused(member: ClosedList, *, group: ClosedList) -> Term:
    """The term of another list, word for word, under a heading of the list that reuses it."""
    return Term(
        member.code,
        member.term.label,
        member.term.definition,
        source=member.source,
        status=member.status,
        group=group,
        synonyms=member.synonyms,
        exclusions=member.term.exclusions,
    )


def _other(definition: str = "None of the answers above; say in words what it was.") -> Term:
    return Term("other", "Other", definition, needs_text=True)


def _unknown(definition: str = "Looked for, and it cannot be known.") -> Term:
    return Term("unknown", "Unknown", definition)


# The lists are set like a dictionary, not like code.
# fmt: off

# --------------------------------------------------------------------------- answers and dates


class YesNoUnknown(ClosedList, list_code="yes_no_unknown", list_label="Answer", version="1"):
    """A yes-or-no question; a field left empty was not recorded."""

    YES = Term("yes", "Yes", "The statement is true.")
    NO = Term("no", "No", "The statement was checked and is not true.")
    UNKNOWN = _unknown()


class PresenceState(ClosedList, list_code="presence", list_label="Presence", version="1"):
    """Whether something is there, and if that is not known, why not."""

    PRESENT = Term("present", "Present", "Looked for and found.")
    ABSENT = Term("absent", "Absent", "Looked for and not found.")
    UNKNOWN = _unknown()
    NOT_ASSESSED = Term("not_assessed", "Not assessed", "Nobody looked for it.")
    NOT_RECORDED = Term(
        "not_recorded", "Not recorded", "The source record does not say whether anybody looked.",
    )


class DatePrecision(
    ClosedList, list_code="date_precision", list_label="Precision of date", version="1"
):
    """How much of a stored date is known."""

    DAY = Term("day", "Day", "Day, month and year are known.")
    MONTH = Term("month", "Month", "Month and year are known, the day is not.")
    YEAR = Term("year", "Year", "Only the year is known.")
    UNKNOWN = Term("unknown", "Unknown", "Not even the year is known.")


class Urgency(ClosedList, list_code="urgency", list_label="Urgency", version="1"):
    """How soon a case or an operation had to be dealt with."""

    ELECTIVE = Term("elective", "Elective", "The date could be chosen freely.")
    URGENT = Term("urgent", "Urgent", "It had to happen soon, but not at once.")
    EMERGENCY = Term("emergency", "Emergency", "It had to happen at once.")
    UNKNOWN = _unknown()


# --------------------------------------------------------------------------------- the patient


class Sex(ClosedList, list_code="sex", list_label="Sex", version="1"):
    """Sex as recorded at the centre."""

    FEMALE = Term("female", "Female", "Recorded as female at the centre.")
    MALE = Term("male", "Male", "Recorded as male at the centre.")
    INDETERMINATE = Term("indeterminate", "Indeterminate", "Recorded as neither female nor male.")
    UNKNOWN = _unknown()


class ConsentStatus(
    ClosedList, list_code="consent", list_label="Consent to be in the registry", version="1"
):
    """On what footing the patient is in the registry."""

    GIVEN = Term("given", "Given", "The patient or a representative agreed.")
    DECLINED = Term(
        "declined", "Declined", "The patient or a representative was asked and refused.",
    )
    WITHDRAWN = Term("withdrawn", "Withdrawn", "Consent was given and later taken back.")
    WAIVED = Term("waived", "Waived", "The responsible body allowed recording without consent.")
    NOT_ASKED = Term("not_asked", "Not asked", "Nobody has asked yet.")
    UNKNOWN = _unknown()


class Origin(ClosedList, list_code="origin", list_label="Origin", version="1"):
    """Where in the nervous system the tone disorder comes from."""

    CEREBRAL = Term("cerebral", "Cerebral", "The tone disorder is of cerebral origin.")
    SPINAL = Term("spinal", "Spinal", "The tone disorder is of spinal origin.")
    BOTH = Term(
        "both", "Cerebral and spinal", "The tone disorder is of both cerebral and spinal origin.",
    )
    OTHER = _other("Neither cerebral nor spinal; say in words.")
    UNKNOWN = _unknown()


@dataclass(frozen=True, slots=True)
class DiagnosisTerm(Term):
    """A diagnosis with the origins it usually has; empty where no origin is laid down."""

    origins: tuple[Origin, ...] = ()


class Diagnosis(ClosedList, list_code="diagnosis", list_label="Underlying diagnosis", version="1"):
    """The disease for which the pump was implanted.

    Mappings to ICD and other code systems do not belong here: they are kept with who verified them.
    """

    origins: tuple[Origin, ...]

    CP_SPASTIC = DiagnosisTerm(
        "cp_spastic", "Cerebral palsy, spastic", "Cerebral palsy of the spastic subtype.",
        source="S38 S39", origins=(Origin.CEREBRAL,),
    )
    CP_DYSKINETIC = DiagnosisTerm(
        "cp_dyskinetic", "Cerebral palsy, dyskinetic", "Cerebral palsy of the dyskinetic subtype.",
        source="S38", origins=(Origin.CEREBRAL,),
    )
    CP_MIXED = DiagnosisTerm(
        "cp_mixed", "Cerebral palsy, mixed",
        "Cerebral palsy of mixed type; reported as a risk factor for infection.", source="S03 S38",
        origins=(Origin.CEREBRAL,),
    )
    CP_ATAXIC = DiagnosisTerm(
        "cp_ataxic", "Cerebral palsy, ataxic", "Cerebral palsy of the ataxic subtype.",
        source="S38", origins=(Origin.CEREBRAL,),
    )
    DYSTONIA_PRIMARY = DiagnosisTerm(
        "dystonia_primary", "Dystonia, primary", "Primary dystonia, for example DYT1.",
        source="S40 S41", origins=(Origin.CEREBRAL, Origin.OTHER),
    )
    DYSTONIA_SECONDARY = DiagnosisTerm(
        "dystonia_secondary", "Dystonia, secondary", "Dystonia secondary to another disease.",
        source="S40", origins=(Origin.CEREBRAL, Origin.OTHER),
    )
    SCI_TRAUMATIC = DiagnosisTerm(
        "sci_traumatic", "Spinal cord injury, traumatic", "Injury of the spinal cord by trauma.",
        source="S42 S43", origins=(Origin.SPINAL,),
    )
    SCI_NONTRAUMATIC = DiagnosisTerm(
        "sci_nontraumatic", "Spinal cord injury, non-traumatic",
        "Damage to the spinal cord without trauma.", source="S42 S43", origins=(Origin.SPINAL,),
    )
    MS = DiagnosisTerm(
        "ms", "Multiple sclerosis", "Multiple sclerosis, of spinal or cerebral origin.",
        source="S42", origins=(Origin.SPINAL, Origin.CEREBRAL),
    )
    STROKE = DiagnosisTerm(
        "stroke", "Stroke", "Tone disorder after a stroke.", source="S43",
        origins=(Origin.CEREBRAL,),
    )
    TBI = DiagnosisTerm(
        "tbi", "Traumatic brain injury", "Tone disorder after traumatic brain injury.",
        source="S43 S44", origins=(Origin.CEREBRAL,),
    )
    HYPOXIC_BI = DiagnosisTerm(
        "hypoxic_bi", "Hypoxic or other acquired brain injury",
        "Tone disorder after hypoxic or other acquired, non-traumatic brain injury.",
        source="S01-summary S45", origins=(Origin.CEREBRAL,),
    )
    HSP = DiagnosisTerm(
        "hsp", "Hereditary spastic paraparesis",
        "Hereditary spastic paraparesis, an inherited disease of spinal origin.", source="S46",
        origins=(Origin.SPINAL,), synonyms=("hereditary spastic paraplegia",),
    )
    CRPS = DiagnosisTerm(
        "crps", "Complex regional pain syndrome",
        "Complex regional pain syndrome, with or without dystonia.", source="S01-summary",
        origins=(Origin.OTHER,),
    )
    NBIA_METABOLIC = DiagnosisTerm(
        "nbia_metabolic", "NBIA or metabolic disease",
        "Neurodegeneration with brain iron accumulation or a metabolic disease, for example PKAN.",
        source="S47",
    )
    LEUKODYSTROPHY = DiagnosisTerm(
        "leukodystrophy", "Leukodystrophy", "A leukodystrophy of any kind.",
    )
    ALS_PLS = DiagnosisTerm("als_pls", "ALS or PLS", "Amyotrophic or primary lateral sclerosis.")
    STIFF_PERSON = DiagnosisTerm(
        "stiff_person", "Stiff-person syndrome",
        "Stiff-person syndrome, named among those at risk in withdrawal.", source="S48",
    )
    TUMOUR_SPINE = DiagnosisTerm(
        "tumour_spine", "Spinal tumour", "Tumour of the spine or spinal cord.",
    )
    MYELITIS = DiagnosisTerm("myelitis", "Myelitis", "Inflammation of the spinal cord.")
    SYRINX = DiagnosisTerm("syrinx", "Syrinx", "Fluid-filled cavity of the spinal cord.")
    OTHER = DiagnosisTerm(
        "other", "Other", "None of the diagnoses above; say in words.", needs_text=True,
    )
    UNKNOWN = DiagnosisTerm("unknown", "Unknown", "The underlying diagnosis cannot be known.")


class TonePattern(ClosedList, list_code="tone_pattern", list_label="Tone pattern", version="1"):
    """The kind of tone disorder that is treated."""

    SPASTICITY = Term("spasticity", "Spasticity", "Spasticity is the leading pattern.")
    DYSTONIA = Term("dystonia", "Dystonia", "Dystonia is the leading pattern.")
    MIXED = Term("mixed", "Mixed", "Spasticity and dystonia together.")
    RIGIDITY = Term("rigidity", "Rigidity", "Rigidity is the leading pattern.")
    UNKNOWN = _unknown()


class Laterality(ClosedList, list_code="laterality", list_label="Laterality", version="1"):
    """One or both sides of the body."""

    BILATERAL = Term("bilateral", "Bilateral", "Both sides of the body are affected.")
    UNILATERAL = Term("unilateral", "Unilateral", "One side of the body is affected.")
    UNKNOWN = _unknown()


class Topography(ClosedList, list_code="topography", list_label="Topography", version="1"):
    """Which limbs are affected."""

    QUADRIPLEGIA = Term(
        "quadriplegia", "Quadriplegia", "All four limbs are affected.", synonyms=("tetraplegia",),
    )
    DIPLEGIA = Term(
        "diplegia", "Diplegia", "All four limbs are affected, the legs more than the arms.",
        status="own",
    )
    HEMIPLEGIA = Term("hemiplegia", "Hemiplegia", "The limbs of one side are affected.")
    PARAPLEGIA = Term("paraplegia", "Paraplegia", "Both legs are affected.")
    UNKNOWN = _unknown()


class GmfcsLevel(ClosedList, list_code="gmfcs", list_label="GMFCS level", version="1"):
    """Gross Motor Function Classification System, expanded and revised, by usual performance.

    A classification, not an outcome. The wording of the levels stays with its authors.
    """

    LEVEL_I = Term("level_i", "I", "GMFCS level I, the least limited of five.", source="S117")
    LEVEL_II = Term(
        "level_ii", "II", "GMFCS level II of five; higher is more limited.", source="S117",
    )
    LEVEL_III = Term(
        "level_iii", "III", "GMFCS level III of five; higher is more limited.", source="S117",
    )
    LEVEL_IV = Term(
        "level_iv", "IV", "GMFCS level IV of five; higher is more limited.", source="S117",
    )
    LEVEL_V = Term("level_v", "V", "GMFCS level V, the most limited of five.", source="S117")
    NOT_APPLICABLE = Term(
        "not_applicable", "Not applicable", "The diagnosis is not one that is classified by GMFCS.",
    )
    NOT_ASSESSED = Term("not_assessed", "Not assessed", "Nobody has classified the patient.")
    UNKNOWN = _unknown()


class MacsLevel(ClosedList, list_code="macs", list_label="MACS level", version="1"):
    """Manual Ability Classification System, ages 4 to 18; a classification, not an outcome."""

    LEVEL_I = Term("level_i", "I", "MACS level I, the least limited of five.", source="S118")
    LEVEL_II = Term(
        "level_ii", "II", "MACS level II of five; higher is more limited.", source="S118",
    )
    LEVEL_III = Term(
        "level_iii", "III", "MACS level III of five; higher is more limited.", source="S118",
    )
    LEVEL_IV = Term(
        "level_iv", "IV", "MACS level IV of five; higher is more limited.", source="S118",
    )
    LEVEL_V = Term("level_v", "V", "MACS level V, the most limited of five.", source="S118")
    NOT_APPLICABLE = Term(
        "not_applicable", "Not applicable", "The patient is not one who is classified by MACS.",
    )
    NOT_ASSESSED = Term("not_assessed", "Not assessed", "Nobody has classified the patient.")
    UNKNOWN = _unknown()


class PatientFactor(
    ClosedList, list_code="patient_factor", list_label="Accompanying condition", version="1"
):
    """Conditions that published series link to complications of the therapy."""

    EPILEPSY = Term(
        "epilepsy", "Epilepsy",
        "The patient has epileptic seizures; associated with infection in one series.",
        source="S03",
    )
    GASTROSTOMY = Term(
        "gastrostomy", "Gastrostomy",
        "The patient has a feeding tube; a main infection risk in two series.", source="S02 S03",
    )
    VP_SHUNT = Term(
        "vp_shunt", "Ventriculoperitoneal shunt", "The patient has a ventriculoperitoneal shunt.",
    )
    SPINAL_FUSION = Term(
        "spinal_fusion", "Spinal fusion",
        "A spinal fusion has been done; listed as a potential contraindication.", source="S49",
    )
    SCOLIOSIS = Term("scoliosis", "Scoliosis", "The patient has scoliosis.")
    TRACHEOSTOMY = Term("tracheostomy", "Tracheostomy", "The patient has a tracheostomy.")
    SCI_T6_OR_ABOVE = Term(
        "sci_t6_or_above", "Spinal cord injury at T6 or above",
        "Spinal cord injury at T6 or above; high risk in withdrawal by boxed warning.",
        source="S44",
    )
    COMMUNICATION_DIFFICULTY = Term(
        "communication_difficulty", "Communication difficulty",
        "The patient cannot easily report symptoms; high risk in withdrawal by boxed warning.",
        source="S44",
    )
    PREVIOUS_WITHDRAWAL = Term(
        "previous_withdrawal", "Previous withdrawal",
        "An earlier baclofen withdrawal; high risk in withdrawal by boxed warning.", source="S44",
    )


# ---------------------------------------------------------------------- components and devices


class ComponentKind(ClosedList, list_code="component_kind", list_label="Component", version="1"):
    """The parts of a pump system, each with its own dates of placement and removal."""

    PUMP = Term(
        "pump", "Pump",
        "The implanted pump with reservoir and catheter access port, if it has one.",
    )
    PUMP_SEGMENT = Term("pump_segment", "Pump segment", "Catheter from the pump to the connector.")
    CONNECTOR = Term(
        "connector", "Connector",
        "The joint between pump segment and spinal segment, or between pump and catheter.",
    )
    SPINAL_SEGMENT = Term(
        "spinal_segment", "Spinal segment", "Catheter from the connector to the tip.",
    )


class AsDesigned(
    ClosedList, list_code="as_designed", list_label="Catheter as designed", version="1"
):
    """Whether a catheter still is what its manufacturer designed."""

    AS_DESIGNED = Term(
        "as_designed", "As designed", "The catheter is used as its manufacturer designed it.",
        source="S86",
    )
    REVISED = Term(
        "revised", "Revised, not as designed",
        "The catheter was revised in a way that was not designed; a class with worse survival in "
        "a device registry.", source="S86",
    )
    GRAFTED = Term(
        "grafted", "Grafted, not as designed",
        "Parts of different catheters were joined in a way that was not designed; a class with "
        "worse survival in a device registry.", source="S86",
    )
    UNKNOWN = _unknown()


class SpinalLevel(ClosedList, list_code="spinal_level", list_label="Spinal level", version="1"):
    """Vertebral level of the catheter's entry or tip, or of an end of the contrast."""

    C1 = Term("c1", "C1", "Level of the first cervical vertebra.")
    C2 = Term("c2", "C2", "Level of the second cervical vertebra.")
    C3 = Term("c3", "C3", "Level of the third cervical vertebra.")
    C4 = Term("c4", "C4", "Level of the fourth cervical vertebra.")
    C5 = Term("c5", "C5", "Level of the fifth cervical vertebra.")
    C6 = Term("c6", "C6", "Level of the sixth cervical vertebra.")
    C7 = Term("c7", "C7", "Level of the seventh cervical vertebra.")
    T1 = Term("t1", "T1", "Level of the first thoracic vertebra.")
    T2 = Term("t2", "T2", "Level of the second thoracic vertebra.")
    T3 = Term("t3", "T3", "Level of the third thoracic vertebra.")
    T4 = Term("t4", "T4", "Level of the fourth thoracic vertebra.")
    T5 = Term("t5", "T5", "Level of the fifth thoracic vertebra.")
    T6 = Term("t6", "T6", "Level of the sixth thoracic vertebra.")
    T7 = Term("t7", "T7", "Level of the seventh thoracic vertebra.")
    T8 = Term("t8", "T8", "Level of the eighth thoracic vertebra.")
    T9 = Term("t9", "T9", "Level of the ninth thoracic vertebra.")
    T10 = Term("t10", "T10", "Level of the tenth thoracic vertebra.")
    T11 = Term("t11", "T11", "Level of the eleventh thoracic vertebra.")
    T12 = Term("t12", "T12", "Level of the twelfth thoracic vertebra.")
    L1 = Term("l1", "L1", "Level of the first lumbar vertebra.")
    L2 = Term("l2", "L2", "Level of the second lumbar vertebra.")
    L3 = Term("l3", "L3", "Level of the third lumbar vertebra.")
    L4 = Term("l4", "L4", "Level of the fourth lumbar vertebra.")
    L5 = Term("l5", "L5", "Level of the fifth lumbar vertebra.")
    S1 = Term("s1", "S1", "Level of the first sacral vertebra.")
    UNKNOWN = _unknown()


class Manufacturer(ClosedList, list_code="manufacturer", list_label="Manufacturer", version="1"):
    """Who made a component."""

    MEDTRONIC = Term(
        "medtronic", "Medtronic", "SynchroMed and IsoMed pumps, Ascenda and InDura catheters.",
        source="S69 S73 S83",
    )
    FLOWONIX = Term("flowonix", "Flowonix", "Prometra pumps and their catheter.", source="S21 S75")
    CODMAN = Term(
        "codman", "Codman", "MedStream, 3000 and Archimedes pumps, SureStream catheter.",
        source="S77 S78",
    )
    TRICUMED = Term("tricumed", "Tricumed", "Siromedes, IP 2000 V and IP 1000 pumps.", status="own")
    OTHER = _other("Another manufacturer; say which.")
    UNKNOWN = _unknown()


class PumpDrive(ClosedList, list_code="pump_drive", list_label="Drive of pump", version="1"):
    """What moves the drug; a rotor study makes sense for peristaltic pumps only."""

    PERISTALTIC = Term(
        "peristaltic", "Peristaltic", "A motor-driven rotor squeezes the drug through a tube.",
        status="own",
    )
    CONSTANT_FLOW_GAS = Term(
        "constant_flow_gas", "Constant flow, gas",
        "Gas pressure drives the drug at a constant flow.", source="S78",
    )
    VALVE_GATED_GAS = Term(
        "valve_gated_gas", "Gas pressure, valve-gated",
        "Gas pressure drives the drug through programmed valves.", source="S28 S74",
    )
    CERAMIC = Term(
        "ceramic", "Ceramic, no gears", "A ceramic drive without gears or motor.", source="S77",
    )
    OTHER = _other("Another drive; say which.")
    UNKNOWN = _unknown()


_CATHETER = (ComponentKind.PUMP_SEGMENT, ComponentKind.CONNECTOR, ComponentKind.SPINAL_SEGMENT)
_PUMP = (ComponentKind.PUMP,)


@dataclass(frozen=True, slots=True)
class DeviceTerm(Term):
    """A device model. None is *no source found*; ``unverified`` names what of it is [own]."""

    manufacturer: Manufacturer = Manufacturer.UNKNOWN
    family: str = ""
    kinds: tuple[ComponentKind, ...] = ()
    drive: PumpDrive | None = None
    reservoir_ml: int | None = None
    has_access_port: bool | None = None
    length_cm: int | None = None
    ml_per_cm: Decimal | None = None
    service_life_years: int | None = None
    unverified: tuple[str, ...] = ()


class DeviceModel(ClosedList, list_code="device_model", list_label="Device model", version="2"):
    """Catalogue of pumps and catheters met in intrathecal baclofen therapy.

    Numbers are for plausibility checks and audit, never for dosing. ``None`` means that no source
    was found; attributes named in ``unverified`` rest on own knowledge.
    """

    manufacturer: Manufacturer
    family: str
    kinds: tuple[ComponentKind, ...]
    drive: PumpDrive | None
    reservoir_ml: int | None
    has_access_port: bool | None
    length_cm: int | None
    ml_per_cm: Decimal | None
    service_life_years: int | None
    unverified: tuple[str, ...]

    MEDTRONIC_8626_10 = DeviceTerm(
        "medtronic_8626_10", "Medtronic SynchroMed EL 8626-10",
        "Programmable pump with 10-mL reservoir; low-battery "
        "alarm after five to eight years in most, no shut-down; the earliest is counted.",
        source="S69 S68 S53",
        manufacturer=Manufacturer.MEDTRONIC, family="SynchroMed EL", kinds=_PUMP,
        drive=PumpDrive.PERISTALTIC, reservoir_ml=10, service_life_years=5, has_access_port=False,
        unverified=("has_access_port",),
    )
    MEDTRONIC_8626_18 = DeviceTerm(
        "medtronic_8626_18", "Medtronic SynchroMed EL 8626-18",
        "Programmable pump with 18-mL reservoir; low-battery "
        "alarm after five to eight years in most, no shut-down; the earliest is counted.",
        source="S69 S53",
        manufacturer=Manufacturer.MEDTRONIC, family="SynchroMed EL", kinds=_PUMP,
        drive=PumpDrive.PERISTALTIC, reservoir_ml=18, service_life_years=5, has_access_port=False,
        unverified=("has_access_port",),
    )
    MEDTRONIC_8626L_10 = DeviceTerm(
        "medtronic_8626l_10", "Medtronic SynchroMed EL 8626L-10",
        "Programmable pump with 10-mL reservoir, with suture loops; low-battery "
        "alarm after five to eight years in most, no shut-down; the earliest is counted.",
        source="S69 S68 S53",
        manufacturer=Manufacturer.MEDTRONIC, family="SynchroMed EL", kinds=_PUMP,
        drive=PumpDrive.PERISTALTIC, reservoir_ml=10, service_life_years=5, has_access_port=False,
        unverified=("has_access_port", "suture loops"),
    )
    MEDTRONIC_8626L_18 = DeviceTerm(
        "medtronic_8626l_18", "Medtronic SynchroMed EL 8626L-18",
        "Programmable pump with 18-mL reservoir, with suture loops; low-battery "
        "alarm after five to eight years in most, no shut-down; the earliest is counted.",
        source="S69 S53",
        manufacturer=Manufacturer.MEDTRONIC, family="SynchroMed EL", kinds=_PUMP,
        drive=PumpDrive.PERISTALTIC, reservoir_ml=18, service_life_years=5, has_access_port=False,
        unverified=("has_access_port", "suture loops"),
    )
    MEDTRONIC_8627_10 = DeviceTerm(
        "medtronic_8627_10", "Medtronic SynchroMed EL 8627-10",
        "Programmable pump with 10-mL reservoir; low-battery "
        "alarm after five to eight years in most, no shut-down; the earliest is counted.",
        source="S69 S68 S53",
        manufacturer=Manufacturer.MEDTRONIC, family="SynchroMed EL", kinds=_PUMP,
        drive=PumpDrive.PERISTALTIC, reservoir_ml=10, service_life_years=5, has_access_port=True,
        unverified=("has_access_port",),
    )
    MEDTRONIC_8627_18 = DeviceTerm(
        "medtronic_8627_18", "Medtronic SynchroMed EL 8627-18",
        "Programmable pump with 18-mL reservoir; low-battery "
        "alarm after five to eight years in most, no shut-down; the earliest is counted.",
        source="S69 S53",
        manufacturer=Manufacturer.MEDTRONIC, family="SynchroMed EL", kinds=_PUMP,
        drive=PumpDrive.PERISTALTIC, reservoir_ml=18, service_life_years=5, has_access_port=True,
        unverified=("has_access_port",),
    )
    MEDTRONIC_8627L_10 = DeviceTerm(
        "medtronic_8627l_10", "Medtronic SynchroMed EL 8627L-10",
        "Programmable pump with 10-mL reservoir, with suture loops; low-battery "
        "alarm after five to eight years in most, no shut-down; the earliest is counted.",
        source="S69 S68 S53",
        manufacturer=Manufacturer.MEDTRONIC, family="SynchroMed EL", kinds=_PUMP,
        drive=PumpDrive.PERISTALTIC, reservoir_ml=10, service_life_years=5, has_access_port=True,
        unverified=("has_access_port", "suture loops"),
    )
    MEDTRONIC_8627L_18 = DeviceTerm(
        "medtronic_8627l_18", "Medtronic SynchroMed EL 8627L-18",
        "Programmable pump with 18-mL reservoir, with suture loops; low-battery "
        "alarm after five to eight years in most, no shut-down; the earliest is counted.",
        source="S69 S53",
        manufacturer=Manufacturer.MEDTRONIC, family="SynchroMed EL", kinds=_PUMP,
        drive=PumpDrive.PERISTALTIC, reservoir_ml=18, service_life_years=5, has_access_port=True,
        unverified=("has_access_port", "suture loops"),
    )
    MEDTRONIC_8637_20 = DeviceTerm(
        "medtronic_8637_20", "Medtronic SynchroMed II 8637-20",
        "Programmable pump with 20-mL reservoir; replacement signalled by ERI, stop at seven "
        "years.", source="S53 S70 S71", manufacturer=Manufacturer.MEDTRONIC, family="SynchroMed II",
        kinds=_PUMP, drive=PumpDrive.PERISTALTIC, reservoir_ml=20, service_life_years=7,
    )
    MEDTRONIC_8637_40 = DeviceTerm(
        "medtronic_8637_40", "Medtronic SynchroMed II 8637-40",
        "Programmable pump with 40-mL reservoir; replacement signalled by ERI, stop at seven "
        "years.", source="S53 S70 S71", manufacturer=Manufacturer.MEDTRONIC, family="SynchroMed II",
        kinds=_PUMP, drive=PumpDrive.PERISTALTIC, reservoir_ml=40, service_life_years=7,
    )
    MEDTRONIC_8667_20 = DeviceTerm(
        "medtronic_8667_20", "Medtronic SynchroMed III 8667-20",
        "Programmable pump with 20-mL reservoir; family approved in October 2023.", source="S72",
        status="own", manufacturer=Manufacturer.MEDTRONIC, family="SynchroMed III", kinds=_PUMP,
        drive=PumpDrive.PERISTALTIC, reservoir_ml=20, unverified=("model", "reservoir_ml"),
    )
    MEDTRONIC_8667_40 = DeviceTerm(
        "medtronic_8667_40", "Medtronic SynchroMed III 8667-40",
        "Programmable pump with 40-mL reservoir; family approved in October 2023.", source="S72",
        status="own", manufacturer=Manufacturer.MEDTRONIC, family="SynchroMed III", kinds=_PUMP,
        drive=PumpDrive.PERISTALTIC, reservoir_ml=40, unverified=("model", "reservoir_ml"),
    )
    MEDTRONIC_8472_20 = DeviceTerm(
        "medtronic_8472_20", "Medtronic IsoMed 8472-20",
        "Constant-flow gas pump with 20-mL reservoir (from the model suffix), without battery.",
        source="S73", manufacturer=Manufacturer.MEDTRONIC, family="IsoMed", kinds=_PUMP,
        drive=PumpDrive.CONSTANT_FLOW_GAS, reservoir_ml=20, unverified=("battery",),
    )
    MEDTRONIC_8472_35 = DeviceTerm(
        "medtronic_8472_35", "Medtronic IsoMed 8472-35",
        "Constant-flow gas pump with 35-mL reservoir (from the model suffix), without battery.",
        source="S73", manufacturer=Manufacturer.MEDTRONIC, family="IsoMed", kinds=_PUMP,
        drive=PumpDrive.CONSTANT_FLOW_GAS, reservoir_ml=35, unverified=("battery",),
    )
    FLOWONIX_11827 = DeviceTerm(
        "flowonix_11827", "Flowonix Prometra 11827",
        "Valve-gated programmable pump with 20-mL reservoir; twelve years "
        "or more with baclofen by label.", source="S28 S75 S76",
        manufacturer=Manufacturer.FLOWONIX, family="Prometra", kinds=_PUMP,
        drive=PumpDrive.VALVE_GATED_GAS, reservoir_ml=20, service_life_years=12,
    )
    FLOWONIX_13827 = DeviceTerm(
        "flowonix_13827", "Flowonix Prometra II 13827",
        "Valve-gated programmable pump with flow-activated valve and 20-mL reservoir; twelve years "
        "or more with baclofen by label.",
        source="S28 S76", manufacturer=Manufacturer.FLOWONIX, family="Prometra II", kinds=_PUMP,
        drive=PumpDrive.VALVE_GATED_GAS, reservoir_ml=20, service_life_years=12,
    )
    FLOWONIX_16827 = DeviceTerm(
        "flowonix_16827", "Flowonix Prometra II 16827",
        "Valve-gated programmable pump with flow-activated valve and 40-mL reservoir; twelve years "
        "or more with baclofen by label.",
        source="S28 S76", manufacturer=Manufacturer.FLOWONIX, family="Prometra II", kinds=_PUMP,
        drive=PumpDrive.VALVE_GATED_GAS, reservoir_ml=40, service_life_years=12,
    )
    FLOWONIX_91827 = DeviceTerm(
        "flowonix_91827", "Flowonix Prometra 91827 (EU)",
        "European model number of the valve-gated programmable pump; reservoir not found.",
        source="S28 S75", manufacturer=Manufacturer.FLOWONIX, family="Prometra", kinds=_PUMP,
        drive=PumpDrive.VALVE_GATED_GAS,
    )
    FLOWONIX_93827 = DeviceTerm(
        "flowonix_93827", "Flowonix Prometra 93827 (EU)",
        "European model number of the valve-gated programmable pump; reservoir not found.",
        source="S28 S75", manufacturer=Manufacturer.FLOWONIX, family="Prometra", kinds=_PUMP,
        drive=PumpDrive.VALVE_GATED_GAS,
    )
    CODMAN_MEDSTREAM = DeviceTerm(
        "codman_medstream", "Codman MedStream",
        "Programmable pump with ceramic drive; 20- or 40-mL reservoir and withdrawal from the "
        "market are unverified; a battery of eight years is claimed.", source="S77",
        manufacturer=Manufacturer.CODMAN,
        family="MedStream", kinds=_PUMP, drive=PumpDrive.CERAMIC, service_life_years=8,
        unverified=("reservoir_ml", "market"),
    )
    CODMAN_3000 = DeviceTerm(
        "codman_3000", "Codman 3000",
        "Constant-flow gas pump in various reservoir sizes, without battery.", source="S78",
        manufacturer=Manufacturer.CODMAN, family="Codman 3000", kinds=_PUMP,
        drive=PumpDrive.CONSTANT_FLOW_GAS,
    )
    CODMAN_ARCHIMEDES = DeviceTerm(
        "codman_archimedes", "Codman Archimedes",
        "Constant-flow gas pump in various reservoir sizes, without battery.", source="S78",
        manufacturer=Manufacturer.CODMAN, family="Archimedes", kinds=_PUMP,
        drive=PumpDrive.CONSTANT_FLOW_GAS,
    )
    TRICUMED_SIROMEDES = DeviceTerm(
        "tricumed_siromedes", "Tricumed Siromedes",
        "Programmable or constant-flow pump; reservoir and service life not found.", status="own",
        manufacturer=Manufacturer.TRICUMED, family="Siromedes", kinds=_PUMP, unverified=("model",),
    )
    TRICUMED_IP_2000_V = DeviceTerm(
        "tricumed_ip_2000_v", "Tricumed IP 2000 V",
        "Programmable or constant-flow pump; reservoir and service life not found.", status="own",
        manufacturer=Manufacturer.TRICUMED, family="IP 2000 V", kinds=_PUMP, unverified=("model",),
    )
    TRICUMED_IP_1000 = DeviceTerm(
        "tricumed_ip_1000", "Tricumed IP 1000",
        "Programmable or constant-flow pump; reservoir and service life not found.", status="own",
        manufacturer=Manufacturer.TRICUMED, family="IP 1000", kinds=_PUMP, unverified=("model",),
    )
    MEDTRONIC_8780 = DeviceTerm(
        "medtronic_8780", "Medtronic Ascenda 8780",
        "Polymer-braided catheter of spinal and pump segment with sutureless pump connector.",
        source="S58 S83", manufacturer=Manufacturer.MEDTRONIC, family="Ascenda", kinds=_CATHETER,
        length_cm=114, ml_per_cm=Decimal("0.0022"), unverified=("length_cm", "ml_per_cm"),
    )
    MEDTRONIC_8781 = DeviceTerm(
        "medtronic_8781", "Medtronic Ascenda 8781",
        "Polymer-braided catheter of spinal and pump segment with sutureless pump connector.",
        source="S58 S83", manufacturer=Manufacturer.MEDTRONIC, family="Ascenda", kinds=_CATHETER,
        length_cm=140, ml_per_cm=Decimal("0.0022"), unverified=("length_cm", "ml_per_cm"),
    )
    MEDTRONIC_8782 = DeviceTerm(
        "medtronic_8782", "Medtronic Ascenda 8782", "Revision kit for the spinal segment.",
        status="own", manufacturer=Manufacturer.MEDTRONIC, family="Ascenda",
        kinds=(ComponentKind.SPINAL_SEGMENT,), ml_per_cm=Decimal("0.0022"),
        unverified=("model", "ml_per_cm"),
    )
    MEDTRONIC_8784 = DeviceTerm(
        "medtronic_8784", "Medtronic Ascenda 8784",
        "Model with pump connector; revision kit for the pump segment is unverified.", source="S58",
        manufacturer=Manufacturer.MEDTRONIC, family="Ascenda",
        kinds=(ComponentKind.PUMP_SEGMENT, ComponentKind.CONNECTOR), ml_per_cm=Decimal("0.0022"),
        unverified=("kinds", "ml_per_cm"),
    )
    MEDTRONIC_8709 = DeviceTerm(
        "medtronic_8709", "Medtronic InDura 1P 8709", "Catheter of silicone in one piece.",
        source="S84", manufacturer=Manufacturer.MEDTRONIC, family="InDura 1P", kinds=_CATHETER,
        ml_per_cm=Decimal("0.0022"), unverified=("ml_per_cm",),
    )
    MEDTRONIC_8709SC = DeviceTerm(
        "medtronic_8709sc", "Medtronic InDura 1P 8709SC",
        "One-piece silicone catheter with sutureless connector.", source="S84 S85",
        manufacturer=Manufacturer.MEDTRONIC, family="InDura 1P", kinds=_CATHETER,
        ml_per_cm=Decimal("0.0022"), unverified=("ml_per_cm",),
    )
    MEDTRONIC_8711 = DeviceTerm(
        "medtronic_8711", "Medtronic InDura 8711", "Catheter used with an access port.",
        source="S84", manufacturer=Manufacturer.MEDTRONIC, family="InDura", kinds=_CATHETER,
    )
    MEDTRONIC_8731 = DeviceTerm(
        "medtronic_8731", "Medtronic 8731",
        "Two-piece silicone catheter; 0.0022 to 0.0025 mL/cm is unverified.", status="own",
        manufacturer=Manufacturer.MEDTRONIC, family="8731", kinds=_CATHETER,
        unverified=("model", "ml_per_cm"),
    )
    MEDTRONIC_8731SC = DeviceTerm(
        "medtronic_8731sc", "Medtronic 8731SC",
        "Two-piece silicone catheter with sutureless connector; 0.0022 to 0.0025 mL/cm is "
        "unverified.", source="S85", manufacturer=Manufacturer.MEDTRONIC, family="8731",
        kinds=_CATHETER, unverified=("ml_per_cm",),
    )
    MEDTRONIC_8578 = DeviceTerm(
        "medtronic_8578", "Medtronic 8578", "Connector, revision kit or legacy catheter.",
        status="own", manufacturer=Manufacturer.MEDTRONIC, family="8578", kinds=_CATHETER,
        unverified=("model", "kinds"),
    )
    MEDTRONIC_8596SC = DeviceTerm(
        "medtronic_8596sc", "Medtronic 8596SC", "Connector, revision kit or legacy catheter.",
        status="own", manufacturer=Manufacturer.MEDTRONIC, family="8596SC", kinds=_CATHETER,
        unverified=("model", "kinds"),
    )
    MEDTRONIC_8598SC = DeviceTerm(
        "medtronic_8598sc", "Medtronic 8598SC", "Connector, revision kit or legacy catheter.",
        status="own", manufacturer=Manufacturer.MEDTRONIC, family="8598SC", kinds=_CATHETER,
        unverified=("model", "kinds"),
    )
    MEDTRONIC_8703W = DeviceTerm(
        "medtronic_8703w", "Medtronic 8703W", "Connector, revision kit or legacy catheter.",
        status="own", manufacturer=Manufacturer.MEDTRONIC, family="8703W", kinds=_CATHETER,
        unverified=("model", "kinds"),
    )
    FLOWONIX_11823 = DeviceTerm(
        "flowonix_11823", "Flowonix 11823",
        "Catheter of 110 cm that is trimmed at implant; 0.0026 mL/cm by label.", source="S21",
        manufacturer=Manufacturer.FLOWONIX, family="Prometra catheter", kinds=_CATHETER,
        length_cm=110, ml_per_cm=Decimal("0.0026"),
    )
    FLOWONIX_11830 = DeviceTerm(
        "flowonix_11830", "Flowonix 11830", "Revision kit of the Prometra catheter.", source="S21",
        manufacturer=Manufacturer.FLOWONIX, family="Prometra catheter", kinds=_CATHETER,
    )
    CODMAN_SURESTREAM = DeviceTerm(
        "codman_surestream", "Codman SureStream", "Catheter of the MedStream system.", source="S77",
        manufacturer=Manufacturer.CODMAN, family="SureStream", kinds=_CATHETER,
    )
    OTHER = DeviceTerm(
        "other", "Other", "A model that the catalogue does not hold; say which.", needs_text=True,
        kinds=tuple(ComponentKind),
    )
    UNKNOWN = DeviceTerm(
        "unknown", "Unknown", "The model cannot be known.", kinds=tuple(ComponentKind),
    )


# ------------------------------------------------------------------------------------ the drug


@dataclass(frozen=True, slots=True)
class DeliveryTerm(Term):
    """A mode; whether it has a dose per day, and whether a bolus."""

    daily: bool = False
    bolus: bool = False


class DeliveryMode(
    ClosedList, list_code="delivery_mode", list_label="Mode of delivery", version="1"
):
    """How the pump gives the drug from a day on, or a single bolus on that day."""

    daily: bool
    bolus: bool

    SIMPLE_CONTINUOUS = DeliveryTerm(
        "simple_continuous", "Simple continuous", "One rate all day.", status="own", daily=True,
    )
    FLEX = DeliveryTerm(
        "flex", "Flex",
        "Up to 13 steps a day, which may differ from day to day (SynchroMed II).", source="S96",
        daily=True,
    )
    PERIODIC_BOLUS = DeliveryTerm(
        "periodic_bolus", "Periodic bolus", "Boluses at set times of the day.", status="own",
        daily=True,
    )
    INTERMITTENT_FLOW = DeliveryTerm(
        "intermittent_flow", "Intermittent flow",
        "Flow and no flow in turn, as a valve-gated pump gives every rate.", source="S74",
        daily=True,
    )
    PATIENT_BOLUS = DeliveryTerm(
        "patient_bolus", "With boluses by the patient",
        "A rate all day, and boluses that the patient releases within limits.", status="own",
        daily=True, bolus=True,
    )
    MINIMUM_RATE = DeliveryTerm(
        "minimum_rate", "Minimum rate", "The lowest rate the pump can run at.", status="own",
        daily=True,
    )
    STOPPED = DeliveryTerm("stopped", "Stopped", "The pump gives nothing.", status="own")
    SINGLE_BOLUS = DeliveryTerm(
        "single_bolus", "Single bolus", "One bolus beside the dose of the day.", status="own",
        bolus=True,
    )
    PRIME_BOLUS = DeliveryTerm(
        "prime_bolus", "Prime bolus",
        "Fills an emptied catheter, and the tubing of a new pump, with drug up to the tip.",
        source="S15", bolus=True,
    )
    BRIDGE_BOLUS = DeliveryTerm(
        "bridge_bolus", "Bridge bolus",
        "Keeps the dose while catheter and tubing still hold the drug of another concentration.",
        source="S15", bolus=True,
    )
    UNKNOWN = DeliveryTerm("unknown", "Unknown", "The mode cannot be known.", daily=True)


# ------------------------------------------------------------------------------------ the case


class CaseTrigger(
    ClosedList, list_code="case_trigger", list_label="Trigger of the case", version="1"
):
    """Why a case was opened."""

    SUSPECTED_MALFUNCTION = Term(
        "suspected_malfunction", "Suspected malfunction",
        "Somebody suspects that the pump system fails.",
    )
    PLANNED_REPLACEMENT = Term(
        "planned_replacement", "Planned replacement",
        "A component is due for replacement, for example a battery close to expiration.",
    )
    INFECTION = Term(
        "infection", "Infection", "Infection of the system or the wound is suspected or proven.",
    )
    OTHER = _other()


class PresentingSignGroup(
    ClosedList, list_code="presenting_sign_group", list_label="Group of signs", version="1"
):
    """What a presenting sign points to."""

    UNDERDOSE = Term(
        "underdose", "Underdose, loss of effect", "Signs that too little drug arrives.",
    )
    WITHDRAWAL = Term(
        "withdrawal", "Withdrawal",
        "Signs of baclofen withdrawal; it evolves over one to three days.", source="S51",
    )
    OVERDOSE = Term("overdose", "Overdose", "Signs that too much drug arrives.", source="S52")
    INFECTION = Term("infection", "Infection", "Signs of infection of wound, pocket or meninges.")
    CSF_LEAK = Term("csf_leak", "CSF leak", "Signs that cerebrospinal fluid escapes.", source="S03")
    DEVICE = Term("device", "Device", "What the pump or its pocket shows.")
    DIFFERENTIAL = Term(
        "differential", "Other explanation",
        "Causes other than a failing system, which must be recordable too.", source="S05",
    )


class PresentingSign(
    ClosedList, list_code="presenting_sign", list_label="Presenting sign", version="1"
):
    """What made somebody suspect a malfunction; several may apply."""

    TONE_INCREASE = Term(
        "tone_increase", "Tone increase", "Muscle tone is higher than before.", source="S48",
        group=PresentingSignGroup.UNDERDOSE,
    )
    SPASM_INCREASE = Term(
        "spasm_increase", "Spasm increase", "Spasms are more frequent or stronger than before.",
        group=PresentingSignGroup.UNDERDOSE,
    )
    DYSTONIA_INCREASE = Term(
        "dystonia_increase", "Dystonia increase", "Dystonia is worse than before.",
        group=PresentingSignGroup.UNDERDOSE,
    )
    FUNCTION_LOSS = Term(
        "function_loss", "Loss of function", "The patient can do less than before.",
        group=PresentingSignGroup.UNDERDOSE,
    )
    PAIN_INCREASE = Term(
        "pain_increase", "Pain increase", "Pain is worse than before.",
        group=PresentingSignGroup.UNDERDOSE,
    )
    SLEEP_DISTURBANCE = Term(
        "sleep_disturbance", "Sleep disturbance", "Sleep is worse than before.",
        group=PresentingSignGroup.UNDERDOSE,
    )
    DOSE_ESCALATION_NO_EFFECT = Term(
        "dose_escalation_no_effect", "Dose escalation without effect",
        "The dose was raised without relief, for example doubled over two months.", source="S26",
        group=PresentingSignGroup.UNDERDOSE,
    )
    SPEECH_OR_SWALLOW_WORSE = Term(
        "speech_or_swallow_worse", "Speech or swallowing worse",
        "Dysarthria or difficulty handling food.", source="S35",
        group=PresentingSignGroup.UNDERDOSE,
    )

    PRURITUS_NO_RASH = Term(
        "pruritus_no_rash", "Itching without rash",
        "Pruritus without rash; very suggestive of withdrawal.", source="S48",
        group=PresentingSignGroup.WITHDRAWAL,
    )
    FEVER = Term(
        "fever", "Fever", "The body temperature is raised.", source="S48",
        group=PresentingSignGroup.WITHDRAWAL,
    )
    TACHYCARDIA = Term(
        "tachycardia", "Tachycardia", "The heart beats too fast.", source="S48",
        group=PresentingSignGroup.WITHDRAWAL,
    )
    BP_LABILE = Term(
        "bp_labile", "Labile blood pressure", "Blood pressure that swings.", source="S48",
        group=PresentingSignGroup.WITHDRAWAL,
    )
    PILOERECTION = Term(
        "piloerection", "Piloerection", "The skin shows goose flesh.", source="S48",
        group=PresentingSignGroup.WITHDRAWAL,
    )
    SWEATING = Term(
        "sweating", "Sweating", "More sweating than before.", group=PresentingSignGroup.WITHDRAWAL,
    )
    AGITATION = Term(
        "agitation", "Agitation", "The patient is agitated.", group=PresentingSignGroup.WITHDRAWAL,
    )
    HALLUCINATIONS = Term(
        "hallucinations", "Hallucinations", "The patient sees or hears what is not there.",
        source="S48", group=PresentingSignGroup.WITHDRAWAL,
    )
    SEIZURE = Term(
        "seizure", "Seizure", "An epileptic seizure; a sign of withdrawal and of overdose.",
        source="S48", group=PresentingSignGroup.WITHDRAWAL,
    )
    RIGIDITY = Term(
        "rigidity", "Rigidity", "The muscles are rigid.", source="S48",
        group=PresentingSignGroup.WITHDRAWAL,
    )
    REDUCED_CONSCIOUSNESS = Term(
        "reduced_consciousness", "Reduced consciousness",
        "The patient is less awake or responsive.", source="S48",
        group=PresentingSignGroup.WITHDRAWAL,
    )
    CK_RAISED = Term(
        "ck_raised", "Raised creatine kinase", "Creatine kinase above the laboratory's limit.",
        group=PresentingSignGroup.WITHDRAWAL,
    )
    RHABDOMYOLYSIS = Term(
        "rhabdomyolysis", "Rhabdomyolysis", "Muscle tissue breaks down.", source="S48",
        group=PresentingSignGroup.WITHDRAWAL,
    )
    DIC_OR_MOF = Term(
        "dic_or_mof", "DIC or multi-organ failure",
        "Disseminated intravascular coagulation, or hepatic, renal or other organ failure.",
        source="S48", group=PresentingSignGroup.WITHDRAWAL,
    )
    DEATH = Term(
        "death", "Death", "The patient has died.", source="S48",
        group=PresentingSignGroup.WITHDRAWAL,
    )

    HYPOTONIA = Term(
        "hypotonia", "Hypotonia", "Muscle tone is too low.", group=PresentingSignGroup.OVERDOSE,
    )
    DROWSINESS = Term(
        "drowsiness", "Drowsiness", "The patient is sleepy.", group=PresentingSignGroup.OVERDOSE,
    )
    COMA = Term(
        "coma", "Coma", "The patient cannot be roused.", source="S52",
        group=PresentingSignGroup.OVERDOSE,
    )
    RESPIRATORY_DEPRESSION = Term(
        "respiratory_depression", "Respiratory depression", "Breathing is too weak or has stopped.",
        source="S52", group=PresentingSignGroup.OVERDOSE,
    )
    HYPOTENSION = Term(
        "hypotension", "Hypotension", "Blood pressure is too low.", source="S52",
        group=PresentingSignGroup.OVERDOSE,
    )
    BRADYCARDIA = Term(
        "bradycardia", "Bradycardia", "The heart beats too slowly.",
        group=PresentingSignGroup.OVERDOSE,
    )
    VOMITING = Term(
        "vomiting", "Vomiting", "The patient vomits, once or repeatedly.",
        group=PresentingSignGroup.OVERDOSE,
    )

    WOUND_ERYTHEMA = Term(
        "wound_erythema", "Wound erythema", "Redness of a wound.",
        group=PresentingSignGroup.INFECTION,
    )
    DEHISCENCE = Term(
        "dehiscence", "Dehiscence", "A wound has opened.", group=PresentingSignGroup.INFECTION,
    )
    DISCHARGE = Term(
        "discharge", "Discharge", "A wound discharges fluid or pus.",
        group=PresentingSignGroup.INFECTION,
    )
    POCKET_COLLECTION = Term(
        "pocket_collection", "Collection in the pocket",
        "A collection in the pump pocket that is held for infected.",
        group=PresentingSignGroup.INFECTION,
    )
    MENINGITIS = Term(
        "meningitis", "Meningitis", "Infection of the meninges.", source="S39",
        group=PresentingSignGroup.INFECTION,
    )
    SKIN_EROSION = Term(
        "skin_erosion", "Skin erosion", "The skin over pump or catheter is worn through.",
        group=PresentingSignGroup.INFECTION,
    )

    POSTURAL_HEADACHE = Term(
        "postural_headache", "Postural headache", "Headache that depends on posture.", source="S03",
        group=PresentingSignGroup.CSF_LEAK,
    )
    CSF_WOUND_LEAK = Term(
        "csf_wound_leak", "CSF from the wound", "Cerebrospinal fluid leaks from a wound.",
        group=PresentingSignGroup.CSF_LEAK,
    )
    PSEUDOMENINGOCELE = Term(
        "pseudomeningocele", "Pseudomeningocele",
        "A collection of cerebrospinal fluid outside the dura.", source="S60",
        group=PresentingSignGroup.CSF_LEAK,
    )

    ALARM_NONCRITICAL = Term(
        "alarm_noncritical", "Non-critical alarm",
        "Pump alarm for low reservoir or elective replacement indicator.", source="S155",
        group=PresentingSignGroup.DEVICE,
    )
    ALARM_CRITICAL = Term(
        "alarm_critical", "Critical alarm",
        "Pump alarm for motor stall, end of service, reset or empty reservoir.", source="S155",
        group=PresentingSignGroup.DEVICE,
    )
    RESIDUAL_HIGH = Term(
        "residual_high", "Residual volume high", "More drug left in the reservoir than expected.",
        group=PresentingSignGroup.DEVICE,
    )
    RESIDUAL_LOW = Term(
        "residual_low", "Residual volume low", "Less drug left in the reservoir than expected.",
        group=PresentingSignGroup.DEVICE,
    )
    DIFFICULT_REFILL = Term(
        "difficult_refill", "Difficult refill",
        "The reservoir was hard to puncture; once the sign of a rotated pump.", source="S54",
        group=PresentingSignGroup.DEVICE,
    )
    PUMP_FLIP_SUSPECTED = Term(
        "pump_flip_suspected", "Pump flip suspected",
        "Somebody suspects that the pump has turned over.", group=PresentingSignGroup.DEVICE,
    )
    PUMP_PALPABLY_MOBILE = Term(
        "pump_palpably_mobile", "Pump palpably mobile",
        "The pump can be moved in its pocket by hand.", group=PresentingSignGroup.DEVICE,
    )
    POCKET_FLUID = Term(
        "pocket_fluid", "Fluid in the pocket",
        "Palpable fluid around the pump; once the clue to a torn connector.", source="S35",
        group=PresentingSignGroup.DEVICE,
    )

    NOXIOUS_STIMULUS = Term(
        "noxious_stimulus", "Noxious stimulus",
        "For example urinary infection, constipation, pressure sore, fracture or shunt failure.",
        source="S05", group=PresentingSignGroup.DIFFERENTIAL,
    )
    DISEASE_PROGRESSION = Term(
        "disease_progression", "Disease progression", "The underlying disease has progressed.",
        group=PresentingSignGroup.DIFFERENTIAL,
    )
    TOLERANCE = Term(
        "tolerance", "Tolerance", "The drug has less effect although it arrives.",
        group=PresentingSignGroup.DIFFERENTIAL,
    )
    PROGRAMMING_ERROR = Term(
        "programming_error", "Programming error", "The pump was programmed wrongly.",
        group=PresentingSignGroup.DIFFERENTIAL,
    )
    DRUG_ERROR = Term(
        "drug_error", "Drug error", "A wrong drug or concentration was filled.",
        group=PresentingSignGroup.DIFFERENTIAL,
    )
    MISSED_REFILL = Term(
        "missed_refill", "Missed refill", "A refill that was due did not happen.",
        group=PresentingSignGroup.DIFFERENTIAL,
    )
    OTHER = _other("A sign that is not in the list; say which.")


class WithdrawalSeverity(
    ClosedList, list_code="withdrawal_severity", list_label="Severity of withdrawal", version="1"
):
    """How severe the baclofen withdrawal was at its worst."""

    NONE = Term("none", "None", "No sign of withdrawal.")
    MILD = Term(
        "mild", "Mild",
        "Return of spasticity or rigidity, tachycardia, piloerection or pruritus without rash.",
        source="S48",
    )
    SIGNIFICANT = Term(
        "significant", "Significant", "There were seizures or hallucinations.", source="S48",
    )
    SEVERE = Term(
        "severe", "Severe",
        "Rigidity, fever, labile blood pressure or reduced consciousness; over 24 to 72 hours to "
        "rhabdomyolysis, hepatic or renal failure, DIC or death.", source="S48",
    )
    UNKNOWN = _unknown()


class WorkupStep(ClosedList, list_code="workup_step", list_label="Work-up step", version="1"):
    """What was done before or beside the contrast study to find the cause."""

    HISTORY_AND_EXAMINATION = Term(
        "history_and_examination", "History and examination",
        "Targeted history and examination, with a search for noxious stimuli.", source="S05",
    )
    LABORATORY = Term(
        "laboratory", "Laboratory", "Laboratory tests for another explanation.", source="S05",
    )
    INTERROGATION = Term(
        "interrogation", "Interrogation",
        "Telemetry of the pump: mode, dose, concentration, reservoir volume, alarms, event log; "
        "blind to the catheter.", source="S05 S15", synonyms=("telemetry",),
    )
    RESERVOIR_CHECK = Term(
        "reservoir_check", "Reservoir check",
        "The residual volume is aspirated and compared with the expected one.", source="S05",
    )
    PLAIN_RADIOGRAPH = Term(
        "plain_radiograph", "Plain radiograph",
        "Films from pump to tip: position and continuity, not patency.", source="S07 S08",
    )
    ROTOR_STUDY = Term(
        "rotor_study", "Rotor study",
        "Film or fluoroscopy before and after a programmed bolus; shows whether the pump motor "
        "turns.", source="S10",
    )
    NON_CONTRAST_CT = Term(
        "non_contrast_ct", "CT without contrast",
        "Low-dose CT for course and continuity of the catheter, not patency.", source="S17 S27",
    )
    LP_CT_MYELOGRAM = Term(
        "lp_ct_myelogram", "CT myelogram by lumbar puncture",
        "Contrast is given by lumbar puncture; shows the CSF compartment from below.", source="S04",
    )
    MRI = Term(
        "mri", "MRI", "Magnetic resonance imaging for granuloma, cord and fluid.", source="S04 S28",
    )
    INDIUM_SCINTIGRAPHY = Term(
        "indium_scintigraphy", "In-111-DTPA scintigraphy",
        "Indium-111 DTPA in the reservoir, planar or SPECT-CT; slow physiological infusion over "
        "days.", source="S14 S29",
    )
    TECHNETIUM_SCINTIGRAPHY = Term(
        "technetium_scintigraphy", "Tc-99m-DTPA scintigraphy",
        "Technetium-99m DTPA, done in about an hour; baclofen must be emptied from the reservoir "
        "first.", source="S32",
    )
    CSF_PRESSURE_WAVEFORM = Term(
        "csf_pressure_waveform", "CSF pressure waveform",
        "Pressure waveform through the catheter access port; a research method.", source="S34",
    )
    DIAGNOSTIC_BOLUS = Term(
        "diagnostic_bolus", "Diagnostic bolus",
        "Bolus by pump or lumbar puncture; the response tells pump from catheter from tolerance.",
        source="S35",
    )
    OTHER = _other("Another step; say which.")


class WorkupResult(
    ClosedList, list_code="workup_result", list_label="Result of work-up step", version="1"
):
    """What a work-up step said about the pump system."""

    NORMAL = Term("normal", "Normal", "The step was done and showed no malfunction.")
    ABNORMAL = Term(
        "abnormal", "Abnormal", "The step was done and showed a malfunction or a suspicion of one.",
    )
    INDETERMINATE = Term(
        "indeterminate", "Indeterminate", "The step was done and did not settle the question.",
    )
    NOT_DONE = Term("not_done", "Not done", "The step was not done.")
    UNKNOWN = Term("unknown", "Unknown", "Whether it was done, or its result, cannot be known.")


class PumpAlarm(ClosedList, list_code="pump_alarm", list_label="Pump alarm", version="1"):
    """Alarms found at interrogation."""

    NONE = Term("none", "None", "The pump was interrogated and reports no alarm.")
    LOW_RESERVOIR = Term(
        "low_reservoir", "Low reservoir", "The reservoir is near empty; non-critical.",
    )
    ERI = Term(
        "eri", "Elective replacement indicator",
        "Battery near its end; non-critical. SynchroMed II stops 90 days later.", source="S53 S155",
    )
    MOTOR_STALL = Term("motor_stall", "Motor stall", "The motor has stopped; critical.")
    EOS = Term(
        "eos", "End of service", "The pump has reached the end of its service; critical.",
        source="S53",
    )
    RESET = Term(
        "reset", "Reset", "The pump was reset, for example by low battery; critical.",
        source="S155",
    )
    EMPTY_RESERVOIR = Term(
        "empty_reservoir", "Empty reservoir", "The reservoir is empty; critical.",
    )
    OTHER = _other("Another alarm; say which.")


class RadiographFinding(
    ClosedList, list_code="radiograph_finding", list_label="Finding on the radiograph", version="1"
):
    """What plain films from pump to tip show; several may apply."""

    NO_ABNORMALITY = Term(
        "no_abnormality", "No abnormality", "Pump and catheter look intact and in place.",
    )
    DISCONTINUITY = Term(
        "discontinuity", "Discontinuity", "The catheter is interrupted along its course.",
        source="S07",
    )
    KINK = Term("kink", "Kink", "The catheter is bent sharply.")
    DISCONNECTION = Term(
        "disconnection", "Disconnection", "Two parts that belong together are apart.", source="S07",
    )
    MIGRATION = Term(
        "migration", "Migration", "The catheter is not where it was placed.", source="S07",
    )
    PUMP_FLIP = Term("pump_flip", "Pump flip", "The pump has turned over in its pocket.")
    PART_NOT_VISIBLE = Term(
        "part_not_visible", "Part not visible",
        "A part cannot be seen; newer catheters can be radiolucent, so this is no proof that it "
        "is missing.", source="S09",
    )
    OTHER = _other("Another finding; say which.")


class RotorResult(
    ClosedList, list_code="rotor_result", list_label="Result of rotor study", version="1"
):
    """Whether the rotor moved between the two films; the expected angle differs by model."""

    MOVED = Term("moved", "Moved", "The rotor turned between the films.")
    NOT_MOVED = Term("not_moved", "Not moved", "The rotor did not turn between the films.")
    INDETERMINATE = Term("indeterminate", "Indeterminate", "The films do not tell.")


class CaseOutcome(
    ClosedList, list_code="case_outcome", list_label="Outcome of the case", version="1"
):
    """How a case ended."""

    RESOLVED_BY_SURGERY = Term(
        "resolved_by_surgery", "Resolved after revision surgery",
        "Revision surgery was done and the problem has ended.",
    )
    RESOLVED_WITHOUT_SURGERY = Term(
        "resolved_without_surgery", "Resolved without surgery",
        "The problem ended without an operation.",
    )
    REPLACED_AS_PLANNED = Term(
        "replaced_as_planned", "Replaced as planned", "A planned replacement was done.",
    )
    UNRESOLVED = Term(
        "unresolved", "Unresolved", "The case was closed although the problem persists.",
    )
    THERAPY_ENDED = Term(
        "therapy_ended", "Therapy ended", "Intrathecal therapy was given up or the system removed.",
    )
    TRANSFERRED = Term("transferred", "Transferred", "Another centre has taken over.")
    LOST_TO_FOLLOW_UP = Term(
        "lost_to_follow_up", "Lost to follow-up", "Nobody knows how it went on.",
    )
    DIED = Term("died", "Died", "The patient died before the case could end.")
    OTHER = _other("It ended in another way; say how.")


# -------------------------------------------------------------------------- the contrast study


class ModalityGroup(
    ClosedList, list_code="modality_group", list_label="Kind of modality", version="1"
):
    """Whether a modality is a contrast study or stands beside it."""

    CONTRAST_STUDY = Term(
        "contrast_study", "Contrast study", "Contrast goes through the catheter access port.",
    )
    ADJUNCT = Term(
        "adjunct", "Beside the contrast study",
        "A test that does without contrast through the catheter access port.",
    )


class Modality(ClosedList, list_code="modality", list_label="Modality", version="1"):
    """How a contrast study was imaged, and the tests that stand beside it."""

    CAP_CT_MYELOGRAPHY = Term(
        "cap_ct_myelography", "CT contrast study",
        "Contrast through the catheter access port, imaged by CT: leak site and distribution.",
        source="S01 S04", synonyms=("CAP-CT-myelography",), group=ModalityGroup.CONTRAST_STUDY,
    )
    CAP_FLUOROSCOPY = Term(
        "cap_fluoroscopy", "Fluoroscopic contrast study",
        "Contrast through the catheter access port under fluoroscopy: flow in real time; of "
        "limited value on its own.", source="S04", synonyms=("CAP-myelography",),
        group=ModalityGroup.CONTRAST_STUDY,
    )
    CAP_FLUOROSCOPY_AND_CT = Term(
        "cap_fluoroscopy_and_ct", "Fluoroscopic and CT contrast study",
        "Contrast through the catheter access port, fluoroscopy first and CT after it.",
        source="S04", group=ModalityGroup.CONTRAST_STUDY,
    )
    INTERROGATION = _reused(WorkupStep.INTERROGATION, group=ModalityGroup.ADJUNCT)
    PLAIN_RADIOGRAPH = _reused(WorkupStep.PLAIN_RADIOGRAPH, group=ModalityGroup.ADJUNCT)
    ROTOR_STUDY = _reused(WorkupStep.ROTOR_STUDY, group=ModalityGroup.ADJUNCT)
    NON_CONTRAST_CT = _reused(WorkupStep.NON_CONTRAST_CT, group=ModalityGroup.ADJUNCT)
    LP_CT_MYELOGRAM = _reused(WorkupStep.LP_CT_MYELOGRAM, group=ModalityGroup.ADJUNCT)
    MRI = _reused(WorkupStep.MRI, group=ModalityGroup.ADJUNCT)
    INDIUM_SCINTIGRAPHY = _reused(WorkupStep.INDIUM_SCINTIGRAPHY, group=ModalityGroup.ADJUNCT)
    TECHNETIUM_SCINTIGRAPHY = _reused(
        WorkupStep.TECHNETIUM_SCINTIGRAPHY, group=ModalityGroup.ADJUNCT,
    )
    CSF_PRESSURE_WAVEFORM = _reused(WorkupStep.CSF_PRESSURE_WAVEFORM, group=ModalityGroup.ADJUNCT)
    DIAGNOSTIC_BOLUS = _reused(WorkupStep.DIAGNOSTIC_BOLUS, group=ModalityGroup.ADJUNCT)


class PortAccess(ClosedList, list_code="port_access", list_label="Access to the port", version="1"):
    """Whether the catheter access port was reached."""

    REACHED = Term("reached", "Reached", "The needle was in the catheter access port.")
    NOT_REACHED = Term("not_reached", "Not reached", "The port was tried and not reached.")
    NO_PORT = Term(
        "no_port", "No port", "The pump has no catheter access port, so the study is impossible.",
        status="own",
    )
    NOT_TRIED = Term("not_tried", "Not tried", "The study was stopped before the puncture.")
    UNKNOWN = _unknown()


class AccessGuidance(
    ClosedList, list_code="access_guidance", list_label="Guidance of puncture", version="1"
):
    """What guided the needle to the port."""

    PALPATION_TEMPLATE = Term(
        "palpation_template", "Palpation or template",
        "By hand, with or without the template of the kit.", source="S11",
    )
    FLUOROSCOPY = Term("fluoroscopy", "Fluoroscopy", "Fluoroscopy guided the needle.")
    ULTRASOUND = Term("ultrasound", "Ultrasound", "Ultrasound guided the needle.")
    CT = Term("ct", "CT", "CT guided the needle.")
    UNKNOWN = _unknown()


class AccessNeedle(ClosedList, list_code="access_needle", list_label="Needle", version="1"):
    """The needle put into the catheter access port; a mesh admits only the fine one."""

    GAUGE_24_NON_CORING = Term(
        "gauge_24_non_coring", "24 gauge, non-coring",
        "The 24-gauge non-coring needle of the access kit.", source="S11 S12",
    )
    OTHER = _other("Another needle; say its gauge and type.")
    UNKNOWN = _unknown()


class AspirationResult(ClosedList, list_code="aspiration", list_label="Aspiration", version="1"):
    """What came when the catheter was aspirated; without it no contrast is injected."""

    FREE = Term("free", "Free", "Fluid came freely on aspiration.")
    SLOW = Term("slow", "Slow", "Fluid came slowly on aspiration.")
    NONE = Term(
        "none", "None", "Nothing could be aspirated; it does not prove an occlusion.", source="S14",
    )
    NOT_TRIED = Term("not_tried", "Not tried", "The study was stopped before aspiration.")
    UNKNOWN = _unknown()


@dataclass(frozen=True, slots=True)
class OutcomeTerm(Term):
    """A study outcome as it is shown; a completed study shows its finding instead."""

    colour: str | None = None
    glyph: str | None = None
    fill: Fill = "solid"


class StudyOutcomeCode(
    ClosedList, list_code="study_outcome", list_label="Outcome of the study", version="1"
):
    """How a contrast study ended. A stopped study is non-diagnostic, never abnormal or normal."""

    colour: str | None
    glyph: str | None
    fill: Fill

    COMPLETED = OutcomeTerm(
        "completed", "Completed", "Contrast was injected and imaged.", source="S01",
    )
    STOPPED_NOT_ASPIRABLE = OutcomeTerm(
        "stopped_not_aspirable", "Stopped, not aspirable",
        "Baclofen could not be aspirated and the procedure was stopped; no contrast was injected.",
        source="S01 S04 S14",
        exclusions=("Not aspirable is not occlusion: a working catheter often does not aspirate.",),
        colour="#444444", glyph="octagon", fill="outline",
    )
    STOPPED_OTHER = OutcomeTerm(
        "stopped_other", "Stopped, other reason",
        "Stopped for another reason: no access, a patient factor, or contrast injected into the "
        "pocket.", source="S04",
        exclusions=("Contrast put into the pocket by mistake is no leak of the system.",),
        colour="#444444", glyph="octagon", fill="outline",
    )


class StopReason(ClosedList, list_code="stop_reason", list_label="Reason to stop", version="1"):
    """Why a contrast study was stopped."""

    NOT_ASPIRABLE = Term(
        "not_aspirable", "Not aspirable",
        "Nothing could be aspirated; injecting would push the drug in the catheter as a bolus.",
        source="S01 S11 S14",
    )
    NO_ACCESS = Term(
        "no_access", "No access", "The catheter access port is missing or could not be reached.",
    )
    PATIENT_FACTOR = Term(
        "patient_factor", "Patient factor", "The patient's condition did not allow it to go on.",
    )
    POCKET_INJECTION = Term(
        "pocket_injection", "Pocket injection",
        "Contrast was injected into the pump pocket by mistake.", source="S04",
    )
    PROCEDURE_ERROR = Term(
        "procedure_error", "Procedure error", "Another error in carrying out the study.",
    )
    OTHER = _other("Another reason; say which.")
    UNKNOWN = _unknown()


class IntrathecalLabel(
    ClosedList, list_code="intrathecal_label", list_label="Intrathecal use by label", version="1"
):
    """What a product's label says about intrathecal use."""

    LABELLED = Term(
        "labelled", "Labelled for intrathecal use", "The label covers intrathecal use.",
        source="S22 S23",
    )
    FORBIDDEN = Term(
        "forbidden", "Not for intrathecal use", "A boxed warning forbids intrathecal use.",
        source="S22 S25",
    )
    BY_PRODUCT = Term(
        "by_product", "Depends on the product",
        "Some presentations are labelled intrathecal, others carry a boxed warning.", source="S25",
    )
    UNKNOWN = _unknown()


@dataclass(frozen=True, slots=True)
class ContrastTerm(Term):
    """A contrast product with its iodine concentration and what its label allows."""

    mgi_per_ml: int | None = None
    intrathecal: IntrathecalLabel = IntrathecalLabel.UNKNOWN


class ContrastProduct(
    ClosedList, list_code="contrast_product", list_label="Contrast product", version="1"
):
    """What was injected, judged by product and not by molecule: a record, not advice."""

    mgi_per_ml: int | None
    intrathecal: IntrathecalLabel

    IOHEXOL_180 = ContrastTerm(
        "iohexol_180", "Iohexol 180 mgI/mL",
        "Labelled for intrathecal use; the concentration for children.", source="S22 S24",
        mgi_per_ml=180, intrathecal=IntrathecalLabel.LABELLED,
    )
    IOHEXOL_240 = ContrastTerm(
        "iohexol_240", "Iohexol 240 mgI/mL",
        "Labelled for intrathecal use in adults; used in a case report of a contrast study.",
        source="S15 S22", mgi_per_ml=240, intrathecal=IntrathecalLabel.LABELLED,
    )
    IOHEXOL_300 = ContrastTerm(
        "iohexol_300", "Iohexol 300 mgI/mL",
        "Labelled for intrathecal use in adults; the highest concentration that is.",
        source="S22 S23", mgi_per_ml=300, intrathecal=IntrathecalLabel.LABELLED,
    )
    IOHEXOL_140 = ContrastTerm(
        "iohexol_140", "Iohexol 140 mgI/mL", "Must not be given intrathecally (boxed warning).",
        source="S22 S23", mgi_per_ml=140, intrathecal=IntrathecalLabel.FORBIDDEN,
    )
    IOHEXOL_350 = ContrastTerm(
        "iohexol_350", "Iohexol 350 mgI/mL", "Must not be given intrathecally (boxed warning).",
        source="S22 S23", mgi_per_ml=350, intrathecal=IntrathecalLabel.FORBIDDEN,
    )
    IODIXANOL = ContrastTerm(
        "iodixanol", "Iodixanol", "Not for intrathecal use (boxed warning of the US label).",
        source="S25", intrathecal=IntrathecalLabel.FORBIDDEN,
    )
    IOPAMIDOL = ContrastTerm(
        "iopamidol", "Iopamidol",
        "Some presentations are labelled intrathecal, others carry the boxed warning.",
        source="S25", intrathecal=IntrathecalLabel.BY_PRODUCT,
    )
    OTHER = ContrastTerm(
        "other", "Other", "Another product; say product and concentration.", needs_text=True,
    )
    UNKNOWN = ContrastTerm("unknown", "Unknown", "The product cannot be known.")


class AcquisitionPhase(
    ClosedList, list_code="acquisition_phase", list_label="Acquisition phase", version="1"
):
    """When after the injection images were taken."""

    IMMEDIATE = Term("immediate", "Immediate", "Directly after the injection.")
    DELAYED = Term(
        "delayed", "Delayed",
        "Again later, because the first images were equivocal; no delay specific to this study is "
        "published.", source="S18",
    )


class StudyAdverseEvent(
    ClosedList,
    list_code="study_adverse_event",
    list_label="Adverse event of the study",
    version="1",
):
    """What went wrong during or after a contrast study; several may apply."""

    NONE = Term("none", "None", "The patient was watched and nothing happened.")
    OVERDOSE = Term("overdose", "Overdose", "Signs of baclofen overdose.")
    WITHDRAWAL = Term("withdrawal", "Withdrawal", "Signs of baclofen withdrawal.")
    HEADACHE = Term("headache", "Headache", "Headache after the study.")
    INFECTION = Term("infection", "Infection", "Infection held to come from the study.")
    CONTRAST_REACTION = Term(
        "contrast_reaction", "Contrast reaction", "Reaction to the contrast agent.",
    )
    POCKET_INJECTION = Term(
        "pocket_injection", "Pocket injection",
        "Contrast was injected into the pump pocket by mistake.", source="S04",
    )
    OTHER = _other("Another event; say which.")


class NextStepGroup(
    ClosedList, list_code="next_step_group", list_label="Kind of next step", version="1"
):
    """The three ways on from a contrast study."""

    OBSERVE = Term(
        "observe", "Watch or treat without surgery",
        "No operation and no further test of the system.",
    )
    OTHER_TEST = Term("other_test", "Another test", "The system is tested again or in another way.")
    SURGERY = Term("surgery", "Surgery", "An operation on the system.")


class NextStep(ClosedList, list_code="next_step", list_label="Next step", version="1"):
    """What was decided after a contrast study; a record of decisions, not advice."""

    NO_ACTION = Term(
        "no_action", "No action",
        "Nothing further was needed; 8 of 27 had a normal scan and needed no surgery.",
        source="S01", group=NextStepGroup.OBSERVE,
    )
    SEARCH_PUMP_CAUSE = Term(
        "search_pump_cause", "Search for a pump cause",
        "The catheter is presumed patent; rotor and volume of the pump are checked.",
        group=NextStepGroup.OTHER_TEST,
    )
    SEARCH_OTHER_CAUSE = Term(
        "search_other_cause", "Search for another cause",
        "Noxious stimuli, tolerance, disease progression or drug error are looked for.",
        group=NextStepGroup.OBSERVE,
    )
    DOSE_TITRATION = Term(
        "dose_titration", "Dose titration", "The dose is changed.", group=NextStepGroup.OBSERVE,
    )
    BRIDGING_THERAPY = Term(
        "bridging_therapy", "Bridging therapy", "Oral or intravenous drugs bridge the time.",
        group=NextStepGroup.OBSERVE,
    )
    TRIAL_BOLUS = Term(
        "trial_bolus", "Trial bolus", "A bolus is given to see the response.",
        group=NextStepGroup.OTHER_TEST,
    )
    DELAYED_CT = Term(
        "delayed_ct", "Delayed CT", "CT is repeated after a delay.", group=NextStepGroup.OTHER_TEST,
    )
    REPEAT_STUDY = Term(
        "repeat_study", "Repeat the contrast study", "The contrast study is done again.",
        group=NextStepGroup.OTHER_TEST,
    )
    REPEAT_UNDER_FLUOROSCOPY = Term(
        "repeat_under_fluoroscopy", "Repeat under fluoroscopy",
        "The puncture is tried again under fluoroscopy.", group=NextStepGroup.OTHER_TEST,
    )
    RESERVOIR_SCINTIGRAPHY = Term(
        "reservoir_scintigraphy", "Scintigraphy by the reservoir",
        "In-111 or Tc-99m DTPA through the reservoir, planar or SPECT-CT.", source="S14 S29",
        group=NextStepGroup.OTHER_TEST,
    )
    NON_CONTRAST_CT = Term(
        "non_contrast_ct", "CT without contrast", "CT for course and continuity of the catheter.",
        source="S04", group=NextStepGroup.OTHER_TEST,
    )
    LP_CT_MYELOGRAM = Term(
        "lp_ct_myelogram", "CT myelogram by lumbar puncture",
        "Contrast is given by lumbar puncture.", source="S04", group=NextStepGroup.OTHER_TEST,
    )
    MRI = Term(
        "mri", "MRI", "MRI, for example for a mass at the tip.", source="S04",
        group=NextStepGroup.OTHER_TEST,
    )
    ELECTIVE_PUMP_REPLACEMENT = Term(
        "elective_pump_replacement", "Elective pump replacement",
        "The pump is replaced because its battery is close to expiration; the four operated "
        "normal cases of 2016.", source="S01", group=NextStepGroup.SURGERY,
    )
    CONNECTOR_REPAIR = Term(
        "connector_repair", "Connector repair", "The connector is repaired or replaced.",
        group=NextStepGroup.SURGERY,
    )
    PUMP_SEGMENT_REVISION = Term(
        "pump_segment_revision", "Pump segment revision", "The pump segment is revised.",
        group=NextStepGroup.SURGERY,
    )
    SPINAL_SEGMENT_REPLACEMENT = Term(
        "spinal_segment_replacement", "Spinal segment replacement",
        "The spinal segment is replaced.", group=NextStepGroup.SURGERY,
    )
    CATHETER_REPOSITION = Term(
        "catheter_reposition", "Catheter reposition",
        "The spinal segment is moved to where it should be.", group=NextStepGroup.SURGERY,
    )
    DURAL_REPAIR = Term(
        "dural_repair", "Dural repair", "The dura is repaired.", group=NextStepGroup.SURGERY,
    )
    SURGICAL_EXPLORATION = Term(
        "surgical_exploration", "Surgical exploration", "The system is explored by operation.",
        group=NextStepGroup.SURGERY,
    )
    OTHER = _other("Another step; say which.")
    UNKNOWN = _unknown()


# ------------------------------------------------------------------------- findings of imaging


class ImagingSite(ClosedList, list_code="imaging_site", list_label="Site of finding", version="1"):
    """Where on the images a finding lies; several may apply to one finding."""

    INTRATHECAL_AT_TIP = Term(
        "intrathecal_at_tip", "Intrathecal at the tip",
        "Within the thecal sac around the catheter tip.", source="S01",
    )
    TIP_LEVEL = Term("tip_level", "At tip level", "At the level of the catheter tip.", source="S01")
    INTRATHECAL_FOCAL_UNILATERAL = Term(
        "intrathecal_focal_unilateral", "Intrathecal, focal or one-sided",
        "Contrast stays in one place or on one side of the thecal sac.",
    )
    SUSPECTED_SUBDURAL = Term(
        "suspected_subdural", "Suspected subdural", "Contrast may lie between dura and arachnoid.",
    )
    PUMP_POCKET_AROUND_PUMP = Term(
        "pump_pocket_around_pump", "Around the pump", "Contrast is seen around the pump.",
        source="S01",
    )
    LUMBAR_CANAL_BELOW_ENTRY = Term(
        "lumbar_canal_below_entry", "Lumbar canal below catheter entry",
        "Contrast is seen in the lumbar canal below the level where the catheter enters.",
        source="S01",
    )
    LUMBAR_OUTSIDE_CANAL = Term(
        "lumbar_outside_canal", "Outside the canal, lumbar region",
        "Contrast is seen outside the canal in the lumbar region.", source="S01",
    )
    PUMP_CATHETER_CONNECTOR = Term(
        "pump_catheter_connector", "Pump-catheter connector",
        "At the connection of pump and catheter.", source="S04",
    )
    SEGMENT_SPLICE_CONNECTOR = Term(
        "segment_splice_connector", "Splice connector between the segments",
        "At the connector between pump segment and spinal segment.",
    )
    ALONG_SUBCUTANEOUS_TUNNEL = Term(
        "along_subcutaneous_tunnel", "Along the subcutaneous tunnel",
        "Along the catheter's subcutaneous tunnel.",
    )
    ANCHOR_SITE = Term("anchor_site", "Anchor site", "At the anchor of the catheter.")
    DORSAL_DURAL = Term(
        "dorsal_dural", "Dorsal dural leak", "Through the dura on the dorsal side.", source="S04",
    )
    EPIDURAL = Term("epidural", "Epidural", "In the epidural space.")
    MID_SPINAL_SEGMENT = Term(
        "mid_spinal_segment", "Mid spinal segment",
        "Along the spinal segment, away from both its ends.",
    )
    PUMP_SEGMENT = Term(
        "pump_segment", "Pump segment", "Along the catheter from the pump to the connector.",
    )
    NO_OPACIFICATION = Term(
        "no_opacification", "No opacification at all", "No contrast is seen in catheter or canal.",
    )
    TIP_SUBDURAL = Term(
        "tip_subdural", "Tip subdural", "Tip or contrast lies in the subdural space.",
        source="S04 S08 S26",
    )
    TIP_EPIDURAL = Term(
        "tip_epidural", "Tip epidural", "Tip or contrast lies in the epidural space.",
    )
    TIP_PARASPINAL = Term(
        "tip_paraspinal", "Tip paraspinal", "Tip or contrast lies in the paraspinal tissue.",
    )
    TIP_FORAMINAL = Term(
        "tip_foraminal", "Tip foraminal", "Tip or contrast lies in a neural foramen.",
    )
    TIP_VASCULAR = Term("tip_vascular", "Tip vascular", "Tip or contrast lies in a vessel.")
    OTHER = Term("other", "Other site", "Another site; say where.", needs_text=True)


@dataclass(frozen=True, slots=True)
class FindingTerm(Term):
    """A finding of imaging: how it is drawn, where it may lie, and what it counts as.

    ``is_positive`` is None where the finding is neither positive nor negative.
    """

    colour: str = ""
    glyph: str = ""
    fill: Fill = "solid"
    sites: tuple[ImagingSite, ...] = ()
    is_positive: bool | None = None


class ImagingFindingCode(
    ClosedList, list_code="ct_finding", list_label="Finding of the contrast study", version="1"
):
    """What a read says the contrast CT shows: one primary finding, and others, with sites.

    Categories follow Abousamra 2016; a study that was stopped has an outcome and no finding.
    """

    colour: str
    glyph: str
    fill: Fill
    sites: tuple[ImagingSite, ...]
    is_positive: bool | None

    NORMAL_CRESCENT = FindingTerm(
        "normal_crescent", "Normal crescent",
        "Free intrathecal contrast forms a perfect crescent shape.", source="S01",
        synonyms=("normal contrast study",),
        exclusions=(
            "Contrast in the thecal sac without a crescent is inadequate pooling.",
            "Where contrast also lies outside its intended path, a leak is recorded too.",
        ),
        colour="#009E73", glyph="crescent", sites=(ImagingSite.INTRATHECAL_AT_TIP,),
        is_positive=False,
    )
    INADEQUATE_POOLING = FindingTerm(
        "inadequate_pooling", "Inadequate pooling", "Contrast is seen without a crescent shape.",
        source="S01",
        synonyms=("poor pooling", "limited rostral flow", "limited and abnormal distribution"),
        exclusions=(
            "A small volume injected is not poor pooling.",
            "Loculation around the tip with no free flow is an occlusion.",
        ),
        colour="#E69F00", glyph="pool",
        sites=(
            ImagingSite.TIP_LEVEL, ImagingSite.INTRATHECAL_FOCAL_UNILATERAL,
            ImagingSite.SUSPECTED_SUBDURAL,
        ),
        is_positive=True,
    )
    LEAK = FindingTerm(
        "leak", "Leak",
        "Contrast is seen around the pump, in the lumbar canal below the level of catheter entry, "
        "outside the canal in the lumbar region, or elsewhere outside its intended path.",
        source="S01 S04", synonyms=("extravasation",),
        exclusions=(
            "Contrast injected into the pump pocket by mistake is a stopped study, not a leak.",
        ),
        colour="#0072B2", glyph="drop",
        sites=(
            ImagingSite.PUMP_POCKET_AROUND_PUMP, ImagingSite.LUMBAR_CANAL_BELOW_ENTRY,
            ImagingSite.LUMBAR_OUTSIDE_CANAL, ImagingSite.PUMP_CATHETER_CONNECTOR,
            ImagingSite.SEGMENT_SPLICE_CONNECTOR, ImagingSite.ALONG_SUBCUTANEOUS_TUNNEL,
            ImagingSite.ANCHOR_SITE, ImagingSite.DORSAL_DURAL, ImagingSite.EPIDURAL,
            ImagingSite.OTHER,
        ),
        is_positive=True,
    )
    OCCLUSION = FindingTerm(
        "occlusion", "Occlusion",
        "Contrast is loculated around the catheter tip with no free flow.", source="S01",
        synonyms=("obstruction of rostral flow",),
        exclusions=("A catheter that cannot be aspirated is a stopped study, not an occlusion.",),
        colour="#D55E00", glyph="blocked_line",
        sites=(
            ImagingSite.TIP_LEVEL, ImagingSite.MID_SPINAL_SEGMENT, ImagingSite.PUMP_SEGMENT,
            ImagingSite.NO_OPACIFICATION,
        ),
        is_positive=True,
    )
    MALPOSITION = FindingTerm(
        "malposition", "Malposition",
        "The tip, or the contrast from it, lies outside the thecal sac: subdural, epidural, "
        "paraspinal, foraminal or vascular.", source="S04 S08 S26", status="proposal",
        synonyms=("malposition, subdural", "malposition, extrathecal"),
        exclusions=("Contrast that has left a catheter with its tip in the thecal sac is a leak.",),
        colour="#CC79A7", glyph="line_beside_canal",
        sites=(
            ImagingSite.TIP_SUBDURAL, ImagingSite.TIP_EPIDURAL, ImagingSite.TIP_PARASPINAL,
            ImagingSite.TIP_FORAMINAL, ImagingSite.TIP_VASCULAR,
        ),
        is_positive=True,
    )
    INDETERMINATE = FindingTerm(
        "indeterminate", "Indeterminate",
        "The study was completed and cannot be read: artefact, dilution or motion.", source="S136",
        status="proposal",
        exclusions=("A study that was stopped is not indeterminate: it has no images to read.",),
        colour="#767676", glyph="question_ring", fill="hatched",
    )


# ------------------------------------------------------------------------------------ the read


class ReadSource(ClosedList, list_code="read_source", list_label="Source of the read", version="1"):
    """What the reader worked from."""

    IMAGES_HERE = Term(
        "images_here", "Images stored here",
        "The reader looked at the images that this registry holds.",
    )
    REPORT_ABSTRACTED = Term(
        "report_abstracted", "Abstracted from a report",
        "The answer was taken from a written report, as in retrospective cases.",
    )


class ReadAdequacy(
    ClosedList, list_code="read_adequacy", list_label="Adequacy of the images", version="1"
):
    """Whether the images allow an answer."""

    ADEQUATE = Term("adequate", "Adequate", "The images answer the question.")
    LIMITED = Term(
        "limited", "Limited",
        "The images answer the question in part, or with defects that may mislead.",
    )
    INADEQUATE = Term("inadequate", "Inadequate", "The images do not answer the question.")
    NOT_ASSESSED = Term(
        "not_assessed", "Not assessed", "The report does not speak of it and no images are here.",
    )


class Certainty(ClosedList, list_code="certainty", list_label="Certainty of a defect", version="1"):
    """How certain the reader is that the images show a defect of the catheter system.

    The codes are numbers so that reads can be ordered; empty means not assessable.
    """

    DEFINITELY_ABSENT = Term(
        "1", "1 · definitely absent", "The reader is sure that there is no defect.",
    )
    PROBABLY_ABSENT = Term("2", "2 · probably absent", "A defect is unlikely.")
    EQUIVOCAL = Term("3", "3 · equivocal", "A defect is as likely as not.")
    PROBABLY_PRESENT = Term("4", "4 · probably present", "A defect is likely.")
    DEFINITELY_PRESENT = Term(
        "5", "5 · definitely present", "The reader is sure that there is a defect.",
    )


class MeasurementKind(
    ClosedList, list_code="measurement_kind", list_label="Kind of measurement", version="1"
):
    """What a reader measures or points at on the images; each has points in the patient."""

    LENGTH = Term("length", "Length", "The distance between two points, in mm.")
    ANGLE = Term("angle", "Angle", "The angle at the middle one of three points, in degrees.")
    ELLIPSE = Term(
        "ellipse", "Ellipse", "Area of an ellipse on a slice, and the HU of the pixels inside.",
    )
    FREEHAND = Term(
        "freehand", "Outline",
        "Area of a region drawn on a slice, and the HU of the pixels inside.",
    )
    PROBE = Term("probe", "HU at a point", "The HU of the pixel of a slice at one point.")
    ARROW = Term("arrow", "Arrow", "Points at a place, with or without words; measures nothing.")


class InformationShown(
    ClosedList, list_code="information_shown", list_label="Information shown", version="1"
):
    """What a reader knew beside the images; several may apply, the first excludes the others."""

    IMAGES_ONLY = Term("images_only", "Images only", "Nothing but the images.")
    CLINICAL_QUESTION = Term(
        "clinical_question", "Clinical question",
        "Why the study was asked for, with the presenting signs.",
    )
    STUDY_CONDUCT = Term(
        "study_conduct", "Conduct of the study", "Aspiration, contrast and volumes.",
    )
    DEVICE_FACTS = Term(
        "device_facts", "Device facts", "Models, dates and positions of the components.",
    )
    WORKUP_RESULTS = Term(
        "workup_results", "Work-up results",
        "Results of interrogation, reservoir check, radiographs and other steps.",
    )
    PREVIOUS_IMAGING = Term(
        "previous_imaging", "Previous imaging", "Earlier images of the same patient.",
    )
    ORIGINAL_REPORT = Term("original_report", "Original report", "The report written at the time.")
    OPERATION = Term("operation", "Operation", "What an operation found; such a read is not blind.")


class ReferenceType(
    ClosedList, list_code="reference_type", list_label="Reference standard", version="1"
):
    """What the answer of the contrast study can be compared with."""

    SURGERY_CATHETER_TESTED = Term(
        "surgery_catheter_tested", "Surgery, catheter tested",
        "An operation at which the catheter was tested.",
    )
    SURGERY_PUMP_ONLY = Term(
        "surgery_pump_only", "Surgery, pump only",
        "An operation on the pump at which the catheter was not tested.",
    )
    OTHER_TEST = Term("other_test", "Another test", "Another test of the system.")
    CLINICAL_FOLLOWUP = Term(
        "clinical_followup", "Clinical follow-up", "The course without operation.",
    )
    NONE = Term("none", "None", "Nothing to compare with.")


class DiscordanceKind(
    ClosedList, list_code="discordance_kind", list_label="Kind of discordance", version="1"
):
    """On which side imaging and reference standard part."""

    FALSE_NEGATIVE = Term(
        "false_negative", "False negative", "Imaging showed no defect and there was one.",
    )
    FALSE_POSITIVE = Term(
        "false_positive", "False positive", "Imaging showed a defect and there was none.",
    )


class DiscordanceReason(
    ClosedList, list_code="discordance_reason", list_label="Reason of discordance", version="1"
):
    """Why imaging and operation disagree, after the known failure modes of the study."""

    CONNECTOR_OR_SLEEVE_TEAR = Term(
        "connector_or_sleeve_tear", "Connector or sleeve tear missed",
        "The contrast study showed no extravasation and the connector sleeve was torn.",
        source="S35", group=DiscordanceKind.FALSE_NEGATIVE,
    )
    POSITIONAL_TEAR = Term(
        "positional_tear", "Positional tear missed",
        "A tear that opens only in one position, as when the catheter neck is flexed.",
        source="S36", group=DiscordanceKind.FALSE_NEGATIVE,
    )
    OTHER_MISSED_CAUSE = Term(
        "other_missed_cause", "Other cause missed",
        "A normal study, and a later test showed a cause; 4 of 31 in one series.", source="S04",
        group=DiscordanceKind.FALSE_NEGATIVE,
    )
    LIMITED_DISTRIBUTION = Term(
        "limited_distribution", "Limited distribution without defect",
        "Limited distribution of contrast with a working system; both false positives of one "
        "series.", source="S04", group=DiscordanceKind.FALSE_POSITIVE,
    )
    APPARENT_POSITION = Term(
        "apparent_position", "Apparent malposition",
        "The catheter seemed to lie elsewhere than it did, as in the cord.", source="S37",
        group=DiscordanceKind.FALSE_POSITIVE,
    )
    OTHER = _other("Another reason; say which.")
    UNKNOWN = _unknown("No reason was found.")


# ----------------------------------------------------------------------------- revision surgery


class IndicationGroup(
    ClosedList, list_code="indication_group", list_label="Group of indications", version="1"
):
    """What an indication for revision is about."""

    BATTERY = Term("battery", "Battery", "The battery is near its end or spent.")
    CATHETER = Term("catheter", "Catheter", "The catheter fails or lies wrongly.")
    EXPLORATION = Term("exploration", "Exploration", "The cause is not known before the operation.")
    PUMP = Term("pump", "Pump", "The pump fails or lies wrongly.")
    INFECTION_WOUND = Term(
        "infection_wound", "Infection and wound", "Infection, wound and fluid collections.",
    )
    ELECTIVE = Term("elective", "Elective and other", "Reasons that do not lie in a failure.")


class RevisionIndication(
    ClosedList, list_code="revision_indication", list_label="Indication for revision", version="1"
):
    """Why an operation was done: one primary indication, others secondary.

    It also serves as the reason why a component was removed. The codes are a proposal throughout;
    a source says where the thing itself is described.
    """

    BATTERY_ERI = Term(
        "battery_eri", "Battery, replacement indicator",
        "The elective replacement indicator of the pump is on.", source="S53", status="proposal",
        group=IndicationGroup.BATTERY,
    )
    BATTERY_EOS = Term(
        "battery_eos", "Battery, end of service", "The pump has reached the end of its service.",
        source="S53", status="proposal", group=IndicationGroup.BATTERY,
    )
    BATTERY_PREMATURE = Term(
        "battery_premature", "Battery, premature", "The battery failed before its time.",
        group=IndicationGroup.BATTERY,
    )
    CATHETER_OCCLUSION = Term(
        "catheter_occlusion", "Catheter occlusion", "The catheter is blocked.", source="S43",
        status="proposal", group=IndicationGroup.CATHETER,
    )
    CATHETER_KINK = Term(
        "catheter_kink", "Catheter kink", "The catheter is bent sharply.", source="S43",
        status="proposal", group=IndicationGroup.CATHETER,
    )
    CATHETER_FRACTURE_OR_TEAR = Term(
        "catheter_fracture_or_tear", "Catheter fracture or tear", "The catheter is broken or torn.",
        source="S43", status="proposal", group=IndicationGroup.CATHETER,
    )
    CATHETER_DISCONNECTION_PUMP = Term(
        "catheter_disconnection_pump", "Disconnection at the pump",
        "The catheter has come off the pump.", source="S52", status="proposal",
        group=IndicationGroup.CATHETER,
    )
    CATHETER_DISCONNECTION_SPLICE = Term(
        "catheter_disconnection_splice", "Disconnection at the splice",
        "Pump segment and spinal segment have come apart.", group=IndicationGroup.CATHETER,
    )
    CATHETER_MIGRATION_INTRASPINAL = Term(
        "catheter_migration_intraspinal", "Migration within the canal",
        "The catheter has moved within the spinal canal.", group=IndicationGroup.CATHETER,
    )
    CATHETER_OUT_OF_CANAL = Term(
        "catheter_out_of_canal", "Catheter out of the canal",
        "The catheter has left the spinal canal.", group=IndicationGroup.CATHETER,
    )
    CATHETER_SUBDURAL_EPIDURAL = Term(
        "catheter_subdural_epidural", "Catheter subdural or epidural",
        "The catheter tip lies subdural or epidural.", source="S08 S26", status="proposal",
        group=IndicationGroup.CATHETER,
    )
    TIP_GRANULOMA = Term(
        "tip_granuloma", "Granuloma at the tip", "An inflammatory mass at the catheter tip.",
        group=IndicationGroup.CATHETER,
    )
    UNEXPLAINED_LOSS_OF_EFFECT_EXPLORATION = Term(
        "unexplained_loss_of_effect_exploration", "Exploration, unexplained loss of effect",
        "The effect was lost and no test told why.", group=IndicationGroup.EXPLORATION,
    )
    NOT_ASPIRABLE_EXPLORATION = Term(
        "not_aspirable_exploration", "Exploration, not aspirable",
        "The catheter could not be aspirated and was explored for that.", source="S14",
        status="proposal", group=IndicationGroup.EXPLORATION,
    )
    MOTOR_STALL = Term(
        "motor_stall", "Motor stall", "The pump motor has stopped.", source="S70",
        status="proposal", group=IndicationGroup.PUMP,
    )
    OVER_INFUSION = Term(
        "over_infusion", "Over-infusion", "The pump delivers more than programmed.",
        group=IndicationGroup.PUMP,
    )
    UNDER_INFUSION_PUMP = Term(
        "under_infusion_pump", "Under-infusion by the pump",
        "The pump delivers less than programmed.", group=IndicationGroup.PUMP,
    )
    PUMP_FLIP_ROTATION = Term(
        "pump_flip_rotation", "Pump flip or rotation", "The pump has turned over or rotated.",
        source="S54", status="proposal", group=IndicationGroup.PUMP,
    )
    PUMP_MIGRATION_OR_PROMINENCE = Term(
        "pump_migration_or_prominence", "Pump migration or prominence",
        "The pump has moved or stands out.", group=IndicationGroup.PUMP,
    )
    RESERVOIR_OR_SEPTUM_FAILURE = Term(
        "reservoir_or_septum_failure", "Reservoir or septum failure",
        "Reservoir or septum of the pump has failed.", group=IndicationGroup.PUMP,
    )
    RECALL_OR_ADVISORY = Term(
        "recall_or_advisory", "Recall or advisory",
        "The manufacturer or an authority has recalled or warned of the device.", source="S58 S70",
        status="proposal", group=IndicationGroup.PUMP,
    )
    INFECTION_SUPERFICIAL = Term(
        "infection_superficial", "Infection, superficial",
        "Infection of the wound that spares the pocket.", group=IndicationGroup.INFECTION_WOUND,
    )
    INFECTION_DEEP_POCKET = Term(
        "infection_deep_pocket", "Infection, deep or pocket",
        "Infection of the pump pocket or deeper.", group=IndicationGroup.INFECTION_WOUND,
    )
    MENINGITIS = Term(
        "meningitis", "Meningitis", "Infection of the meninges.", source="S39", status="proposal",
        group=IndicationGroup.INFECTION_WOUND,
    )
    WOUND_DEHISCENCE_EROSION = Term(
        "wound_dehiscence_erosion", "Wound dehiscence or erosion",
        "A wound has opened, or the skin is worn through.", group=IndicationGroup.INFECTION_WOUND,
    )
    CSF_LEAK = Term(
        "csf_leak", "CSF leak", "Cerebrospinal fluid escapes from its space.", source="S03",
        status="proposal", group=IndicationGroup.INFECTION_WOUND,
    )
    PSEUDOMENINGOCELE = Term(
        "pseudomeningocele", "Pseudomeningocele",
        "A collection of cerebrospinal fluid outside the dura.", source="S60", status="proposal",
        group=IndicationGroup.INFECTION_WOUND,
    )
    SEROMA_HAEMATOMA = Term(
        "seroma_haematoma", "Seroma or haematoma", "A collection of serous fluid or blood.",
        group=IndicationGroup.INFECTION_WOUND,
    )
    SPINAL_FUSION_OR_OTHER_SURGERY = Term(
        "spinal_fusion_or_other_surgery", "Spinal fusion or other surgery",
        "Another operation requires work on the system, for example a posterior spinal fusion.",
        source="S56", status="proposal", group=IndicationGroup.ELECTIVE,
    )
    ELECTIVE_REPOSITION_TIP = Term(
        "elective_reposition_tip", "Elective reposition of the tip", "The tip is moved by choice.",
        source="S57", status="proposal", group=IndicationGroup.ELECTIVE,
    )
    ELECTIVE_REPOSITION_PUMP = Term(
        "elective_reposition_pump", "Elective reposition of the pump",
        "The pump is moved by choice.", source="S57", status="proposal",
        group=IndicationGroup.ELECTIVE,
    )
    GROWTH = Term(
        "growth", "Growth", "The child has outgrown the system.", group=IndicationGroup.ELECTIVE,
    )
    UPSIZE_RESERVOIR = Term(
        "upsize_reservoir", "Larger reservoir", "A pump with a larger reservoir is wanted.",
        group=IndicationGroup.ELECTIVE,
    )
    THERAPY_NOT_EFFECTIVE = Term(
        "therapy_not_effective", "Therapy not effective",
        "The therapy does not help although the system works.", source="S39", status="proposal",
        group=IndicationGroup.ELECTIVE,
    )
    PATIENT_CHOICE = Term(
        "patient_choice", "Patient's choice", "The patient or family wants it.",
        group=IndicationGroup.ELECTIVE,
    )
    END_OF_THERAPY = Term(
        "end_of_therapy", "End of therapy", "The therapy is no longer needed.",
        group=IndicationGroup.ELECTIVE,
    )
    MRI_OR_IMAGING_NEED = Term(
        "mri_or_imaging_need", "Need of MRI or imaging",
        "The system stands in the way of imaging that is needed.", group=IndicationGroup.ELECTIVE,
    )
    OTHER = Term(
        "other", "Other", "None of the indications above; say in words.",
        group=IndicationGroup.ELECTIVE, needs_text=True,
    )


class Planning(ClosedList, list_code="planning", list_label="Planned or unplanned", version="1"):
    """Whether an operation was planned or the answer to a complication."""

    PLANNED = Term(
        "planned", "Planned",
        "For example end of battery, elective reposition, or a planned spinal fusion.",
        source="S56 S57",
    )
    UNPLANNED = Term(
        "unplanned", "Unplanned", "The answer to a failure or complication.", source="S56 S57",
    )
    UNKNOWN = _unknown()


class SurgicalApproach(
    ClosedList, list_code="surgical_approach", list_label="Approach", version="1"
):
    """Which wounds were opened."""

    PUMP_POCKET = Term("pump_pocket", "Pump pocket", "Only the pump pocket was opened.")
    LUMBAR = Term("lumbar", "Lumbar", "Only the lumbar wound was opened.")
    PUMP_POCKET_AND_LUMBAR = Term(
        "pump_pocket_and_lumbar", "Pump pocket and lumbar", "Both wounds were opened.",
    )
    OTHER = _other("Another approach; say which.")
    UNKNOWN = _unknown()


class ImagingKnown(
    ClosedList, list_code="imaging_known", list_label="Imaging known to the surgeon", version="1"
):
    """Whether the surgeon knew the result of the contrast study (STARD item 13b)."""

    KNOWN = Term(
        "known", "Known", "The surgeon knew the result of the contrast study.", source="S136",
    )
    NOT_KNOWN = Term(
        "not_known", "Not known", "There was a result and the surgeon did not know it.",
        source="S136",
    )
    NO_IMAGING = Term(
        "no_imaging", "No imaging", "There was no contrast study before the operation.",
    )
    UNKNOWN = _unknown()


class IntraoperativeSite(
    ClosedList, list_code="intraoperative_site", list_label="Site at operation", version="1"
):
    """Where the surgeon found it."""

    PUMP = Term("pump", "Pump", "In or on the pump itself.")
    PUMP_POCKET = Term("pump_pocket", "Pump pocket", "In the pocket around the pump.")
    PUMP_CONNECTOR = Term(
        "pump_connector", "Pump connector", "At the connection of pump and catheter.",
    )
    PUMP_SEGMENT = Term(
        "pump_segment", "Pump segment", "Along the catheter from the pump to the connector.",
    )
    TUNNEL = Term("tunnel", "Tunnel", "Along the subcutaneous tunnel.")
    SPLICE = Term("splice", "Splice", "At the connector between pump segment and spinal segment.")
    ANCHOR = Term("anchor", "Anchor", "At the anchor of the catheter.")
    LUMBAR = Term("lumbar", "Lumbar", "In the lumbar wound or at the entry of the catheter.")
    SPINAL_SEGMENT_EXTRASPINAL = Term(
        "spinal_segment_extraspinal", "Spinal segment, outside the spine",
        "Along the spinal segment before it enters the spine.",
    )
    SPINAL_SEGMENT_INTRASPINAL = Term(
        "spinal_segment_intraspinal", "Spinal segment, within the spine",
        "Along the spinal segment within the spine.", synonyms=("intraspinal",),
    )
    LUMEN = Term("lumen", "Lumen", "Within the lumen of the catheter.")
    TIP = Term("tip", "Tip", "At the tip of the catheter.")
    AT_LEVEL = Term(
        "at_level", "At a spinal level", "At a spinal level, which is recorded with it.",
    )


class IntraoperativeGroup(
    ClosedList, list_code="intraoperative_group", list_label="Group of findings", version="1"
):
    """What part of the system a finding at operation concerns.

    A pump-only defect is not positive for a test of the catheter.
    """

    NOTHING_FOUND = Term(
        "nothing_found", "Nothing found", "The system was explored and nothing was wrong.",
    )
    CATHETER_SYSTEM = Term(
        "catheter_system", "Catheter system",
        "Catheter segments and connectors: wall, lumen, joints and position.",
    )
    FLUID = Term("fluid", "Fluid", "Cerebrospinal fluid, serous fluid or blood outside its place.")
    PUMP = Term("pump", "Pump", "The pump itself and how it lies.")
    INFECTION = Term("infection", "Infection", "Infection of wound, pocket, track or meninges.")
    TISSUE = Term("tissue", "Tissue", "Changes of the tissue around the system.")


@dataclass(frozen=True, slots=True)
class IntraoperativeTerm(Term):
    """A finding at operation and the sites it may have; empty where a site makes no sense."""

    sites: tuple[IntraoperativeSite, ...] = ()


_JOINTS = (IntraoperativeSite.PUMP_CONNECTOR, IntraoperativeSite.SPLICE)
_COURSE = (
    IntraoperativeSite.PUMP_POCKET,
    IntraoperativeSite.TUNNEL,
    IntraoperativeSite.ANCHOR,
    IntraoperativeSite.SPINAL_SEGMENT_INTRASPINAL,
)
_WALL = (
    IntraoperativeSite.PUMP_SEGMENT,
    IntraoperativeSite.SPLICE,
    IntraoperativeSite.SPINAL_SEGMENT_EXTRASPINAL,
    IntraoperativeSite.SPINAL_SEGMENT_INTRASPINAL,
)
_LUMEN = (IntraoperativeSite.TIP, IntraoperativeSite.LUMEN, *_JOINTS)
_WOUNDS = (IntraoperativeSite.LUMBAR, IntraoperativeSite.PUMP_POCKET)


class IntraoperativeFindingCode(
    ClosedList, list_code="intraoperative_finding", list_label="Finding at operation", version="1"
):
    """What the surgeon found: the reference standard. Several may apply, each with its site."""

    sites: tuple[IntraoperativeSite, ...]

    NO_ABNORMALITY_FOUND = IntraoperativeTerm(
        "no_abnormality_found", "No abnormality found",
        "The system was explored and nothing was wrong; what was tested is recorded with it.",
        source="S57", group=IntraoperativeGroup.NOTHING_FOUND,
        exclusions=("A part that was not explored is recorded as not explored.",),
    )
    DISCONNECTION = IntraoperativeTerm(
        "disconnection", "Disconnection", "Two parts that belong together are apart.",
        source="S43 S52", group=IntraoperativeGroup.CATHETER_SYSTEM,
        sites=(*_JOINTS, IntraoperativeSite.ANCHOR),
    )
    CONNECTOR_LEAK = IntraoperativeTerm(
        "connector_leak", "Connector leak", "Fluid escapes at a connector.", source="S04",
        group=IntraoperativeGroup.CATHETER_SYSTEM, sites=_JOINTS,
    )
    SLEEVE_TEAR = IntraoperativeTerm(
        "sleeve_tear", "Sleeve tear", "The sleeve of a connector is torn.", source="S35",
        group=IntraoperativeGroup.CATHETER_SYSTEM, sites=_JOINTS,
    )
    KINK = IntraoperativeTerm(
        "kink", "Kink", "The catheter is bent sharply.", source="S43",
        group=IntraoperativeGroup.CATHETER_SYSTEM, sites=_COURSE,
    )
    KNOT_OR_LOOP = IntraoperativeTerm(
        "knot_or_loop", "Knot or loop", "The catheter is knotted or looped.",
        group=IntraoperativeGroup.CATHETER_SYSTEM, sites=_COURSE,
    )
    FRACTURE = IntraoperativeTerm(
        "fracture", "Fracture", "The catheter is broken.", source="S43",
        group=IntraoperativeGroup.CATHETER_SYSTEM, sites=_WALL,
    )
    PINHOLE_TEAR = IntraoperativeTerm(
        "pinhole_tear", "Pinhole or tear", "The catheter wall has a hole or tear.", source="S36",
        group=IntraoperativeGroup.CATHETER_SYSTEM, sites=_WALL,
    )
    SHEAR = IntraoperativeTerm(
        "shear", "Shear", "The catheter is sheared.", source="S04",
        group=IntraoperativeGroup.CATHETER_SYSTEM, sites=_WALL,
    )
    OCCLUSION_TIP_FIBROSIS = IntraoperativeTerm(
        "occlusion_tip_fibrosis", "Occlusion, fibrosis at the tip",
        "The tip is covered or closed by tissue.", source="S26",
        group=IntraoperativeGroup.CATHETER_SYSTEM, sites=_LUMEN,
    )
    OCCLUSION_DEBRIS = IntraoperativeTerm(
        "occlusion_debris", "Occlusion, debris", "The lumen is closed by debris.",
        group=IntraoperativeGroup.CATHETER_SYSTEM, sites=_LUMEN,
    )
    GRANULOMA_INFLAMMATORY_MASS = IntraoperativeTerm(
        "granuloma_inflammatory_mass", "Granuloma, inflammatory mass",
        "An inflammatory mass closes or surrounds the catheter.",
        group=IntraoperativeGroup.CATHETER_SYSTEM, sites=_LUMEN,
    )
    TISSUE_INGROWTH_CONNECTOR = IntraoperativeTerm(
        "tissue_ingrowth_connector", "Tissue ingrowth in the connector",
        "Tissue has grown into the connector.", source="S58",
        group=IntraoperativeGroup.CATHETER_SYSTEM, sites=_LUMEN,
    )
    MIGRATION_OUT_OF_CANAL = IntraoperativeTerm(
        "migration_out_of_canal", "Migration out of the canal",
        "The catheter has left the spinal canal.", group=IntraoperativeGroup.CATHETER_SYSTEM,
        sites=(IntraoperativeSite.AT_LEVEL,),
    )
    MIGRATION_WITHIN_CANAL = IntraoperativeTerm(
        "migration_within_canal", "Migration within the canal",
        "The catheter has moved within the spinal canal.",
        group=IntraoperativeGroup.CATHETER_SYSTEM, sites=(IntraoperativeSite.AT_LEVEL,),
    )
    SUBDURAL = IntraoperativeTerm(
        "subdural", "Subdural", "The catheter lies in the subdural space.", source="S08 S26",
        group=IntraoperativeGroup.CATHETER_SYSTEM, sites=(IntraoperativeSite.AT_LEVEL,),
    )
    EPIDURAL = IntraoperativeTerm(
        "epidural", "Epidural", "The catheter lies in the epidural space.",
        group=IntraoperativeGroup.CATHETER_SYSTEM, sites=(IntraoperativeSite.AT_LEVEL,),
    )
    INTRAPARENCHYMAL = IntraoperativeTerm(
        "intraparenchymal", "Intraparenchymal", "The catheter lies in the substance of the cord.",
        group=IntraoperativeGroup.CATHETER_SYSTEM, sites=(IntraoperativeSite.AT_LEVEL,),
    )
    CSF_LEAK_DURAL_ENTRY = IntraoperativeTerm(
        "csf_leak_dural_entry", "CSF leak at the dural entry",
        "Cerebrospinal fluid escapes where the catheter enters the dura.",
        group=IntraoperativeGroup.FLUID, sites=_WOUNDS,
    )
    PSEUDOMENINGOCELE = IntraoperativeTerm(
        "pseudomeningocele", "Pseudomeningocele",
        "A collection of cerebrospinal fluid outside the dura.", source="S60",
        group=IntraoperativeGroup.FLUID, sites=_WOUNDS,
    )
    POCKET_CSF_COLLECTION = IntraoperativeTerm(
        "pocket_csf_collection", "CSF in the pocket",
        "Cerebrospinal fluid has collected in the pocket.", group=IntraoperativeGroup.FLUID,
        sites=_WOUNDS,
    )
    SEROMA = IntraoperativeTerm(
        "seroma", "Seroma", "A collection of serous fluid.", group=IntraoperativeGroup.FLUID,
        sites=_WOUNDS,
    )
    HAEMATOMA = IntraoperativeTerm(
        "haematoma", "Haematoma", "A collection of blood.", group=IntraoperativeGroup.FLUID,
        sites=_WOUNDS,
    )
    PUMP_FLIP = IntraoperativeTerm(
        "pump_flip", "Pump flip", "The pump has turned over in its pocket.",
        group=IntraoperativeGroup.PUMP, sites=(IntraoperativeSite.PUMP_POCKET,),
    )
    PUMP_ROTATION = IntraoperativeTerm(
        "pump_rotation", "Pump rotation", "The pump has rotated in its pocket.", source="S54",
        group=IntraoperativeGroup.PUMP, sites=(IntraoperativeSite.PUMP_POCKET,),
    )
    SUTURE_LOOP_FAILURE = IntraoperativeTerm(
        "suture_loop_failure", "Suture loop failure", "A suture loop no longer holds the pump.",
        group=IntraoperativeGroup.PUMP, sites=(IntraoperativeSite.PUMP_POCKET,),
    )
    ROTOR_STALL = IntraoperativeTerm(
        "rotor_stall", "Rotor stall", "The rotor of the pump stands still.", source="S70",
        group=IntraoperativeGroup.PUMP, sites=(IntraoperativeSite.PUMP,),
    )
    BATTERY_DEPLETED = IntraoperativeTerm(
        "battery_depleted", "Battery depleted", "The battery of the pump is spent.", source="S53",
        group=IntraoperativeGroup.PUMP, sites=(IntraoperativeSite.PUMP,),
    )
    SEPTUM_LEAK = IntraoperativeTerm(
        "septum_leak", "Septum leak", "The septum of the reservoir leaks.",
        group=IntraoperativeGroup.PUMP, sites=(IntraoperativeSite.PUMP,),
    )
    RESERVOIR_LEAK = IntraoperativeTerm(
        "reservoir_leak", "Reservoir leak", "The reservoir of the pump leaks.",
        group=IntraoperativeGroup.PUMP, sites=(IntraoperativeSite.PUMP,),
    )
    CAP_LEAK = IntraoperativeTerm(
        "cap_leak", "Access port leak", "The catheter access port leaks.",
        group=IntraoperativeGroup.PUMP, sites=(IntraoperativeSite.PUMP,),
    )
    INFECTION_SUPERFICIAL = IntraoperativeTerm(
        "infection_superficial", "Infection, superficial",
        "Infection of the wound that spares the pocket.", group=IntraoperativeGroup.INFECTION,
    )
    INFECTION_POCKET = IntraoperativeTerm(
        "infection_pocket", "Infection of the pocket", "Infection of the pump pocket.",
        group=IntraoperativeGroup.INFECTION,
    )
    INFECTION_TRACK = IntraoperativeTerm(
        "infection_track", "Infection of the track", "Infection along the track of the catheter.",
        group=IntraoperativeGroup.INFECTION,
    )
    MENINGITIS = IntraoperativeTerm(
        "meningitis", "Meningitis", "Infection of the meninges.", source="S39",
        group=IntraoperativeGroup.INFECTION,
    )
    SKIN_EROSION = IntraoperativeTerm(
        "skin_erosion", "Skin erosion", "The skin over pump or catheter is worn through.",
        group=IntraoperativeGroup.TISSUE,
    )
    ARACHNOID_ADHESIONS = IntraoperativeTerm(
        "arachnoid_adhesions", "Arachnoid adhesions",
        "Adhesions of the arachnoid around the catheter.", source="S37",
        group=IntraoperativeGroup.TISSUE,
    )
    OTHER = IntraoperativeTerm(
        "other", "Other", "None of the findings above; say in words.", needs_text=True,
        group=IntraoperativeGroup.TISSUE, sites=tuple(IntraoperativeSite),
    )


class IntraoperativeStatus(
    ClosedList, list_code="intraoperative_status", list_label="Status of the finding", version="1"
):
    """What the operation says about a finding at a component."""

    CONFIRMED = Term("confirmed", "Confirmed", "Looked for and found.")
    EXCLUDED = Term("excluded", "Excluded", "Looked for and not found.")
    NOT_EXPLORED = Term(
        "not_explored", "Not explored", "Nobody looked, so it is neither confirmed nor excluded.",
    )


class ProofMethod(
    ClosedList, list_code="proof_method", list_label="How it was proven", version="1"
):
    """How a finding at operation was proven; several may apply."""

    INSPECTION = Term("inspection", "Inspection", "It was seen by eye.")
    CSF_BACKFLOW_ABSENT = Term(
        "csf_backflow_absent", "No CSF backflow",
        "No cerebrospinal fluid came back from the spinal segment.",
    )
    FLUSH_LEAK_SEEN = Term(
        "flush_leak_seen", "Leak on flushing",
        "Fluid was seen to escape when the catheter was flushed.",
    )
    FLUORO_INTRAOP = Term(
        "fluoro_intraop", "Fluoroscopy at operation",
        "It was shown by fluoroscopy during the operation.",
    )
    BENCH_RETURNED_PRODUCT_ANALYSIS = Term(
        "bench_returned_product_analysis", "Analysis of the returned product",
        "The manufacturer found it in the returned product.",
    )


class IntegrityTest(
    ClosedList, list_code="integrity_test", list_label="What was tested", version="1"
):
    """What was tested before it was said that nothing is wrong; several may apply."""

    CSF_BACKFLOW = Term(
        "csf_backflow", "CSF backflow",
        "Whether cerebrospinal fluid comes back from the spinal segment.",
    )
    PRESSURE_OR_SALINE_FLUSH = Term(
        "pressure_or_saline_flush", "Pressure or saline flush",
        "Whether the catheter holds a flush.",
    )
    CONNECTOR_INSPECTION = Term(
        "connector_inspection", "Connector inspected", "Whether the connector looks intact.",
    )
    NONE = Term("none", "Nothing tested", "The system was looked at and nothing was tested.")


class ProcedureGroup(
    ClosedList, list_code="procedure_group", list_label="Group of procedures", version="1"
):
    """What a procedure was done to."""

    PUMP = Term("pump", "Pump", "Procedures on the pump.")
    CATHETER = Term("catheter", "Catheter", "Procedures on catheter and connector.")
    WOUND_AND_DURA = Term(
        "wound_and_dura", "Wound and dura", "Procedures on wound, pocket and dura.",
    )
    ACCOMPANYING = Term(
        "accompanying", "Accompanying", "What was done beside, or instead of, a repair.",
    )


class Procedure(ClosedList, list_code="procedure", list_label="Procedure", version="1"):
    """What was done at an operation; several may apply."""

    PUMP_IMPLANT_PRIMARY = Term(
        "pump_implant_primary", "Primary pump implant", "A first pump was implanted.",
        group=ProcedureGroup.PUMP,
    )
    PUMP_REPLACEMENT_SAME_POCKET = Term(
        "pump_replacement_same_pocket", "Pump replacement, same pocket",
        "A new pump was put into the same pocket.", group=ProcedureGroup.PUMP,
    )
    PUMP_REPLACEMENT_NEW_POCKET = Term(
        "pump_replacement_new_pocket", "Pump replacement, new pocket",
        "A new pump was put into a new pocket.", group=ProcedureGroup.PUMP,
    )
    PUMP_REPOSITION = Term(
        "pump_reposition", "Pump reposition", "The same pump was put into a better position.",
        group=ProcedureGroup.PUMP,
    )
    PUMP_EXPLANT_NO_REPLACEMENT = Term(
        "pump_explant_no_replacement", "Pump explant", "The pump was removed and not replaced.",
        group=ProcedureGroup.PUMP,
    )
    CATHETER_FULL_REPLACEMENT = Term(
        "catheter_full_replacement", "Full catheter replacement",
        "All catheter segments were replaced.", group=ProcedureGroup.CATHETER,
    )
    PUMP_SEGMENT_REPLACEMENT = Term(
        "pump_segment_replacement", "Pump segment replacement", "The pump segment was replaced.",
        group=ProcedureGroup.CATHETER,
    )
    SPINAL_SEGMENT_REPLACEMENT = Term(
        "spinal_segment_replacement", "Spinal segment replacement",
        "The spinal segment was replaced.", group=ProcedureGroup.CATHETER,
    )
    CONNECTOR_REPAIR_OR_REPLACEMENT = Term(
        "connector_repair_or_replacement", "Connector repair or replacement",
        "The connector was repaired or replaced.", group=ProcedureGroup.CATHETER,
    )
    SPLICE_REPAIR = Term(
        "splice_repair", "Splice repair", "The joint of the two segments was repaired.",
        group=ProcedureGroup.CATHETER,
    )
    TIP_REPOSITION = Term(
        "tip_reposition", "Tip reposition", "The tip was moved to another place or level.",
        group=ProcedureGroup.CATHETER,
    )
    CATHETER_REANCHOR = Term(
        "catheter_reanchor", "Catheter anchored again", "The catheter was anchored again.",
        group=ProcedureGroup.CATHETER,
    )
    CATHETER_EXPLANT = Term(
        "catheter_explant", "Catheter explant", "The catheter was removed and not replaced.",
        group=ProcedureGroup.CATHETER,
    )
    DURAL_REPAIR_OR_BLOOD_PATCH = Term(
        "dural_repair_or_blood_patch", "Dural repair or blood patch",
        "The dura was closed, or a blood patch placed.", group=ProcedureGroup.WOUND_AND_DURA,
    )
    PSEUDOMENINGOCELE_REPAIR = Term(
        "pseudomeningocele_repair", "Pseudomeningocele repair", "A pseudomeningocele was repaired.",
        group=ProcedureGroup.WOUND_AND_DURA,
    )
    WASHOUT_DEBRIDEMENT_RETENTION = Term(
        "washout_debridement_retention", "Washout, system retained",
        "Washout and debridement with the system left in place.",
        group=ProcedureGroup.WOUND_AND_DURA,
    )
    WOUND_REVISION = Term(
        "wound_revision", "Wound revision", "A wound was revised.",
        group=ProcedureGroup.WOUND_AND_DURA,
    )
    EXTERNAL_DRAIN = Term(
        "external_drain", "External drain", "An external drain was placed.",
        group=ProcedureGroup.WOUND_AND_DURA,
    )
    EXPLORATION_ONLY = Term(
        "exploration_only", "Exploration only", "The system was explored and nothing was changed.",
        source="S57", group=ProcedureGroup.ACCOMPANYING,
    )
    LAMINOTOMY_ACCESS = Term(
        "laminotomy_access", "Access by laminotomy", "The canal was reached by laminotomy.",
        source="S60", group=ProcedureGroup.ACCOMPANYING,
    )
    INTRAOP_CONTRAST_STUDY = Term(
        "intraop_contrast_study", "Contrast study at operation",
        "Contrast was given during the operation.", group=ProcedureGroup.ACCOMPANYING,
    )
    CONCURRENT_ORTHOPAEDIC_PROCEDURE = Term(
        "concurrent_orthopaedic_procedure", "Concurrent orthopaedic procedure",
        "An orthopaedic procedure in the same session.", source="S02",
        group=ProcedureGroup.ACCOMPANYING,
    )
    OTHER = Term(
        "other", "Other", "Another procedure; say which.", needs_text=True,
        group=ProcedureGroup.ACCOMPANYING,
    )


class TechniqueGroup(
    ClosedList, list_code="technique_group", list_label="Group of techniques", version="1"
):
    """What a technique modifier describes."""

    PUMP_PLANE = Term(
        "pump_plane", "Plane of the pump", "The layer in which the pump lies.", source="S38 S59",
    )
    ACCESS = Term("access", "Access to the canal", "How the canal was reached.", source="S60")
    TUNNEL_PLANE = Term(
        "tunnel_plane", "Plane of the tunnel", "The layer in which the catheter is tunnelled.",
        source="S60",
    )
    WASH = Term("wash", "Wash", "What was used against infection.", source="S61")


class TechniqueModifier(
    ClosedList, list_code="technique_modifier", list_label="Technique", version="1"
):
    """How an operation was done, as far as series link it to complications; several may apply."""

    PUMP_SUBFASCIAL = Term(
        "pump_subfascial", "Pump subfascial",
        "The pump lies below the fascia; lower infection rate in two publications.",
        source="S38 S59", group=TechniqueGroup.PUMP_PLANE,
    )
    PUMP_SUBCUTANEOUS = Term(
        "pump_subcutaneous", "Pump subcutaneous", "The pump lies above the fascia.",
        source="S38 S59", group=TechniqueGroup.PUMP_PLANE,
    )
    ACCESS_LAMINOTOMY = Term(
        "access_laminotomy", "Access by laminotomy", "The canal was reached by laminotomy.",
        source="S60", group=TechniqueGroup.ACCESS,
    )
    ACCESS_NEEDLE = Term(
        "access_needle", "Access by needle", "The canal was reached by needle.", source="S60",
        group=TechniqueGroup.ACCESS,
    )
    TUNNEL_DEEP_TO_FASCIA = Term(
        "tunnel_deep_to_fascia", "Tunnel deep to the fascia",
        "The catheter runs deep to the thoracolumbar fascia.", source="S60",
        group=TechniqueGroup.TUNNEL_PLANE,
    )
    TUNNEL_SUPERFICIAL_TO_FASCIA = Term(
        "tunnel_superficial_to_fascia", "Tunnel superficial to the fascia",
        "The catheter runs superficial to the thoracolumbar fascia.", source="S60",
        group=TechniqueGroup.TUNNEL_PLANE,
    )
    VANCOMYCIN_WASH = Term(
        "vancomycin_wash", "Vancomycin wash", "The wound was washed with vancomycin.", source="S61",
        group=TechniqueGroup.WASH,
    )
    CHLORHEXIDINE_WASH = Term(
        "chlorhexidine_wash", "Chlorhexidine wash", "Chlorhexidine was used as a wash.",
        source="S61", group=TechniqueGroup.WASH,
    )


# ------------------------------------------------------------------- complications and outcome


class ComplicationGroup(
    ClosedList, list_code="complication_group", list_label="Group of complications", version="1"
):
    """What kind of event a complication is."""

    GENERAL = Term(
        "general", "Of the operation and therapy",
        "Events of operation, anaesthesia, programming and refill.",
    )
    WITHDRAWAL = Term("withdrawal", "Withdrawal", "Signs of baclofen withdrawal.", source="S51")
    OVERDOSE = Term("overdose", "Overdose", "Signs of baclofen overdose.", source="S52")
    INFECTION = Term(
        "infection", "Infection and wound", "Infection of wound, pocket, track or meninges.",
    )
    FLUID = Term(
        "fluid", "CSF and fluid", "Cerebrospinal fluid, serous fluid or blood outside its place.",
    )
    CATHETER = Term("catheter", "Catheter", "Failure of catheter or connector.")
    PUMP = Term("pump", "Pump", "Failure of the pump, or of how it lies.")


class ComplicationCode(
    ClosedList, list_code="complication", list_label="Type of complication", version="1"
):
    """What went wrong. Signs and operative findings are reused with their own codes and words.

    Early and late are not coded: dates are stored, and the audit derives its windows.
    """

    ANAESTHETIC = Term(
        "anaesthetic", "Anaesthetic", "A complication of anaesthesia.",
        group=ComplicationGroup.GENERAL,
    )
    NEURO_DEFICIT = Term(
        "neuro_deficit", "Neurological deficit", "A new neurological deficit.",
        group=ComplicationGroup.GENERAL,
    )
    DVT_PE = Term(
        "dvt_pe", "Thrombosis or embolism", "Deep vein thrombosis or pulmonary embolism.",
        group=ComplicationGroup.GENERAL,
    )
    WRONG_PROGRAMMING = Term(
        "wrong_programming", "Wrong programming", "The pump was programmed wrongly.",
        group=ComplicationGroup.GENERAL,
    )
    POCKET_FILL = Term(
        "pocket_fill", "Pocket fill",
        "Drug was filled into the pump pocket instead of the reservoir.",
        group=ComplicationGroup.GENERAL,
    )
    DRUG_ERROR = _reused(PresentingSign.DRUG_ERROR, group=ComplicationGroup.GENERAL)
    MISSED_REFILL = _reused(PresentingSign.MISSED_REFILL, group=ComplicationGroup.GENERAL)
    DEATH = _reused(PresentingSign.DEATH, group=ComplicationGroup.GENERAL)

    WITHDRAWAL_PERIOP = Term(
        "withdrawal_periop", "Withdrawal around operation",
        "Baclofen withdrawal around an operation.", group=ComplicationGroup.WITHDRAWAL,
    )
    PRURITUS_NO_RASH = _reused(PresentingSign.PRURITUS_NO_RASH, group=ComplicationGroup.WITHDRAWAL)
    FEVER = _reused(PresentingSign.FEVER, group=ComplicationGroup.WITHDRAWAL)
    TACHYCARDIA = _reused(PresentingSign.TACHYCARDIA, group=ComplicationGroup.WITHDRAWAL)
    BP_LABILE = _reused(PresentingSign.BP_LABILE, group=ComplicationGroup.WITHDRAWAL)
    PILOERECTION = _reused(PresentingSign.PILOERECTION, group=ComplicationGroup.WITHDRAWAL)
    SWEATING = _reused(PresentingSign.SWEATING, group=ComplicationGroup.WITHDRAWAL)
    AGITATION = _reused(PresentingSign.AGITATION, group=ComplicationGroup.WITHDRAWAL)
    HALLUCINATIONS = _reused(PresentingSign.HALLUCINATIONS, group=ComplicationGroup.WITHDRAWAL)
    SEIZURE = _reused(PresentingSign.SEIZURE, group=ComplicationGroup.WITHDRAWAL)
    RIGIDITY = _reused(PresentingSign.RIGIDITY, group=ComplicationGroup.WITHDRAWAL)
    REDUCED_CONSCIOUSNESS = _reused(
        PresentingSign.REDUCED_CONSCIOUSNESS, group=ComplicationGroup.WITHDRAWAL,
    )
    CK_RAISED = _reused(PresentingSign.CK_RAISED, group=ComplicationGroup.WITHDRAWAL)
    RHABDOMYOLYSIS = _reused(PresentingSign.RHABDOMYOLYSIS, group=ComplicationGroup.WITHDRAWAL)
    DIC_OR_MOF = _reused(PresentingSign.DIC_OR_MOF, group=ComplicationGroup.WITHDRAWAL)

    OVERDOSE_PERIOP = Term(
        "overdose_periop", "Overdose around operation", "Baclofen overdose around an operation.",
        group=ComplicationGroup.OVERDOSE,
    )
    HYPOTONIA = _reused(PresentingSign.HYPOTONIA, group=ComplicationGroup.OVERDOSE)
    DROWSINESS = _reused(PresentingSign.DROWSINESS, group=ComplicationGroup.OVERDOSE)
    COMA = _reused(PresentingSign.COMA, group=ComplicationGroup.OVERDOSE)
    RESPIRATORY_DEPRESSION = _reused(
        PresentingSign.RESPIRATORY_DEPRESSION, group=ComplicationGroup.OVERDOSE,
    )
    HYPOTENSION = _reused(PresentingSign.HYPOTENSION, group=ComplicationGroup.OVERDOSE)
    BRADYCARDIA = _reused(PresentingSign.BRADYCARDIA, group=ComplicationGroup.OVERDOSE)
    VOMITING = _reused(PresentingSign.VOMITING, group=ComplicationGroup.OVERDOSE)

    WOUND_ERYTHEMA = _reused(PresentingSign.WOUND_ERYTHEMA, group=ComplicationGroup.INFECTION)
    DEHISCENCE = _reused(PresentingSign.DEHISCENCE, group=ComplicationGroup.INFECTION)
    DISCHARGE = _reused(PresentingSign.DISCHARGE, group=ComplicationGroup.INFECTION)
    POCKET_COLLECTION = _reused(PresentingSign.POCKET_COLLECTION, group=ComplicationGroup.INFECTION)
    MENINGITIS = _reused(PresentingSign.MENINGITIS, group=ComplicationGroup.INFECTION)
    SKIN_EROSION = _reused(PresentingSign.SKIN_EROSION, group=ComplicationGroup.INFECTION)
    INFECTION_SUPERFICIAL = _reused(
        IntraoperativeFindingCode.INFECTION_SUPERFICIAL, group=ComplicationGroup.INFECTION,
    )
    INFECTION_POCKET = _reused(
        IntraoperativeFindingCode.INFECTION_POCKET, group=ComplicationGroup.INFECTION,
    )
    INFECTION_TRACK = _reused(
        IntraoperativeFindingCode.INFECTION_TRACK, group=ComplicationGroup.INFECTION,
    )

    POSTURAL_HEADACHE = _reused(PresentingSign.POSTURAL_HEADACHE, group=ComplicationGroup.FLUID)
    CSF_WOUND_LEAK = _reused(PresentingSign.CSF_WOUND_LEAK, group=ComplicationGroup.FLUID)
    PSEUDOMENINGOCELE = _reused(PresentingSign.PSEUDOMENINGOCELE, group=ComplicationGroup.FLUID)
    CSF_LEAK_DURAL_ENTRY = _reused(
        IntraoperativeFindingCode.CSF_LEAK_DURAL_ENTRY, group=ComplicationGroup.FLUID,
    )
    POCKET_CSF_COLLECTION = _reused(
        IntraoperativeFindingCode.POCKET_CSF_COLLECTION, group=ComplicationGroup.FLUID,
    )
    SEROMA = _reused(IntraoperativeFindingCode.SEROMA, group=ComplicationGroup.FLUID)
    HAEMATOMA = _reused(IntraoperativeFindingCode.HAEMATOMA, group=ComplicationGroup.FLUID)

    DISCONNECTION = _reused(
        IntraoperativeFindingCode.DISCONNECTION, group=ComplicationGroup.CATHETER,
    )
    CONNECTOR_LEAK = _reused(
        IntraoperativeFindingCode.CONNECTOR_LEAK, group=ComplicationGroup.CATHETER,
    )
    SLEEVE_TEAR = _reused(IntraoperativeFindingCode.SLEEVE_TEAR, group=ComplicationGroup.CATHETER)
    KINK = _reused(IntraoperativeFindingCode.KINK, group=ComplicationGroup.CATHETER)
    KNOT_OR_LOOP = _reused(IntraoperativeFindingCode.KNOT_OR_LOOP, group=ComplicationGroup.CATHETER)
    FRACTURE = _reused(IntraoperativeFindingCode.FRACTURE, group=ComplicationGroup.CATHETER)
    PINHOLE_TEAR = _reused(IntraoperativeFindingCode.PINHOLE_TEAR, group=ComplicationGroup.CATHETER)
    SHEAR = _reused(IntraoperativeFindingCode.SHEAR, group=ComplicationGroup.CATHETER)
    OCCLUSION_TIP_FIBROSIS = _reused(
        IntraoperativeFindingCode.OCCLUSION_TIP_FIBROSIS, group=ComplicationGroup.CATHETER,
    )
    OCCLUSION_DEBRIS = _reused(
        IntraoperativeFindingCode.OCCLUSION_DEBRIS, group=ComplicationGroup.CATHETER,
    )
    GRANULOMA_INFLAMMATORY_MASS = _reused(
        IntraoperativeFindingCode.GRANULOMA_INFLAMMATORY_MASS, group=ComplicationGroup.CATHETER,
    )
    TISSUE_INGROWTH_CONNECTOR = _reused(
        IntraoperativeFindingCode.TISSUE_INGROWTH_CONNECTOR, group=ComplicationGroup.CATHETER,
    )
    MIGRATION_OUT_OF_CANAL = _reused(
        IntraoperativeFindingCode.MIGRATION_OUT_OF_CANAL, group=ComplicationGroup.CATHETER,
    )
    MIGRATION_WITHIN_CANAL = _reused(
        IntraoperativeFindingCode.MIGRATION_WITHIN_CANAL, group=ComplicationGroup.CATHETER,
    )
    SUBDURAL = _reused(IntraoperativeFindingCode.SUBDURAL, group=ComplicationGroup.CATHETER)
    EPIDURAL = _reused(IntraoperativeFindingCode.EPIDURAL, group=ComplicationGroup.CATHETER)
    INTRAPARENCHYMAL = _reused(
        IntraoperativeFindingCode.INTRAPARENCHYMAL, group=ComplicationGroup.CATHETER,
    )
    ARACHNOID_ADHESIONS = _reused(
        IntraoperativeFindingCode.ARACHNOID_ADHESIONS, group=ComplicationGroup.CATHETER,
    )

    PUMP_FLIP = _reused(IntraoperativeFindingCode.PUMP_FLIP, group=ComplicationGroup.PUMP)
    PUMP_ROTATION = _reused(IntraoperativeFindingCode.PUMP_ROTATION, group=ComplicationGroup.PUMP)
    SUTURE_LOOP_FAILURE = _reused(
        IntraoperativeFindingCode.SUTURE_LOOP_FAILURE, group=ComplicationGroup.PUMP,
    )
    ROTOR_STALL = _reused(IntraoperativeFindingCode.ROTOR_STALL, group=ComplicationGroup.PUMP)
    BATTERY_DEPLETED = _reused(
        IntraoperativeFindingCode.BATTERY_DEPLETED, group=ComplicationGroup.PUMP,
    )
    SEPTUM_LEAK = _reused(IntraoperativeFindingCode.SEPTUM_LEAK, group=ComplicationGroup.PUMP)
    RESERVOIR_LEAK = _reused(IntraoperativeFindingCode.RESERVOIR_LEAK, group=ComplicationGroup.PUMP)
    CAP_LEAK = _reused(IntraoperativeFindingCode.CAP_LEAK, group=ComplicationGroup.PUMP)
    OTHER = Term(
        "other", "Other", "None of the complications above; say in words.",
        group=ComplicationGroup.GENERAL, needs_text=True,
    )


class ClavienDindoSink(
    ClosedList, list_code="clavien_dindo_sink", list_label="Clavien-Dindo-Sink grade", version="1"
):
    """Severity of a complication, modified for paediatric orthopaedics.

    Every revision is grade III by definition: report it with hospitalisation and harm, never alone.
    """

    GRADE_I = Term("grade_i", "I", "No deviation from routine care.", source="S63")
    GRADE_II = Term("grade_ii", "II", "Deviation or treatment as an outpatient.", source="S63")
    GRADE_III = Term(
        "grade_iii", "III", "Investigation, readmission or another operation.", source="S63",
    )
    GRADE_IVA = Term(
        "grade_iva", "IVa", "Threat to limb or life without long-term disability.", source="S63",
    )
    GRADE_IVB = Term(
        "grade_ivb", "IVb", "Threat to limb or life with long-term disability.", source="S63",
    )
    GRADE_V = Term("grade_v", "V", "The patient has died.", source="S63")


class Hospitalisation(
    ClosedList, list_code="hospitalisation", list_label="Hospitalisation", version="1"
):
    """The highest level of hospital care that a complication needed; nights are kept beside it."""

    NONE = Term("none", "None", "No hospital care was needed.")
    ED_ONLY = Term(
        "ed_only", "Emergency department only", "Seen in the emergency department and sent home.",
    )
    WARD = Term("ward", "Ward", "Admitted to a ward.")
    HDU = Term("hdu", "High dependency unit", "Admitted to a high dependency unit.")
    ICU = Term("icu", "Intensive care unit", "Admitted to an intensive care unit.")
    UNKNOWN = _unknown()


class Relatedness(ClosedList, list_code="relatedness", list_label="Related to", version="1"):
    """What a serious adverse event is related to; several may apply."""

    DEVICE = Term("device", "Device", "Related to the device.", source="S65")
    PROCEDURE = Term("procedure", "Procedure", "Related to the procedure.", source="S65")
    THERAPY = Term("therapy", "Therapy", "Related to the therapy.", source="S65")
    NOT_RELATED = Term("not_related", "Not related", "Related to none of the three.")
    UNKNOWN = _unknown()


class ReviewTime(ClosedList, list_code="review_time", list_label="Time of review", version="1"):
    """When after revision the outcome is reviewed."""

    WEEK_6 = Term("week_6", "6 weeks", "Six weeks after revision surgery.")
    MONTH_3 = Term("month_3", "3 months", "Three months after revision surgery.")
    MONTH_12 = Term("month_12", "12 months", "Twelve months after revision surgery.")


class SymptomOutcome(ClosedList, list_code="symptom_outcome", list_label="Symptoms", version="1"):
    """The symptoms that led to the case, compared with before."""

    RESOLVED = Term("resolved", "Resolved", "The symptoms have gone.")
    IMPROVED = Term("improved", "Improved", "The symptoms are less, but not gone.")
    UNCHANGED = Term("unchanged", "Unchanged", "The symptoms are as before.")
    WORSE = Term("worse", "Worse", "The symptoms are worse than before.")
    NOT_ASSESSED = Term("not_assessed", "Not assessed", "Nobody asked or examined.")
    UNKNOWN = _unknown()


class TherapyStatus(ClosedList, list_code="therapy_status", list_label="Therapy", version="1"):
    """What became of the therapy."""

    CONTINUED = Term("continued", "Continued", "The therapy goes on at the same dose.")
    DOSE_CHANGED = Term("dose_changed", "Dose changed", "The therapy goes on at another dose.")
    ABANDONED = Term(
        "abandoned", "Abandoned", "The therapy was given up, the system left in place.",
    )
    EXPLANTED = Term("explanted", "Explanted", "The system was removed and not replaced.")
    UNKNOWN = _unknown()


# --------------------------------------------------------------------------------- assessments


class InstrumentGroup(
    ClosedList, list_code="instrument_group", list_label="Kind of instrument", version="1"
):
    """What an instrument looks at."""

    TONE = Term("tone", "Tone and spasms", "Grades resistance to movement, or counts spasms.")
    DYSTONIA = Term("dystonia", "Dystonia", "Grades dystonia and what it hinders.")
    PAIN_SLEEP_FATIGUE = Term(
        "pain_sleep_fatigue", "Pain, sleepiness, fatigue", "Asks for pain, sleepiness or fatigue.",
    )
    LIFE = Term("life", "Life and goals", "Asks for satisfaction, goals or health.")
    CLASSIFICATION = Term(
        "classification", "Classification", "Classifies function; it is no outcome.",
    )


@dataclass(frozen=True, slots=True)
class InstrumentTerm(Term):
    """An instrument of assessment; `licence` says what using it needs."""

    licence: str = ""


class InstrumentCode(
    ClosedList, list_code="instrument", list_label="Instrument", version="1"
):
    """Instruments of assessment. Item texts are not shipped; totals are computed by code."""

    licence: str

    ASHWORTH_0_4 = InstrumentTerm(
        "ashworth_0_4", "Ashworth, 0 to 4",
        "Muscle groups graded from 0 to 4, the grades of 1964; higher is worse.", source="S100",
        group=InstrumentGroup.TONE, licence="Free [own].",
        exclusions=("Graded from 1 to 5: the other Ashworth scale.",),
    )
    ASHWORTH_1_5 = InstrumentTerm(
        "ashworth_1_5", "Ashworth, 1 to 5",
        "Muscle groups graded from 1 to 5, as some of the literature on intrathecal baclofen does; "
        "higher is worse.", status="own", group=InstrumentGroup.TONE, licence="Free [own].",
        exclusions=("Graded from 0 to 4: the other Ashworth scale.",),
    )
    MODIFIED_ASHWORTH = InstrumentTerm(
        "modified_ashworth", "Modified Ashworth",
        "Muscle groups graded 0, 1, 1+, 2, 3 or 4; higher is worse.", source="S104",
        group=InstrumentGroup.TONE, synonyms=("MAS",), licence="Free [own].",
        exclusions=("Never pooled with an Ashworth scale without 1+.",),
    )
    PENN_SPASM = InstrumentTerm(
        "penn_spasm", "Penn spasm frequency and severity",
        "Frequency: 0 none; 1 mild, induced by stimulation; 2 less than once an hour; 3 more than "
        "once an hour; 4 more than ten times an hour. Severity from 1 to 3, not asked without "
        "spasms. Higher is worse.", source="S105", group=InstrumentGroup.TONE, synonyms=("PSFS",),
        licence="Free.", exclusions=("The spasm score of Snow.",),
    )
    BARRY_ALBRIGHT = InstrumentTerm(
        "barry_albright", "Barry-Albright dystonia",
        "Eight regions graded from 0 to 4, total 0 to 32; higher is worse.", source="S111",
        group=InstrumentGroup.DYSTONIA, synonyms=("BADS",), licence="Public domain.",
    )
    BFM_MOVEMENT = InstrumentTerm(
        "bfm_movement", "Burke-Fahn-Marsden, movement",
        "Nine regions, provoking factor times severity times weight, total 0 to 120; higher is "
        "worse. The weights are own knowledge.", source="S113", group=InstrumentGroup.DYSTONIA,
        synonyms=("BFMDRS",), licence="Free [own].",
    )
    BFM_DISABILITY = InstrumentTerm(
        "bfm_disability", "Burke-Fahn-Marsden, disability",
        "Seven abilities, total 0 to 30; higher is worse. The abilities are own knowledge.",
        source="S113", group=InstrumentGroup.DYSTONIA, licence="Free [own].",
    )
    BRIEF_PAIN = InstrumentTerm(
        "brief_pain", "Brief Pain Inventory, short form",
        "Four items of severity and seven of interference from 0 to 10, a mean of each; higher is "
        "worse.", source="S106", group=InstrumentGroup.PAIN_SLEEP_FATIGUE, synonyms=("BPI",),
        licence="Permission required; fees may apply.",
    )
    EPWORTH = InstrumentTerm(
        "epworth", "Epworth Sleepiness", "Eight items from 0 to 3, total 0 to 24; higher is worse.",
        source="S108", group=InstrumentGroup.PAIN_SLEEP_FATIGUE, synonyms=("ESS",),
        licence="Free for individual users and non-funded academic research; otherwise licensed.",
    )
    FATIGUE_SEVERITY = InstrumentTerm(
        "fatigue_severity", "Fatigue Severity",
        "Nine items from 1 to 7, their mean; higher is worse.", source="S109",
        group=InstrumentGroup.PAIN_SLEEP_FATIGUE, synonyms=("FSS",), licence="Copyright [own].",
    )
    LISAT_9 = InstrumentTerm(
        "lisat_9", "Life Satisfaction, 9 items",
        "Nine items from 1 to 6, their mean; higher is better.", source="S94", status="own",
        group=InstrumentGroup.LIFE, synonyms=("LiSat-9",),
        licence="Permission of the author [own].",
    )
    LISAT_11 = InstrumentTerm(
        "lisat_11", "Life Satisfaction, 11 items",
        "Eleven items from 1 to 6, their mean; higher is better.", source="S94", status="own",
        group=InstrumentGroup.LIFE, synonyms=("LiSat-11",),
        licence="Permission of the author [own].",
    )
    DIENER_SWLS = InstrumentTerm(
        "diener_swls", "Satisfaction with Life (Diener)",
        "Five items from 1 to 7, total 5 to 35; higher is better.", source="S110",
        group=InstrumentGroup.LIFE, synonyms=("SWLS",), licence="No restriction.",
    )
    COPM = InstrumentTerm(
        "copm", "COPM",
        "One to five problems of the person's own, importance, performance and satisfaction from 1 "
        "to 10, a mean of the last two; higher is better.", source="S120",
        group=InstrumentGroup.LIFE, licence="Must be purchased.",
    )
    CPCHILD = InstrumentTerm(
        "cpchild", "CPCHILD",
        "Six domains and a total from 0 to 100, entered as scored. The direction differs between "
        "versions: in the 2006 paper higher is worse.", source="S121 S123",
        group=InstrumentGroup.LIFE, licence="Request required; no copying or translation.",
        exclusions=("Scores of versions with another direction are never compared.",),
    )
    GMFCS = InstrumentTerm(
        "gmfcs", "GMFCS-E&R", "Level I to V by usual performance, with the age band it was "
        "classified in; higher is more limited.", source="S117",
        group=InstrumentGroup.CLASSIFICATION, licence="Distributed free.",
    )
    MACS = InstrumentTerm(
        "macs", "MACS", "Level I to V, ages 4 to 18; higher is more limited.", source="S118",
        group=InstrumentGroup.CLASSIFICATION, licence="Free [own].",
    )


class ScoreDirection(
    ClosedList, list_code="score_direction", list_label="Direction of the score", version="1"
):
    """Which end of a score is the better one, where versions of an instrument differ."""

    HIGHER_BETTER = Term("higher_better", "Higher is better", "A higher score is a better state.")
    HIGHER_WORSE = Term("higher_worse", "Higher is worse", "A higher score is a worse state.")
    UNKNOWN = _unknown("The version that was used cannot be known.")


class GmfcsAgeBand(
    ClosedList, list_code="gmfcs_age_band", list_label="GMFCS age band", version="1"
):
    """The age band of GMFCS-E&R whose descriptions were used."""

    BEFORE_2 = Term("before_2", "Before 2 years", "Before the second birthday.", status="own")
    FROM_2_TO_4 = Term("from_2_to_4", "2 to 4 years", "Second to fourth birthday.", status="own")
    FROM_4_TO_6 = Term("from_4_to_6", "4 to 6 years", "Fourth to sixth birthday.", status="own")
    FROM_6_TO_12 = Term("from_6_to_12", "6 to 12 years", "Sixth to twelfth birthday.", status="own")
    FROM_12_TO_18 = Term(
        "from_12_to_18", "12 to 18 years", "Twelfth to eighteenth birthday.", source="S117",
    )
    UNKNOWN = _unknown()


class AssessorRole(
    ClosedList, list_code="assessor_role", list_label="Assessed by", version="1"
):
    """Who graded or answered."""

    PHYSICIAN = Term("physician", "Physician", "A physician gave the grades.")
    PHYSIOTHERAPIST = Term(
        "physiotherapist", "Physiotherapist", "A physiotherapist gave the grades.",
    )
    OCCUPATIONAL_THERAPIST = Term(
        "occupational_therapist", "Occupational therapist",
        "An occupational therapist gave the grades.",
    )
    NURSE = Term("nurse", "Nurse", "A nurse gave the grades.")
    PATIENT = Term("patient", "Patient", "The patient answered the questions.")
    CAREGIVER = Term(
        "caregiver", "Caregiver", "A parent or another caregiver answered the questions.",
    )
    UNKNOWN = _unknown()


# --------------------------------------------------------------------------- signals of devices


class SignalDispositionCode(
    ClosedList, list_code="signal_disposition", list_label="Disposition of the signal", version="1"
):
    """What people made of a device signal; no published list is known to us."""

    REPORTED = Term(
        "reported", "Real signal, reported",
        "The device itself is taken to be the cause, and maker or authority were told. Say whom.",
        status="own",
    )
    PATIENT_MIX = Term(
        "patient_mix", "Explained by the mix of patients",
        "Those who had the device differ from the others in a way that explains the numbers.",
        status="own",
    )
    CHANCE_WATCH = Term(
        "chance_watch", "Chance; watch",
        "Few events that chance explains; the signal is looked at again as numbers grow.",
        status="own",
    )
    DATA_ERROR = Term(
        "data_error", "Data error, to be corrected",
        "Records behind the numbers are wrong or missing, and somebody corrects them.",
        status="own",
    )
    OTHER = _other("Another explanation; say which.")


# fmt: on

# ------------------------------------------------------------------------------- the whole thing


ALL_LISTS: tuple[type[ClosedList], ...] = (
    YesNoUnknown,
    PresenceState,
    DatePrecision,
    Urgency,
    Sex,
    ConsentStatus,
    Origin,
    Diagnosis,
    TonePattern,
    Laterality,
    Topography,
    GmfcsLevel,
    MacsLevel,
    PatientFactor,
    ComponentKind,
    AsDesigned,
    SpinalLevel,
    Manufacturer,
    PumpDrive,
    DeviceModel,
    DeliveryMode,
    CaseTrigger,
    PresentingSignGroup,
    PresentingSign,
    WithdrawalSeverity,
    WorkupStep,
    WorkupResult,
    PumpAlarm,
    RadiographFinding,
    RotorResult,
    CaseOutcome,
    ModalityGroup,
    Modality,
    PortAccess,
    AccessGuidance,
    AccessNeedle,
    AspirationResult,
    StudyOutcomeCode,
    StopReason,
    IntrathecalLabel,
    ContrastProduct,
    AcquisitionPhase,
    StudyAdverseEvent,
    NextStepGroup,
    NextStep,
    ImagingSite,
    ImagingFindingCode,
    ReadSource,
    ReadAdequacy,
    Certainty,
    MeasurementKind,
    InformationShown,
    ReferenceType,
    DiscordanceKind,
    DiscordanceReason,
    IndicationGroup,
    RevisionIndication,
    Planning,
    SurgicalApproach,
    ImagingKnown,
    IntraoperativeSite,
    IntraoperativeGroup,
    IntraoperativeFindingCode,
    IntraoperativeStatus,
    ProofMethod,
    IntegrityTest,
    ProcedureGroup,
    Procedure,
    TechniqueGroup,
    TechniqueModifier,
    ComplicationGroup,
    ComplicationCode,
    ClavienDindoSink,
    Hospitalisation,
    Relatedness,
    ReviewTime,
    SymptomOutcome,
    TherapyStatus,
    InstrumentGroup,
    InstrumentCode,
    ScoreDirection,
    GmfcsAgeBand,
    AssessorRole,
    SignalDispositionCode,
)
"""Every closed list, in the order of this file."""


def fingerprint() -> str:
    """SHA-256, hexadecimal, over all lists; it changes when any answer changes its meaning."""
    digest = hashlib.sha256(VOCABULARY_VERSION.encode())
    for closed_list in ALL_LISTS:
        digest.update(closed_list.fingerprint().encode())
    return digest.hexdigest()
