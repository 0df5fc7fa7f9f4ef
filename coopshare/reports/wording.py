"""The words of statistics."""

from coopshare.kernel.text import marked
from coopshare.reports.periods import Compared, Usual

WEEKDAYS = (
    marked("Lundi"),
    marked("Mardi"),
    marked("Mercredi"),
    marked("Jeudi"),
    marked("Vendredi"),
    marked("Samedi"),
    marked("Dimanche"),
)
PERIODS = {
    Usual.MONTH: marked("Ce mois-ci"),
    Usual.LAST_MONTH: marked("Le mois dernier"),
    Usual.QUARTER: marked("Ce trimestre"),
    Usual.YEAR: marked("Cette année"),
    Usual.TWELVE_MONTHS: marked("Les douze derniers mois"),
}
COMPARED = {
    Compared.BEFORE: marked("la période juste avant"),
    Compared.YEAR_BEFORE: marked("la même période, un an plus tôt"),
}
