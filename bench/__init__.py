"""Benchmarks: CoopShare against a bare baseline, in the same run, as ratios."""
