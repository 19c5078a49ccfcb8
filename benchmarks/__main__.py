"""Measures and prints tables. Nothing is judged here: the bounds stand beside the numbers."""

from __future__ import annotations

from rich.console import Console

from benchmarks import emulator, generation, runs


def main() -> None:
    """Prints each table as soon as it is measured."""
    console = Console()
    for table in (runs.table, generation.table, emulator.table_of_pages, emulator.table_of_speed):
        console.print(table())


if __name__ == "__main__":
    main()
