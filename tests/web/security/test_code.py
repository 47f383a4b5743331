"""Rules that the code itself keeps, read from its files."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from web.open311.reading import WHOLE

ROOT = Path(__file__).parents[3]
OURS = ("bot", "channels", "digest", "handlers", "store", "tickets", "web")
MAKERS = {"eval", "exec", "compile", "__import__"}
SHELLS = {
    "os.system",
    "os.popen",
    "subprocess.getoutput",
    "subprocess.getstatusoutput",
    "asyncio.create_subprocess_shell",
}
MODULES = {"shelve", "dill", "telnetlib", "ftplib"}
MAKING_OBJECTS = {"pickle.load", "pickle.loads", "marshal.load", "marshal.loads"}
PARSERS = {"xml.sax", "xml.dom", "lxml", "xmltodict", "xml.etree.ElementTree"}
MAKING_XML = {"Element", "SubElement", "tostring", "ParseError", "register_namespace", "ElementTree", "QName", "indent"}
STORED = {"desk-drafts", "desk-row", "vecino_phone"}  # drafts until the page is there again; a row; a demo phone's name


def files(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    for folder in folders or OURS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text())


def imports(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Module and name; "" where the module itself."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((one.name, "") for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.module, one.name) for one in node.names)


def calls(tree: ast.Module) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def test_no_code_is_made_of_words() -> None:
    for path, tree in files():
        assert not {module for module, _ in imports(tree)} & MODULES, path
        lines = (ROOT / path).read_text().splitlines()
        for call in calls(tree):
            name = ast.unparse(call.func)
            assert name not in MAKERS | SHELLS, f"{path}:{call.lineno}"
            assert name not in {"yaml.load", "yaml.unsafe_load", "yaml.full_load"} or _safe(call), (
                f"{path}:{call.lineno}"
            )
            assert name not in MAKING_OBJECTS or _reasoned(lines, call, "S30"), f"{path}:{call.lineno}"
            shell = [one for one in call.keywords if one.arg == "shell"]
            assert not shell, f"{path}:{call.lineno}"


def _safe(call: ast.Call) -> bool:
    said = [*call.args[1:], *(one.value for one in call.keywords if one.arg == "Loader")]
    return bool(said) and "Safe" in ast.unparse(said[0])


def test_xml_is_read_by_defusedxml_alone() -> None:
    for path, tree in files():
        for module, name in imports(tree):
            if module == "xml.etree.ElementTree" and name in MAKING_XML:
                continue
            if (module, name) == ("xml.etree", "ElementTree"):
                calling = {ast.unparse(call.func) for call in calls(tree)}
                assert not calling & {"ElementTree.fromstring", "ElementTree.parse", "ElementTree.XML"}, path
                continue
            assert not any(module == one or module.startswith(one + ".") for one in PARSERS), f"{path}: {module}"


def test_the_web_draws_nothing_by_guessable_chance() -> None:
    """`random` can be foretold by who has seen enough of it; sessions, links and keys come of `secrets`."""
    for path, tree in files("web", "store", "channels"):
        assert "random" not in {module for module, _ in imports(tree)}, path
        assert not {ast.unparse(call.func) for call in calls(tree)} & {"uuid.uuid1", "uuid1"}, path


def test_what_is_left_to_chance_is_drawn_by_the_system() -> None:
    """Numbers of tickets and codes are drawn where tests want to know what comes; in earnest by the system's source."""
    made = (ROOT / "bot/app.py").read_text()
    assert "random or SystemRandom()" in made
    for path, tree in files("handlers", "tickets"):
        named = {name for module, name in imports(tree) if module == "random"}
        assert named <= {"Random"}, path
        assert "Random" not in {ast.unparse(call.func) for call in calls(tree)}, path


def test_weak_hashes_stand_only_where_a_protocol_wants_them() -> None:
    found = {path for path, tree in files() if re.search(r"\b(md5|sha1)\b", ast.unparse(tree), re.IGNORECASE)}
    assert found <= {"channels/_twilio.py", "web/people/second.py"}


def test_no_sql_is_put_together_of_values() -> None:
    """Text that becomes SQL is constant; what changes is a parameter. A name of ours in it has its reason beside it."""
    for path, tree in files("store"):
        if path.startswith(("store/migrations/", "store/tables/")):
            continue
        lines = (ROOT / path).read_text().splitlines()
        for call in calls(tree):
            if ast.unparse(call.func) in {"text", "sa.text", "sqlalchemy.text"} and call.args:
                made = any(isinstance(one, (ast.FormattedValue, ast.BinOp)) for one in ast.walk(call.args[0]))
                assert not made or _reasoned(lines, call, "S608"), f"{path}:{call.lineno}"


def _reasoned(lines: list[str], call: ast.Call, rule: str) -> bool:
    """ruff finds such a line too, and is answered there."""
    return any(f"noqa: {rule}" in line for line in lines[call.lineno - 1 : (call.end_lineno or call.lineno)])


def test_no_script_of_ours_makes_code_of_words() -> None:
    for path in (ROOT / "web/static").glob("*.js"):
        script = path.read_text()
        assert not re.search(
            r"\beval\(|new Function|document\.write|outerHTML\s*=|insertAdjacentHTML|set(Timeout|Interval)\(\s*[\"'`]",
            script,
        ), path
        assert not re.search(r"innerHTML\s*\+?=", script), path


def test_scripts_keep_no_more_in_the_browser_than_is_named_here() -> None:
    found = set()
    for path in (ROOT / "web/static").glob("*.js"):
        script = path.read_text()
        found |= set(re.findall(r"(?:local|session)Storage\.setItem\(\s*\"([\w-]+)\"", script))
        assert len(re.findall(r"setItem\(", script)) == len(re.findall(r"setItem\(\s*\"[\w-]+\"", script)), path
        assert "indexedDB" not in script, path
        assert "document.cookie" not in script, path
    assert found == STORED


def test_nobody_switches_the_check_of_certificates_off() -> None:
    for path, tree in files():
        for call in calls(tree):
            for one in call.keywords:
                off = isinstance(one.value, ast.Constant) and one.value.value is False
                assert not (off and one.arg in {"ssl", "verify", "verify_ssl", "check_hostname", "validate_certs"}), (
                    f"{path}:{call.lineno}"
                )
        assert "CERT_NONE" not in ast.unparse(tree), path


def test_the_proxies_speak_no_old_tls() -> None:
    """Caddy speaks 1.2 and 1.3 by itself, unless it is told otherwise."""
    assert "ssl_protocols       TLSv1.2 TLSv1.3;" in (ROOT / "deploy/nginx.conf").read_text()
    assert "protocols" not in (ROOT / "deploy/Caddyfile").read_text()


def test_the_proxies_let_pass_what_we_take_and_little_more() -> None:
    """The largest is a report of another program with its pictures; nearly all else is refused by us long before."""
    nginx = re.search(r"client_max_body_size (\d+)m;", (ROOT / "deploy/nginx.conf").read_text())
    caddy = re.search(r"max_size (\d+)MB", (ROOT / "deploy/Caddyfile").read_text())
    assert nginx
    assert caddy
    assert WHOLE < int(nginx[1]) * 1024**2 < 2 * WHOLE
    assert WHOLE < int(caddy[1]) * 1000**2 < 2 * WHOLE
