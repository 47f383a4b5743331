"""How soon a service is promised: usually, where it presses, and in single areas."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tickets.calendar import Target
from tickets.model import Priority

_PRESSING = {Priority.EMERGENCY: (Priority.EMERGENCY, Priority.URGENT), Priority.URGENT: (Priority.URGENT,)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """What differs from a service's usual target. The priority goes before the area, whichever is the shorter: what
    presses does so in every area alike. An emergency without a target of its own has that of what is urgent."""

    priorities: Mapping[Priority, Target] = field(default_factory=dict)
    areas: Mapping[str, Target] = field(default_factory=dict)

    def of(self, priority: Priority, area: str | None) -> Target | None:
        """None: the usual one."""
        for pressing in _PRESSING.get(priority, ()):
            if pressing in self.priorities:
                return self.priorities[pressing]
        return self.areas.get(area) if area else None
