"""The law on plain facts: at each limit, a minute beyond, across members, midnight and clocks."""

from dataclasses import replace
from datetime import date

import pytest

from coopshare.kernel.intervals import Interval
from coopshare.pooled_staff.rules import (
    SETS,
    Absence,
    Level,
    OutOfBounds,
    Override,
    Setting,
    Stint,
    StintKind,
    check,
    newly,
)
from coopshare.pooled_staff.rules.diary import Diary
from tests.pooled_staff.made import (
    AVENIR,
    DAY,
    FULL,
    HALF,
    LAW,
    MINUTE,
    MONDAY,
    RELAIS,
    TEN_HOURS,
    WEEK,
    WORKER,
    at,
    days,
    found,
    stint,
)


@pytest.mark.parametrize(
    ("at_limit", "beyond", "expected"),
    [
        (
            [stint(MONDAY, "08:00", "13:00"), stint(MONDAY, "14:00", "19:00", RELAIS)],
            [stint(MONDAY, "08:00", "13:00"), stint(MONDAY, "14:00", "19:01", RELAIS)],
            ("day_max", MONDAY, 601, 1),
        ),
        (
            [stint(MONDAY, "08:00", "13:59")],
            [stint(MONDAY, "08:00", "14:00")],
            ("break_min", MONDAY, 0, 20),
        ),
        (
            [stint(MONDAY, "08:00", "18:00", pauses=[("12:00", "12:20")])],
            [stint(MONDAY, "08:00", "18:00", pauses=[("12:00", "12:19")])],
            ("break_min", MONDAY, 19, 1),
        ),
        (
            [stint(MONDAY, "16:00", "21:00"), stint(MONDAY + DAY, "08:00", "12:00")],
            [stint(MONDAY, "16:00", "21:01"), stint(MONDAY + DAY, "08:00", "12:00")],
            ("daily_rest", MONDAY, 659, 1),
        ),
        (
            [stint(MONDAY, "07:00", "09:00"), stint(MONDAY, "18:00", "20:00", RELAIS)],
            [stint(MONDAY, "07:00", "09:00"), stint(MONDAY, "18:00", "20:01", RELAIS)],
            ("day_span", MONDAY, 781, 1),
        ),
        (
            days(MONDAY, 5, ("09:00", "12:00"), ("13:00", "17:00")),
            [
                *days(MONDAY, 5, ("09:00", "12:00"), ("13:00", "17:00")),
                stint(MONDAY, "18:00", "18:01", RELAIS),
            ],
            ("legal_week", MONDAY, 2101, 1),
        ),
        (
            days(MONDAY, 6, ("09:00", "12:00")),
            days(MONDAY, 7, ("09:00", "12:00")),
            ("week_days", MONDAY, 7, 1),
        ),
    ],
    ids=["day", "six hours", "break", "daily rest", "span", "legal week", "seven days"],
)
def test_at_the_limit_and_beyond(
    at_limit: list[Stint], beyond: list[Stint], expected: tuple[str, date, int, int]
) -> None:
    rule_id = expected[0]
    assert [one for one in found(at_limit) if one[0] == rule_id] == []
    assert [one for one in found(beyond) if one[0] == rule_id] == [expected]


def test_the_week_is_summed_across_members() -> None:
    """Forty-eight hours at two members pass; a minute more does not."""
    week = days(MONDAY, 4, *TEN_HOURS)
    friday = MONDAY + 4 * DAY
    week += [stint(friday, "08:00", "12:00"), stint(friday, "13:00", "17:00", RELAIS)]
    assert not [one for one in found(week) if one[0] == "week_max"]
    more = [*week, stint(friday, "17:00", "17:01", RELAIS)]
    assert ("week_max", MONDAY, 2881, 1) in found(more)


