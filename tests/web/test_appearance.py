"""The choice of light or dark, with forms only."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer

from coopshare.kernel.actor import Actor
from coopshare.web.appearance import page_of_ours
from tests.make import Maker


@pytest.mark.parametrize(
    ("path", "followed"),
    [
        ("/planning?jour=2026-12-01", "/planning?jour=2026-12-01"),
        ("//ailleurs.example", "/"),
        ("/\\ailleurs.example", "/"),
        ("https://ailleurs.example", "/"),
        ("/a\nb", "/"),
        ("", "/"),
    ],
)
def test_only_a_page_of_ours_is_followed(path: str, followed: str) -> None:
    assert page_of_ours(path) == followed


def test_the_theme_follows_the_cookie(client: FlaskClient) -> None:
    """By default as the device says; then by choice; an unknown value is as no value."""
    for cookie, media in (
        (None, "(prefers-color-scheme: dark)"),
        ("dark", "all"),
        ("light", "not all"),
        ("pink", "(prefers-color-scheme: dark)"),
    ):
        if cookie:
            client.set_cookie("theme", cookie)
        link = re.search(
            r'href="[^"]*dark\.css[^"]*"\s+media="([^"]*)"', client.get("/absent").text
        )
        assert link is not None
        assert link.group(1) == media


def test_the_theme_follows_the_person(
    app: Flask,
    make: Maker,
    login: Callable[[FlaskClient, Actor], None],
    csrf: Callable[[FlaskClient], str],
) -> None:
    """Chosen on one device, it is there on another, whatever the cookie of that one says."""
    phares = make.cooperative()
    actor = make.actor(phares, make.organisation(phares))
    desk, phone = app.test_client(), app.test_client()
    for client in (desk, phone):
        login(client, actor)
    phone.set_cookie("theme", "light")
    assert 'data-theme="auto"' in phone.get("/compte").text
    chosen = desk.post("/apparence", data={"csrf_token": csrf(desk), "theme": "dark"})
    assert chosen.status_code == 303
    for client in (desk, phone):
        assert 'data-theme="dark"' in client.get("/compte").text
    desk.post("/apparence", data={"csrf_token": csrf(desk), "theme": "pink"})
    assert 'data-theme="dark"' in phone.get("/compte").text


def test_the_choice_is_kept_and_leads_back(client: FlaskClient) -> None:
    """As the form of the account menu sends it; a choice that does not exist sets nothing."""
    with client.session_transaction() as session:
        session["csrf_token"] = "of this session"
    serializer = URLSafeTimedSerializer(str(client.application.secret_key), salt="wtf-csrf-token")
    form = {"csrf_token": serializer.dumps("of this session"), "suite": "/planning"}
    kept = client.post("/apparence", data={**form, "theme": "dark"})
    assert (kept.status_code, kept.headers["Location"]) == (303, "/planning")
    cookie = client.get_cookie("theme")
    assert cookie is not None
    assert cookie.value == "dark"
    client.post("/apparence", data={**form, "theme": "pink"})
    after = client.get_cookie("theme")
    assert after is not None
    assert after.value == "dark"
