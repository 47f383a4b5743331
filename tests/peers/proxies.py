"""nginx and Caddy on loopback, with the very files of deploy/: ports, certificates and where Vecino is are this machine's."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socket import socket
from typing import TypeAlias

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

from benchmarks.fleet import free_port

_ROOT = Path(__file__).parents[2]
_DEPLOY = _ROOT / "deploy"
_UNPACKED = _ROOT / "var" / "peers"  # by .ci/run: installed, they would begin to serve by themselves
HOST = "vecino.example.org"
Proxy: TypeAlias = Callable[[Path, int], AbstractContextManager[str]]


@contextmanager
def nginx(folder: Path, port: int) -> Iterator[str]:
    """Its address, with TLS; Vecino is at `port`. Skips where there is no nginx."""
    program, tls, plain = _program("nginx"), free_port(), free_port()
    _certificate(folder)
    site = (_DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    for there, here in {
        "listen 443 ssl": f"listen 127.0.0.1:{tls} ssl", "listen [::]:443 ssl": f"listen [::1]:{tls} ssl",
        "listen 80;": f"listen 127.0.0.1:{plain};", "listen [::]:80;": "",
        "/etc/ssl/vecino/": f"{folder}/", "127.0.0.1:8080": f"127.0.0.1:{port}",
    }.items():  # fmt: skip
        assert there in site, f"deploy/nginx.conf has no `{there}` any more"
        site = site.replace(there, here)
    (folder / "site.conf").write_text(site, encoding="utf-8")
    temporary = "".join(
        f"{of}_temp_path {folder}/{of};\n" for of in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = f"user root;\npid {folder}/pid;\nerror_log stderr;\nevents {{}}\nhttp {{\naccess_log off;\n{temporary}include {folder}/site.conf;\n}}\n"
    (folder / "nginx.conf").write_text(whole, encoding="utf-8")
    command = [program, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "stderr"]
    tried = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert tried.returncode == 0, f"nginx does not take deploy/nginx.conf: {tried.stderr}"
    with _running([*command, "-g", "daemon off;"], folder, tls, {}):
        yield f"https://127.0.0.1:{tls}"


@contextmanager
def caddy(folder: Path, port: int) -> Iterator[str]:
    """The same of Caddy, without TLS: certificates are what it fetches by itself, and here there is nowhere to."""
    program, plain = _program("caddy"), free_port()
    given = {
        "VECINO_HOST": f"http://127.0.0.1:{plain}", "VECINO_UPSTREAM": f"127.0.0.1:{port}", "CADDY_ADMIN": f"127.0.0.1:{free_port()}",
        "HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder),
    }  # fmt: skip
    command = [program, "run", "--adapter", "caddyfile", "--config", str(_DEPLOY / "Caddyfile")]
    with _running(command, folder, plain, given):
        yield f"http://127.0.0.1:{plain}"


def _program(name: str) -> str:
    places = [os.environ["PATH"], "/usr/sbin", str(_UNPACKED / "usr/sbin"), str(_UNPACKED / "usr/bin")]
    found = shutil.which(name, path=os.pathsep.join(places))
    if found is None:
        pytest.skip(f"{name} is not here (Debian: apt-get install {name})")
    return found


@contextmanager
def _running(command: list[str], folder: Path, port: int, given: Mapping[str, str]) -> Iterator[None]:
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, env={**os.environ, **given})
    try:
        _wait(port, process, folder / "log")
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Until it listens; the clock here is the machine's, for it is another program that starts."""
    until = time.monotonic() + 30
    while time.monotonic() < until and process.poll() is None:
        with socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"it did not start: {log.read_text(encoding='utf-8')[-2000:]}")


def _certificate(folder: Path) -> None:
    """fullchain.pem and privkey.pem, signed by themselves."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
    signed = made.not_valid_after(now + timedelta(days=1)).sign(key, SHA256())
    (folder / "fullchain.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    (folder / "privkey.pem").write_bytes(pem)
