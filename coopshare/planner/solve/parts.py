"""Workers that share no demand and no promise can be planned apart."""

from coopshare.planner.problem import Demand, Firm, Problem


def independent(problem: Problem) -> list[list[str]]:
    """Return the groups of workers that have nothing to do with each other."""
    head = {worker.id: worker.id for worker in problem.workers}

    def top(worker: str) -> str:
        while head[worker] != worker:
            worker = head[worker]
        return worker

    placed = {(permit.worker, permit.member) for permit in problem.permits}
    shared: list[Demand | Firm] = [*problem.demands, *problem.firms]
    for each in shared:
        together = [worker for worker in each.workers if (worker, each.member) in placed]
        for worker in together[1:]:
            head[top(worker)] = top(together[0])
    groups: dict[str, list[str]] = {}
    for worker in sorted(head):
        groups.setdefault(top(worker), []).append(worker)
    return list(groups.values())
