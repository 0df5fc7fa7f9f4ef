"""Why a demand is not met, a share not exact, a half-day moved: rules, minutes, days."""

from dataclasses import replace
from datetime import date, timedelta

from coopshare.planner.explain import Block, Moved, Share, Unmet, by_worker, explain
from coopshare.planner.problem import (
    Closure,
    Demand,
    Firm,
    Half,
    Kind,
    Limits,
    Line,
    Member,
    PartTime,
    Permit,
    Problem,
    Quota,
    Slot,
    State,
    Travel,
    Worker,
)

MONDAY = date(2027, 3, 1)
TUESDAY = MONDAY + timedelta(days=1)
AT = dict.fromkeys(Half, (Kind.MEMBER, "m1"))


def line(day: date, half: Half, member: str | None = "m1", worker: str = "w") -> Line:
    return Line(worker, day, half, Kind.MEMBER if member else Kind.COMMON, member)


def question() -> Problem:
    """Monday and Tuesday of one worker; m2 is shut on Tuesday morning, and asks for it all."""
    slots = [
        Slot("w", day, half, start, start + 210)
        for day in (MONDAY, TUESDAY)
        for half, start in ((Half.AM, 525), (Half.PM, 810))
    ]
    return Problem(
        starts_on=MONDAY,
        ends_on=TUESDAY,
        workers=(Worker("w", "Wanda", 2100), Worker("v", "Victor", 2100)),
        slots=(*slots, Slot("v", MONDAY, Half.AM, 525, 735, State.ABSENT)),
        members=(Member("m1", "Une"), Member("m2", "Deux", (Closure(TUESDAY, Half.AM),))),
        permits=(
            Permit("p1", "w", "m1", MONDAY, TUESDAY),
            Permit("p2", "w", "m2", MONDAY, TUESDAY, excluded=("1pm",)),
            Permit("p3", "v", "m2", MONDAY, TUESDAY),
        ),
        travels=(Travel("m1", "m2", 70),),
        demands=(Demand("d", "m2", ("w", "v"), MONDAY, TUESDAY, 630, priority=2),),
    )


def test_each_candidate_of_a_demand_has_its_rule() -> None:
    """The pair of sites does not fit at noon on Monday: 70 minutes of road in a gap of 75."""
    lines = [line(MONDAY, Half.AM), line(MONDAY, Half.PM), line(TUESDAY, Half.AM)]
    (found,) = explain(question(), lines).unmet
    assert found == Unmet(
        "d",
        "m2",
        630,
        630,
        (
            Block("v", "absent", ((MONDAY, Half.AM),)),
            Block("w", "closed", ((TUESDAY, Half.AM),)),
            Block("w", "excluded", ((TUESDAY, Half.PM),)),
            Block("w", "taken", ((MONDAY, Half.AM),), holder="m1"),
            Block("w", "travel", ((MONDAY, Half.PM),), holder="m1"),
        ),
    )


def test_a_pin_a_notice_a_limit_and_a_promise_are_named() -> None:
    asked = replace(
        question(),
        pinned=(line(MONDAY, Half.AM),),
        published=(line(MONDAY, Half.PM),),
        published_until=MONDAY,
        workers=(
            replace(
                question().workers[0], free_from=TUESDAY, part_time=PartTime(0), weekly_minutes=420
            ),
            question().workers[1],
        ),
        permits=(question().permits[0], replace(question().permits[1], excluded=())),
    )
    lines = [line(MONDAY, Half.AM), line(MONDAY, Half.PM)]
    rules = {(b.rule, b.half_days) for b in explain(asked, lines).unmet[0].blocks}
    assert ("pinned", ((MONDAY, Half.AM),)) in rules
    assert ("pt_notice", ((MONDAY, Half.PM),)) in rules
    assert ("pt_extra", ((TUESDAY, Half.PM),)) in rules
    promised = replace(
        question(), firms=(Firm("f", "m1", ("w",), MONDAY, TUESDAY, least=420),), travels=()
    )
    taken = {b.rule for b in explain(promised, lines).unmet[0].blocks if b.holder == "m1"}
    assert taken == {"firm_least"}


def test_a_limit_of_the_week_is_named() -> None:
    asked = replace(question(), limits=Limits(week_max=420), travels=())
    lines = [line(MONDAY, Half.AM), line(MONDAY, Half.PM)]
    asked = replace(asked, permits=(replace(asked.permits[1], excluded=()), asked.permits[2]))
    blocks = explain(asked, lines).unmet[0].blocks
    assert Block("w", "week_max", ((TUESDAY, Half.PM),)) in blocks


def test_a_share_says_what_is_owed_and_what_it_could_not_have() -> None:
    asked = replace(question(), demands=(), quotas=(Quota("w", "m2", 2), Quota("w", "m1", 1)))
    found = explain(asked, [line(MONDAY, Half.AM)]).shares
    causes = (("closed", 210), ("excluded", 210))
    assert found == (Share("w", "m2", 2, 0, -420, causes),)


def test_what_moved_says_why_and_under_which_notice() -> None:
    asked = replace(
        question(),
        published=(
            line(MONDAY, Half.AM),
            line(MONDAY, Half.PM, "m2"),
            line(TUESDAY, Half.AM, "m2"),
        ),
        published_until=TUESDAY,
        workers=(replace(question().workers[0], free_from=TUESDAY), question().workers[1]),
        consents=(("w", MONDAY, Half.PM),),
    )
    lines = [line(MONDAY, Half.AM), line(MONDAY, Half.PM), line(TUESDAY, Half.AM, None)]
    found = explain(asked, lines).moved
    common = (Kind.COMMON, None)
    two = (Kind.MEMBER, "m2")
    assert found == (
        Moved("w", MONDAY, Half.PM, True, two, AT[Half.PM], "share", "notice_full"),
        Moved("w", TUESDAY, Half.AM, True, two, common, "closed", None),
    )
    assert by_worker(found) == {"w": found}
    assert explain(asked, asked.published).moved == ()