def test_twelve_weeks() -> None:
    """Eleven weeks at 44 hours and one at 44 h 01; absent weeks are left out, or counted."""
    rota: list[Stint] = []
    for number in range(12):
        first = MONDAY + number * WEEK
        rota += days(first, 4, ("08:00", "12:00"), ("13:00", "18:00"))
        rota += [stint(first + 4 * DAY, "08:00", "12:00"), stint(first + 4 * DAY, "13:00", "17:00")]
    last = MONDAY + 11 * WEEK
    assert not [one for one in found(rota) if one[0] == "avg12_max"]
    more = [*rota, stint(last, "18:00", "18:01", RELAIS)]
    assert [one for one in found(more) if one[0] == "avg12_max"] == [("avg12_max", last, 2640, 1)]
    gone = MONDAY + 5 * WEEK
    away = Absence(worker_id=WORKER, span=Interval(at(gone), at(gone + WEEK)))
    fewer = [one for one in more if not at(gone) <= one.span.start < at(gone + WEEK)]
    strict = found(fewer, absences=[away])
    assert ("avg12_max", last, 2640, 1) in strict
    laxer = found(fewer, setting=Setting(absent_weeks_count=True), absences=[away])
    assert not [one for one in laxer if one[0] == "avg12_max"]


def test_work_in_a_week_of_absence_does_not_mend_the_average() -> None:
    """A day worked all the same: the week stays one of absence, which the average leaves out."""
    rota = [
        one
        for number in range(12)
        if number != 5
        for one in days(MONDAY + number * WEEK, 5, ("08:00", "12:00"), ("13:00", "17:49"))
    ]
    gone = MONDAY + 5 * WEEK
    told = ("avg12_max", MONDAY + 11 * WEEK, 2645, 55)
    for worked in ([], days(gone, 1, ("09:00", "12:00")), days(gone + 5 * DAY, 1, *TEN_HOURS)):
        for length, is_told in ((5 * DAY, True), (4 * DAY, False)):
            away = Absence(worker_id=WORKER, span=Interval(at(gone), at(gone + length)))
            assert (told in found([*rota, *worked], absences=[away])) is is_told


def test_over_midnight_and_the_two_changes_of_clocks() -> None:
    """A night is cut at midnight; at the end of March it has an hour less, in October one more."""
    spring, autumn = date(2027, 3, 27), date(2027, 10, 30)
    for day, sunday in ((spring, 360), (autumn, 480)):
        night = stint(day, "20:00", "07:00")
        minutes = {one[1]: one[2] for one in found([night]) if one[0] == "sunday"}
        assert minutes == {day + DAY: sunday}


def test_the_rest_of_the_week() -> None:
    """From Saturday 20 h to Monday 7 h is enough; from Saturday 21 h to Monday 7 h is not."""
    enough = [*days(MONDAY, 6, ("14:00", "20:00")), stint(MONDAY + 7 * DAY, "07:00", "12:00")]
    assert not [one for one in found(enough) if one[0] == "weekly_rest"]
    short = [*enough, stint(MONDAY + 5 * DAY, "20:00", "21:00", RELAIS)]
    assert [one for one in found(short) if one[0] == "weekly_rest"] == [
        ("weekly_rest", MONDAY, 2040, 60)
    ]


def test_rests_in_a_span_are_given_whole() -> None:
    """Those that share an instant with it; one that only touches it does not."""
    rota = [stint(MONDAY, "08:00", "10:00"), stint(MONDAY, "11:00", "12:00")]
    diary = Diary(FULL, [*rota, stint(MONDAY, "15:00", "16:00")])
    between, after = (
        Interval(rota[0].span.end, rota[1].span.start),
        Interval(rota[1].span.end, rota[1].span.end + 180 * MINUTE),
    )
    assert list(diary.rests_in(rota[1].span)) == []
    within = Interval(between.start + 30 * MINUTE, after.start + MINUTE)
    assert list(diary.rests_in(within)) == [between, after]
    assert diary.longest_rest(within) == 30


def test_holidays() -> None:
    may = date(2027, 5, 1)
    ascension = date(2027, 5, 6)
    rota = [stint(may, "09:00", "12:00"), stint(ascension, "09:00", "12:00")]
    assert found(rota) == [("holiday_may1", may, 180, 180)]
    off = Setting(holidays_off=frozenset({may, ascension}))
    assert found(rota, setting=off) == [
        ("holiday_may1", may, 180, 180),
        ("holiday", ascension, 180, 180),
    ]


