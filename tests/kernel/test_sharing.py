"""Exact splitting: what is promised, for any total and any weights."""

from collections.abc import Mapping
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopshare.kernel.sharing import MILLION, NothingToShareBy, split, split_with_carry

A, B, C = (UUID(int=number) for number in (1, 2, 3))

WEIGHTS = st.dictionaries(st.uuids(), st.integers(0, 10**6), min_size=1, max_size=50).filter(
    lambda weights: any(weights.values())
)
TOTALS = st.integers(-(10**12), 10**12) | st.integers(-3, 3)


def exact(total: int, weights: Mapping[UUID, int]) -> dict[UUID, Fraction]:
    """Return the parts without rounding."""
    whole = sum(weights.values())
    return {member: Fraction(total * weight, whole) for member, weight in weights.items()}


@given(TOTALS, WEIGHTS, st.randoms())
def test_a_split(total: int, weights: dict[UUID, int], chance: object) -> None:
    parts = split(total, weights, salt="s")
    assert sum(parts.values()) == total
    assert all(part * total >= 0 for part in parts.values())
    assert all(abs(parts[m] - part) < 1 for m, part in exact(total, weights).items())
    mixed = list(weights.items())
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert split(total, dict(mixed), salt="s") == parts
    assert split(-total, weights, salt="s") == {m: -part for m, part in parts.items()}


@given(st.integers(0, 10**6), WEIGHTS)
def test_one_more_lowers_nobody_by_more_than_one(total: int, weights: dict[UUID, int]) -> None:
    before, after = split(total, weights, salt="s"), split(total + 1, weights, salt="s")
    assert all(after[member] - before[member] >= -1 for member in weights)


def test_ties_do_not_fall_to_the_same_member() -> None:
    lucky = {
        max(parts, key=lambda member: parts[member])
        for parts in (split(10000, {A: 1, B: 1, C: 1}, salt=f"{month}") for month in range(40))
    }
    assert lucky == {A, B, C}


def test_nothing_to_share_by() -> None:
    assert split(0, {A: 0}, salt="s") == {A: 0}
    with pytest.raises(NothingToShareBy):
        split(5, {A: 0, B: 0}, salt="s")
    with pytest.raises(NothingToShareBy):
        split_with_carry(5, {A: 0}, {A: 0}, salt="s")
    with pytest.raises(ValueError, match="negative"):
        split(5, {A: -1, B: 2}, salt="s")


@given(st.lists(st.tuples(TOTALS, WEIGHTS), min_size=1, max_size=12))
def test_a_split_with_carry(months: list[tuple[int, dict[UUID, int]]]) -> None:
    carries: Mapping[UUID, int] = {}
    for number, (total, weights) in enumerate(months):
        shared = split_with_carry(total, weights, carries, salt=f"{number}")
        assert sum(shared.parts.values()) == total
        assert sum(shared.carries.values()) == 0
        assert all(part * total >= 0 for part in shared.parts.values())
        kept = {m: carry for m, carry in carries.items() if not weights.get(m)}
        assert {m: shared.carries[m] for m in kept} == kept
        assert all(not part for m, part in shared.parts.items() if not weights.get(m))
        back = split_with_carry(
            -total, weights, {m: -carry for m, carry in carries.items()}, salt=f"{number}"
        )
        assert back.parts == {m: -part for m, part in shared.parts.items()}
        carries = shared.carries


@settings(max_examples=20)
@given(
    st.lists(st.integers(300_000, 600_000), min_size=120, max_size=120),
    st.lists(st.integers(200, 2000), min_size=11, max_size=11),
)
def test_ten_years_of_money(totals: list[int], shares: list[int]) -> None:
    """Eleven members, sums of a real post: never a cent away from the exact sum of ten years."""
    weights = {UUID(int=number): share for number, share in enumerate(shares, 1)}
    carries: Mapping[UUID, int] = {}
    paid = dict.fromkeys(weights, 0)
    due = dict.fromkeys(weights, Fraction())
    for month, total in enumerate(totals):
        shared = split_with_carry(total, weights, carries, salt=f"{month}")
        carries = shared.carries
        for member, part in exact(total, weights).items():
            paid[member] += shared.parts[member]
            due[member] += part
    assert all(abs(carry) < MILLION for carry in carries.values())
    assert all(abs(paid[member] - due[member]) < 1 + Fraction(120, MILLION) for member in weights)


def test_whole_parts_leave_nothing_to_carry() -> None:
    shared = split_with_carry(600, {A: 1, B: 2, C: 3}, {}, salt="s")
    assert (shared.parts, shared.carries) == ({A: 100, B: 200, C: 300}, dict.fromkeys((A, B, C), 0))


def test_who_got_nothing_is_first_next_time() -> None:
    first = split_with_carry(2, {A: 1, B: 1, C: 1}, {}, salt="one")
    left_out = next(member for member, part in first.parts.items() if not part)
    second = split_with_carry(1, {A: 1, B: 1, C: 1}, first.carries, salt="two")
    assert second.parts[left_out] == 1
