"""Add and retire the rules that tell test and phantom images."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext

from imaging.actions import history
from imaging.dicom.test_images import Match, Rule
from imaging.models import ExclusionRule
from imaging.queries.exclusion_rules import EVERY_CENTRE


class InvalidRuleError(Exception):
    """Such a rule would match everything, nothing, or an element no rule may ask."""


class RuleExistsError(Exception):
    """The rule is in force already."""


class RuleRetiredError(Exception):
    """Somebody else has retired the rule meanwhile."""


def add(
    *, centre_code: str, keyword: str, match: Match, text: str, by: AbstractBaseUser, at: datetime
) -> ExclusionRule:
    """Put a rule in force for what is delivered from now on; "" stands for every centre.

    Raises
    ------
    InvalidRuleError, RuleExistsError
    """
    text = " ".join(text.split())
    try:
        Rule(keyword, match, text)
    except ValueError as error:
        raise InvalidRuleError(str(error)) from error
    try:
        with transaction.atomic():
            rule = ExclusionRule.objects.create(
                centre_code=centre_code,
                keyword=keyword,
                match=match,
                text=text,
                added_at=at,
                added_by_id=by.pk,
            )
            _tell(rule, by=by, at=at, action="add_exclusion_rule")
    except IntegrityError as error:
        raise RuleExistsError(gettext("This rule is in force already.")) from error
    return rule


def retire(*, rule: ExclusionRule, by: AbstractBaseUser, at: datetime) -> None:
    """End a rule; what it kept apart stays in quarantine until somebody decides.

    Raises
    ------
    RuleRetiredError
    """
    with transaction.atomic():
        rule = ExclusionRule.objects.select_for_update().get(pk=rule.pk)
        if rule.retired_at is not None:
            raise RuleRetiredError(gettext("This rule was retired already."))
        rule.retired_at = at
        rule.save(update_fields=["retired_at"])
        _tell(rule, by=by, at=at, action="retire_exclusion_rule")


def _tell(rule: ExclusionRule, *, by: AbstractBaseUser, at: datetime, action: str) -> None:
    """In the history of each centre that the rule holds for."""
    centres = (
        import_string(settings.CENTRE_CODES)()
        if rule.centre_code == EVERY_CENTRE
        else [rule.centre_code]
    )
    for centre_code in sorted(centres):
        history.record(
            centre_code=centre_code,
            at=at,
            by=by,
            action=action,
            object_type=rule._meta.label_lower,
            object_id=rule.public_id,
            facts={"keyword": rule.keyword, "match": rule.match, "text": rule.text},
        )
