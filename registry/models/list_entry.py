"""Lines of working lists and of the search, derived from the records and kept in step with them."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from .centre import Centre
from .patient import Patient
from .revision_case import RevisionCase


class ListEntry(models.Model):
    """One record of one patient under one term, on one day.

    Derived in the transaction of each change (`registry.actions.list_entries`), so that a list or
    a search reads one range of one index, however many patients there are. It says nothing that
    the records do not say, and can be worked out anew at any time.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="list_entries")
    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(
        RevisionCase, null=True, blank=True, on_delete=models.PROTECT, related_name="list_entries"
    )
    term = models.CharField(
        max_length=80, help_text="A list such as no_read, or a search such as finding:leak."
    )
    on = models.DateField(help_text="When it happened or falls due; the list is in this order.")
    about = models.UUIDField(help_text="Public id of the record.")
    detail = models.CharField(max_length=40, blank=True, help_text="Code of what is the matter.")

    IDENTIFYING: ClassVar = ("term", "on")
    NOT_IDENTIFYING: ClassVar = ("id", "patient", "centre", "case", "about", "detail")

    class Meta:
        verbose_name_plural = "list entries"
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "term", "about", "detail"], name="list_entry_once"
            ),
            models.CheckConstraint(condition=~Q(term=""), name="list_entry_has_term"),
        ]
        indexes = [
            models.Index(fields=["centre", "term", "on", "id"], name="list_entry_in_order"),
            models.Index(fields=["about"], name="list_entry_by_record"),
        ]

    def __str__(self) -> str:
        return f"list entry {self.pk}"

    @property
    def centre_code(self) -> str:
        return self.centre.code


class PatientTally(models.Model):
    """How the entries of one patient were worked out, and what was asked of its records."""

    patient = models.OneToOneField(Patient, on_delete=models.PROTECT, related_name="tally")
    centre = models.ForeignKey(
        Centre,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Where the answers are counted: the centre the patient belonged to then.",
    )
    rules_version = models.PositiveSmallIntegerField()
    answers = models.JSONField(
        default=dict, help_text="Mandatory question → [how often asked, how often unanswered]."
    )

    IDENTIFYING: ClassVar = ()
    NOT_IDENTIFYING: ClassVar = ("id", "patient", "centre", "rules_version", "answers")

    class Meta:
        indexes = [models.Index(fields=["rules_version"], name="patient_tally_by_rules")]

    def __str__(self) -> str:
        return f"tally {self.pk}"


class CentreTally(models.Model):
    """Of all patients of a centre: how often a mandatory question was asked and not answered."""

    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="tallies")
    question = models.CharField(max_length=40)
    asked = models.PositiveIntegerField(default=0)
    unanswered = models.PositiveIntegerField(default=0)

    IDENTIFYING: ClassVar = ()
    NOT_IDENTIFYING: ClassVar = ("id", "centre", "question", "asked", "unanswered")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["centre", "question"], name="centre_tally_once"),
            models.CheckConstraint(
                condition=Q(unanswered__lte=F("asked")), name="centre_tally_unanswered_were_asked"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question} of {self.centre_id}"
