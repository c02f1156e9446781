"""A page of the measurements: one HTML file that needs nothing else.

Made of the document that --json writes, and of the SVG that plots.py draws of it; it is an argument here, for only who
wants a page needs to have what it imports.
"""

import html as escaping

STYLE = """
:root { --ink: #1c1e21; --paper: #ffffff; --faint: #d9dce0; --weak: #5f656d; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e7e9; --paper: #17191c; --faint: #3a3e44; --weak: #9aa0a8; }
  svg { filter: invert(1) hue-rotate(180deg); }
}
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 60rem;
       margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2.5rem; } p { max-width: 46rem; }
.scroll { overflow-x: auto; }
svg { display: block; max-width: 100%; height: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .15rem .6rem; text-align: right; border-bottom: 1px solid var(--faint); white-space: nowrap; }
th:first-child, td:first-child, .text { text-align: left; } td.text { white-space: normal; }
.met { color: #1a8a3a; } .not { color: #d1242f; font-weight: 600; } .weak { color: var(--weak); }
details { margin-top: .8rem; }
"""

NOTHING = "<p>Nothing was measured.</p>"


def text(value):
    return escaping.escape(str(value))


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


def dots(plots, rows, names, unit, good_below=None):
    return plots.dots(rows, names, unit, good_below) if any(of_row for _, of_row in rows) else NOTHING


def ratio_section(document, plots, kind):
    pools = document["pools"]
    means = document["geomean" if kind == "warm" else "geomean_cold"]
    of_long = document["geomean_long"] if kind == "warm" else {}
    said_of_long = ", ".join("%s %.3f" % (pool, of_long[pool]) for pool in pools if of_long.get(pool) is not None)
    said = ", ".join("%s %.3f" % (pool, means[pool]) for pool in pools if means.get(pool) is not None)
    rows = [(entry["name"], entry["ratio"][kind]) for entry in document["cells"]]
    return "<h2>Time of the best peer = 1, %s</h2><p>Geometric means: %s.%s</p>%s" % (
        kind, text(said or "none"), text(" Of long spans: %s." % said_of_long if said_of_long else ""), dots(plots, rows, pools, "x the best peer", good_below=1.0))


def time_section(document, plots, names):
    parts = ["<h2>Nanoseconds per operation, warm</h2>"]
    for block in sorted({entry["block"] for entry in document["cells"]}):
        rows = [(entry["name"], entry["median"]["warm"]) for entry in document["cells"] if entry["block"] == block]
        parts.append("<h3>Blocks of %d bytes</h3>%s" % (block, dots(plots, rows, names + ["floor"], "ns")))
    for kind in ["warm", "cold"]:
        parts.append("<details><summary>All numbers, %s</summary>%s</details>" %
                     (kind, values_table(document["cells"], kind, names + ["floor"], document["pools"], "%.1f")))
    return "".join(parts)


def growing_section(growing, plots):
    parts = ["<h2>Appending %s numbers of 32 bits, one by one</h2>" % format(growing["appends"], ",")]
    peaks = {name: peak / 1e6 for name, peak in growing["peak"].items()}
    for title, values, form in [("Nanoseconds each", growing["ns"], "%.2f"), ("Memory at the peak, MB", peaks, "%.1f")]:
        parts.append("<h3>%s</h3>%s" % (title, plots.bars(values, form) if values else NOTHING))
    return "".join(parts)


def give_back_section(document, plots, names):
    rows = [(entry["name"], entry["median"]["trimmed"]) for entry in document["giving_back"]]
    return ("<h2>Resident bytes for each byte in use, after nine of ten spans were freed and a trim</h2>%s"
            "<details><summary>All numbers, after the trim</summary>%s</details>" % (
                dots(plots, rows, names, "bytes resident for each in use"),
                values_table(document["giving_back"], "trimmed", names, document["pools"], "%.2f")))


def replay_section(document, plots):
    entries = document["replayed"]
    names = sorted({name for entry in entries for name in entry["median"]["time"]})
    names.sort(key=lambda name: name != "classes")
    rows = [(entry["name"], entry["median"]["time"]) for entry in entries]
    return ("<h2>Traces of real programs, nanoseconds per event</h2>%s"
            "<details><summary>All numbers</summary>%s</details>" % (
                dots(plots, rows, names, "ns"), values_table(entries, "time", names, ["classes"], "%.1f")))


def html(document, plots):
    """The page; `plots` is the module, or what has the same functions."""
    names = document["pools"] + [peer["name"] for peer in document["peers"]]
    sections = [heading(document), "<h2>Figures</h2>" + figures_table(document["figures"])]
    if document["cells"]:
        sections += [ratio_section(document, plots, "warm"), time_section(document, plots, names),
                     ratio_section(document, plots, "cold")]
    if document["giving_back"]:
        sections.append(give_back_section(document, plots, names))
    if document["replayed"]:
        sections.append(replay_section(document, plots))
    if document["growing"]:
        sections.append(growing_section(document["growing"], plots))
    return ('<!doctype html><html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width">'
            '<title>Pools against the best allocators</title><style>%s</style></head><body>%s</body></html>\n' %
            (STYLE, "\n".join(sections)))
