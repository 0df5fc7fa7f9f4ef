"""How long before a change of hours it is said: asked of one change, not of a rota."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from uuid import UUID

from coopshare.pooled_staff.kinds import Arrangement
from coopshare.pooled_staff.rules.breaches import Breach, Laws, breach
from coopshare.pooled_staff.rules.diary import DAY, Diary, is_may1
from coopshare.pooled_staff.rules.facts import Setting, Terms

SATURDAY = 5


def notice(
    change_starts: datetime,
    announced: datetime,
    terms: Terms,
    laws: Laws,
    setting: Setting,
    *,
    is_agreed: bool = False,
    stints: Iterable[UUID] = (),
) -> tuple[Breach, ...]:
    """Return each notice that is due of a change of hours and that it does not keep, by rule.

    Due: seven days, or what it sets, where an agreement spreads the hours over weeks (L3121-47);
    seven jours ouvrés where the employer does (D3121-27), and of part time (L3123-31), there three
    at least by an agreement (L3123-24), and none if the person expressly agrees to the change
    (`is_agreed`: Cass. soc., 9 November 2016, 15-19.401). Of a part-time contract that is spread,
    both. Of the same full-time hours each week, none is set.

    Whole civil days count, where the person lives: neither that of the announcement nor that of the
    change, the stricter reading. The law is that of the day of the change. Both instants are aware;
    `stints` are those that change.
    """
    diary, ids = Diary(terms, ()), tuple(stints)
    day, said_on = diary.day_of(change_starts), diary.day_of(announced)
    whole = [said_on + number * DAY for number in range(1, (day - said_on).days)]
    ouvres = sum(_is_ouvre(one, setting) for one in whole)
    found = []
    for rule_id in _due(terms, is_agreed=is_agreed):
        done = len(whole) if rule_id == "notice_full" else ouvres
        limit = laws(day).rules[rule_id].value
        if done < limit:
            short = limit - done
            found.append(breach(diary, laws, rule_id, day, done=done, excess=short, stints=ids))
    return tuple(found)


def _due(terms: Terms, *, is_agreed: bool) -> Iterator[str]:
    if terms.arrangement is Arrangement.AGREEMENT:
        yield "notice_full"
    if terms.arrangement is Arrangement.EMPLOYER:
        yield "notice_full_d"
    if terms.is_part_time and not is_agreed:
        yield "pt_notice"


def _is_ouvre(day: date, setting: Setting) -> bool:
    """Tell whether a day is a jour ouvré: Monday to Friday, but 1 May and the holidays given."""
    return day.weekday() < SATURDAY and day not in setting.holidays_off and not is_may1(day)
