"""What can be wrong with a request to change something."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext


class RegistryError(Exception):
    """A rule of the registry refused the change; nothing was written."""


class InvalidRecordError(RegistryError):
    """Values that contradict each other or are no codes of the vocabulary.

    Attributes
    ----------
    errors
        Field name (or "__all__") to the sentences about it.
    """

    def __init__(self, errors: Mapping[str, list[str]]) -> None:
        super().__init__("; ".join(sentence for texts in errors.values() for sentence in texts))
        self.errors = dict(errors)


class StepRefusedError(RegistryError):
    """A step of an episode that was logged at once.

    Attributes
    ----------
    step
        "patient", "system", "case", "study", "report", "surgery" or "outcome".
    error
        What was refused, with the field names of that step's record.
    """

    def __init__(self, step: str, error: InvalidRecordError) -> None:
        super().__init__(str(error))
        self.step = step
        self.error = error


class EditConflictError(RegistryError):
    """Somebody else saved the record since it was opened for editing."""


class DuplicatePatientError(RegistryError):
    """The centre has a patient with this local number already."""

    def __init__(self, registry_number: str) -> None:
        super().__init__(
            gettext("This local number belongs to %(registry_number)s already.")
            % {"registry_number": registry_number}
        )
        self.registry_number = registry_number


class CaseMismatchError(RegistryError):
    """The images contradict the case; a reason is required.

    Attributes
    ----------
    differing
        What differs, in words.
    """

    def __init__(self, differing: Sequence[str]) -> None:
        words = gettext(" and ").join(
            [", ".join(differing[:-1]), differing[-1]] if differing[1:] else differing
        )
        super().__init__(
            gettext(
                "Images and case differ in %(words)s. Check the case; if the images are right, "
                "say why they differ."
            )
            % {"words": words}
        )
        self.differing = tuple(differing)


class StudyNotOfferedError(RegistryError):
    """The images are excluded, or it is not settled whose they are."""


class AlreadyLinkedError(RegistryError):
    """The DICOM study serves a contrast study already."""


class LinkGoneError(RegistryError):
    """The link between images and contrast study was withdrawn by somebody else."""


class OtherCentreError(RegistryError):
    """Two records of different centres were to be joined."""


class MergeRefusedError(RegistryError):
    """Two numbers cannot be joined, or parted again, as things stand."""


class TransferRefusedError(RegistryError):
    """The transfer cannot be offered or answered as things stand."""


class NoSignalError(RegistryError):
    """The rule raises no such device signal, so nobody can say what it means."""


class OtherNumbersError(RegistryError):
    """What was to be decided about is not what the person saw."""


class ReadNotCompletedError(RegistryError):
    """A contrast study that was stopped has nothing to read: its outcome is the finding."""


class AlreadyReadError(RegistryError):
    """This reader has signed a read of the contrast study; a correction must supersede it."""


class CannotBeAssignedError(RegistryError):
    """The reader cannot be asked for a read of this study."""


class AssignmentGoneError(RegistryError):
    """The assignment was withdrawn by somebody else."""


class NotIndependentError(RegistryError):
    """Whoever has to do with one of two reads does not decide between them."""


class AlreadyAdjudicatedError(RegistryError):
    """The study has its adjudication; a correction must supersede it."""


class NothingToAdjudicateError(RegistryError):
    """There are not two signed reads, or they do not differ in what needs a decision."""


class ReadsChangedError(RegistryError):
    """The reads to decide between are no longer those that were shown."""


class CaseClosedError(RegistryError):
    """The case is closed; reopen it with a reason first."""


class ImportGoneError(RegistryError):
    """The import is not in the state the change needs: taken in already, or taken back."""


class ImportRefusedError(RegistryError):
    """A row of an import was refused, so nothing of it was written."""


class NotUndoableError(RegistryError):
    """Somebody has worked on what an import made; it can no longer be taken back."""


class UnknownRoleError(RegistryError):
    """A role the product does not know."""


class TheatreListRefusedError(RegistryError):
    """The list cannot be taken in or withdrawn."""
