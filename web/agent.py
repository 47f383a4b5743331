"""The kind of browser that asks, as its owner would name it: `Firefox on Windows`."""

from aiohttp.web import Request

# The first that fits: each also says that it is the ones below it.
_BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def agent(request: Request) -> str:
    """Empty where it is none that we know."""
    said = request.headers.get("User-Agent", "")
    named = (next((name for mark, name in kinds if mark in said), "") for kinds in (_BROWSERS, _SYSTEMS))
    return " on ".join(filter(None, named))
