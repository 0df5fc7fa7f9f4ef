"""Rules that say on which local days something comes back: read, written, expanded, said.

Only a safe subset of RFC 5545 is known (each calendar application reads it alike), and each rule
ends. No library is asked: 366 dates need none, and some rules make libraries hang.
"""

from coopshare.kernel.recurrence.expanding import (
    MOST_DATES,
    MOST_MONTHS,
    dates,
    first_from,
    last_possible,
    months_without,
)
from coopshare.kernel.recurrence.rule import FIELD, MOST_INTERVAL, Frequency, Rule, parse
from coopshare.kernel.recurrence.wording import sentence

__all__ = [
    "FIELD",
    "MOST_DATES",
    "MOST_INTERVAL",
    "MOST_MONTHS",
    "Frequency",
    "Rule",
    "dates",
    "first_from",
    "last_possible",
    "months_without",
    "parse",
    "sentence",
]
