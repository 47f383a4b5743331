"""The city's privacy notice: `privacy_version` of config.yml, which grows when the notice says something new."""

from bot.settings.section import Section
from tickets.city import FIRST_NOTICE

_LONGEST = 20  # characters
_WHAT = f'a version of at most {_LONGEST} characters, such as "2" or "2026-11"'


def read_version(about: Section) -> str:
    """Of the section `city`; left out it is the first."""
    return about.get("privacy_version", _version, _WHAT, FIRST_NOTICE, required=False)


def _version(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise TypeError
    version = str(value).strip()
    if not version or len(version) > _LONGEST or not version.isprintable():
        raise ValueError
    return version
