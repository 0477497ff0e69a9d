"""Synthetic patients whose identifiers are written into every place a CT file has for them.

`tests.factories.hiding_places` names the places, `seeded_ct` writes a file with an identifier in
each, and `Person.needles` is the answer key: every form in which one would be recognised.
"""

import base64
import random
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import cycle

from pydicom.uid import CTImageStorage

from tests.factories.hiding_places import HIDING_PLACES
from tests.factories.raw_dicom import RawDataset

FAMILY_NAMES = (
    *("Müller", "Nguyen", "Abdelrahman", "O'Connell", "Ångström", "Kowalczyk", "García-Lorca"),
    *("Schröder", "Papadopoulos", "Wyzkowska", "Dvořák", "Şahinoğlu", "Vanderbilt", "Quillon"),
    *("Bergmann", "Ottoline", "Tanaka", "Zebedee", "Marchetti", "Lindqvist", "Obafemi", "Szabó"),
    *("Fitzwilliam", "Moreau", "Hautala", "Jónsdóttir", "Petrenko", "Straßburger", "Yilmaz"),
)
GIVEN_NAMES = (
    *("Zoë", "Isadora", "Bartholomew", "Çelik", "Ermintrude", "Jürgen", "Siobhan", "Ptolemy"),
    *("Annelise", "Wolfgang", "Philippa", "Göran", "Thandiwe", "Rosamund", "Efthymios", "Kjell"),
    *("Mirjana", "Cuthbert", "Lakshmi", "Ignatius", "Xiomara", "Rüdiger", "Philomena", "Tariq"),
)
PLACES_LIVED = ("Klinikum Rechts der Oder", "Hospital Sant Jordi", "Saint Gudula Infirmary")


SHORTEST_BASE64 = 8
"""A shorter one would be found by chance."""


@dataclass(frozen=True)
class Person:
    """One synthetic patient with everything that says who it is."""

    family: str
    given: str
    number: str
    born: date
    accession: str
    phone: str
    street: str
    hospital: str
    physician: str
    station: str
    serial: str
    sex: str

    @classmethod
    def make(cls, seed: int) -> "Person":
        r = random.Random(seed)
        digits = "".join(r.choice("123456789") for _ in range(10))
        return cls(
            family=r.choice(FAMILY_NAMES),
            given=r.choice(GIVEN_NAMES),
            number=r.choice([f"MRN-{digits[:7]}", digits[:8], f"P{digits[:6]}X"]),
            born=date(1931, 3, 14) + timedelta(days=r.randrange(24000)),
            accession=f"ACC{digits[2:9]}",
            phone=f"+49 {digits[:3]} {digits[3:10]}",
            street=f"{r.randrange(1, 99)} {r.choice(FAMILY_NAMES)}gasse",
            hospital=r.choice(PLACES_LIVED),
            physician=f"{r.choice(FAMILY_NAMES)}^{r.choice(GIVEN_NAMES)}^^Prof",
            station=f"CTROOM{digits[4:8]}",
            serial=f"SN{digits[1:8]}",
            sex=r.choice("MF"),
        )

    @property
    def texts(self) -> tuple[str, ...]:
        """What somebody writes about this person."""
        born = self.born
        return (
            f"{self.family}^{self.given}",
            self.number,
            f"{self.given} {self.family}",
            f"{born:%Y%m%d}",
            self.accession,
            f"{born:%d.%m.%Y}",
            self.phone,
            f"Pat. {self.family}, geb. {born:%d.%m.%Y}",
            f"{self.family.upper()}_{self.given.upper()}",
            f"{born:%Y-%m-%d}",
            self.street,
            self.family.lower(),
            f"{born:%m/%d/%Y}",
            f"{self.hospital} {self.station}",
            self.given.upper(),
            f"{born:%d%m%Y}",
            self.physician,
            f"{self.number}/{self.accession}",
            self.serial,
            f"{born:%d %b %Y}",
        )

    @property
    def tokens(self) -> frozenset[str]:
        """The parts that must not be left, in the spelling of the source."""
        born = self.born
        return frozenset(
            [
                *(self.family, self.given, self.number, self.accession, self.station, self.serial),
                *(self.hospital, self.street, self.phone, self.phone.replace(" ", "")[-7:]),
                *self.physician.replace("^", " ").split()[:2],
                *(f"{born:%Y%m%d}", f"{born:%d.%m.%Y}", f"{born:%Y-%m-%d}", f"{born:%d%m%Y}"),
                *(f"{born:%m/%d/%Y}", f"{born:%d %b %Y}"),
            ]
        )

    @property
    def needles(self) -> frozenset[bytes]:
        """Each token in every case and encoding, and as base64 and hexadecimal text."""
        return frozenset(needle for token in self.tokens for needle in forms_of(token))


