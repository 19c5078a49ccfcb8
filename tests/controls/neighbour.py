"""Another client at the same target: `python -m tests.controls.neighbour URL KEY` works until it is stopped."""

from __future__ import annotations

import itertools
import sys
import time

import httpx

PAUSE = 0.01
NAMES = ("Acme & Söhne", "Zebra", "Neighbour")


def work(http: httpx.Client) -> None:
    """Creates organizations, changes each, deletes two of three."""
    for number in itertools.count():
        created = http.post("/organizations", json={"name": NAMES[number % len(NAMES)]}).json()
        http.put(f"/organizations/{created['id']}", json={"metadata": {"number": str(number)}})
        if number % 3:
            http.delete(f"/organizations/{created['id']}")
        time.sleep(PAUSE)


if __name__ == "__main__":
    url, key = sys.argv[1:]
    with httpx.Client(base_url=url, headers={"authorization": f"Bearer {key}"}) as client:
        work(client)
