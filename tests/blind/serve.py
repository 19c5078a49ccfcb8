"""Serves one fault or control: `python -m tests.blind.serve NAME` prints {"url": ...} and runs until its input ends."""

from __future__ import annotations

import json
import sys

from tests.blind.registry import everything

if __name__ == "__main__":
    with everything()[sys.argv[1]].served() as url:
        print(json.dumps({"url": url}), flush=True)
        sys.stdin.read()
