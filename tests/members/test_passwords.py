"""What a password has to be, what a SIRET is, what a token leaves behind."""

import pytest

from coopshare.kernel.errors import Invalid
from coopshare.members import passwords, siret, tokens


@pytest.mark.parametrize(
    "text",
    [
        "court",
        "treize-signes",
        "x" * 257,
        "aaaaaaaaaaaaaaaaaaaa",
        "azertyuiopqsdf",
        "motdepasse-2026-motdepasse",
        "123456789012345",
        "abcdefghijklmnop",
        "tagada tagada tagada ",
        "Camille-Durand-2026",
        "atelier-nord-1234",
        "coopshare coopshare 1",
    ],
)
def test_a_weak_password_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        passwords.chosen(text, ("Camille Durand", "camille@atelier.example.org", "Atelier Nord"))
    assert list(caught.value.fields) == ["password"]


@pytest.mark.parametrize(
    "text", ["quatre vaches bleues", "a9Xk2mPq7Lr4Tz", "é" * 3 + "lan du Vercors"]
)
def test_a_good_one_is_kept_by_its_hash(text: str) -> None:
    kept = passwords.chosen(text, ("Camille Durand",))
    assert kept.hash.startswith("$argon2id$")
    assert text not in repr(kept)
    assert passwords.matches(text, kept.hash)
    assert not passwords.matches(text + " ", kept.hash)
    assert not passwords.matches(text, None)


def test_two_spellings_of_an_accent_are_one_password() -> None:
    kept = passwords.hashed("été à la montagne")
    assert passwords.matches("e\u0301te\u0301 a\u0300 la montagne", kept.hash)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("732 829 320 00074", "73282932000074"),
        ("73282932000074", "73282932000074"),
        ("356 000 000 00048", "35600000000048"),  # the seat of La Poste
        ("35600000049837", "35600000049837"),  # checks by the sum of its digits only
        ("", ""),
    ],
)
def test_a_siret_is_checked(typed: str, kept: str) -> None:
    assert siret.checked(typed) == kept


@pytest.mark.parametrize(
    "typed", ["73282932000075", "7328293200007", "35600000049838", "abcdefghijklmn", "٧" * 14]
)
def test_a_wrong_siret_is_refused(typed: str) -> None:
    with pytest.raises(Invalid) as caught:
        siret.checked(typed)
    assert list(caught.value.fields) == ["siret"]


def test_tokens_are_long_and_never_kept() -> None:
    made = {tokens.new() for _ in range(100)}
    assert len(made) == 100
    assert all(len(token) >= 43 for token in made)
    assert len(tokens.hashed("x")) == 64
