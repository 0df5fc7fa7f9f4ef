"""How each tier is searched: data, so that a measured figure can change it and nothing else."""

from collections.abc import Mapping

PARAMETERS: Mapping[str, Mapping[str, int | float | bool]] = {
    "T1": {"num_workers": 1},
    "T2a": {"num_workers": 1},
    "T2b": {"num_workers": 1},
    "T3": {"num_workers": 1},
    "T4": {"num_workers": 1},
    "T5": {"num_workers": 1},
}
"""Parameters of CP-SAT by tier. One search worker: a seed gives the same plan each time that every
tier is run to its proof, and on two cores it proved most tiers sooner than two or eight did."""

WHOLE: Mapping[str, float] = {
    "T1": 0.8,
    "T2a": 0.7,
    "T2b": 0.7,
    "T3": 0.7,
    "T4": 0.7,
    "T5": 0.15,
}
"""The part of a tier's time for the whole model; the rest goes to one piece after the other."""

PART_OF_TIME: Mapping[str, float] = {
    "T1": 0.4,
    "T2a": 0.3,
    "T2b": 0.5,
    "T3": 0.5,
    "T4": 0.5,
    "T5": 1.0,
}
"""The part of the seconds left that a tier may take."""

ALIGNING = 0.25
"""The part of the time of T5 to come near a regular rota, where nothing is drafted yet."""

APART: Mapping[str, float] = {"T2a": 0.5, "T2b": 0.5, "T4": 0.6}
"""The part of a tier's time in which each worker is searched alone, before the whole model."""
