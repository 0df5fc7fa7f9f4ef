"""Money in integer cents, time in integer minutes: said, never computed with floats."""

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
