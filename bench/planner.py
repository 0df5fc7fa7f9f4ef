"""`./dev bench planner [A B C]`: what the planner reaches and when, on the invented instances.

Each size is planned, then planned again after an illness of two weeks, with the complete model. For
each tier: its value and the proven bound after 10, 30 and 60 s, then the time it took; the first
valid plan; what a re-plan moved of others; the findings of the second reading of `tests/planner`,
which must be none. COOPSHARE_BENCH_SECONDS says how long each search may take (60),
COOPSHARE_BENCH_SEED which instance. The questions and answers are written beside the figures, as
JSON that `python -m coopshare.planner` reads.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from coopshare.planner.explain import explain
from coopshare.planner.instances import generate, illness
from coopshare.planner.problem import Problem, Result, Tier
from coopshare.planner.solve import Control, solve
from tests.planner.judge import findings

RESULTS = Path(__file__).parent / "results"
SECONDS = float(os.environ.get("COOPSHARE_BENCH_SECONDS", "60"))
SEED = int(os.environ.get("COOPSHARE_BENCH_SEED", "1"))
LOOKS = (10.0, 30.0, 60.0)

GOALS = {
    "A plan": "T1, T2 proven in 5 s, the whole in 30 s",
    "A re-plan": "5 s; no published moved; at most 10 drafts",
    "B plan": "T1, T2 proven, the whole in 60 s",
    "B re-plan": "20 s; no published moved; at most 15 drafts",
}


@dataclass(frozen=True, slots=True)
class Run:
    """One search, as it is kept."""

    name: str
    variables: int
    status: str
    seconds: float
    first_plan: float | None
    tiers: tuple[Tier, ...]
    looks: dict[float, dict[str, tuple[int, int]]]
    published_moved: int
    drafts_moved: int
    findings: int
    load: float
    """Load of the machine when it began: more than 0 and somebody else worked on it."""


def measure(name: str, problem: Problem) -> tuple[Run, Result]:
    """Search once and look at the second reading's verdict."""
    heard: list[Tier] = []
    load = os.getloadavg()[0]
    found = solve(replace(problem, seconds=SECONDS), Control(on_progress=heard.append))
    looks = {
        at: {each.tier: (each.value, each.bound) for each in heard if each.seconds <= at}
        for at in LOOKS
        if at <= SECONDS
    }
    moved = explain(problem, found.lines).moved if problem.published else ()
    changed = [each for each in moved if each.why in {"share", "pinned"}]
    run = Run(
        name,
        found.variables,
        found.status,
        found.seconds,
        found.first_plan,
        found.tiers,
        looks,
        sum(each.was_published for each in changed),
        sum(not each.was_published for each in changed),
        len(findings(problem, found.lines)),
        round(load, 1),
    )
    return run, found


def show(run: Run) -> None:
    """Print one search."""
    print(f"{run.name}: {run.status}, {run.seconds:.1f} s, {run.variables:,} variables", flush=True)
    print(f"  goal: {GOALS.get(run.name, 'none')}; load of the machine before: {run.load}")
    print(f"  first valid plan: {run.first_plan} s; hard findings: {run.findings}")
    if run.name.endswith("re-plan"):
        print(f"  moved: {run.published_moved} published, {run.drafts_moved} drafts")
    for tier in run.tiers:
        seen = "  ".join(
            f"{at:.0f} s: {look[tier.tier][0]} (>= {look[tier.tier][1]})"
            for at, look in run.looks.items()
            if tier.tier in look
        )
        proof = "proven" if tier.proven else f">= {tier.bound}"
        print(f"  {tier.tier:4} {tier.value:>6} {proof:>9} at {tier.seconds:>5.1f} s   {seen}")


def write(name: str, text: str) -> None:
    """Keep a question, an answer or the figures."""
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"planner-{name}.json").write_text(f"{text}\n", encoding="utf-8")


def main(words: Sequence[str]) -> None:
    """Measure the sizes asked for, else A, B and C."""
    runs: list[Run] = []
    for size in words or "ABC":
        asked = generate(size, SEED)
        first, found = measure(f"{size} plan", asked)
        show(first)
        runs.append(first)
        again = illness(asked, found.lines, SEED)
        second, answer = measure(f"{size} re-plan", again)
        show(second)
        runs.append(second)
        for name, text in (
            (f"{size}-{SEED}-question", asked.to_json()),
            (f"{size}-{SEED}-answer", found.to_json()),
            (f"{size}-{SEED}-illness", again.to_json()),
            (f"{size}-{SEED}-illness-answer", answer.to_json()),
        ):
            write(name, text)
        write("figures", json.dumps([asdict(run) for run in runs], indent=1))
