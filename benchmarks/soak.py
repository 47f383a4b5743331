"""Whether the whole bot can run for years: see benchmarks/soaking/command.py.

python -m benchmarks.soak --help
"""

import sys

from benchmarks.soaking.command import main

if __name__ == "__main__":
    sys.exit(main())
