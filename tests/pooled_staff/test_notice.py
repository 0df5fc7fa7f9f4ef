"""How long before a change it is said: at each limit, a day beyond, over weekends and holidays."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from coopshare.pooled_staff.rules import (
    Arrangement,
    Level,
    OutOfBounds,
    Override,
    Setting,
    Terms,
    laws_of,
    newly,
    notice,
)
from tests.pooled_staff.made import AVENIR, FULL, HALF, PARIS, RELAIS

AGREED = replace(FULL, arrangement=Arrangement.AGREEMENT)
SET = replace(FULL, arrangement=Arrangement.EMPLOYER)
EASTER = Setting(holidays_off=frozenset({date(2027, 3, 29)}))


def moment(text: str) -> datetime:
    """Return a local moment in Paris, as an instant."""
    return datetime.fromisoformat(text).replace(tzinfo=PARIS).astimezone(UTC)


def short(
    terms: Terms,
    announced: str,
    change: str,
    setting: Setting | None = None,
    *,
    is_agreed: bool = False,
) -> list[tuple[str, int, int, int]]:
    """Return what is not kept: rule, days of notice, the limit, the excess."""
    asked = setting or Setting()
    found = notice(
        moment(change), moment(announced), terms, laws_of(asked), asked, is_agreed=is_agreed
    )
    assert all(one.day == moment(change).astimezone(PARIS).date() for one in found)
    return [(one.rule_id, one.done, one.limit, one.excess) for one in found]


@pytest.mark.parametrize(
    ("terms", "setting", "at_limit", "beyond", "change", "rule_id"),
    [
        (AGREED, Setting(), "2027-03-07T23:59", "2027-03-08T00:00", "2027-03-15", "notice_full"),
        (AGREED, EASTER, "2027-03-25T18:00", "2027-03-26T06:00", "2027-04-02", "notice_full"),
        (SET, Setting(), "2027-03-03T18:00", "2027-03-04T06:00", "2027-03-15", "notice_full_d"),
        (SET, EASTER, "2027-03-22T18:00", "2027-03-23T06:00", "2027-04-02", "notice_full_d"),
        (SET, Setting(), "2027-03-23T18:00", "2027-03-24T06:00", "2027-04-02", "notice_full_d"),
        (SET, Setting(), "2026-04-29T18:00", "2026-04-30T06:00", "2026-05-12", "notice_full_d"),
        (HALF, EASTER, "2027-03-22T18:00", "2027-03-23T06:00", "2027-04-02", "pt_notice"),
        (HALF, Setting(), "2027-03-07T12:00", "2027-03-08T00:30", "2027-03-17", "pt_notice"),
    ],
    ids=[
        "calendar days",
        "a holiday is a calendar day",
        "over a weekend",
        "over a weekend and Easter Monday",
        "an Easter Monday that is worked",
        "over 1 May, off by law",
        "part time, over Easter Monday",
        "part time, said on a Sunday",
    ],
)
def test_at_the_limit_and_beyond(
    terms: Terms, setting: Setting, at_limit: str, beyond: str, change: str, rule_id: str
) -> None:
    """Neither the day of the announcement nor that of the change counts, whatever their hours."""
    for hour in ("00:00", "23:00"):
        starts = f"{change}T{hour}"
        assert short(terms, at_limit, starts, setting) == []
        assert short(terms, beyond, starts, setting) == [(rule_id, 6, 7, 1)]


def test_no_notice_is_due_of_the_same_hours_each_week() -> None:
    assert short(FULL, "2027-03-14T18:00", "2027-03-15T08:00") == []


def test_a_change_said_too_late_has_no_notice_at_all() -> None:
    """The day before, the day itself, and once it has happened."""
    for announced in ("2027-03-14T08:00", "2027-03-15T07:00", "2027-03-20T08:00"):
        assert short(AGREED, announced, "2027-03-15T08:00") == [("notice_full", 0, 7, 7)]


def test_days_are_those_of_the_place() -> None:
    """Half past eleven in the evening in UTC is the day after in Paris."""
    starts, laws = datetime(2027, 3, 15, 7, tzinfo=UTC), laws_of(Setting())
    for hour, count in ((22, 0), (23, 1)):
        announced = datetime(2027, 3, 7, hour, 30, tzinfo=UTC)
        assert len(notice(starts, announced, AGREED, laws, Setting())) == count


def test_who_works_part_time_may_agree() -> None:
    """Expressly: then no notice is due of a part-time contract; that of an arrangement stays."""
    late = "2027-03-12T18:00", "2027-03-15T08:00"
    assert short(HALF, *late) == [("pt_notice", 0, 7, 7)]
    assert short(HALF, *late, is_agreed=True) == []
    both = replace(HALF, arrangement=Arrangement.AGREEMENT)
    assert short(both, *late) == [("notice_full", 2, 7, 5), ("pt_notice", 0, 7, 7)]
    assert short(both, *late, is_agreed=True) == [("notice_full", 2, 7, 5)]


def test_what_an_agreement_may_set() -> None:
    """Three days at least of part time, any number of an arrangement that it made, no other."""

    def agreed(rule_id: str, value: int) -> Setting:
        start = date(2027, 3, 15)
        one = Override(rule_id=rule_id, value=value, agreement="Accord du 3 mai", valid_from=start)
        return Setting(overrides=(one,))

    three, fifteen = agreed("pt_notice", 3), agreed("notice_full", 15)
    assert short(HALF, "2027-03-09T18:00", "2027-03-15T08:00", three) == []
    assert short(HALF, "2027-03-10T08:00", "2027-03-15T08:00", three) == [("pt_notice", 2, 3, 1)]
    assert short(HALF, "2027-03-08T18:00", "2027-03-12T08:00", three) == [("pt_notice", 3, 7, 4)]
    assert short(AGREED, "2027-02-28T08:00", "2027-03-15T08:00", fifteen) == [
        ("notice_full", 14, 15, 1)
    ]
    assert short(AGREED, "2027-03-13T08:00", "2027-03-15T08:00", agreed("notice_full", 1)) == []
    for rule_id, value in (("pt_notice", 2), ("notice_full", 0), ("notice_full_d", 3)):
        with pytest.raises(OutOfBounds, match="Accord du 3 mai"):
            short(HALF, "2027-03-12T18:00", "2027-03-15T08:00", agreed(rule_id, value))


def test_a_finding_says_which_change_and_why() -> None:
    announced, starts = moment("2027-03-12T18:00"), moment("2027-03-16T08:00")
    laws = laws_of(Setting())
    [first] = notice(starts, announced, HALF, laws, Setting(), stints=[AVENIR])
    [second] = notice(starts, announced, HALF, laws, Setting(), stints=[RELAIS])
    assert (first.level, first.rule_set) == (Level.BLOCKS, "france-2026-01")
    assert first.sentence.say().replace("\u202f", " ").replace("\u00a0", " ") == (
        "Léa Durand : le changement du mardi 16 mars serait annoncé 1 jour(s) ouvré(s) entier(s)"
        " à l'avance ; il en faut 7, ou son accord exprès."
    )
    assert first.source.say() == "L3123-31 (à vérifier)"
    assert newly([first], [first, second]) == (second,)
