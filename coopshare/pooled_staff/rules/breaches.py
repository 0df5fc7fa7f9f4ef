"""What a rule says of facts: a finding with its figure, its limit, its excess and its source."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from coopshare.kernel.dates import Day, InHours
from coopshare.kernel.text import Sentence, marked
from coopshare.pooled_staff.rules.diary import Diary
from coopshare.pooled_staff.rules.facts import Setting
from coopshare.pooled_staff.rules.ruleset import Level, RuleSet

Laws = Callable[[date], RuleSet]
"""The rules in force on a day, agreements of the employer included."""

COUNTED = frozenset({"week_days", "minor", "notice_full", "notice_full_d", "pt_notice"})
"""Rules whose figures are numbers, not minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """One rule that is not kept, on one day or in the week of one Monday."""

    rule_id: str
    rule_set: str
    article: str
    level: Level
    worker_id: UUID
    day: date
    done: int
    """Minutes, or days."""
    limit: int
    excess: int
    """How far beyond the limit, or short of it: more than zero."""
    stints: tuple[UUID, ...]
    sentence: Sentence

    @property
    def source(self) -> Sentence:
        """Return where the rule stands, which nobody has verified yet; nothing without article."""
        if not self.article:
            return Sentence("")
        return Sentence(marked("{article} (à vérifier)"), {"article": self.article})


Family = Callable[[Diary, Laws, Setting], Iterator[Breach]]


def breach(
    diary: Diary,
    laws: Laws,
    rule_id: str,
    day: date,
    *,
    done: int,
    limit: int | None = None,
    excess: int,
    stints: Iterable[UUID],
    more: Mapping[str, object] | None = None,
) -> Breach:
    """Return a finding; `limit` where it is not the value of the rule itself."""
    law = laws(day)
    rule = law.rules[rule_id]
    most = rule.value if limit is None else limit
    shown: dict[str, object] = {
        "person": diary.terms.name,
        "done": done if rule_id in COUNTED else InHours(done),
        "limit": most if rule_id in COUNTED else InHours(most),
        "day": Day(day, day.year),
    }
    return Breach(
        rule_id=rule_id,
        rule_set=law.name,
        article=rule.article,
        level=rule.level,
        worker_id=diary.terms.worker_id,
        day=day,
        done=done,
        limit=most,
        excess=excess,
        stints=tuple(stints),
        sentence=Sentence(rule.sentence, shown | dict(more or {})),
    )