def test_the_day_of_solidarity_may_be_a_holiday() -> None:
    """Never 1 May (L3133-11); other work, even at that time, is told alone."""
    may, whit = date(2027, 5, 1), date(2027, 5, 17)
    off = Setting(holidays_off=frozenset({may, whit}))
    given = stint(whit, "09:00", "12:00", kind=StintKind.SOLIDARITY)
    assert found([given], setting=off) == []
    more = stint(whit, "11:00", "14:00", RELAIS, pauses=[("12:00", "12:30")])
    [breach] = check([given, more], [FULL], off)
    assert (breach.rule_id, breach.day, breach.excess) == ("holiday", whit, 150)
    assert breach.stints == (more.id,)
    night = stint(whit - DAY, "22:00", "02:00", kind=StintKind.SOLIDARITY)
    assert found([night], setting=off) == [("sunday", whit - DAY, 120, 120)]
    on_may1 = stint(may, "09:00", "12:00", kind=StintKind.SOLIDARITY)
    assert found([on_may1], setting=off) == [("holiday_may1", may, 180, 180)]


def test_part_time() -> None:
    """Twenty hours: two more at most, one interruption of two hours, always below full time."""
    week = days(MONDAY, 5, ("08:00", "10:12"), ("12:12", "14:24"))
    assert found(week, HALF) == []
    more = [*week, stint(MONDAY, "14:24", "14:25", RELAIS)]
    assert found(more, HALF) == [("pt_extra", MONDAY, 121, 1)]
    gaps = [
        stint(MONDAY, "08:00", "10:00"),
        stint(MONDAY, "12:01", "13:00"),
        stint(MONDAY, "14:00", "15:00"),
    ]
    assert found(gaps, HALF) == [("pt_gap", MONDAY, 121, 61)]
    full = days(MONDAY, 5, ("08:00", "12:00"), ("13:00", "16:00"))
    assert ("pt_below_full", MONDAY, 2100, 1) in found(full, HALF)


def test_the_contract_names_who_and_where() -> None:
    listed = replace(FULL, members=frozenset({AVENIR}))
    rota = [stint(MONDAY, "09:00", "12:00"), stint(MONDAY, "14:00", "16:00", RELAIS)]
    assert found(rota, listed) == [("listed_user", MONDAY, 120, 120)]
    assert found([replace(rota[1], kind=StintKind.COMMON)], listed) == []


def test_other_jobs_and_age() -> None:
    other = replace(FULL, other_jobs_minutes=900)
    week = days(MONDAY, 5, ("08:00", "12:00"), ("13:00", "16:00"))
    assert found(week, other) == [("cumul", MONDAY, 3000, 120)]
    young = replace(FULL, born_on=date(2009, 3, 2))
    assert found(week[:1], young) == [("minor", MONDAY, 17, 1)]
    assert found(week[2:3], young) == []
    younger = replace(FULL, born_on=date(2009, 3, 4))
    assert found(week, younger) == [
        ("minor", MONDAY, 17, 1),
        ("minor", MONDAY + DAY, 17, 1),
        ("minor", MONDAY + 2 * DAY, 17, 1),
    ]
    later = (MONDAY + DAY, MONDAY + DAY)
    assert found(week, younger, days=later) == [("minor", MONDAY + DAY, 17, 1)]


def test_the_average_covers_all_jobs() -> None:
    """Thirty-nine hours here and five elsewhere pass; a minute more, here or there, does not."""
    rota = [
        one
        for number in range(12)
        if number != 5
        for one in days(MONDAY + number * WEEK, 5, ("08:00", "12:00"), ("13:00", "16:48"))
    ]
    gone, last = MONDAY + 5 * WEEK, MONDAY + 11 * WEEK
    away = Absence(worker_id=WORKER, span=Interval(at(gone), at(gone + WEEK)))

    def average(stints: list[Stint], minutes: int) -> list[tuple[str, date, int, int]]:
        terms = replace(FULL, other_jobs_minutes=minutes)
        return [one for one in found(stints, terms, absences=[away]) if one[0] == "avg12_max"]

    assert average(rota, 300) == []
    assert average(rota, 301) == [("avg12_max", last, 2641, 11)]
    more = [*rota, stint(last, "17:00", "17:01", RELAIS)]
    assert average(more, 300) == [("avg12_max", last, 2640, 1)]


def test_an_average_of_other_jobs_alone_is_no_finding() -> None:
    """Too much is worked elsewhere, and twelve weeks of it without a minute here."""
    other = replace(FULL, other_jobs_minutes=3000)
    rota = [stint(MONDAY, "09:00", "12:00"), stint(MONDAY + 13 * WEEK, "09:00", "12:00")]
    assert [one[:2] for one in found(rota, other) if one[0] == "avg12_max"] == [
        ("avg12_max", MONDAY + 11 * WEEK),
        ("avg12_max", MONDAY + 13 * WEEK),
    ]


