"""Every form of a digest, in four languages, of ordinary weeks and of those that make trouble."""

import csv
import re
from dataclasses import replace
from datetime import date
from functools import cache
from io import BytesIO, StringIO

import pytest
from PIL import Image
from pypdf import PdfReader

from bot.i18n import catalogue
from digest.data import decode
from digest.forms import Forms, render
from digest.page import standalone
from digest.table import HEADER
from tests.digest import sample
from tickets.figures import Cluster, Digest, Figure, Kind
from tickets.model import Point
from tickets.period import Period

LANGUAGES = sample.LANGUAGES
MARK = "\ufeff"  # the byte order mark


@cache
def made(name: str, language: str) -> Forms:
    digest, town = sample.huge() if name == "huge" else (getattr(sample, name)(), sample.city())
    return render(digest, town, language, catalogue(language))


def of(digest: Digest, language: str = "en") -> Forms:
    return render(digest, sample.city(), language, catalogue(language))


def forms(language: str) -> Forms:
    return made("ordinary", language)


def test_the_same_digest_gives_the_same_bytes():
    again = of(sample.ordinary(), "es")
    assert again == forms("es")


@pytest.mark.parametrize("name", ["ordinary", "empty", "first", "missing", "huge"])
def test_the_pdf_has_at_most_three_pages_and_no_empty_one(name):
    for language in LANGUAGES if name == "ordinary" else ("pt",):
        pages = [page.extract_text() for page in PdfReader(BytesIO(made(name, language).pdf)).pages]
        assert 1 <= len(pages) <= 3
        assert all(len(page) > 100 for page in pages)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_says_the_three_sentences_and_what_is_not_known(language):
    text = _squeezed("".join(page.extract_text() for page in PdfReader(BytesIO(forms(language).pdf)).pages))
    told = re.findall(r"(?m)^\d\. (.+(?:\n   .+)*)", forms(language).text)
    assert len(told) == 3
    assert all(_squeezed(sentence) in text for sentence in told)


def _squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("name", ["ordinary", "empty", "first", "missing", "huge"])
def test_sizes_are_kept(name):
    found = made(name, "pt")
    assert len(found.html.encode()) < 100_000
    assert len(found.short.encode("utf-16-le")) // 2 < 700
    assert max(map(len, found.text.splitlines())) <= 72
    assert "\n" not in found.subject


def test_pictures_are_those_that_the_page_names():
    found = forms("fr")
    assert {f"cid:{name}" for name in found.images} == set(re.findall(r'src="([^"]+)"', found.html))
    assert all(Image.open(BytesIO(png)).format == "PNG" for png in found.images.values())
    assert "cid:" not in standalone(found.html, found.images)


def test_each_picture_tells_what_it_shows_to_who_cannot_see_it():
    alts = re.findall(r'<img [^>]*alt="([^"]+)"', forms("en").html)
    assert len(alts) == 4
    assert "Lighting: 57% (44 of 77)" in alts[1]


def test_the_json_is_the_digest():
    assert decode(forms("es").json) == sample.ordinary()


def test_tables_differ_by_language_in_names_alone():
    es, fr = (list(csv.DictReader(StringIO(forms(language).csv.removeprefix(MARK)))) for language in ("es", "fr"))
    assert tuple(es[0]) == HEADER
    assert [row | {"name": ""} for row in es] == [row | {"name": ""} for row in fr]
    assert {row["name"] for row in fr if row["code"] == "roads"} == {"Voirie"}


def test_every_figure_of_every_scope_and_week_stands_in_the_table():
    digest = sample.ordinary()
    rows = list(csv.DictReader(StringIO(forms("es").csv.removeprefix(MARK))))
    found = {(row["scope"], row["code"], row["begin"], row["figure"]): row["value"] for row in rows if not row["by"]}
    for series in (digest.whole, *digest.parts):
        for figures in (*series.before, series.now):
            for figure, number in figures.counts.items():
                key = (series.scope.kind.value, series.scope.code, figures.period.begin.isoformat(), figure.value)
                assert found[key] == str(number)


