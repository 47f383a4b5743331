import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.config import ChannelSettings, ConfigError, load
from nlu.places import Gazetteer

DEMO = Path(__file__).parents[2] / "config.yml"
LIVE = {"VECINO_SECRET_KEY": "k" * 40}
SECRETS = {"TELEGRAM_BOT_TOKEN": "1:a", "TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "b"}
CENTRO = "[[[-66.50558, 14.59548], [-66.49442, 14.59548], [-66.49442, 14.60452], [-66.50558, 14.60452], [-66.50558, 14.59548]]]"


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
        ("name: Puerto Vecino", f"name: {'P' * 43}", "city.name: is 3 characters too long for an SMS: write at most 40"),
        ("es: Bache, pt", "es: Baches y hundimientos en la calle, pt", "services[1].names: is 9 characters too long"),
        ("wait: {album: 2", "wait: {album: 99", "wait.album: must be seconds from 0"),
        ("wait: {album: 2", "wait: {album: true", "wait.album: must be seconds from 0"),
        ('privacy_version: "1"', 'privacy_version: ""', "city.privacy_version: must be a version"),
        ('privacy_version: "1"', "privacy_version: [1]", "city.privacy_version: must be a version"),
        ("guard: {answers: 40", "guard: {answers: -1", "guard.answers: must be a whole number from 0"),
        ("guard: {answers: 40", "guard: {answrs: 40", "guard.answrs: is not known here"),
        ("photos_a_day: 30}", "photos_a_day: many}", "guard.photos_a_day: must be a whole number from 0"),
        ("minutes: 10,", "minutes: 0,", "guard.minutes: must be minutes from 1"),
        ("mon: 08:00-17:00", "mon: 17:00-08:00", "calendar.opening: must be a mapping such as"),
        ("holidays: [2026-12-25", "holidays: [Christmas", "calendar.holidays: must be a list of dates"),
        ("sla: {days: 5}", "sla: {weeks: 5}", "services[1].sla: must be {days: N} or {hours: N}"),
        ("sla: {days: 5}", "sla: {days: 5, areas: {moon: {days: 1}}}", "services: pothole: sla.areas has moon, which is"),
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
        ("office:", "office:\x01", "config.yml: has a character that no text may have"),
        ("name: Puerto Vecino", 'name: "a\\0b"', "city.name: must be some text"),
        ("sla: {days: 5}", "sla: 5", "services[1].sla: must be {days: N} or {hours: N}"),
        ("sla: {days: 5}", "sla: {days: 9000000}", "services[1].sla: must be {days: N} or {hours: N}"),
        ("opening: {mon: 08:00-17:00", "opening: {mon: 8", "calendar.opening: must be a mapping such as"),
        ("holidays: [2026-12-25", "holidays: [2026-13-25", "calendar.holidays: must be a list of dates"),
        ("holidays: [2026-12-25", "holidays: [2026-12-25 10:00:00", "calendar.holidays: must be a list of dates"),
        ("  timezone: America/Puerto_Rico", "  timezone: America", "city.timezone: must be a time zone"),
        ("names: {es: Bache,", "names: {es: 8,", "services[1].names: has no es"),
        ("asks: [place, photo]", "asks: place", "services[1].asks: must be a list of place"),
        ("mode: demo", "mode: demo\nport: true", "port: must be a port"),
        ("mode: demo", "mode: demo\nhost: [1]", "host: must be an address"),
        ("mode: demo", "mode: demo\n[a]: b", "?: is no key"),
        ("public_url: \"\"", "public_url: https://", "public_url: must be an https address"),
        ("public_url: \"\"", "public_url: https://a:b", "public_url: must be an https address"),
        ("coordinates: [-66.4986, 14.5991]", "coordinates: []", "landmarks: feature 1: needs positions"),
        ("coordinates: [-66.4986, 14.5991]", 'coordinates: "ab"', "landmarks: feature 1: needs positions"),
        ("type: Point, coordinates: [-66.4986, 14.5991]", "type: Line", "landmarks: feature 1: must have a geometry of type Point"),
        ('name: "Mercado Central", ', "", "landmarks: feature 1: needs a name"),
        ('also: ["Av. Bolívar"', 'also: [[1], "Av. Bolívar"', "streets: feature 1: `also` must be a list of names"),
        ("[[-66.50558, 14.6], [-66.49442, 14.6]]", "[[-66.50558, 14.6]]", "streets: feature 1: needs a line of at least two"),
        ("[[-66.50558, 14.6], [-66.49442, 14.6]]", "[[-66.5, 14.6], [-66.5, 14.6]]", "streets: feature 1: needs a line of at least two"),
        (CENTRO, "[[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]", "areas: feature 1: has a ring that crosses itself or encloses nothing: Self"),
        (CENTRO, "[[[0, 0], [1, 1], [0, 0], [0, 0]]]", "areas: feature 1: has a ring that crosses itself or encloses nothing"),
        (CENTRO, "[[[0, 0], [1, 1], [1, 0]]]", "areas: feature 1: needs a ring of at least four positions"),
        (CENTRO, "[]", "areas: feature 1: needs a ring of at least four positions"),
        ("public_url: \"\"", "public_url: \"\"\nmode: live", "mode: stands twice"),
        ("- code: recycling", "- code: collection", "information: has the code collection twice"),
        ("- code: recycling", "- cod: recycling", "information[2].code: is missing"),
        ("        - recicl*|seletiva\n", '        - "a||b"\n', "information[2].words.pt: `a||b` is no row of words"),
        ("        - recicl*|seletiva\n", "        - {a: b}\n", "information[2].words.pt: must be a list of rows of words"),
        ("      es: \"La basura pasa", "      xx: \"La basura pasa", "information[1].answers: has no es"),
        ("      es: \"La basura pasa", f"      es: \"{'m' * 200} La basura pasa", "too long for an SMS: write at most 240"),
    ],
)  # fmt: skip
def test_each_mistake_is_refused_with_its_key_and_what_to_do(tmp_path: Path, old: str, new: str, says: str) -> None:
    told = problems(tmp_path, old, new)
    assert any(says in problem for problem in told), told


