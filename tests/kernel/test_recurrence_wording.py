"""Rules as one says them, in French."""

from datetime import date

import pytest

from coopshare.kernel.recurrence import parse, sentence
from tests.catalogue import messages, singular, strings, written

TUESDAY = date(2027, 3, 2)


def plain(said: str) -> str:
    """Return a sentence with ordinary spaces."""
    return said.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("text", "first", "said"),
    [
        ("FREQ=DAILY;UNTIL=20270630", TUESDAY, "chaque jour jusqu'au 30 juin"),
        ("FREQ=DAILY;INTERVAL=2;COUNT=10", TUESDAY, "tous les deux jours, dix fois"),
        ("FREQ=DAILY;INTERVAL=20;COUNT=1", TUESDAY, "tous les 20 jours, une seule fois"),
        ("FREQ=WEEKLY;BYDAY=TU;UNTIL=20270601", TUESDAY, "chaque mardi jusqu'au 1er juin"),
        ("FREQ=WEEKLY;UNTIL=20280630", TUESDAY, "chaque mardi jusqu'au 30 juin 2028"),
        ("FREQ=WEEKLY;INTERVAL=2;COUNT=4", TUESDAY, "un mardi sur deux, quatre fois"),
        ("FREQ=WEEKLY;INTERVAL=3;COUNT=17", TUESDAY, "un mardi sur trois, 17 fois"),
        (
            "FREQ=WEEKLY;BYDAY=MO,TU,TH;COUNT=9",
            TUESDAY,
            "chaque lundi, mardi et jeudi, neuf fois",
        ),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;COUNT=9",
            TUESDAY,
            "une semaine sur deux, les mardi et jeudi, neuf fois",
        ),
        (
            "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;COUNT=5",
            TUESDAY,
            "chaque jour du lundi au vendredi, cinq fois",
        ),
        (
            "FREQ=WEEKLY;INTERVAL=4;BYDAY=MO,TU,WE,TH,FR;COUNT=5",
            TUESDAY,
            "une semaine sur quatre, du lundi au vendredi, cinq fois",
        ),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;COUNT=5", TUESDAY, "chaque jour, cinq fois"),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU,WE,TH,FR,SA,SU;COUNT=5",
            TUESDAY,
            "une semaine sur deux, du lundi au dimanche, cinq fois",
        ),
        ("FREQ=MONTHLY;COUNT=3", TUESDAY, "le 2 de chaque mois, trois fois"),
        (
            "FREQ=MONTHLY;BYMONTHDAY=1;COUNT=3",
            date(2027, 3, 1),
            "le 1er de chaque mois, trois fois",
        ),
        (
            "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=2;COUNT=3",
            TUESDAY,
            "tous les deux mois, le 2, trois fois",
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=31;UNTIL=20270831",
            date(2027, 3, 31),
            "le 31 de chaque mois jusqu'au 31 août (les mois plus courts n'ont pas de date)",
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=30;UNTIL=20270831",
            date(2027, 3, 30),
            "le 30 de chaque mois jusqu'au 31 août",
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3",
            date(2027, 3, 31),
            "le dernier jour de chaque mois, trois fois",
        ),
        (
            "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=-1;COUNT=3",
            date(2027, 3, 31),
            "tous les trois mois, le dernier jour, trois fois",
        ),
        (
            "FREQ=MONTHLY;BYDAY=1MO;COUNT=3",
            date(2027, 3, 1),
            "le premier lundi de chaque mois, trois fois",
        ),
        (
            "FREQ=MONTHLY;INTERVAL=6;BYDAY=-1WE;COUNT=3",
            date(2027, 3, 31),
            "tous les six mois, le dernier mercredi, trois fois",
        ),
        ("FREQ=YEARLY;COUNT=2", date(2027, 3, 1), "chaque année le 1er mars, deux fois"),
        ("FREQ=YEARLY;INTERVAL=2;COUNT=2", TUESDAY, "tous les deux ans, le 2 mars, deux fois"),
    ],
)
def test_every_form_is_said(text: str, first: date, said: str) -> None:
    assert plain(sentence(parse(text), first, year=2027).say()) == said


@pytest.mark.parametrize(
    ("starts", "minutes", "all_day", "said"),
    [
        (9 * 60, 3 * 60, False, "de 9 h à 12 h"),
        (9 * 60 + 30, 90, False, "de 9 h 30 à 11 h"),
        (18 * 60, 6 * 60, False, "de 18 h à 24 h"),
        (20 * 60, 6 * 60, False, "de 20 h à 2 h le lendemain"),
        (9 * 60, 50 * 60, False, "à partir de 9 h, pendant 50 h"),
        (0, 24 * 60, True, "toute la journée"),
        (0, 3 * 24 * 60, True, "pendant 3 jours"),
    ],
)
def test_hours_are_said(starts: int, minutes: int, said: str, *, all_day: bool) -> None:
    found = sentence(
        parse("FREQ=WEEKLY;UNTIL=20270630"),
        TUESDAY,
        starts=starts,
        minutes=minutes,
        all_day=all_day,
        year=2027,
    )
    assert plain(found.say()) == f"chaque mardi {said} jusqu'au 30 juin"


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("C", "chaque mardi de 9 h à 12 h jusqu'au 30 juin, sauf vacances scolaires zone C"),
        ("Zone C", "chaque mardi de 9 h à 12 h jusqu'au 30 juin, sauf vacances scolaires zone C"),
        (None, "chaque mardi de 9 h à 12 h jusqu'au 30 juin, sauf vacances scolaires"),
    ],
)
def test_school_holidays_are_said_with_their_zone(zone: str | None, said: str) -> None:
    found = sentence(
        parse("FREQ=WEEKLY;UNTIL=20270630"),
        TUESDAY,
        starts=9 * 60,
        minutes=3 * 60,
        is_outside_school_holidays=True,
        school_zone=zone,
        year=2027,
    )
    assert plain(found.say()) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "FREQ=WEEKLY;BYDAY=TU;UNTIL=20270630",
            (
                "every Tuesday from 09:00 to 12:00 until 30 June, except in the school holidays of"
                " zone C"
            ),
        ),
        (
            "FREQ=MONTHLY;BYDAY=1TU;COUNT=10",
            (
                "on the first Tuesday of every month from 09:00 to 12:00, ten times, except in the"
                " school holidays of zone C"
            ),
        ),
    ],
)
def test_it_is_said_in_english_too(text: str, said: str) -> None:
    english = {singular(message): strings(message)[0] for message in messages(written())}
    found = sentence(
        parse(text),
        TUESDAY,
        starts=9 * 60,
        minutes=3 * 60,
        is_outside_school_holidays=True,
        school_zone="C",
        year=2027,
    )
    assert plain(found.say("en", english.__getitem__)) == said
