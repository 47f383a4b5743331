"""Stands for nlu/serve.py: `ok` announces a port and waits for its stdin to close, `dies` ends after announcing,
`fails` never comes up, `deaf` stays although its stdin is closed. Each start is a line in the file named `model`."""

import json
import os
import sys
from pathlib import Path

model = Path(sys.argv[1])
does = model.read_text().splitlines()[0]
with model.open("a") as starts:
    starts.write(f"{os.getpid()} {sorted(os.environ)}\n")

if does == "fails":
    print(json.dumps({"failed": "no model in there"}), flush=True)
    sys.exit(1)
print(json.dumps({"port": 5005}), flush=True)
if does != "dies":
    sys.stdin.read()
if does == "deaf":
    import time

    time.sleep(60)
