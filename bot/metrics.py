"""What this process has counted since its start. Whoever wants them shown reads them from here."""

from collections import Counter
from collections.abc import Mapping

Labels = tuple[tuple[str, str], ...]


class Counters:
    """Numbers that only grow, by name and labels: `count("outbound", channel="sms", outcome="sent")`. Labels are words
    of ours, never a citizen's."""

    def __init__(self) -> None:
        self._counted: Counter[tuple[str, Labels]] = Counter()

    def count(self, name: str, **labels: str) -> None:
        self._counted[name, tuple(sorted(labels.items()))] += 1

    def all(self) -> Mapping[tuple[str, Labels], int]:
        """A copy: name and labels -> count."""
        return dict(self._counted)

    def get(self, name: str, **labels: str) -> int:
        """The sum over everything of this name that has these labels."""
        wanted = set(labels.items())
        return sum(count for (known, has), count in self._counted.items() if known == name and wanted <= set(has))
