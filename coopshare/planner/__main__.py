"""`python -m coopshare.planner`: one question in, progress and the answer out, then gone.

The question is one line of JSON on the standard input (or a file named as argument). Each better
plan writes a line `{"tier": ..., "value": ..., "bound": ..., "seconds": ...}`; the last line is the
result. A line `stop` or SIGTERM ends it with the best plan so far; its seconds do in any case.

By hand: `--instance A --seed 1` writes an invented question, `--illness RESULT` the question that
follows an illness once a result was published.
"""

import argparse
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

from coopshare.planner import available
from coopshare.planner.instances import SIZES, generate, illness
from coopshare.planner.problem import Problem, Result, Tier

GRACE = 5.0
"""Seconds the search has to end by itself once its time is over or somebody stopped it."""

MISSING = (
    "Le calcul de planning demande OR-Tools : installez CoopShare avec l'extra « planner » "
    "(pip install coopshare[planner])."
)
NO_PROBLEM, NO_SOLVER = 2, 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what is asked; the exit code is 2 for a question that is none, 3 without OR-Tools."""
    parser = argparse.ArgumentParser(prog="python -m coopshare.planner", description=__doc__)
    parser.add_argument("problem", nargs="?", help="file of the question; else one line of stdin")
    parser.add_argument("--instance", choices=sorted(SIZES), help="write an invented question")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, help="instead of the seconds of the question")
    parser.add_argument("--illness", metavar="RESULT", help="write the question after an illness")
    asked = parser.parse_args(arguments)
    if asked.instance:
        say(generate(asked.instance, asked.seed).to_json())
        return 0
    try:
        text = Path(asked.problem).read_text("utf-8") if asked.problem else sys.stdin.readline()
        problem = Problem.from_json(text)
        if asked.illness:
            last = Path(asked.illness).read_text("utf-8").splitlines()[-1]
            say(illness(problem, Result.from_json(last).lines, asked.seed).to_json())
            return 0
    except (ValueError, OSError) as wrong:
        sys.stderr.write(f"{wrong}\n")
        return NO_PROBLEM
    if not available():
        sys.stderr.write(f"{MISSING}\n")
        return NO_SOLVER
    return search(problem, asked.seconds or problem.seconds)


def search(problem: Problem, seconds: float) -> int:
    """Search in a thread of its own, so that signals and the hard limit are heard at any moment."""
    engine: Any = import_module("coopshare.planner.solve")
    control = engine.Control(on_progress=tell)
    held: list[Result] = []
    failed: list[BaseException] = []

    def work() -> None:
        try:
            held.append(engine.solve(replace(problem, seconds=seconds), control))
        except BaseException as wrong:
            failed.append(wrong)
            raise

    signal.signal(signal.SIGTERM, lambda *_: control.stop())
    signal.signal(signal.SIGINT, lambda *_: control.stop())
    threading.Thread(target=listen, args=(control,), daemon=True).start()
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    until = time.monotonic() + seconds + problem.price_seconds + GRACE
    is_ending = False
    while thread.is_alive() and time.monotonic() < until:
        thread.join(0.1)
        if control.stopped.is_set() and not is_ending:
            is_ending, until = True, min(until, time.monotonic() + GRACE)
    if failed:
        return 1
    say((held[0] if held else control.best).to_json())
    sys.stdout.flush()
    if thread.is_alive():  # the solver does not answer: the best plan is told, nothing else counts
        os._exit(0)
    return 0


def listen(control: Any) -> None:
    """Wait for the line that ends the search; the end of the input is not one."""
    for line in sys.stdin:
        if line.strip() == "stop":
            control.stop()
            return


def tell(tier: Tier) -> None:
    """Write one line of progress."""
    say(
        json.dumps(
            {
                "tier": tier.tier,
                "value": tier.value,
                "bound": tier.bound,
                "seconds": tier.seconds,
            }
        )
    )


def say(line: str) -> None:
    """Write one line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