def test_agreements() -> None:
    """Twelve hours a day by agreement, from its day on; not thirteen, and never more a week."""
    rota = [*days(MONDAY, 2, ("07:00", "13:00"), ("13:30", "18:30"))]
    agreed = Override(
        rule_id="day_max", value=720, agreement="Accord du 3 mai", valid_from=MONDAY + DAY
    )
    setting = Setting(overrides=(agreed,))
    assert [one[:2] for one in found(rota, setting=setting)] == [("day_max", MONDAY)]
    for wrong in (
        replace(agreed, value=780),
        replace(agreed, rule_id="week_max", value=3000),
        replace(agreed, rule_id="unknown"),
    ):
        with pytest.raises(OutOfBounds, match="Accord du 3 mai"):
            check(rota, [FULL], Setting(overrides=(wrong,)))


def test_a_law_that_changes_in_mid_week() -> None:
    """Each day is judged by the set of that day, and says which."""
    later = replace(
        SETS[-1],
        name="new",
        valid_from=MONDAY + DAY,
        rules={**LAW, "day_max": replace(LAW["day_max"], value=540)},
    )
    rota = days(MONDAY, 2, *TEN_HOURS)
    breaches = check(rota, [FULL], sets=(*SETS, later))
    assert [(b.rule_id, b.day, b.rule_set) for b in breaches] == [("day_max", MONDAY + DAY, "new")]


def test_what_is_judged_and_what_is_new() -> None:
    """History counts and is not judged; a change tells only what it adds."""
    rota = [*days(MONDAY, 1, ("07:00", "18:30")), *days(MONDAY + WEEK, 1, *TEN_HOURS)]
    assert found(rota, days=(MONDAY + WEEK, MONDAY + 2 * WEEK)) == []
    before = check(rota, [FULL])
    after = check([*rota, stint(MONDAY + WEEK, "19:00", "19:30", RELAIS)], [FULL])
    assert [(b.rule_id, b.excess) for b in newly(before, after)] == [("day_max", 30)]


def test_each_stint_that_the_contract_does_not_name_is_new() -> None:
    """A second one on the same day is told, whatever its length; not what was there before."""
    listed = replace(FULL, members=frozenset(), places=frozenset())
    morning, evening = (
        replace(stint(MONDAY, *hours), place_id=RELAIS)
        for hours in (("08:00", "12:00"), ("14:00", "15:00"))
    )
    before, after = (check(stints, [listed]) for stints in ([morning], [morning, evening]))
    assert [(b.rule_id, b.excess, b.stints) for b in newly(before, after)] == [
        ("listed_place", 60, (evening.id,)),
        ("listed_user", 60, (evening.id,)),
    ]
    longer = replace(morning, span=stint(MONDAY, "08:00", "12:30").span)
    assert [b.excess for b in newly(before, check([longer], [listed]))] == [270, 270]
    assert newly(after, before) == ()


def test_a_sum_is_new_only_where_it_grows() -> None:
    """The same ten hours and a half, of other stints: nothing new."""
    before = check(days(MONDAY, 1, ("08:00", "13:00"), ("14:00", "19:30")), [FULL])
    after = check(days(MONDAY, 1, ("08:00", "14:00"), ("15:00", "19:30")), [FULL])
    assert [b.rule_id for b in after] == ["day_max"]
    assert newly(before, after) == ()


def test_stints_without_terms_are_refused() -> None:
    """A mistake of whoever asks: nothing would be found of a person nobody tells about."""
    one = stint(MONDAY, "09:00", "12:00")
    with pytest.raises(ValueError, match=str(WORKER)):
        check([one], [replace(FULL, worker_id=RELAIS)])
    assert check([one], iter([FULL])) == ()


def test_a_finding_is_a_sentence_with_its_source() -> None:
    [breach] = check([stint(MONDAY, "08:00", "13:00"), stint(MONDAY, "14:00", "19:30")], [FULL])
    assert breach.level is Level.BLOCKS
    assert breach.sentence.say().replace("\u202f", " ").replace("\u00a0", " ") == (
        "Léa Durand travaillerait 10 h 30 le lundi 1er mars ; le maximum est de 10 h par jour."
    )
    assert breach.source.say() == "L3121-18 (à vérifier)"
