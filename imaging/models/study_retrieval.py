"""That a program has fetched a study."""

from typing import ClassVar

from django.db import models

from .peer import Peer
from .study import Study


class StudyRetrieval(models.Model):
    """A peer fetched something of a study on a day; the history has an event for each."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="retrievals")
    peer = models.ForeignKey(Peer, on_delete=models.PROTECT, related_name="retrievals")
    retrieved_on = models.DateField(help_text="In UTC.")

    IDENTIFYING: ClassVar = ()
    NOT_IDENTIFYING: ClassVar = ("id", "study", "peer", "retrieved_on")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["peer", "study", "retrieved_on"], name="study_retrieval_once_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"Retrieval of study {self.study_id}"
