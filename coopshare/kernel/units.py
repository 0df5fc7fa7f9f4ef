"""Money in integer cents, numbers and shares: said, never computed with floats."""

from dataclasses import dataclass

from coopshare.kernel.dates import NARROW, NO_BREAK

SYMBOLS = {"EUR": "€", "XPF": "F CFP", "CHF": "CHF"}


def say_money(cents: int, currency: str = "EUR", language: str = "fr") -> str:
    """Say an amount of integer cents: « 1 234,50 € », "€1,234.50"."""
    sign = "−" if cents < 0 else ""
    whole, part = divmod(abs(cents), 100)
    symbol = SYMBOLS.get(currency, currency)
    if language == "fr":
        grouped = f"{whole:,}".replace(",", NARROW)
        return f"{sign}{grouped},{part:02}{NO_BREAK}{symbol}"
    return f"{sign}{symbol}{whole:,}.{part:02}"


def say_number(value: int, language: str = "fr") -> str:
    """Say a whole number, its thousands apart: « 1 240 », "1,240"."""
    return f"{value:,}".replace(",", NARROW if language == "fr" else ",").replace("-", "−")


def say_percent(value: int, language: str = "fr") -> str:
    """Say whole percents: « 38 % », "38%"."""
    return f"{say_number(value, language)}{NARROW if language == 'fr' else ''}%"


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of integer cents, to be said inside a sentence."""

    cents: int
    currency: str = "EUR"

    def say(self, language: str = "fr") -> str:
        """Say the amount."""
        return say_money(self.cents, self.currency, language)
