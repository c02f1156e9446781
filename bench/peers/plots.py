"""The plots of the page, drawn by matplotlib: functions of names and numbers that return SVG to embed in HTML."""

import io
import math
import re

import matplotlib
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullLocator

matplotlib.rcParams.update({
    "axes.axisbelow": True,
    "axes.edgecolor": "#80808060",
    "axes.grid": True,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "figure.constrained_layout.use": True,
    "font.size": 9,
    "grid.alpha": 0.25,
    "grid.color": "#808080",
    "legend.frameon": False,
    # Text stays text, to be searched and copied.
    "svg.fonttype": "none",
    "xtick.color": "#5f656d",
    "ytick.left": False,
})

# A name looks the same in every plot.
COLOURS = {
    "unchecked": "#1b6ef3", "default": "#0a9396", "interface": "#8e5bd6", "chained": "#d6459b", "classes": "#1b6ef3",
    "glibc": "#c1121f", "jemalloc": "#e07a00", "tcmalloc": "#7a8b00", "mimalloc": "#8d5524",
    "floor": "#888888",
    "list": "#1b6ef3", "std::vector": "#c1121f", "realloc": "#e07a00", "Vec": "#8d5524",
}
# Pools are filled circles, peers hollow diamonds.
POOL = {"marker": "o", "markersize": 7, "alpha": 0.85, "markeredgewidth": 0}
PEER = {"marker": "D", "markersize": 6, "fillstyle": "none"}
MARKS = {"unchecked": POOL, "default": POOL, "interface": POOL, "chained": POOL, "classes": POOL,
         "floor": {"marker": "|", "markersize": 10, "markeredgewidth": 2}}

WIDTH = 9.6
ROW_HEIGHT = 0.24


def dots(rows, names, unit, good_below=None):
    """A row of marks for each (label, name -> value) on a common logarithmic axis. Less is better, so further left."""
    figure = Figure((WIDTH, 0.9 + ROW_HEIGHT * len(rows)))
    axes = figure.add_subplot(xscale="log", xlabel=unit, ylim=(len(rows) - 0.5, -0.5))
    axes.set_yticks(range(len(rows)), [label for label, _ in rows])
    for name in names:
        values = [of_row.get(name, math.nan) for _, of_row in rows]
        axes.plot(values, range(len(rows)), linestyle="", label=name, color=COLOURS[name], **MARKS.get(name, PEER))
    if good_below:
        axes.axvline(good_below, color="#1c1e21", zorder=1)
        low, high = axes.get_xlim()
        axes.axvspan(low, good_below, color="#2da44e20", zorder=0)
        axes.set_xlim(low, high)
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.xaxis.set_major_formatter("{x:g}")
    axes.xaxis.set_minor_locator(NullLocator())
    axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=len(names), columnspacing=1.2, handlelength=1)
    return svg(figure)


def bars(values, form):
    """A bar from zero for each name, with its value."""
    figure = Figure((WIDTH, 0.2 + ROW_HEIGHT * len(values)))
    axes = figure.add_subplot()
    axes.grid(False)
    drawn = axes.barh(list(values), list(values.values()), color=[COLOURS[name] for name in values])
    axes.bar_label(drawn, fmt=form, padding=4)
    axes.invert_yaxis()
    axes.xaxis.set_visible(False)
    axes.spines["bottom"].set_visible(False)
    return svg(figure)


def svg(figure):
    """The element alone, without the head of a file, and without metadata. The names of groups, which nothing refers
    to, would be the same in all plots of a page."""
    file = io.StringIO()
    figure.savefig(file, format="svg", transparent=True,
                   metadata={"Creator": None, "Date": None, "Format": None, "Type": None})
    return re.sub('<g id="[^"]*"', "<g", file.getvalue()[file.getvalue().index("<svg"):])
