"""Tables of what was measured, and how our pools stand against the best peer."""

import statistics

MEGABYTE = 1e6


def nanoseconds(figures):
    return statistics.median(figures.times)


def overhead(figures):
    """Peak resident / peak in use."""
    return figures.peak / figures.in_use


def best_peer(of_subject, measure):
    """The peer that is best by a measure, or None if there is no peer."""
    return min((subject for subject in of_subject if is_peer(subject)), key=lambda one: measure(of_subject[one]),
               default=None)


def is_peer(subject):
    return subject.kind == "malloc"


def number(form, value):
    return "n/a" if value is None else form % value


def cells(subject, figures, best_time):
    """One row of the table."""
    ratio = None if best_time is None else nanoseconds(figures) / best_time
    taken = None if figures.taken is None else figures.taken / figures.in_use
    return [
        subject.name,
        "%.1f" % nanoseconds(figures),
        number("%.2f", ratio),
        "%.1f" % (figures.peak / MEGABYTE),
        "%.3f" % overhead(figures),
        number("%.3f", taken),
        "%.1f" % (figures.held / MEGABYTE),
        "%.1f" % (figures.trimmed / MEGABYTE),
        number("%d", figures.system_calls),
        number("%d", figures.backing_calls),
    ]


HEADER = [
    "allocator", "ns/event", "x best peer", "peak MB", "/in use", "taken/in use", "held MB", "trimmed MB",
    "system calls", "backing calls"
]


def table(of_subject):
    """The rows as lines of text."""
    best = best_peer(of_subject, nanoseconds)
    best_time = None if best is None else nanoseconds(of_subject[best])
    rows = [HEADER] + [cells(subject, figures, best_time) for subject, figures in of_subject.items()]
    widths = [max(len(row[i]) for row in rows) for i in range(len(HEADER))]
    for row in rows:
        yield "  ".join([row[0].ljust(widths[0])] + [row[i].rjust(widths[i]) for i in range(1, len(row))])


def verdicts(of_subject):
    """For each of ours: is what it takes at its peak, for what is in use then, at most what the best peer takes?"""
    best = best_peer(of_subject, overhead)
    if best is None:
        return
    bound = overhead(of_subject[best])
    for subject, figures in of_subject.items():
        if not is_peer(subject):
            yield "%s: resident %.3f, taken %.3f; the best peer, %s, %.3f: %s" % (
                subject.name, overhead(figures), figures.taken / figures.in_use, best.name, bound,
                verdict(overhead(figures), figures.taken / figures.in_use, bound))


def verdict(resident, taken, bound):
    if taken <= bound:
        return "met"
    return "met by what is resident" if resident <= bound else "NOT MET"