def test_the_headings_of_the_readme_that_the_file_cites_are_there() -> None:
    cited = re.search(r'\(README, "(.+)" and "(.+)"\)', DEMO.read_text(encoding="utf-8"))
    assert cited
    readme = (DEMO.parent / "README.md").read_text(encoding="utf-8")
    assert all(f"\n## {heading}" in readme for heading in cited.groups())


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


MAIL_ON = "email: {enabled: true, from: v@city.example}"


def mail_settings(tmp_path: Path, environment: dict[str, str], written: str = MAIL_ON) -> ChannelSettings:
    source = DEMO.read_text(encoding="utf-8")
    start = source.index("  email: {enabled: false")
    line = source[start : source.index("\n", start)]
    path = tmp_path / "config.yml"
    path.write_text(source.replace(line, f"  {written}"), encoding="utf-8")
    [channel] = load(path, environment).settings.channels
    return channel


def test_mail_needs_no_login_and_its_folder_lies_below_that_of_all_data(tmp_path: Path) -> None:
    channel = mail_settings(tmp_path, {"VECINO_VAR": "there"})
    assert channel.secrets == {}
    assert channel.options["folder"] == str(Path("there/demo/mail"))
    elsewhere = mail_settings(tmp_path, {}, MAIL_ON.replace("}", f", folder: {tmp_path}}}"))
    assert elsewhere.options["folder"] == str(tmp_path)


def test_mail_is_given_its_login_where_there_is_one(tmp_path: Path) -> None:
    channel = mail_settings(tmp_path, {"SMTP_USER": "vecino", "SMTP_PASSWORD": "very-secret"})
    assert channel.secrets == {"SMTP_USER": "vecino", "SMTP_PASSWORD": "very-secret"}
    assert "very-secret" not in repr(channel)


