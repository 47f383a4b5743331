"""How long from a provider's webhook to our reply, what a completed report costs by SMS, and how much memory it takes.

    make bench        (or: python -m benchmarks.answer --rate 10 --seconds 30)

A whole Vecino runs as its own process on SQLite with fsync; this one plays Twilio: it signs webhooks of distinct texts
at a set rate and takes the replies. Latency is measured from sending the webhook to receiving the reply's request.
Each citizen then answers what is asked; the cost is all that was sent to all of them, in segments as Twilio bills them.
"""

import argparse
import asyncio
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from socket import socket
from statistics import fmean, median
from time import monotonic, perf_counter

from channels.segments import count
from tests.peers.twilio_stub import Sent, TwilioStub

ROOT = Path(__file__).parents[1]
PUBLIC = "https://city.example"
NUMBER = re.compile(r"\b[0-9A-Z]{3}-[0-9A-Z]{3}\b")
PLACE, QUESTIONS = "Avenida do Porto 12", 4
TEXTS = (
    "hay un bache enorme frente al {n} de la avenida bolivar",
    "faz {n} dias que o poste da rua das flores está apagado",
    "the bins at {n} Market Street have not been emptied",
    "fuite d'eau devant le {n} rue des écoles depuis hier",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rate", type=float, default=10, help="webhooks per second (default 10)")
    parser.add_argument("--seconds", type=float, default=30, help="how long (default 30)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_measure(Path(folder), options.rate, options.seconds))


async def _measure(folder: Path, rate: float, seconds: float) -> None:
    async with TwilioStub(public_url=PUBLIC) as twilio, _vecino(folder, twilio) as process:
        acknowledged, replied = await _load(twilio, rate, int(rate * seconds))
        _print("webhook -> 200", acknowledged)
        _print("webhook -> reply", replied)
        await _confirm(twilio)
        for name, pid in (("bot", process.pid), *(("Rasa", child) for child in _children(process.pid))):
            print(f"memory of {name}: {_resident(pid):.0f} MB")


async def _load(twilio: TwilioStub, rate: float, citizens: int) -> tuple[list[float], list[float]]:
    """Seconds until 200 and until the reply, for each of `citizens` who write once."""
    started: dict[str, float] = {}
    acknowledged: list[float] = []

    async def citizen(number: int) -> None:
        phone = f"+1555{number:07d}"
        started[phone] = perf_counter()
        if await twilio.citizen_says(phone, TEXTS[number % len(TEXTS)].format(n=number)) == 200:
            acknowledged.append(perf_counter() - started[phone])

    heard = asyncio.create_task(_hear(twilio, citizens, started))
    begin, tasks = perf_counter(), []
    for number in range(citizens):
        await asyncio.sleep(max(0.0, begin + number / rate - perf_counter()))
        tasks.append(asyncio.create_task(citizen(number)))
    await asyncio.gather(*tasks)
    return acknowledged, await heard


async def _confirm(twilio: TwilioStub) -> None:
    """Every citizen goes on to the receipt; prints what their reports cost, from the welcome on."""
    phones = sorted({sent.to for sent in twilio.sent})
    costs = [cost for phone in phones if (cost := await _cost(twilio, phone))]
    print(f"cost per completed report: {fmean(costs or [0]):.2f} segments, n {len(costs)} of {len(phones)}")


async def _cost(twilio: TwilioStub, phone: str) -> int | None:
    """Segments of all that this citizen is sent until the receipt; None when it does not come."""
    for _ in range(QUESTIONS):
        said = twilio.sent_to(phone)
        if NUMBER.search(said[-1].body):
            return sum(count(message.body).segments for message in said)
        await twilio.citizen_says(phone, "1" if "\n1 " in said[-1].body else PLACE)
        await twilio.wait_sent_to(phone, len(said) + 1)
    return None


async def _hear(twilio: TwilioStub, citizens: int, started: dict[str, float]) -> list[float]:
    """The second message each citizen gets (after the welcome) is the reply."""
    seen: dict[str, int] = {}
    took: list[float] = []
    position = 0
    while len(took) < citizens:
        sent: Sequence[Sent] = await twilio.wait_sent(position + 1, seconds=60)
        for message in sent[position:]:
            seen[message.to] = seen.get(message.to, 0) + 1
            if seen[message.to] == 2:
                took.append(perf_counter() - started[message.to])
        position = len(sent)
    return took


@asynccontextmanager
async def _vecino(folder: Path, twilio: TwilioStub) -> AsyncIterator["subprocess.Popen[str]"]:
    """`python -m bot serve` in a process of its own, ready to understand."""
    port = _free_port()
    environment = os.environ | {
        "VECINO_VAR": str(folder), "VECINO_SECRET_KEY": "b" * 43, "TWILIO_ACCOUNT_SID": twilio.sid,
        "TWILIO_AUTH_TOKEN": twilio.token, "VECINO_CONFIG": str(_config(folder, twilio.url, port)),
    }  # fmt: skip
    (folder / "models").symlink_to(ROOT / "var" / "models")
    begin = monotonic()
    process = _start(environment)
    try:
        twilio.app_url = f"http://127.0.0.1:{port}"
        await asyncio.to_thread(_wait_for, process, "ready: messages are understood")
        print(f"start to ready: {monotonic() - begin:.1f} s")
        yield process
    finally:
        process.terminate()
        process.wait(20)


def _start(environment: dict[str, str]) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "bot", "serve"]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


def _wait_for(process: "subprocess.Popen[str]", words: str) -> None:
    for line in process.stdout or ():
        if words in line:
            return
    raise SystemExit("Vecino did not start; see above")


def _config(folder: Path, url: str, port: int) -> Path:
    source = (ROOT / "config.yml").read_text(encoding="utf-8")
    source = source.replace("mode: demo", f"mode: live\nport: {port}")
    source = source.replace('public_url: ""', f"public_url: {PUBLIC}")
    source = re.sub(r"sms: \{enabled: false", f"sms: {{enabled: true, rate: 0, api_url: {url}", source)
    source = re.sub(r"^wait: .*", "wait: {album: 0, thought: 0}", source, flags=re.MULTILINE)
    source = re.sub(r"^guard: .*", "guard: {answers: 0, alike: 0}", source, flags=re.MULTILINE)
    path = folder / "config.yml"
    path.write_text(source, encoding="utf-8")
    return path


def _free_port() -> int:
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _children(pid: int) -> Iterator[int]:
    for task in Path(f"/proc/{pid}/task").iterdir():
        yield from map(int, (task / "children").read_text().split())


def _resident(pid: int) -> float:
    """Megabytes of resident memory."""
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def _print(what: str, seconds: list[float]) -> None:
    ordered = sorted(seconds)
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    print(f"{what}: p50 {median(ordered) * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms, n {len(ordered)}")


if __name__ == "__main__":
    main()
