"""How many messages a second are fully answered, how fast at a set rate, and at what cost; beside it, Rasa itself.

Also as `python benchmarks/throughput.py`, hence the path. What it does: benchmarks/rush/command.py.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.rush.command import main

if __name__ == "__main__":
    main()
