"""The page of each refusal holds what the documentation says of it."""

from flask import Flask
from flask.testing import FlaskClient

from coopshare.web.problems import EXPLANATIONS, drawn, refusals


def test_each_refusal_is_explained_whole(app: Flask, client: FlaskClient) -> None:
    assert set(refusals()) <= set(app.extensions[EXPLANATIONS])
    page = client.get("/problems/configuration").text
    assert "Un réglage de l&#39;installation est inconnu" in page
    assert "<strong>Que faire ?</strong>" in page
    assert "<code>docs/reglages.md</code>" in page
    assert "réponse HTTP 422" in page
    for code in ("slot_taken", "siret_taken", "unexpected"):
        text = client.get(f"/problems/{code}").text
        assert "Que faire ?" in text
        assert "{name}" not in text
    assert client.get("/problems/nothing_such").status_code == 404


def test_nothing_but_two_marks_is_drawn() -> None:
    assert drawn("<b>**Oui** `a<b`") == "&lt;b&gt;<strong>Oui</strong> <code>a&lt;b</code>"
