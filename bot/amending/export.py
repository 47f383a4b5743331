"""The settings that hold as sections of config.yml: put there, they are read as the same city without any change."""

from typing import Final

import yaml

from bot.amending.plain import sections
from tickets.city import City

_HEAD: Final = """\
# The settings of {name} that clerks can change, as they hold now. Put each section in config.yml in place of its own;
# of `desk` only `replies`, the other keys of it stay as they are.
"""


def written(city: City) -> str:
    """YAML."""
    body = yaml.safe_dump(sections(city), allow_unicode=True, sort_keys=False, width=120)
    return _HEAD.format(name=" ".join(city.name.split())) + body
