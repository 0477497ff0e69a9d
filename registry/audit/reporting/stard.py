"""STARD 2015: what a report of diagnostic accuracy should say."""

from typing import Final

from .checklist import Checklist, Item

TITLE: Final = "Title or abstract"
INTRODUCTION: Final = "Introduction"
DESIGN: Final = "Methods: study design"
PARTICIPANTS: Final = "Methods: participants"
TESTS: Final = "Methods: test methods"
ANALYSIS: Final = "Methods: analysis"
WHO: Final = "Results: participants"
FOUND: Final = "Results: test results"
OTHER: Final = "Other information"

STARD: Final = Checklist(
    key="stard-2015",
    name="STARD 2015",
    title="Standards for Reporting of Diagnostic Accuracy Studies",
    source="Bossuyt PM et al. BMJ 2015;351:h5527. doi:10.1136/bmj.h5527",
    items=(
        Item(
            "1",
            TITLE,
            "Identification as a study of diagnostic accuracy, by at least one measure of accuracy "
            "(such as sensitivity, specificity, predictive values or AUC)",
        ),
        Item("2", "Abstract", "Structured summary of design, methods, results and conclusions"),
        Item(
            "3",
            INTRODUCTION,
            "Scientific and clinical background, with the intended use and clinical role of the "
            "index test",
        ),
        Item("4", INTRODUCTION, "Study objectives and hypotheses"),
        Item(
            "5",
            DESIGN,
            "Whether data collection was planned before index test and reference standard were "
            "performed (prospective) or after (retrospective)",
        ),
        Item("6", PARTICIPANTS, "Eligibility criteria"),
        Item(
            "7",
            PARTICIPANTS,
            "On what basis potentially eligible participants were identified (symptoms, results "
            "of previous tests, inclusion in a registry)",
        ),
        Item(
            "8",
            PARTICIPANTS,
            "Where and when potentially eligible participants were identified (setting, location "
            "and dates)",
        ),
        Item(
            "9",
            PARTICIPANTS,
            "Whether participants formed a consecutive, random or convenience series",
        ),
        Item("10a", TESTS, "Index test, in sufficient detail to allow replication"),
        Item("10b", TESTS, "Reference standard, in sufficient detail to allow replication"),
        Item("11", TESTS, "Rationale for choosing the reference standard, if alternatives exist"),
        Item(
            "12a",
            TESTS,
            "Definition of and rationale for positivity cut-offs or result categories of the index "
            "test, prespecified told from exploratory",
        ),
        Item(
            "12b",
            TESTS,
            "Definition of and rationale for positivity cut-offs or result categories of the "
            "reference standard, prespecified told from exploratory",
        ),
        Item(
            "13a",
            TESTS,
            "Whether clinical information and reference standard results were available to the "
            "performers or readers of the index test",
        ),
        Item(
            "13b",
            TESTS,
            "Whether clinical information and index test results were available to the assessors "
            "of the reference standard",
        ),
        Item("14", ANALYSIS, "Methods for estimating or comparing measures of accuracy"),
        Item(
            "15",
            ANALYSIS,
            "How indeterminate results of index test or reference standard were handled",
        ),
        Item("16", ANALYSIS, "How missing data on index test and reference standard were handled"),
        Item(
            "17",
            ANALYSIS,
            "Any analyses of variability in accuracy, prespecified told from exploratory",
        ),
        Item("18", ANALYSIS, "Intended sample size and how it was determined"),
        Item("19", WHO, "Flow of participants, using a diagram"),
        Item("20", WHO, "Baseline demographic and clinical characteristics of participants"),
        Item("21a", WHO, "Distribution of severity of disease in those with the target condition"),
        Item(
            "21b",
            WHO,
            "Distribution of alternative diagnoses in those without the target condition",
        ),
        Item(
            "22",
            WHO,
            "Time interval and any clinical interventions between index test and reference "
            "standard",
        ),
        Item(
            "23",
            FOUND,
            "Cross tabulation of the index test results (or their distribution) by the results of "
            "the reference standard",
        ),
        Item(
            "24",
            FOUND,
            "Estimates of accuracy and their precision (such as 95 % confidence intervals)",
        ),
        Item("25", FOUND, "Any adverse events from performing index test or reference standard"),
        Item(
            "26",
            "Discussion",
            "Study limitations: sources of potential bias, statistical uncertainty, and "
            "generalisability",
        ),
        Item(
            "27",
            "Discussion",
            "Implications for practice, with the intended use and clinical role of the index test",
        ),
        Item("28", OTHER, "Registration number and name of registry"),
        Item("29", OTHER, "Where the full study protocol can be accessed"),
        Item("30", OTHER, "Sources of funding and other support; role of funders"),
    ),
)
