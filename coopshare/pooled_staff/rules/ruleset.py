"""The law as data: dated sets of rules, and what agreements change of them within bounds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from coopshare.kernel.errors import Refused
from coopshare.kernel.text import marked
from coopshare.pooled_staff.rules.facts import Override


class Level(StrEnum):
    """What a breach does."""

    BLOCKS = "blocks"
    """Stops publication, unless a ground is recorded."""
    WARNS = "warns"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: its value (minutes, days or basis points), its source, and who may change it."""

    id: str
    value: int
    article: str
    level: Level
    sentence: str
    """The French sentence of a breach, with named places, marked for translation."""
    agreement_min: int | None = None
    agreement_max: int | None = None
    """The bounds an agreement has to keep to; both None: none may change it."""
    agreement: str = ""
    """The article that lets an agreement change it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """The rules in force from a day on. A change of the law is a new set, never an edit."""

    name: str
    valid_from: date
    rules: Mapping[str, Rule]

    def with_overrides(self, overrides: Sequence[Override], day: date) -> "RuleSet":
        """Return the set as agreements in force that day change it.

        Raises `OutOfBounds` for one that goes further than the law lets it.
        """
        rules = dict(self.rules)
        for one in overrides:
            if one.rule_id not in rules:
                raise OutOfBounds(rule=one.rule_id, agreement=one.agreement)
            check_override(rules[one.rule_id], one)
            if one.valid_from <= day and (one.valid_to is None or day <= one.valid_to):
                rules[one.rule_id] = replace(rules[one.rule_id], value=one.value)
        return replace(self, rules=rules)


class OutOfBounds(Refused):
    """An agreement changes what none may change, or goes too far."""

    code = "agreement_out_of_bounds"
    message = marked(
        "L'accord « {agreement} » ne peut pas fixer ainsi la règle « {rule} » : la loi ne le permet"
        " pas, ou pas à ce point. Vérifiez la valeur, ou laissez la règle légale."
    )


def check_override(rule: Rule, override: Override) -> None:
    """Raise `OutOfBounds` unless an agreement may set that value."""
    least, most = rule.agreement_min, rule.agreement_max
    is_open = least is not None or most is not None
    is_low = least is not None and override.value < least
    is_high = most is not None and override.value > most
    if not is_open or is_low or is_high:
        raise OutOfBounds(rule=rule.id, agreement=override.agreement)


def in_force(sets: Sequence[RuleSet], day: date) -> RuleSet:
    """Return the set of a day: the latest that had begun; before all of them, the first."""
    begun = [one for one in sets if one.valid_from <= day]
    return max(begun or sets[:1], key=lambda one: one.valid_from)
