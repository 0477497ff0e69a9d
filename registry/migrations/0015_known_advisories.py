"""The advisories that the project knows of, with where it read of them.

From here on they are data of the installation. Days are those that the source states; where it
names lots or drugs that are not held here, a component of the model can be affected, not more.
"""

from datetime import date

from django.db import migrations
from django.utils import timezone

SYNCHROMED_EL = (
    "medtronic_8626_10", "medtronic_8626_18", "medtronic_8626l_10", "medtronic_8626l_18",
    "medtronic_8627_10", "medtronic_8627_18", "medtronic_8627l_10", "medtronic_8627l_18",
)  # fmt: skip
SYNCHROMED_II = ("medtronic_8637_20", "medtronic_8637_40")
ASCENDA = ("medtronic_8780", "medtronic_8781", "medtronic_8782", "medtronic_8784")

KNOWN = (
    {
        "title": "SynchroMed EL: wear of the gear shaft in motors made before September 1999",
        "issued": "2007, Class I",
        "source": "SynchroMed EL Class I recall 2007 (news report)",
        "models": SYNCHROMED_EL,
        "manufactured_until": date(1999, 8, 31),
    },
    {
        "title": "SynchroMed II: film in the battery",
        "issued": "2009 and 2011, Class I",
        "what": "Pumps distributed from May 2004 to July 2011.",
        "source": "SynchroMed II Class I recall of the battery, 2011 (professional news)",
        "models": SYNCHROMED_II,
        "manufactured_until": date(2011, 7, 31),
        "implanted_from": date(2004, 5, 1),
    },
    {
        "title": "SynchroMed II: motor stall with drugs that the label does not name",
        "issued": "November and December 2012, Class I",
        "what": "Failures in the maker's registry at 78 months: 2.4 % with approved drugs, 7.0 % "
        "with others. See what the refills say of the drug.",
        "source": "SynchroMed II recall 2012 (professional news)",
        "models": SYNCHROMED_II,
    },
    {
        "title": "SynchroMed II: three changes of the motor",
        "issued": "2016 and 2017",
        "what": "Among returned pumps that had stalled: wear of a shaft in 59 %, shorting in 14 %, "
        "corrosion in 2 %. The source does not say which pumps have the changed motor.",
        "source": "SynchroMed II redesign, 2017 (professional news)",
        "models": SYNCHROMED_II,
        "lots_unknown": True,
    },
    {
        "title": "SynchroMed II: stall by a foreign particle",
        "issued": "2019",
        "what": "Pumps built from 4 May 2018 to 5 April 2019, about 11,000; five stalls confirmed.",
        "source": "SynchroMed II foreign-particle recall, 2019 (news report)",
        "models": SYNCHROMED_II,
        "manufactured_from": date(2018, 5, 4),
        "manufactured_until": date(2019, 4, 5),
    },
    {
        "title": "Ascenda: retainer ring of some lots",
        "issued": "July 2014",
        "what": "The lots are not held here. The source names the family; its models are those of "
        "the catalogue.",
        "source": "Ascenda catheter page with the 2014 recall (reference text)",
        "models": ASCENDA,
        "lots_unknown": True,
    },
    {
        "title": "Ascenda: tissue growing into the connector",
        "issued": "May 2024",
        "what": "Observed in 0.06 %. Models 8780, 8781 and 8784.",
        "source": "Hong Kong Medical Device Division alert, Ascenda connector, 14 May 2024",
        "models": ("medtronic_8780", "medtronic_8781", "medtronic_8784"),
    },
    {
        "title": "Sutureless catheters: not compatible with the 700-04M portal",
        "issued": "2008",
        "what": "The source names model 8709SC; the other models are those of the catalogue whose "
        "number ends in SC.",
        "source": "8709SC recall 2008",
        "models": ("medtronic_8709sc", "medtronic_8731sc", "medtronic_8596sc", "medtronic_8598sc"),
    },
)


def add_known_advisories(apps, schema_editor):
    """Idempotent: one that is there already is left as it is."""
    using = schema_editor.connection.alias
    advisories = apps.get_model("registry", "Advisory").objects.using(using)
    models = apps.get_model("registry", "AdvisoryModel").objects.using(using)
    for known in KNOWN:
        fields = {key: value for key, value in known.items() if key not in ("title", "models")}
        advisory, is_new = advisories.get_or_create(
            title=known["title"],
            centre=None,
            defaults=fields | {"status": "published", "created_at": timezone.now()},
        )
        if is_new:
            for code in known["models"]:
                models.create(advisory=advisory, code=code)


class Migration(migrations.Migration):
    dependencies = [("registry", "0014_doses_and_refills")]

    operations = [migrations.RunPython(add_known_advisories, migrations.RunPython.noop)]
