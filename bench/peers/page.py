"""A page of the measurements: one HTML file that needs nothing else, with plots as SVG.

Made of nothing but the document that --json writes.
"""

import html as escaping
import math

# name -> colour, and shape: pools are filled circles, peers are hollow diamonds, the floor is a bar.
COLOURS = {
    "unchecked": "#1b6ef3", "default": "#0a9396", "interface": "#8e5bd6", "chained": "#d6459b",
    "glibc": "#c1121f", "jemalloc": "#e07a00", "tcmalloc": "#7a8b00", "mimalloc": "#8d5524",
    "floor": "#888888",
    "list": "#1b6ef3", "std::vector": "#c1121f", "realloc": "#e07a00", "Vec": "#8d5524",
}
POOLS = ["unchecked", "default", "interface", "chained"]

LABELS_WIDTH = 210
PLOT_WIDTH = 720
ROW_HEIGHT = 24
AXIS_HEIGHT = 26

STYLE = """
:root { --ink: #1c1e21; --paper: #ffffff; --faint: #d9dce0; --good: #e3f4e6; --weak: #5f656d; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e7e9; --paper: #17191c; --faint: #3a3e44; --good: #1d3323; --weak: #9aa0a8; }
}
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 60rem;
       margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2.5rem; } p { max-width: 46rem; }
.scroll { overflow-x: auto; }
svg { display: block; } svg text { fill: var(--ink); font: 12px system-ui, sans-serif; }
svg .axis { fill: var(--weak); } svg .grid { stroke: var(--faint); } svg .bound { stroke: var(--ink); stroke-width: 2; }
svg .good { fill: var(--good); } svg .mark { fill: none; stroke-width: 2; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .15rem .6rem; text-align: right; border-bottom: 1px solid var(--faint); white-space: nowrap; }
th:first-child, td:first-child, .text { text-align: left; } td.text { white-space: normal; }
.met { color: #1a8a3a; } .not { color: #d1242f; font-weight: 600; } .weak { color: var(--weak); }
.legend span { margin-right: 1.1rem; white-space: nowrap; } .legend svg { display: inline; vertical-align: -2px; }
details { margin-top: .8rem; }
"""


def text(value):
    return escaping.escape(str(value))


# --- plots ---


def mark(name, x, y, title):
    """The sign of a name, with a tooltip."""
    colour = COLOURS[name]
    if name == "floor":
        shape = '<path d="M%.1f %.1fv10" stroke="%s" class="mark"' % (x, y - 5, colour)
    elif name in POOLS or name == "list":
        shape = '<circle cx="%.1f" cy="%.1f" r="5" fill="%s" fill-opacity=".85"' % (x, y, colour)
    else:
        shape = '<path d="M%.1f %.1fl5 5l-5 5l-5-5z" stroke="%s" class="mark"' % (x, y - 5, colour)
    return "%s><title>%s</title></%s>" % (shape, text(title), shape[1:].split()[0])


def legend(names):
    signs = "".join('<span><svg width="14" height="14">%s</svg> %s</span>' % (mark(name, 7, 7, name), text(name))
                    for name in names)
    return '<p class="legend">%s</p>' % signs


class LogAxis:
    """A logarithmic axis around all values, with ticks at 1, 2 and 5 of each power of ten."""

    def __init__(self, values):
        self.low = min(values) / 1.1
        self.high = max(values) * 1.1

    def x(self, value):
        share = math.log(value / self.low) / math.log(self.high / self.low)
        return LABELS_WIDTH + share * PLOT_WIDTH

    def ticks(self):
        exponents = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
        every = [digit * 10.0**exponent for exponent in exponents for digit in (1, 2, 5)]
        return [tick for tick in every if self.low <= tick <= self.high]


def grid_lines(axis, bottom):
    for tick in axis.ticks():
        x = axis.x(tick)
        yield '<path d="M%.1f 0V%.1f" class="grid"/>' % (x, bottom)
        yield '<text x="%.1f" y="%.1f" text-anchor="middle" class="axis">%g</text>' % (x, bottom + 16, tick)


def dot_plot(rows, names, unit, good_below=None):
    """A row of signs for each (label, name -> value) on a common logarithmic axis. Less is better, so further left."""
    values = [of_row[name] for _, of_row in rows for name in names if name in of_row]
    if not values:
        return "<p>Nothing was measured.</p>"
    axis = LogAxis(values + ([good_below] if good_below else []))
    bottom = ROW_HEIGHT * len(rows)
    parts = []
    if good_below:
        parts.append('<rect x="%d" width="%.1f" height="%d" class="good"/>' %
                     (LABELS_WIDTH, axis.x(good_below) - LABELS_WIDTH, bottom))
        parts.append('<path d="M%.1f 0V%d" class="bound"/>' % (axis.x(good_below), bottom))
    parts += grid_lines(axis, bottom)
    for index, (label, of_row) in enumerate(rows):
        y = ROW_HEIGHT * (index + 0.5)
        parts.append('<text x="0" y="%.1f">%s</text>' % (y + 4, text(label)))
        parts += [mark(name, axis.x(of_row[name]), y, "%s, %s: %.4g %s" % (label, name, of_row[name], unit))
                  for name in names if name in of_row]
    return '<div class="scroll"><svg width="%d" height="%d" role="img">%s</svg></div>' % (
        LABELS_WIDTH + PLOT_WIDTH + 20, bottom + AXIS_HEIGHT, "".join(parts))


