"""Plan the half-days of pooled workers: plain numbers in, a plan and its reasons out.

Knows neither database nor law: the limits are numbers of the `Problem`. Only `solve/` needs
OR-Tools (the extra `planner`), and it runs in a process of its own.
"""

from importlib.util import find_spec


def available() -> bool:
    """Tell whether OR-Tools is installed here, without loading it."""
    return find_spec("ortools") is not None
