"""A file that the emulator writes to, after the emulator was killed in the middle of it."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from .programs import Program, url

KEY = "sk_test_kill"
HEADERS = {"Authorization": f"Bearer {KEY}"}
KILLS = 4
WRITERS = 4
MOST_WRITES = 60
"""Writes of all, from the start to the kill."""

Json = dict[str, Any]


class Writer:
    """A client that writes without a pause, and knows what was acknowledged and what was under way."""

    def __init__(self, number: int, kept: dict[str, Json | None]) -> None:
        self.number = number
        self.kept = kept
        self.acknowledged = 0
        self.doubtful: set[str] = set()
        """Ids of those whose last write was not answered."""

    def write_until_it_dies(self, base_url: str, life: int) -> None:
        """Creates, changes and deletes; ends with the first request that fails."""
        chance = random.Random(100 * life + self.number)
        with httpx.Client(base_url=base_url, headers=HEADERS) as client:
            for step in range(100_000):
                mine = [id for id, known in self.kept.items() if known is not None and id not in self.doubtful]
                id = chance.choice(mine) if mine and chance.random() < 0.5 else ""
                try:
                    self._write(client, id, f"Life {life} writer {self.number} step {step}", chance)
                    self.acknowledged += 1
                except httpx.TransportError:
                    self.doubtful |= {id}
                    return

    def _write(self, client: httpx.Client, id: str, name: str, chance: random.Random) -> None:
        body = {"name": name, "metadata": {"step": name}, "domains": [f"{name.replace(' ', '-')}.com".lower()]}
        if not id:
            made = client.post("/organizations", json={**body, "external_id": name})
            self.kept[made.raise_for_status().json()["id"]] = made.json()
        elif chance.random() < 0.3:
            client.delete(f"/organizations/{id}").raise_for_status()
            self.kept[id] = None
        else:
            changed = client.put(f"/organizations/{id}", json=body).raise_for_status()
            self.kept[id] = changed.json()


def test_every_acknowledged_write_outlives_a_kill(start: Callable[..., Program], tmp_path: Path) -> None:
    arguments = ("--api-key", KEY, "--db", str(tmp_path / "organizations.db"))
    writers = [Writer(number, {}) for number in range(WRITERS)]
    for life in range(KILLS):
        program = start(*arguments)
        base_url = url(program)
        threads = [threading.Thread(target=each.write_until_it_dies, args=(base_url, life)) for each in writers]
        for thread in threads:
            thread.start()
        enough = sum(each.acknowledged for each in writers) + random.Random(life).randint(1, MOST_WRITES)
        while sum(each.acknowledged for each in writers) < enough and any(each.is_alive() for each in threads):
            time.sleep(0.001)
        program.kill()
        for thread in threads:
            thread.join()
    program = start(*arguments)
    with httpx.Client(base_url=url(program), headers=HEADERS) as client:
        assert sum(each.acknowledged for each in writers) >= KILLS
        for writer in writers:
            for id, known in writer.kept.items():
                if id not in writer.doubtful:
                    assert_is_there(client, id, known)


def assert_is_there(client: httpx.Client, id: str, known: Json | None) -> None:
    """What was acknowledged last is what every way to read it shows."""
    response = client.get(f"/organizations/{id}")
    if known is None:
        assert response.status_code == 404
        return
    assert response.json() == known
    by_domain = client.get("/organizations", params={"domains": known["domains"][0]["domain"]})
    by_name = client.get("/organizations", params={"search": known["name"], "limit": 100})
    assert by_domain.json()["data"] == [known]
    assert known in by_name.json()["data"]
