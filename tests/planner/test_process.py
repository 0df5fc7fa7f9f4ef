"""The child process: stopped by a line or a signal it still gives its best plan."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from coopshare.planner import available
from coopshare.planner.__main__ import NO_PROBLEM, NO_SOLVER, main
from coopshare.planner.instances import generate
from coopshare.planner.problem import Problem, Result
from tests.planner.judge import findings


@pytest.mark.parametrize("how", ["line", "signal"])
def test_stopped_it_keeps_the_best_plan(how: str) -> None:
    asked = generate("A")
    with subprocess.Popen(
        [sys.executable, "-m", "coopshare.planner", "--seconds", "300"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdin
        assert child.stdout
        child.stdin.write(f"{asked.to_json()}\n")
        child.stdin.flush()
        first = json.loads(child.stdout.readline())
        assert set(first) == {"tier", "value", "bound", "seconds"}
        if how == "line":
            child.stdin.write("stop\n")
            child.stdin.flush()
        else:
            os.kill(child.pid, signal.SIGTERM)
        result = Result.from_json(child.stdout.read().splitlines()[-1])
    assert child.returncode == 0
    assert result.status == "stopped"
    assert findings(asked, result.lines) == []


def test_an_instance_by_hand(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--instance", "S", "--seed", "3"]) == 0
    assert Problem.from_json(capsys.readouterr().out) == generate("S", 3)


def test_what_is_no_question_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "question.json"
    path.write_text('{"starts_on": "soon"}', encoding="utf-8")
    assert main([str(path)]) == NO_PROBLEM
    assert "soon" in capsys.readouterr().err


def test_without_the_extra_it_says_how_to_add_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert available()
    monkeypatch.setitem(sys.modules, "ortools", None)
    path = tmp_path / "question.json"
    path.write_text(generate("S").to_json(), encoding="utf-8")
    assert not available()
    assert main([str(path)]) == NO_SOLVER
    assert "coopshare[planner]" in capsys.readouterr().err
