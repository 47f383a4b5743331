"""A large city: many departments and areas with long names."""

import json
import time
from dataclasses import replace
from functools import cache

import pytest

from bot.i18n import catalogue
from digest.charts import draw
from digest.compose import report
from digest.forms import render
from digest.pdf import PAGES, fitting
from digest.voice import Voice
from tests.digest import sample
from tickets.figures import Digest, Kind

SECONDS = 10.0  # of the processor


@cache
def drawings() -> dict[str, str]:
    digest, town = sample.huge()
    voice = Voice(city=town, language="es", translation=catalogue("es"))
    return {name: draw(name, digest, voice).svg for name in ("trend", "on_time", "clusters", "ages")}


def some(digest: Digest, departments: int, areas: int) -> Digest:
    def first(kind: Kind, many: int) -> list:
        return [part for part in digest.parts if part.scope.kind is kind][:many]

    return replace(digest, parts=(*first(Kind.DEPARTMENT, departments), *first(Kind.AREA, areas)))


def test_all_forms_are_made_in_seconds() -> None:
    digest, town = sample.huge()
    begin = time.process_time()
    found = render(digest, town, "fr", catalogue("fr"))
    assert time.process_time() - begin < SECONDS
    assert found.pdf and found.html and found.text and found.csv and found.json and found.short


CASES = [
    *((language, 30, 40, 14) for language in sample.LANGUAGES),
    ("fr", 1, 0, 4),
    ("es", 3, 12, 14),
    ("pt", 12, 3, 4),
]


@pytest.mark.parametrize(("language", "departments", "areas", "unknown"), CASES)
def test_the_pdf_has_three_pages_at_most(language: str, departments: int, areas: int, unknown: int) -> None:
    """Whatever there is to tell, and however long what is not known."""
    digest, town = sample.huge()
    voice = Voice(city=town, language=language, translation=catalogue(language))
    told = report(some(digest, departments, areas), voice)
    note = "Una fuente no alcanza tan atrás como harían falta las semanas que se comparan; queda sin cifra. " * 2
    told = replace(told, unknown=replace(told.unknown, notes=(note,) * unknown))
    pages = json.loads(fitting(told, drawings(), voice).query("<pages>", field="value", one=True))
    assert 2 <= pages <= PAGES
