"""Sort keys: the order in which people look for names."""

from coopshare.kernel.text import sort_key, typeset, words


def test_numbers_sort_by_their_value() -> None:
    names = ["Salle 10", "Salle 2 bis", "salle 2", "Sallé 02", "2 Rivières", "Zénith", "10 rue"]
    assert sorted(names, key=sort_key) == [
        "2 Rivières",
        "10 rue",
        "salle 2",
        "Sallé 02",
        "Salle 2 bis",
        "Salle 10",
        "Zénith",
    ]
    assert sort_key("L'Élan n° 3") == "l elan n 00000003"
    assert len(sort_key("1 " * 200)) <= 200


def test_words_keep_numbers_as_they_are() -> None:
    assert words("L'Élan, 732 829") == ["l", "elan", "732", "829"]


def test_no_line_begins_by_punctuation() -> None:
    said = "Quoi ? « Atelier » : libre ; rien ! À 10 h"
    assert typeset(said) == (
        "Quoi\u202f? «\u00a0Atelier\u00a0»\u00a0: libre\u202f; rien\u202f! À 10 h"
    )
    assert typeset(typeset(said)) == typeset(said)
