"""Nothing lost, nothing twice, told in time: proved against a world that duplicates, reorders, breaks and kills.

Also as `python benchmarks/hostile.py`, hence the path. What it does: benchmarks/hostility/command.py.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.hostility.command import main

if __name__ == "__main__":
    main()
