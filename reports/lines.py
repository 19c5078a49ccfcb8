"""Lines of a terminal: facts under their labels, cut or wrapped where its width ends."""

from __future__ import annotations

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

INDENT = "  "
LABEL_WIDTH = 10
MINIMAL_WIDTH = 40
MOST_LINES = 2
"""Of one fact, unless everything is asked for."""


def printable(text: str) -> str:
    """The text with every character escaped that a terminal could act upon."""
    return "".join(char if char.isprintable() or char == "\n" else ascii(char)[1:-1] for char in text)


class Lines:
    """Writes lines to a console; `full` cuts nothing off."""

    def __init__(self, console: Console, full: bool) -> None:
        self._console = console
        self._full = full
        self.width = max(MINIMAL_WIDTH, console.width)

    def text(self, text: Text) -> None:
        """The text as it is, wrapped where the width ends."""
        self._console.print(text, highlight=False)

    def line(self, text: str = "", style: str = "") -> None:
        """The text in one style."""
        self.text(Text(printable(text), style=style))

    def whole(self, text: Text) -> None:
        """The text as one line, however long, so that it can be copied."""
        self._console.print(text, soft_wrap=True, highlight=False)

    def cut(self, text: str, lead: str = "") -> None:
        """The text behind its lead as one line, cut where the width ends."""
        line = Text.assemble((lead, "dim"), printable(text))
        line.truncate(self.width, overflow="ellipsis")
        self.text(line)

    def fact(self, label: str, value: str, cut: bool = False) -> None:
        """A value beside its label, in a bounded number of lines, or in one; nothing where there is no value."""
        if not value:
            return
        lead = f"{INDENT}{label:<{LABEL_WIDTH - 1}} "
        if cut and not self._full:
            self.cut(" ".join(value.split()), lead)
        else:
            self.wrapped(value, lead)

    def fits(self, value: str) -> bool:
        """Whether a value has room beside its label."""
        return len(INDENT) + LABEL_WIDTH + cell_len(value) <= self.width

    def command(self, command: str) -> None:
        """A line for a shell, beside its label where there is room for both."""
        lead = f"{INDENT}{'repeat':<{LABEL_WIDTH - 1}} " if self.fits(command) else INDENT
        if command:
            self.whole(Text.assemble((lead, "dim"), printable(command)))

    def wrapped(self, text: str, lead: str, style: str = "") -> None:
        """The text behind its lead, with further lines below the first one, a bounded number of them."""
        shown = Text(lead, style="dim")
        lines = Text(printable(text)).wrap(self._console, self.width - len(lead), overflow="fold")
        most = len(lines) if self._full or not lead.strip() else MOST_LINES
        for number, line in enumerate(lines[:most], start=1):
            line.rstrip()
            line.stylize(style)
            if number == most < len(lines):
                line = Text(f"{line.plain} ...", style=style)
                line.truncate(self.width - len(lead), overflow="ellipsis")
            self.text(Text.assemble(shown, line))
            shown = Text(" " * len(lead))
