"""Plots as PNG, with matplotlib."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl

from benchmarks.result import Plot

mpl.use("Agg")  # No screen is needed, and none may be there.

from matplotlib import pyplot

WIDTH, WIDTH_OF_BARS, HEIGHT = 6.0, 0.4, 4.5
"""Inches of one plot, and of what each word below it adds."""


def draw(plots: Sequence[Plot], title: str, file: Path) -> None:
    """Draws plots side by side into one file."""
    words = max(sum(isinstance(x, str) for x in plot.x) for plot in plots)
    size = ((WIDTH + WIDTH_OF_BARS * words) * len(plots), HEIGHT)
    figure, all_axes = pyplot.subplots(1, len(plots), figsize=size, squeeze=False)
    for plot, axes in zip(plots, all_axes[0], strict=True):
        if isinstance(plot.x[0], str):
            _bars(axes, plot)
        else:
            _lines(axes, plot)
        axes.set_title(plot.title)
        axes.set_ylabel(plot.unit)
        axes.set_xlabel(plot.x_label)
        axes.set_ylim(bottom=0)
        if len(plot.series) > 1:
            axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
    figure.suptitle(title)
    figure.tight_layout()
    figure.savefig(file, dpi=100)
    pyplot.close(figure)


def _lines(axes: Any, plot: Plot) -> None:
    for label, values in plot.series.items():
        points = [(x, value) for x, value in zip(plot.x, values, strict=True) if value is not None]
        axes.plot([x for x, _ in points], [value for _, value in points], marker="o", label=label)
    if max(map(float, plot.x)) > 1000:
        axes.set_xscale("symlog", linthresh=10)


def _bars(axes: Any, plot: Plot) -> None:
    count = 1 if plot.stacked else len(plot.series)
    width = 0.8 / count
    floor = [0.0] * len(plot.x)
    for number, (label, values) in enumerate(plot.series.items()):
        heights = [value or 0.0 for value in values]
        shift = 0.0 if plot.stacked else (number - (count - 1) / 2) * width
        places = [place + shift for place in range(len(plot.x))]
        axes.bar(places, heights, width, bottom=floor if plot.stacked else None, label=label)
        floor = [below + height for below, height in zip(floor, heights, strict=True)]
    slanted = {"rotation": 30, "ha": "right"} if len(plot.x) > 4 else {}
    axes.set_xticks(range(len(plot.x)), plot.x, **slanted)