def test_what_is_not_known_is_a_dash_and_a_word_and_never_zero():
    text = made("missing", "en").text
    assert re.search(r"Notices that reached nobody +– not known", text)
    assert "Missing: the record of messages" in text
    rows = csv.DictReader(StringIO(made("missing", "pt").csv.removeprefix(MARK)))
    assert {row["value"] for row in rows if row["figure"] == Figure.UNDELIVERED.value} == {""}


def test_a_small_sample_is_not_told_to_be_as_usual():
    usual = sample.ordinary()
    few = usual.whole.now.counts | {Figure.DUE: 3, Figure.ON_TIME: 1}
    now = replace(usual.whole.now, counts=few)
    text = of(replace(usual, whole=replace(usual.whole, now=now))).text
    assert re.search(r"Promises kept +33% \(1 of 3\) \(small sample\)\n", text)


def test_a_share_of_nothing_is_no_share():
    text = made("empty", "en").text
    assert re.search(r"Promises kept +– no cases", text)
    assert "nan" not in made("empty", "en").html


def test_numbers_and_dates_are_written_as_the_language_does():
    assert "+189\u00a0%" in forms("fr").html
    assert "81,8" in forms("pt").text
    assert "81.8" in forms("es").text
    assert "Nov 16 – 22, 2026" in forms("en").text.replace("\u00a0", " ")


def test_a_week_that_is_not_over_says_so():
    assert "This week is not over" in made("first", "en").text


def test_week_53_and_other_stretches_are_named_for_what_they_are():
    last = replace(sample.empty(), period=Period(begin=date(2026, 12, 28)))
    assert "Week 53 of 2026" in of(last).text
    assert "This period" in of(replace(last, period=Period(begin=date(2026, 11, 3), days=10))).text


def test_a_name_is_never_markup():
    hostile = Cluster(service="<b>x</b>", area=None, street='#image("/etc/passwd") <script>', filed=9, open=1)
    found = of(replace(sample.ordinary(), clusters=(hostile,)))
    assert "<script>" not in found.html
    assert "#image" in "".join(page.extract_text() for page in PdfReader(BytesIO(found.pdf)).pages)


def test_a_place_far_outside_stands_in_the_list_and_does_not_shrink_the_map():
    digest = sample.ordinary()
    nowhere = Cluster(
        service="noise", area=None, street="Nowhere", point=Point(latitude=0, longitude=0), filed=4, open=1
    )
    more, same = (of(replace(digest, clusters=digest.clusters[:5] + some)) for some in ((nowhere,), ()))
    assert "Nowhere" in more.text
    assert more.images["clusters@digest.vecino"] == same.images["clusters@digest.vecino"]
    assert "clusters@digest.vecino" not in of(replace(digest, clusters=(nowhere,))).images


def test_a_city_without_outlines_and_names_with_dollars_are_drawn():
    town = sample.city()
    bare = replace(
        town, areas=(), streets=(), departments=tuple(replace(d, names={"en": "a $x^{"}) for d in town.departments)
    )
    found = render(sample.ordinary(), bare, "en", catalogue("en"))
    assert len(found.images) == 4


def test_a_name_is_never_a_formula():
    digest = sample.ordinary()
    parts = tuple(replace(part, scope=replace(part.scope, code="=1+1")) for part in digest.parts[:1])
    assert ",'=1+1,'=1+1," in of(replace(digest, parts=parts)).csv


def test_a_code_that_the_city_does_not_know_is_shown_as_it_is():
    assert "old_service" in forms("es").html


def test_a_department_has_its_own_digest_by_area():
    digest = sample.ordinary()
    own = next(part for part in digest.parts if part.scope.code == "electric")
    areas = tuple(part for part in digest.parts if part.scope.kind is Kind.AREA)
    found = of(replace(digest, whole=own, parts=areas))
    assert found.subject.startswith("Puerto Vecino: Lighting: ")
    assert "Promises kept, by area" in found.html
