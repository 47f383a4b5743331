from pathlib import Path

import pytest

from bot.config import ConfigError, load

DEMO = Path(__file__).parents[2] / "config.yml"
LIVE = {"VECINO_SECRET_KEY": "k" * 40}


def problems(tmp_path: Path, old: str, new: str, environment: dict[str, str] | None = None) -> list[str]:
    """What is said of the demo city's file after one replacement."""
    source = DEMO.read_text(encoding="utf-8")
    assert old in source
    path = tmp_path / "config.yml"
    path.write_text(source.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        load(path, environment or {})
    return [str(problem) for problem in refused.value.problems]


def line_of(text: str) -> int:
    before, _, _ = DEMO.read_text(encoding="utf-8").partition(text)
    return before.count("\n") + 1


def test_the_demo_city_is_right_and_needs_no_secret() -> None:
    config = load(DEMO, {})
    assert config.settings.demo
    assert len(config.city.services) == 12
    assert config.city.languages == ("es", "pt", "en", "fr")
    assert config.city.areas
    assert config.city.streets
    assert config.settings.channels == ()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("mode: demo", "mode: dmo", "mode: must be `demo` or `live`"),
        ("mode: demo", "mode: demo\ncolour: blue", "colour: is not known here"),
        ("  timezone: America/Puerto_Rico", "  timezone: America/Atlantis", "city.timezone: must be a time zone"),
        ("languages: [es, pt, en, fr]", "languages: [es, pt, en, fr, de]", "names de, which has no catalogue"),
        ("languages: [es, pt, en, fr]", "languages: es", "city.languages: must be a list"),
        ("locales: {es: es_MX", "locales: {es: xx_YY", "xx_YY is no locale"),
        ('phone: "555 0100"', "phone: 5550100", "office.phone: must be a number in quotes"),
        ("mon: 08:00-17:00", "mon: 17:00-08:00", "calendar.opening: must be a mapping such as"),
        ("holidays: [2026-12-25", "holidays: [Christmas", "calendar.holidays: must be a list of dates"),
        ("sla: {days: 5}", "sla: {weeks: 5}", "services[1].sla: must be {days: N} or {hours: N}"),
        ("sla: {days: 5}", "sla: {days: 0}", "services[1].sla: must be {days: N} or {hours: N}"),
        ("names: {es: Bache, pt: Buraco na rua,", "names: {es: Bache,", "services[1].names: has no pt"),
        ("names: {es: Bache, pt", 'names: {es: "", pt', "services[1].names: has no es"),
        ("code: sidewalk, department", "code: pothole, department", "services: has the code pothole twice"),
        ("code: pothole, department: roads", "code: crater, department: roads", "services[1].code: must be one of"),
        ("code: pothole, department: roads", "code: pothole, department: moon", "services[1].department: must be"),
        ("asks: [place, photo]", "asks: [place, blood]", "services[1].asks: must be a list of place"),
        ("code: porto, name", "code: centro, name", "two areas have the same code"),
        ("{type: Point, coordinates: [", "{type: Point, coordinates: [999, ", "landmarks: feature 1"),
        ("  sms: {enabled: false", "  pigeon: {enabled: false}\n  sms: {enabled: false", "channels.pigeon: is no channel"),
        ("public_url: \"\"", "public_url: vecino.example.org", "public_url: must be an https address"),
        ("office:", "office: [", "is not YAML here"),
        ("public_url: \"\"", "public_url: \"\"\nmode: live", "mode: stands twice"),
    ],
)  # fmt: skip
def test_each_mistake_is_refused_with_its_key_and_what_to_do(tmp_path: Path, old: str, new: str, says: str) -> None:
    told = problems(tmp_path, old, new)
    assert any(says in problem for problem in told), told


def test_a_mistake_is_told_with_its_line(tmp_path: Path) -> None:
    told = problems(tmp_path, 'phone: "555 0100"', "phone: 5550100")
    assert told == [f"line {line_of('phone: ')}: office.phone: must be a number in quotes"]


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    told = problems(tmp_path, "sla: {days: 5}, asks: [place, photo]", "sla: {}, asks: [gold]")
    assert len(told) == 2


def test_an_enabled_channel_without_its_secret_is_refused_by_the_name_of_the_secret(tmp_path: Path) -> None:
    told = problems(tmp_path, "telegram: {enabled: false}", "telegram: {enabled: true}")
    assert any("TELEGRAM_BOT_TOKEN: is not set in the environment" in problem for problem in told)


def test_a_live_city_needs_its_secret_key(tmp_path: Path) -> None:
    told = problems(tmp_path, "mode: demo", "mode: live")
    assert any("VECINO_SECRET_KEY: is not set" in problem for problem in told)


def test_a_missing_file_says_how_to_name_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="--config or VECINO_CONFIG"):
        load(tmp_path / "nothing.yml", {})


def test_secrets_never_stand_in_a_repr(tmp_path: Path) -> None:
    path = tmp_path / "config.yml"
    source = DEMO.read_text(encoding="utf-8").replace("telegram: {enabled: false}", "telegram: {enabled: true}")
    path.write_text(source, encoding="utf-8")
    environment = LIVE | {"TELEGRAM_BOT_TOKEN": "12345:very-secret"}
    settings = load(path, environment).settings
    assert settings.channels[0].secrets["TELEGRAM_BOT_TOKEN"] == "12345:very-secret"
    assert "very-secret" not in repr(settings)
    assert "kkkk" not in repr(settings)


def test_areas_may_stand_in_a_file_beside_it(tmp_path: Path) -> None:
    source = DEMO.read_text(encoding="utf-8")
    head, _, rest = source.partition("areas:  #")
    tail = "streets:" + rest.partition("streets:")[2]
    (tmp_path / "config.yml").write_text(head + "areas: {file: a.geojson}\n" + tail, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"names the file a\.geojson, which cannot be read"):
        load(tmp_path / "config.yml", {})
    ring = [[0, 0], [1, 0], [1, 1], [0, 0]]
    feature = (
        '{"type":"Feature","properties":{"code":"x","name":"X"},'
        f'"geometry":{{"type":"Polygon","coordinates":[{ring}]}}}}'
    )
    collection = f'{{"type":"FeatureCollection","features":[{feature}]}}'
    (tmp_path / "a.geojson").write_text(collection, encoding="utf-8")
    assert [area.code for area in load(tmp_path / "config.yml", {}).city.areas] == ["x"]
