"""A table of retrospective cases as a clinic keeps it: its own names, and every habit there is."""

import io
import random
from datetime import date, timedelta

from openpyxl import Workbook

HEADER = (
    "Pat-ID", "Gender", "DOB", "Dx", "GMFCS level", "Weight", "Pump type", "Implant date",
    "Pump serial", "Catheter length", "Onset", "Reason", "Symptoms", "CT date", "Aspirated",
    "CT result", "Study outcome", "OP date", "Indication", "OP done", "Found at pump", "Notes",
    "MAS", "Ignored sum",
)  # fmt: skip

DIAGNOSES = {"CP spastisch": "cp_spastic", "CP dysk.": "cp_dyskinetic", "SCI": "sci_traumatic"}
REASONS = {"V.a. Defekt": "suspected_malfunction"}


def workbook(
    cases: int = 500, *, seed: int = 7, broken: bool = False, future: bool = False
) -> bytes:
    """One row a case; every tenth patient has two.

    Parameters
    ----------
    broken
        The third row has a catheter of 850 cm and the fourth a day that does not exist.
    future
        The operation of the last row is yet to come; only the registry can tell.
    """
    chance = random.Random(seed)
    book = Workbook()
    sheet = book.active
    sheet.append(["Pumps of our department"])
    sheet.append(list(HEADER))
    number = 0
    for case in range(cases):
        again = case % 10 == 9
        number += not again
        row = _row(number, case, chance, again=again)
        if broken and case == 2:
            row[9] = 850
        if broken and case == 3:
            row[10] = "31.02.2015"
        if future and case == cases - 1:
            row[17] = date(2999, 1, 1)
        sheet.append(row)
        sheet.cell(sheet.max_row, 1).number_format = "000000"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _row(number: int, case: int, chance: random.Random, *, again: bool) -> list[object]:
    implanted = date(2008, 1, 10) + timedelta(days=(number * 17) % 1200)
    onset = implanted + timedelta(days=900 + case % 300 + (400 if again else 0))
    stopped = case % 9 == 4
    day = (
        lambda one: one,
        lambda one: f"{one:%d.%m.%Y}",
        lambda one: f"{one:%Y-%m-%d}",
        lambda one: f"{one:%d/%m/%Y}",
        lambda one: f"{one:%d %B %Y}",
    )[case % 5]
    weight = ("12,5", "unknown", 31.5, "28,0 kg", "")[number % 5]
    length = ("0,85 m", 85, "850 mm", "84,5", "unbekannt")[number % 5]
    # A patient's facts are typed the same way in both of their rows, or left out in the second.
    facts = (
        [number, "", "", "", "", "", "", "", "", ""]
        if again
        else [
            number,
            ("f", "m", "W", "male")[number % 4],
            f"{date(1999, 1, 1) + timedelta(days=number * 11 % 5000):%d.%m.%Y}",
            chance.choice(list(DIAGNOSES)),
            ("V", "IV", "unknown", "")[number % 4],
            weight,
            "SynchroMed II",
            day(implanted),
            f"{number:08d}",
            length,
        ]
    )
    return [
        *facts,
        day(onset),
        "V.a. Defekt",
        "tone_increase",
        day(onset + timedelta(days=4)),
        "none" if stopped else "free",
        "" if stopped else ("Leak", "Normal crescent", "Occlusion")[case % 3],
        "stopped_not_aspirable" if stopped else "completed",
        day(onset + timedelta(days=11)) if case % 3 == 0 else "",
        "catheter_disconnection_pump" if case % 3 == 0 else "",
        "connector_repair_or_replacement" if case % 3 == 0 else "",
        "disconnection" if case % 3 == 0 else "",
        ("1+ both legs", "'=SUM(A1:A9)", "0049 tel.", "Ångström – Müller ß 李")[case % 4],
        "1+",
        f"=G{case + 3}*2",
    ]
