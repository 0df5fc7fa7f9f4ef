"""What conventions promise: exact, and additive over any periods."""

from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from coopshare.pooled_staff.commitments import Promise, promised, weekdays
from coopshare.pooled_staff.kinds import CommitmentUnit

POST, OTHER = UUID(int=1), UUID(int=2)
FIRST = date(2026, 9, 1)
DAY = timedelta(days=1)
days = st.integers(0, 500).map(lambda n: FIRST + n * DAY)


def one(
    unit: CommitmentUnit,
    amount: int,
    member: int = 10,
    first: date = FIRST,
    last: date | None = None,
) -> Promise:
    return Promise(
        member_id=UUID(int=member),
        position_id=POST,
        first=first,
        last=last,
        unit=unit,
        amount=amount,
    )


def minutes(promises: list[Promise], first: date, last: date, member: int = 10) -> int:
    return promised(promises, first, last, {POST: 2100})[UUID(int=member), POST]


def test_weekdays() -> None:
    for length in range(30):
        for start in range(7):
            first = date(2027, 3, 1) + start * DAY
            last = first + (length - 1) * DAY
            counted = sum(1 for n in range(length) if (first + n * DAY).weekday() < 5)
            assert weekdays(first, last) == counted


def test_by_the_week_the_month_and_the_year() -> None:
    weekly = [one(CommitmentUnit.WEEK, 240)]
    assert minutes(weekly, date(2027, 3, 1), date(2027, 3, 7)) == 240
    assert minutes(weekly, date(2027, 3, 6), date(2027, 3, 7)) == 0  # a week-end
    assert minutes(weekly, date(2026, 8, 1), date(2026, 8, 31)) == 0  # before it begins
    monthly = [one(CommitmentUnit.MONTH, 1000)]
    assert minutes(monthly, date(2027, 2, 1), date(2027, 2, 28)) == 1000
    assert minutes(monthly, date(2027, 2, 1), date(2027, 4, 30)) == 3000
    yearly = [one(CommitmentUnit.YEAR, 60_000, first=date(2026, 1, 1))]
    assert minutes(yearly, date(2027, 1, 1), date(2027, 12, 31)) == 60_000


def test_weights_share_the_time_of_the_post() -> None:
    """Two weights out of three, then all of it once the other has gone."""
    shares = [
        one(CommitmentUnit.WEIGHT, 2),
        one(CommitmentUnit.WEIGHT, 1, member=11, last=date(2027, 3, 7)),
    ]
    assert minutes(shares, date(2027, 3, 1), date(2027, 3, 7)) == 1400
    assert minutes(shares, date(2027, 3, 8), date(2027, 3, 14)) == 2100
    assert minutes(shares, date(2027, 3, 8), date(2027, 3, 14), member=11) == 0


promises = st.lists(
    st.builds(
        one,
        st.sampled_from(CommitmentUnit),
        st.integers(1, 3000),
        st.integers(10, 12),
        days,
        st.none() | days,
    ),
    min_size=1,
    max_size=5,
).map(lambda found: [p for p in found if p.last is None or p.last >= p.first])


@given(promises, days, st.integers(0, 400), st.integers(0, 400))
def test_consecutive_periods_add_up(
    known: list[Promise], first: date, length: int, more: int
) -> None:
    middle, last = first + length * DAY, first + (length + 1 + more) * DAY
    whole = promised(known, first, last, {POST: 2100})
    one_part = promised(known, first, middle, {POST: 2100})
    other = promised(known, middle + DAY, last, {POST: 2100})
    assert whole == {key: one_part[key] + other[key] for key in whole}


@given(promises, days, st.integers(0, 200))
def test_weights_never_share_more_than_the_post_has(
    known: list[Promise], first: date, length: int
) -> None:
    shares = [p for p in known if p.unit is CommitmentUnit.WEIGHT]
    last = first + length * DAY
    given_out = promised(shares, first, last, {POST: 2100})
    assert sum(given_out.values()) <= 2100 * (weekdays(first, last) + 1) // 5 + len(shares)
