"""What the times say: medians, the best peer, ratios, geometric means, and whether the figures are reached.

Pure functions: times[cell][allocator] is a list with a {"cold": ns, "warm": ns} for each round.
"""

import collections
import math
import statistics

# How much slower than the best peer "no slower" may be.
SLACK = 1.03

# One condition of a figure: whether it is met (None: not everything for it was measured), and what was found.
Verdict = collections.namedtuple("Verdict", "figure condition is_met found")


def medians(rounds, kind):
    """allocator -> median over the rounds."""
    return {name: statistics.median(times[kind] for times in of_rounds) for name, of_rounds in rounds.items() if of_rounds}


def best(values, names):
    """The name with the least value among those that have one; None if none has."""
    return min((name for name in names if name in values), key=values.get, default=None)


def ratios(values, peers):
    """allocator -> its value as a multiple of the best peer's; empty if there is no peer."""
    name = best(values, peers)
    if name is None:
        return {}
    return {other: value / values[name] for other, value in values.items() if other not in peers}


def geometric_mean(values):
    """None of no values."""
    values = list(values)
    if not values:
        return None
    return math.exp(math.fsum(math.log(value) for value in values) / len(values))


def geometric_means(ratios_of_cells, names):
    """allocator -> geometric mean of its ratios over the cells that have one."""
    return {name: geometric_mean(cell[name] for cell in ratios_of_cells.values() if name in cell) for name in names}


def not_slower(figure, name, ratios_of_cells, is_complete):
    """No cell of an allocator is slower than the best peer."""
    found = {cell: of[name] for cell, of in ratios_of_cells.items() if name in of}
    slower = {cell: ratio for cell, ratio in found.items() if ratio > SLACK}
    text = "%d of %d cells are slower" % (len(slower), len(found))
    if slower:
        worst = max(slower, key=slower.get)
        text += ", worst %s: %.2f x" % (worst.name, slower[worst])
    return Verdict(figure, "%s: no cell slower than the best peer by more than 3 %%" % name,
                   False if slower else (True if is_complete else None), text)


def mean_at_most(figure, name, mean, bound, is_complete):
    """The geometric mean of an allocator is within its bound."""
    return Verdict(figure, "%s: geometric mean against the best peer at most %.2f" % (name, bound),
                   mean <= bound if is_complete and mean is not None else None,
                   "nothing" if mean is None else "%.3f" % mean)


def interface_verdict(values_of_cells, is_complete):
    """What the interface costs over direct calls: values_of_cells[cell][allocator] are warm medians."""
    found = {cell: of["interface"] / of["default"] for cell, of in values_of_cells.items()
             if "interface" in of and "default" in of}
    mean = geometric_mean(found.values())
    text = "nothing"
    if found:
        worst = max(found, key=found.get)
        text = "%.3f; most in %s: %.2f x" % (mean, worst.name, found[worst])
    return Verdict(2, "interface: geometric mean against direct calls at most 1.15",
                   mean <= 1.15 if is_complete and found else None, text)


def speed_verdicts(values_of_cells, ratios_of_cells, is_complete):
    """Figures 1 and 2."""
    means = geometric_means(ratios_of_cells, ["unchecked", "default"])
    return [
        not_slower(1, "unchecked", ratios_of_cells, is_complete),
        mean_at_most(1, "unchecked", means["unchecked"], 0.45, is_complete),
        not_slower(2, "default", ratios_of_cells, is_complete),
        mean_at_most(2, "default", means["default"], 0.75, is_complete),
        interface_verdict(values_of_cells, is_complete),
    ]
