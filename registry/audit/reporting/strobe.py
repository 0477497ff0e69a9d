"""STROBE for cohort studies: what a report of an observational study should say."""

from typing import Final

from .checklist import Checklist, Item

TITLE: Final = "Title and abstract"
INTRODUCTION: Final = "Introduction"
METHODS: Final = "Methods"
STATISTICS: Final = "Methods: statistical methods"
RESULTS: Final = "Results"
DISCUSSION: Final = "Discussion"

STROBE: Final = Checklist(
    key="strobe-cohort",
    name="STROBE",
    title="Strengthening the Reporting of Observational Studies in Epidemiology, cohort studies",
    source="von Elm E et al. PLoS Med 2007;4(10):e296. doi:10.1371/journal.pmed.0040296",
    items=(
        Item("1a", TITLE, "The design, in a commonly used term in title or abstract"),
        Item("1b", TITLE, "In the abstract, a balanced summary of what was done and found"),
        Item("2", INTRODUCTION, "Scientific background and rationale for the investigation"),
        Item("3", INTRODUCTION, "Specific objectives, with any prespecified hypotheses"),
        Item("4", METHODS, "Key elements of study design, early in the paper"),
        Item(
            "5",
            METHODS,
            "Setting, locations and relevant dates: recruitment, exposure, follow-up, data "
            "collection",
        ),
        Item(
            "6a",
            METHODS,
            "Eligibility criteria, sources and methods of selection of participants, methods of "
            "follow-up",
        ),
        Item(
            "6b",
            METHODS,
            "For matched studies, matching criteria and number of exposed and unexposed",
        ),
        Item(
            "7",
            METHODS,
            "Definitions of all outcomes, exposures, predictors, potential confounders and effect "
            "modifiers, with diagnostic criteria if applicable",
        ),
        Item(
            "8",
            METHODS,
            "For each variable of interest, sources of data and methods of assessment, and whether "
            "these are comparable between groups",
        ),
        Item("9", METHODS, "Any efforts to address potential sources of bias"),
        Item("10", METHODS, "How the study size was arrived at"),
        Item(
            "11",
            METHODS,
            "How quantitative variables were handled; which groupings were chosen, and why",
        ),
        Item("12a", STATISTICS, "All statistical methods, with those that control for confounding"),
        Item("12b", STATISTICS, "Methods used to examine subgroups and interactions"),
        Item("12c", STATISTICS, "How missing data were addressed"),
        Item("12d", STATISTICS, "If applicable, how loss to follow-up was addressed"),
        Item("12e", STATISTICS, "Any sensitivity analyses"),
        Item(
            "13a",
            RESULTS,
            "Numbers at each stage: potentially eligible, examined, confirmed eligible, included, "
            "completing follow-up, analysed",
        ),
        Item("13b", RESULTS, "Reasons for non-participation at each stage"),
        Item("13c", RESULTS, "Consider use of a flow diagram"),
        Item(
            "14a",
            RESULTS,
            "Characteristics of participants (demographic, clinical, social), exposures and "
            "potential confounders",
        ),
        Item("14b", RESULTS, "Number of participants with missing data for each variable"),
        Item("14c", RESULTS, "Follow-up time, such as average and total amount"),
        Item("15", RESULTS, "Numbers of outcome events or summary measures over time"),
        Item(
            "16a",
            RESULTS,
            "Unadjusted and, if applicable, confounder-adjusted estimates with their precision; "
            "which confounders, and why",
        ),
        Item("16b", RESULTS, "Category boundaries where continuous variables were categorised"),
        Item(
            "16c",
            RESULTS,
            "If relevant, relative risk translated into absolute risk for a meaningful time",
        ),
        Item("17", RESULTS, "Other analyses: subgroups, interactions, sensitivity"),
        Item("18", DISCUSSION, "Key results with reference to the objectives"),
        Item(
            "19",
            DISCUSSION,
            "Limitations, with sources of potential bias or imprecision, its direction and "
            "magnitude",
        ),
        Item(
            "20",
            DISCUSSION,
            "A cautious overall interpretation, considering objectives, limitations, multiplicity "
            "of analyses, similar studies and other evidence",
        ),
        Item("21", DISCUSSION, "Generalisability (external validity) of the results"),
        Item(
            "22",
            "Other information",
            "Source of funding and role of the funders, also of an original study this one is "
            "based on",
        ),
    ),
)
