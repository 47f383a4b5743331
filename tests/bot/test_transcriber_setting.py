"""Where voice notes are sent to be heard: a machine of the city, or one reached by https; else the start is refused."""

from pathlib import Path

import pytest

from bot.config import load
from tests.bot.test_config import DEMO, problems


def configured(tmp_path: Path, line: str) -> Path:
    path = tmp_path / "config.yml"
    path.write_text(DEMO.read_text(encoding="utf-8").replace("mode: demo", f"mode: demo\n{line}", 1), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8000", "http://localhost:8000", "http://[::1]:8000", "https://speech.city.example"]
)
def test_words_are_asked_for_on_this_machine_or_sealed(tmp_path: Path, url: str) -> None:
    path = configured(tmp_path, f'transcriber: {{url: "{url}"}}')
    found = load(path, {"VECINO_TRANSCRIBER_TOKEN": "secret"}).settings.transcriber
    assert found
    assert (found.url, found.model, found.token) == (url, "whisper-1", "secret")
    assert "secret" not in repr(found)


def test_left_out_there_is_none(tmp_path: Path) -> None:
    assert load(DEMO, {"VECINO_TRANSCRIBER_TOKEN": "secret"}).settings.transcriber is None


@pytest.mark.parametrize(
    "line",
    [
        'transcriber: {url: "http://speech.city.example"}', 'transcriber: {url: "http://10.0.0.7:80"}',
        'transcriber: {url: "ftp://127.0.0.1"}', 'transcriber: {url: "https://"}', 'transcriber: {url: "https://a/"}',
        'transcriber: {url: "https://a b"}', "transcriber: {url: 5}", "transcriber: {}", "transcriber: yes",
        'transcriber: {url: "https://a", token: abc}', 'transcriber: {url: "https://a", model: 5}',
        'transcriber: {url: "https://[::1"}', 'transcriber: {url: "https://a:99999"}',
    ],
)  # fmt: skip
def test_what_would_carry_voices_in_the_open_is_refused_with_its_line(tmp_path: Path, line: str) -> None:
    assert any(
        problem.startswith("line 5: transcriber") for problem in problems(tmp_path, "mode: demo", f"mode: demo\n{line}")
    )