def test_mail_needs_a_sender(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"channels\.email\.from: is needed while the channel is enabled"):
        mail_settings(tmp_path, {}, "email: {enabled: true}")


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


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.yml").write_bytes("city: Görlitz".encode("latin-1"))
    with pytest.raises(ConfigError, match=r"config\.yml: is not written in UTF-8"):
        load(tmp_path / "config.yml", {})


def test_the_demo_has_a_folder_and_a_key_of_its_own_beside_the_models() -> None:
    settings = load(DEMO, {"VECINO_VAR": "there"} | LIVE).settings
    assert settings.var == Path("there/demo")
    assert settings.database_url == "sqlite:///there/demo/vecino.db"
    assert settings.models == Path("there/models")
    assert settings.secret_keys == ""


def test_a_demo_on_a_named_database_takes_the_key_that_is_set() -> None:
    settings = load(DEMO, LIVE | {"VECINO_DATABASE_URL": "postgresql://h/d"}).settings
    assert settings.database_url == "postgresql://h/d"
    assert settings.secret_keys == LIVE["VECINO_SECRET_KEY"]


def test_a_live_city_starts_clean_beside_the_demo(tmp_path: Path) -> None:
    path = tmp_path / "config.yml"
    path.write_text(DEMO.read_text(encoding="utf-8").replace("mode: demo", "mode: live"), encoding="utf-8")
    settings = load(path, LIVE).settings
    assert settings.var == Path("var")
    assert settings.database_url == "sqlite:///var/vecino.db"
    assert settings.models == Path("var/models")


# Any node of the file replaced by anything: a Config, or problems; never another error.


def _small_city() -> dict[str, Any]:
    """The demo city with one of each, all channels on."""
    city: dict[str, Any] = yaml.safe_load(DEMO.read_text(encoding="utf-8"))
    for geojson in (city[name] for name in ("areas", "streets", "landmarks")):
        del geojson["features"][1:]
    for name in ("departments", "services", "information"):
        del city[name][1:]
    for channel in city["channels"].values():
        channel["enabled"] = True
    return city | {"host": "127.0.0.1", "port": 0, "nlu_url": "http://127.0.0.1:5005"}


def _places(node: object, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [here, *(place for key, value in inner for place in _places(value, (*here, key)))]


def _replaced(node: Any, place: tuple[Any, ...], value: object) -> Any:
    if not place:
        return value
    copy = node.copy()
    copy[place[0]] = _replaced(node[place[0]], place[1:], value)
    return copy


SMALL = _small_city()
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.dates() | st.datetimes() | st.text()
ANYTHING = SCALARS | st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(SCALARS, inner, max_size=3), max_leaves=5
)


@given(place=st.sampled_from(_places(SMALL)), value=ANYTHING)
@example(place=("services", 0, "sla"), value=5)
@example(place=("calendar", "opening", "mon"), value=8)
@example(place=("landmarks", "features", 0, "geometry", "coordinates"), value=[])
@example(place=("landmarks", "features", 0, "geometry", "coordinates"), value="ab")
@example(place=("city", "timezone"), value="America")
@example(place=("calendar", "opening"), value=None)
@example(place=(), value=None)
@settings(max_examples=300, deadline=None)
def test_whatever_stands_somewhere_it_is_a_config_or_problems(
    tmp_path_factory: pytest.TempPathFactory, place: tuple[Any, ...], value: object
) -> None:
    path = tmp_path_factory.getbasetemp() / "replaced.yml"
    path.write_text(yaml.safe_dump(_replaced(SMALL, place, value), allow_unicode=True), encoding="utf-8")
    try:
        config = load(path, LIVE | SECRETS)
    except ConfigError as refused:
        assert refused.problems
    else:
        Gazetteer(config.city.areas, config.city.streets, config.city.landmarks)
