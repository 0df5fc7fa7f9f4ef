"""Timing: CPU of the whole process and wall clock per request, side by side, interleaved."""

import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """What one request cost: medians, in milliseconds."""

    cpu: float
    wall: float


def interleaved(
    actions: dict[str, Callable[[int], None]], rounds: int, warm_up: int = 5
) -> dict[str, Figure]:
    """Run actions in turn, so that whatever else the machine does falls on all alike.

    An action is given a number that never comes twice.
    """
    cpu: dict[str, list[float]] = {name: [] for name in actions}
    wall: dict[str, list[float]] = {name: [] for name in actions}
    for number in range(rounds + warm_up):
        for name, action in actions.items():
            began, busy = time.perf_counter(), time.process_time()
            action(number)
            if number >= warm_up:
                cpu[name].append((time.process_time() - busy) * 1000)
                wall[name].append((time.perf_counter() - began) * 1000)
    return {
        name: Figure(statistics.median(cpu[name]), statistics.median(wall[name]))
        for name in actions
    }


def rate(action: Callable[[int], None], *, clients: int, requests: int) -> float:
    """Return how many requests a second so many threads get through, each its own numbers."""
    gate = threading.Barrier(clients + 1)

    def send(client: int) -> None:
        gate.wait()
        for number in range(requests):
            action(client * 1_000_000 + number)

    threads = [threading.Thread(target=send, args=(client,)) for client in range(clients)]
    for thread in threads:
        thread.start()
    gate.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    return clients * requests / (time.perf_counter() - began)
