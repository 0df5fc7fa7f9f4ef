"""The refusals of this package: one class for each rule, so that each has its own sentence.

The places of the rules' sentences: `name`, the resource; `whose`, who sets the rule.

* Refused
  x InThePast OffStep NotASlot TooShort TooLong       the span itself
  x OutsideOpeningHours ClosedThatDay                 when it is open
  x NoticeTooShort BeyondHorizon                      how early
  x NotForYourStanding TooManyPeople MoreThanQuantity who and how many
  x Unlisted                                          not offered any more
  x NoOptions OptionTooLong OptionPastStart           holding it without engagement
* Conflict
  x PartsInACircle StillAPart
* Invalid
  x UnreadablePhoto
"""

from coopshare.kernel.errors import Conflict, Invalid, Refused
from coopshare.kernel.text import marked


class RuleBroken(Refused):
    """Base of the rules of a resource; the details carry its id and name."""

    code = "rule_broken"
    message = marked("Une règle de {name} ne permet pas cela.")


class InThePast(RuleBroken):
    """It begins before now."""

    code = "in_the_past"
    message = marked("Ce moment est déjà passé : {name} se réserve pour plus tard.")


class OffStep(RuleBroken):
    """It does not begin or end on a step of the clock."""

    code = "off_step"
    message = marked("{name} se réserve par pas de {step} ({whose}).")


class NotASlot(RuleBroken):
    """It is not one of the fixed slots."""

    code = "not_a_slot"
    message = marked("{name} se réserve par créneaux fixes ({whose}) : {slots}.")


class TooShort(RuleBroken):
    """Shorter than the shortest use."""

    code = "too_short"
    message = marked("{name} se réserve pour {shortest} au moins ({whose}).")


class TooLong(RuleBroken):
    """Longer than the longest use."""

    code = "too_long"
    message = marked("{name} se réserve pour {longest} au plus ({whose}).")


class OutsideOpeningHours(RuleBroken):
    """Outside the opening hours of the resource."""

    code = "outside_opening_hours"
    message = marked("{name} n'est pas ouvert à cette heure ({whose}).")


class ClosedThatDay(RuleBroken):
    """A public holiday, a school holiday or a day closed by the cooperative."""

    code = "closed_that_day"
    message = marked("{name} est fermé {day} : {reason} ({whose}).")


class NoticeTooShort(RuleBroken):
    """Too soon: the resource is booked some time ahead."""

    code = "notice_too_short"
    message = marked("{name} se réserve au moins {notice} à l'avance ({whose}).")


class BeyondHorizon(RuleBroken):
    """Too far ahead."""

    code = "beyond_horizon"
    message = marked("{name} se réserve au plus {days} à l'avance ({whose}).")


class NotForYourStanding(RuleBroken):
    """Reserved to other standings."""

    code = "not_for_your_standing"
    message = marked("{name} est réservé aux organisations d'une autre catégorie ({whose}).")


class TooManyPeople(RuleBroken):
    """More people than it takes."""

    code = "too_many_people"
    message = marked("{name} n'accueille pas {people} personnes : sa capacité est de {capacity}.")


class MoreThanQuantity(RuleBroken):
    """More of it than there is."""

    code = "more_than_quantity"
    message = marked("{name} : il y en a {quantity} en tout, et vous en demandez {wanted}.")


class Unlisted(RuleBroken):
    """Kept for its history, not offered any more."""

    code = "unlisted"
    message = marked("{name} n'est plus proposé à la réservation.")


class NoOptions(RuleBroken):
    """It is booked or not: no option is taken on it."""

    code = "no_options"
    message = marked("{name} ne se garde pas en option ({whose}).")


class OptionTooLong(RuleBroken):
    """The option would hold it longer than its rule allows."""

    code = "option_too_long"
    message = marked("Une option sur {name} dure {longest} au plus ({whose}).")


class OptionPastStart(RuleBroken):
    """The option would still hold once the use has begun."""

    code = "option_past_start"
    message = marked("Une option se confirme avant le début : {name} serait déjà en usage.")


class PartsInACircle(Conflict):
    """A resource would contain itself."""

    code = "parts_in_a_circle"
    message = marked("{whole} ne peut pas contenir {part}, qui la contient déjà.")


class PartIsHeld(Conflict):
    """What has bookings to come cannot become a whole made of parts."""

    code = "parts_of_a_held_resource"
    message = marked(
        "{whole} a des réservations à venir : elle ne peut pas devenir un ensemble de plusieurs"
        " parties. Déplacez-les ou annulez-les d'abord."
    )


class DayAlreadyClosed(Conflict):
    """The day is in the list of closed days already."""

    code = "day_already_closed"
    message = marked("Ce jour est déjà dans la liste des jours fermés.")


class UnreadablePhoto(Invalid):
    """Not a picture, or one too heavy or too large to be read."""

    code = "unreadable_photo"
    message = marked("Cette image ne peut pas être lue.")


class QuantityInUse(Conflict):
    """More of it is taken at some instant to come than there would be."""

    code = "quantity_in_use"
    message = marked(
        "Des réservations à venir en prennent davantage. Déplacez-les ou annulez-les d'abord,"
        " ou gardez une quantité plus grande."
    )
