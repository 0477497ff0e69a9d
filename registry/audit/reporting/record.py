"""RECORD: what STROBE asks besides where the data were collected in routine."""

from typing import Final

from .checklist import Checklist, Item

TITLE: Final = "Title and abstract"
PARTICIPANTS: Final = "Methods: participants"
STATISTICS: Final = "Methods: statistical methods"

RECORD: Final = Checklist(
    key="record",
    name="RECORD",
    title="Reporting of studies Conducted using Observational Routinely-collected health Data",
    source="Benchimol EI et al. PLoS Med 2015;12(10):e1001885. doi:10.1371/journal.pmed.1001885",
    items=(
        Item("1.1", TITLE, "Type of data used and, when possible, the names of the databases"),
        Item("1.2", TITLE, "If applicable, geographic region and timeframe of the study"),
        Item("1.3", TITLE, "If databases were linked, that they were"),
        Item(
            "6.1",
            PARTICIPANTS,
            "Methods of selecting the study population (such as codes or algorithms), listed in "
            "detail",
        ),
        Item(
            "6.2",
            PARTICIPANTS,
            "Validation studies of the codes or algorithms used to select the population; methods "
            "and results of one conducted for this study",
        ),
        Item(
            "6.3",
            PARTICIPANTS,
            "If databases were linked, consider a flow diagram of the linkage, with numbers linked "
            "at each stage",
        ),
        Item(
            "7.1",
            "Methods: variables",
            "Complete list of codes and algorithms that classify exposures, outcomes, confounders "
            "and effect modifiers",
        ),
        Item(
            "12.1",
            STATISTICS,
            "To what extent the investigators had access to the database the study population was "
            "created from",
        ),
        Item("12.2", STATISTICS, "Data cleaning methods used in the study"),
        Item(
            "12.3",
            STATISTICS,
            "Whether data of persons, institutions or others were linked across databases; methods "
            "of linkage and of evaluating its quality",
        ),
        Item(
            "13.1",
            "Results: participants",
            "Selection of the persons included, with filtering by data quality, data availability "
            "and linkage, in words or by the flow diagram",
        ),
        Item(
            "19.1",
            "Discussion",
            "Implications of data not created or collected for the question: misclassification, "
            "unmeasured confounding, missing data, eligibility that changes over time",
        ),
        Item(
            "22.1",
            "Other information",
            "How to access supplemental information such as study protocol, raw data or "
            "programming code",
        ),
    ),
)