def bar_plot(values, form):
    """A bar from zero for each name."""
    most = max(values.values(), default=0)
    parts = []
    for index, (name, value) in enumerate(values.items()):
        y = ROW_HEIGHT * index
        width = value / most * (PLOT_WIDTH - 120)
        parts.append('<text x="0" y="%d">%s</text>' % (y + 16, text(name)))
        parts.append('<rect x="%d" y="%d" width="%.1f" height="%d" fill="%s"/>' %
                     (LABELS_WIDTH, y + 3, width, ROW_HEIGHT - 6, COLOURS[name]))
        parts.append('<text x="%.1f" y="%d">%s</text>' % (LABELS_WIDTH + width + 6, y + 16, text(form % value)))
    return '<div class="scroll"><svg width="%d" height="%d" role="img">%s</svg></div>' % (
        LABELS_WIDTH + PLOT_WIDTH + 20, ROW_HEIGHT * len(values), "".join(parts))


# --- tables ---


def table(head, rows):
    """Of contents that are HTML already; whole cells may be among them."""

    def row(tag, contents):
        return "<tr>%s</tr>" % "".join(
            content if content.startswith("<" + tag) else "<%s>%s</%s>" % (tag, content, tag) for content in contents)

    return '<div class="scroll"><table>%s%s</table></div>' % (row("th", head), "".join(row("td", one) for one in rows))


def values_table(entries, kind, names, pools, form):
    head = ["cell"] + names + ["best peer"] + ["%s / best" % pool for pool in pools]
    rows = []
    for entry in entries:
        values, ratio = entry["median"][kind], entry["ratio"][kind]
        rows.append([text(entry["name"])] + [form % values[name] if name in values else "" for name in names] +
                    [text(entry["best_peer"][kind] or "")] +
                    ["%.2f" % ratio[pool] if pool in ratio else "" for pool in pools])
    return table(head, rows)


def figures_table(figures):
    signs = {True: '<td class="met">met</td>', False: '<td class="not">not met</td>',
             None: '<td class="weak">not judged</td>'}
    return table(["figure", "", '<th class="text">condition</th>', '<th class="text">found</th>'],
                 [[str(one["figure"]), signs[one["is_met"]], '<td class="text">%s</td>' % text(one["condition"]),
                   '<td class="text">%s</td>' % text(one["found"])] for one in figures])


# --- sections ---


def heading(document):
    machine = document["machine"]
    peers = ", ".join("%s %s" % (peer["name"], peer["version"] or "") for peer in document["peers"])
    effort = document["effort"]
    lines = [
        "%s, core %s of %s, %.0f GiB; %s." % (machine["processor"], machine["core"], machine["cores"],
                                             machine["bytes"] / 2**30, machine["system"]),
        "Begun %s; took %d seconds%s. Every allocator in turn, %d rounds, medians." %
        (document["started"], document["seconds"], " (--quick)" if document["quick"] else "", effort["rounds"]),
        "Peers: %s." % (peers or "none"),
    ]
    lines += ["Left out: %s, for there is no %s (sudo apt-get install %s)." % (one["name"], one["what"], one["package"])
              for one in document["missing"]]
    lines += ["Failed: " + failure for failure in document["failures"]]
    return "<h1>Pools against the best allocators</h1>" + "".join("<p>%s</p>" % text(line) for line in lines)


def ratio_section(document, kind):
    pools = document["pools"]
    means = document["geomean" if kind == "warm" else "geomean_cold"]
    said = ", ".join("%s %.3f" % (pool, means[pool]) for pool in pools if means.get(pool) is not None)
    rows = [(entry["name"], entry["ratio"][kind]) for entry in document["cells"]]
    return "<h2>Time of the best peer = 1, %s</h2><p>Geometric means: %s.</p>%s%s" % (
        kind, text(said or "none"), legend(pools), dot_plot(rows, pools, "x the best peer", good_below=1.0))


def time_section(document, names):
    parts = ["<h2>Nanoseconds per operation, warm</h2>", legend(names)]
    for block in sorted({entry["block"] for entry in document["cells"]}):
        rows = [(entry["name"], entry["median"]["warm"]) for entry in document["cells"] if entry["block"] == block]
        parts.append("<h3>Blocks of %d bytes</h3>%s" % (block, dot_plot(rows, names, "ns")))
    for kind in ["warm", "cold"]:
        parts.append("<details><summary>All numbers, %s</summary>%s</details>" %
                     (kind, values_table(document["cells"], kind, names, document["pools"], "%.1f")))
    return "".join(parts)


def growing_section(growing):
    return ("<h2>Appending %s numbers of 32 bits, one by one</h2><h3>Nanoseconds each</h3>%s"
            "<h3>Memory at the peak, MB</h3>%s" % (
                format(growing["appends"], ","), bar_plot(growing["ns"], "%.2f"),
                bar_plot({name: peak / 1e6 for name, peak in growing["peak"].items()}, "%.1f")))


def give_back_section(document, names):
    rows = [(entry["name"], entry["median"]["trimmed"]) for entry in document["giving_back"]]
    return ("<h2>Resident bytes for each byte in use, after nine of ten spans were freed and a trim</h2>%s%s"
            "<details><summary>All numbers, after the trim</summary>%s</details>" % (
                legend(names), dot_plot(rows, names, "bytes resident for each in use"),
                values_table(document["giving_back"], "trimmed", names, document["pools"], "%.2f")))


def html(document):
    """The page."""
    names = document["pools"] + [peer["name"] for peer in document["peers"]]
    sections = [heading(document), "<h2>Figures</h2>" + figures_table(document["figures"])]
    if document["cells"]:
        sections += [ratio_section(document, "warm"), time_section(document, names + ["floor"]),
                     ratio_section(document, "cold")]
    if document["giving_back"]:
        sections.append(give_back_section(document, names))
    if document["growing"]:
        sections.append(growing_section(document["growing"]))
    return ('<!doctype html><html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width">'
            '<title>Pools against the best allocators</title><style>%s</style></head><body>%s</body></html>\n' %
            (STYLE, "\n".join(sections)))