def forms_of(token: str) -> Iterator[bytes]:
    """How a text may stand in a file."""
    for text in {token, token.upper(), token.lower(), token.title()}:
        for charset in ("utf-8", "latin-1", "cp1250", "utf-16-le", "utf-16-be"):
            encoded = text.encode(charset, "ignore")
            if len(encoded) >= len(text):  # nothing was left out
                yield encoded
    for text in {token, token.upper()}:
        plain = text.encode("utf-8")
        yield plain.hex().encode()
        yield plain.hex().upper().encode()
        for lead in range(3):
            # whatever stands before it, one of three alignments leaves these characters
            encoded = base64.b64encode(b"\0" * lead + plain)[4 if lead else 0 :]
            certain = encoded[: (len(plain) - (3 - lead) % 3) // 3 * 4]
            if len(certain) >= SHORTEST_BASE64:
                yield certain


FORMS: tuple[Callable[[str], bytes], ...] = (
    lambda text: text.encode("utf-8"),
    lambda text: text.encode("latin-1", "replace"),
    lambda text: text.upper().encode("utf-8"),
    lambda text: text.encode("utf-16-le"),
    lambda text: base64.b64encode(text.encode("utf-8")),
    lambda text: text.encode("cp1250", "replace"),
    lambda text: text.lower().encode("utf-8"),
    lambda text: text.encode("utf-16-be"),
)


@dataclass(frozen=True)
class Scanner:
    """What one maker writes into an axial image; the answer key of what must stay."""

    manufacturer: bytes
    kernel: bytes
    image_type: bytes
    filter_type: bytes
    scan_options: bytes
    body_part: bytes
    slope: bytes = b"1"
    intercept: bytes = b"-1024"
    bits_stored: int = 12
    signed: int = 0


SCANNERS = (
    Scanner(b"SIEMENS", b"B30f", b"ORIGINAL\\PRIMARY\\AXIAL\\CT_SOM5 SPI", b"0", b"", b"SPINE"),
    Scanner(
        *(b"SIEMENS HEALTHINEERS", b"Br40d\\3", b"ORIGINAL\\PRIMARY\\AXIAL\\CT_SOM7 SPI"),
        *(b"WEDGE_3", b"FAST", b"ABDOMEN"),
        intercept=b"-8192",
        bits_stored=16,
    ),
    Scanner(
        *(b"GE MEDICAL SYSTEMS", b"STANDARD", b"ORIGINAL\\PRIMARY\\AXIAL", b"BODY FILTER"),
        *(b"HELICAL MODE", b"LSPINE"),
        bits_stored=16,
        signed=1,
    ),
    Scanner(b"Philips", b"B", b"ORIGINAL\\PRIMARY\\AXIAL\\HELIX", b"B", b"HELIX", b"LSPINE"),
    Scanner(
        *(b"TOSHIBA", b"FC18", b"ORIGINAL\\PRIMARY\\AXIAL", b"LARGE", b"HELICAL_CT", b"PELVIS"),
        intercept=b"0",
        bits_stored=16,
        signed=1,
    ),
    Scanner(b"UIH", b"B_SOFT_B", b"ORIGINAL\\PRIMARY\\AXIAL", b"", b"HELICAL", b"CHEST"),
)


def technical_facts(person_seed: int, index: int) -> RawDataset:
    """What an axial image of this patient's scanner says that is no identifier."""
    r = random.Random(person_seed * 1000 + index)
    maker = SCANNERS[person_seed % len(SCANNERS)]
    spacing = f"{r.uniform(0.3, 0.98):.6f}".encode()
    thickness = r.choice([b"0.625", b"1", b"1.25", b"2.000000", b"5"])
    z = -1200 + 1.25 * index
    day = f"{date(2008, 1, 1) + timedelta(days=r.randrange(6000)):%Y%m%d}".encode()
    moment = (
        f"{r.randrange(24):02d}{r.randrange(60):02d}{r.randrange(60):02d}.{r.randrange(10**6):06d}"
    )
    facts: RawDataset = {
        0x00080008: ("CS", maker.image_type),
        0x00080016: ("UI", CTImageStorage.encode()),
        0x00080020: ("DA", day),
        0x00080021: ("DA", day),
        0x00080022: ("DA", day),
        0x00080030: ("TM", moment[:6].encode()),
        0x00080032: ("TM", moment.encode()),
        0x00080060: ("CS", b"CT"),
        0x00080070: ("LO", maker.manufacturer),
        0x00180015: ("CS", maker.body_part),
        0x00180050: ("DS", thickness),
        0x00180060: ("DS", r.choice([b"80", b"100", b"120", b"140"])),
        0x00180090: ("DS", b"500"),
        0x00181030: ("LO", b"PROTOCOL"),
        0x00181100: ("DS", f"{r.uniform(150, 500):.4f}".encode()),
        0x00181110: ("DS", b"541"),
        0x00181111: ("DS", b"949.075012"),
        0x00181120: ("DS", r.choice([b"0", b"0.000000", b"-8.5", b"15"])),
        0x00181130: ("DS", f"{r.uniform(80, 200):.6f}".encode()),
        0x00181140: ("CS", b"CW"),
        0x00181150: ("IS", str(r.randrange(300, 2000)).encode()),
        0x00181151: ("IS", str(r.randrange(20, 700)).encode()),
        0x00181152: ("IS", str(r.randrange(5, 400)).encode()),
        0x00181190: ("DS", b"1.2"),
        0x00181210: ("SH", maker.kernel),
        0x00185100: ("CS", b"HFS"),
        0x00189305: ("FD", struct.pack("<d", r.choice([0.28, 0.5, 1.0]))),
        0x00189306: ("FD", struct.pack("<d", 0.6)),
        0x00189307: ("FD", struct.pack("<d", 38.4)),
        0x00189311: ("FD", struct.pack("<d", round(r.uniform(0.4, 1.6), 3))),
        0x00189345: ("FD", struct.pack("<d", round(r.uniform(1, 40), 6))),
        0x00200011: ("IS", str(r.randrange(1, 900)).encode()),
        0x00200012: ("IS", str(r.randrange(1, 20)).encode()),
        0x00200013: ("IS", str(index + 1).encode()),
        0x00200032: ("DS", f"{r.uniform(-300, 0):.6f}\\{r.uniform(-300, 0):.4f}\\{z:.3f}".encode()),
        0x00200037: ("DS", b"1\\0\\0\\0\\1\\0"),
        0x00201041: ("DS", f"{z:.3f}".encode()),
        0x00280002: ("US", struct.pack("<H", 1)),
        0x00280004: ("CS", b"MONOCHROME2"),
        0x00280010: ("US", struct.pack("<H", 8)),
        0x00280011: ("US", struct.pack("<H", 8)),
        0x00280030: ("DS", spacing + b"\\" + spacing),
        0x00280100: ("US", struct.pack("<H", 16)),
        0x00280101: ("US", struct.pack("<H", maker.bits_stored)),
        0x00280102: ("US", struct.pack("<H", maker.bits_stored - 1)),
        0x00280103: ("US", struct.pack("<H", maker.signed)),
        0x00281050: ("DS", b"40\\400"),
        0x00281051: ("DS", b"400\\2000"),
        0x00281052: ("DS", maker.intercept),
        0x00281053: ("DS", maker.slope),
        0x00281054: ("LO", b"HU"),
        0x7FE00010: ("OW", struct.pack("<64H", *(r.randrange(4096) for _ in range(64)))),
    }
    for tag, text in ((0x00181160, maker.filter_type), (0x00180022, maker.scan_options)):
        if text:
            facts[tag] = ("SH" if tag == 0x00181160 else "CS", text)
    return facts


NOT_FACTS = frozenset({0x00080016, 0x00181030})
"""Of `technical_facts`: what is compared elsewhere or must go."""


def uids(person: Person, person_seed: int, index: int) -> RawDataset:
    """UIDs as some systems build them: with patient number and birth date inside."""
    digits = "".join(filter(str.isdigit, person.number))
    root = f"1.3.12.2.1107.5.1.4.{int(digits)}.{person.born:%Y%m%d}".encode()
    return {
        0x00080018: ("UI", root + f".3.{index}".encode()),
        0x0020000D: ("UI", root + b".1"),
        0x0020000E: ("UI", root + b".2"),
        0x00200052: ("UI", root + b".9"),
        0x00083010: ("UI", root + f".7.{person_seed}".encode()),
    }


def identity(person: Person) -> RawDataset:
    """The elements that are meant to say who the patient is."""
    return {
        0x00080005: ("CS", b"ISO_IR 192"),
        0x00080050: ("SH", person.accession.encode()),
        0x00080080: ("LO", person.hospital.encode()),
        0x00080090: ("PN", person.physician.encode()),
        0x00081010: ("SH", person.station.encode()),
        0x00100010: ("PN", f"{person.family}^{person.given}".encode()),
        0x00100020: ("LO", person.number.encode()),
        0x00100030: ("DA", f"{person.born:%Y%m%d}".encode()),
        0x00100040: ("CS", person.sex.encode()),
        0x00101040: ("LO", person.street.encode()),
        0x00102154: ("SH", person.phone.encode()),
        0x00181000: ("LO", person.serial.encode()),
    }


@dataclass(frozen=True)
class SeededFile:
    """A data set with its file meta and what stands around it."""

    dataset: RawDataset
    meta: RawDataset
    preamble: bytes = b""
    trailing: bytes = b""


def clean_ct(person: Person, person_seed: int, index: int) -> SeededFile:
    """An ordinary image: identity where it belongs, nothing hidden."""
    dataset = {
        **technical_facts(person_seed, index),
        **uids(person, person_seed, index),
        **identity(person),
    }
    return SeededFile(dataset, {})


def seeded_ct(
    person: Person, person_seed: int, index: int, *, about: Person, places: list[str]
) -> SeededFile:
    """An image with a text about `about` in each of these places, form after form.

    With `about` another person, nothing in the file says that the texts are identifiers.
    """
    file = clean_ct(person, person_seed, index)
    texts = cycle(about.texts[index % 7 :] + about.texts[: index % 7])
    forms = cycle(FORMS[index % len(FORMS) :] + FORMS[: index % len(FORMS)])

    def seed() -> bytes:
        return next(forms)(next(texts))

    for place in places:
        HIDING_PLACES[place](file.dataset, file.meta, seed)
    preamble = about.texts[0].encode()[:128]
    padding = seed()
    trailing = struct.pack("<HH2sHI", 0xFFFC, 0xFFFC, b"OB", 0, len(padding) // 2 * 2)
    return replace(file, preamble=preamble, trailing=trailing + padding[: len(padding) // 2 * 2])
