"""How STARD is answered by the audit of contrast CT against surgery."""

from collections.abc import Mapping
from typing import Final

from .answers import ForTheAuthors, Missing, Reply, Stands
from .printed import (
    Caveat,
    Caveats,
    CentresAndPeriod,
    Estimates,
    Flow,
    Methods,
    Place,
    Provenance,
    Rows,
    Rule,
    Rules,
    Said,
    Shows,
)

ACCURACY: Final = Estimates(
    tuple(
        f"{reference}{measure}"
        for reference in ("", "follow_up_")
        for measure in ("sensitivity", "specificity", "ppv", "npv")
    )
)
WRITTEN: Final = ForTheAuthors("Title, abstract and introduction are written by the authors.")

CT_ACCURACY: Final[Mapping[str, Reply]] = {
    "1": WRITTEN,
    "2": WRITTEN,
    "3": WRITTEN,
    "4": Stands(Said(Place.QUESTION), lacks="Hypotheses are for the authors."),
    "5": ForTheAuthors("Whether records were kept as care went on or filled in afterwards."),
    "6": Stands(Rules()),
    "7": Stands(
        Rules(),
        note="Inclusion in the registry.",
        lacks="Why each patient was sent is recorded and not printed.",
    ),
    "8": Stands(
        CentresAndPeriod(), lacks="What kind of hospitals these are is for the authors."
    ),
    "9": Stands(
        Rules(),
        note="Every study of the period that was logged counts.",
        lacks="Whether every study was logged is not known here; the audit data-quality asks.",
    ),
    "10a": Missing(
        "Contrast agent, volume and delay are recorded for each study; this audit prints none of "
        "them, and nothing of the scanner."
    ),
    "10b": Stands(
        Rule("reference"),
        Rule("pairing"),
        lacks="How each finding was proven at the operation is recorded and not printed.",
    ),
    "11": ForTheAuthors("Why the operation decides, and clinical follow-up only stands beside it."),
    "12a": Stands(
        Caveat("Positive means"),
        Rule("read-choice"),
        lacks="Why these categories, and whether they were prespecified, is for the authors.",
    ),
    "12b": Stands(
        Rule("reference"),
        Rule("follow-up"),
        note="Rules of this registry [proposal].",
        lacks="Why these, and whether they were prespecified, is for the authors.",
    ),
    "13a": Stands(
        Rows("study_notes", Shows.WORDS),
        note="Reads that were not blind to the operation are counted there.",
        lacks="What else a reader could see is stored with each read and not printed.",
    ),
    "13b": Stands(
        Caveat("Surgeons usually knew the CT"),
        Rows("study_notes", Shows.WORDS),
        note="Operations whose surgeon knew are counted there.",
        lacks="Those of which nobody recorded it are not told apart.",
    ),
    "14": Stands(
        Methods(),
        Rule("bootstrap"),
        Rows("accuracy", Shows.WORDS),
        Rows("ratios", Shows.WORDS),
        note="Each interval names its method.",
    ),
    "15": Stands(
        Caveat("given four ways"),
        Rows("three_by_two", Shows.WORDS),
        Rows("accuracy", Shows.WORDS),
    ),
    "16": Stands(
        Flow(),
        Caveat("Whether a study is verified depends on its result"),
        Rows("corrected", Shows.WORDS),
        note="Studies without a read or a reference are boxes of their own; the correction for "
        "them stands with its bounds.",
    ),
    "17": Stands(
        Rows("by_finding"),
        Rows("by_site"),
        lacks="Accuracy by centre, reader or group of patients is not printed; filters count one "
        "at a time. What was prespecified is for the authors.",
    ),
    "18": ForTheAuthors("No size was planned here: all studies the filters leave are counted."),
    "19": Stands(Flow()),
    "20": Stands(
        Rows("baseline", Shows.COUNTS),
        Rows("ages", Shows.COUNTS),
        note="Age, sex, diagnosis and centre, by studies and by patients.",
        lacks="Tone pattern, GMFCS level, weight and the pump system are recorded and not printed.",
    ),
    "21a": Stands(
        Rows("concordance", Shows.COUNTS, ("open", "closed", "misplaced", "tethered")),
        note="Kinds of defect.",
        lacks="How ill the patients were is not printed.",
    ),
    "21b": Missing("What else explained the symptoms of those without a defect."),
    "22": Stands(
        Rule("pairing"),
        Rows("discordant", Shows.WORDS),
        note="The longest interval, and the days of each discordant study.",
        lacks="Days of the other studies, and what was done in between, are recorded and not "
        "printed.",
    ),
    "23": Stands(
        Rows("three_by_two", Shows.COUNTS, ("with_defect", "without_defect"))
    ),
    "24": Stands(ACCURACY, Rows("accuracy"), Rows("ratios")),
    "25": Missing(
        "Adverse events of the study and complications after the operation are recorded; this "
        "audit prints neither. The audit complications counts the latter."
    ),
    "26": Stands(
        Said(Place.PLAIN_WORDS),
        Caveats(),
        Estimates(),
        note="Bias and uncertainty.",
        lacks="Generalisability is for the authors.",
    ),
    "27": ForTheAuthors("Implications for practice are written by the authors."),
    "28": ForTheAuthors("Whether the study was registered is not recorded."),
    "29": Stands(
        Provenance(),
        note="Key and version of the protocol, version of the code.",
        lacks="Where others can read them is for the authors.",
    ),
    "30": ForTheAuthors("Who paid is not recorded."),
}  # fmt: skip
