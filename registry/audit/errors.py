"""What can go wrong in an audit, by name.

No message carries a patient, study or surgery id: it may end in a log.
"""

from collections.abc import Iterable


class AuditError(Exception):
    """Root of everything an audit raises on purpose."""


class FactError(AuditError):
    """A fact that cannot be counted because it is not well formed."""


class UnknownCodeError(FactError):
    """A coded field holds a code that is not in its closed list."""

    def __init__(self, *, field: str, code: object, allowed: Iterable[str]) -> None:
        self.field = field
        self.code = code
        self.allowed = tuple(allowed)
        super().__init__(f"{field} must be one of {', '.join(self.allowed)}")


class InvalidFactError(FactError):
    """A field holds a value of the wrong kind or outside its range."""

    def __init__(self, *, field: str, expected: str) -> None:
        self.field = field
        self.expected = expected
        super().__init__(f"{field} must be {expected}")


class DuplicateIdError(FactError):
    """Two records of one kind share an id, so one of them would be counted twice."""

    def __init__(self, *, kind: str) -> None:
        self.kind = kind
        super().__init__(f"two {kind} share one id")


class MalformedFactsError(FactError):
    """Stored facts are not JSON, or not of the shape and version this code reads."""


class MalformedResultError(AuditError):
    """A stored result that does not say what was counted: protocol, cut-off or version."""


class CountError(AuditError):
    """A numerator or denominator that is no count, or a confidence that is none."""


class QuantityError(AuditError):
    """A volume, length, dose or concentration that no pump system can have."""

    def __init__(self, *, name: str, expected: str) -> None:
        self.name = name
        self.expected = expected
        super().__init__(f"{name} must be {expected}")


class FiltersError(AuditError):
    """A period that ends before it begins."""


class FlowError(AuditError):
    """A cohort flow whose boxes would not add up."""


class UnknownProtocolError(AuditError):
    """No protocol has this key."""

    def __init__(self, *, key: str, known: Iterable[str]) -> None:
        self.key = key
        self.known = tuple(known)
        super().__init__(f"no audit protocol {key!r}; known are {', '.join(self.known)}")


class ReportDoesNotHoldError(AuditError):
    """A frozen report whose numbers come out differently when its facts are counted again."""


class UnknownNumberError(AuditError):
    """The result has no number of this key, so there is nobody behind it."""

    def __init__(self, *, key: str) -> None:
        self.key = key
        super().__init__(f"the result has no number {key!r}")


class FollowUpError(AuditError):
    """Follow-up that cannot be: an end before the beginning, half a day, two lifetimes."""


class NotConvergedError(AuditError):
    """A regression without a finite answer: too few events, or a covariate that decides them."""
