"""The journal speaks in sentences, whatever happened in whichever package."""

from string import Formatter

from flask import Flask

from coopshare.kernel.facts import Fact


def test_each_fact_has_its_sentence(app: Flask) -> None:
    """With no other place than who did it and to what."""
    assert "members.journal" in app.view_functions
    kinds: list[type[Fact]] = [Fact]
    for kind in kinds:
        kinds.extend(kind.__subclasses__())
    named = [kind for kind in kinds if "name" in vars(kind) and isinstance(kind.name, str)]
    assert len(named) > 20
    for kind in named:
        places = {name for _, name, _, _ in Formatter().parse(kind.said) if name is not None}
        assert kind.said.endswith("."), kind
        assert "who" in places, kind
        assert places <= {"who", "what"}, kind
