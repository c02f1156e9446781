"""What the measurements say: medians, the best peer, ratios, geometric means, and whether the figures are reached.

Pure functions. `values` maps names to numbers of which less is better; what was not measured is not in it. An entry is
a dictionary as docs/performance.md describes it for the file of --json.
"""

import math
import statistics

# How much more than the best peer's is still no more: of time, and of memory, which varies less.
SLACK_OF_TIME = 1.03
SLACK_OF_MEMORY = 1.01


def medians(rounds):
    """name -> median of what each round gave; `rounds` maps names to lists."""
    return {name: statistics.median(values) for name, values in rounds.items() if values}


def best(values, names):
    """The name with the least value; None if none has one."""
    return min((name for name in names if name in values), key=values.get, default=None)


def ratios(values, names, peers):
    """The values of `names` as multiples of the best peer's."""
    peer = best(values, peers)
    return {name: values[name] / values[peer] for name in names if peer and name in values}


def geometric_mean(values):
    """None of no values."""
    values = list(values)
    return math.exp(math.fsum(math.log(value) for value in values) / len(values)) if values else None


def entry_of(cell, rounds, kinds, pools, peers):
    """The entry of one cell; `rounds` maps kinds of measurements to names to lists."""
    rounds = {kind: rounds.get(kind, {}) for kind in kinds}
    values = {kind: medians(of_kind) for kind, of_kind in rounds.items()}
    return {
        "name": cell.name, "work": cell.work, "block": cell.block, "most_blocks": cell.most, "live": cell.live,
        "rounds": rounds, "median": values,
        "best_peer": {kind: best(of_kind, peers) for kind, of_kind in values.items()},
        "ratio": {kind: ratios(of_kind, pools, peers) for kind, of_kind in values.items()},
    }


def geometric_means(entries, pools, kind):
    """pool -> geometric mean of its ratios over all entries that have one."""
    return {pool: geometric_mean(entry["ratio"][kind][pool] for entry in entries if pool in entry["ratio"][kind])
            for pool in pools}


# --- figures ---


def verdict(figure, condition, holds, is_complete, found):
    """One condition of a figure. A part of the measurements can refute it, but not prove it: then it is not judged."""
    is_met = None if holds is None or (holds and not is_complete) else holds
    return {"figure": figure, "condition": condition, "is_met": is_met, "found": found}


def never_above(figure, condition, ratio_of_entry, slack, is_complete):
    """A condition that holds if no ratio is above the slack; `ratio_of_entry` maps names of entries to ratios."""
    if not ratio_of_entry:
        return verdict(figure, condition, None, is_complete, "nothing was measured")
    above = [ratio for ratio in ratio_of_entry.values() if ratio > slack]
    worst = max(ratio_of_entry, key=ratio_of_entry.get)
    found = "%d of %d are; the most is %.2f x in %s" % (len(above), len(ratio_of_entry), ratio_of_entry[worst], worst)
    return verdict(figure, condition, not above, is_complete, found)


def at_most(figure, condition, value, bound, is_complete):
    """A condition that holds if a value is within its bound."""
    if value is None:
        return verdict(figure, condition, None, is_complete, "nothing was measured")
    return verdict(figure, condition, value <= bound, is_complete, "%.3f" % value)


def speed_verdicts(entries, is_complete):
    """Figures 1 and 2."""
    for figure, pool, bound in [(1, "unchecked", 0.45), (2, "default", 0.75)]:
        found = {entry["name"]: entry["ratio"]["warm"][pool] for entry in entries if pool in entry["ratio"]["warm"]}
        yield never_above(figure, "%s: no cell slower than the best peer (by more than 3 %%)" % pool, found,
                          SLACK_OF_TIME, is_complete)
        yield at_most(figure, "%s: geometric mean against the best peer at most %.2f" % (pool, bound),
                      geometric_mean(found.values()), bound, is_complete)
    direct = {entry["name"]: entry["median"]["warm"]["interface"] / entry["median"]["warm"]["default"]
              for entry in entries if {"interface", "default"} <= set(entry["median"]["warm"])}
    yield at_most(2, "interface: geometric mean against direct calls at most 1.15", geometric_mean(direct.values()),
                  1.15, is_complete)


def growing_verdicts(growing, is_complete):
    """Figure 5; `growing` maps "ns" and "peak" to values."""
    others = [name for name in growing["ns"] if name != "list"]
    for kind, slack, condition, form in [
            ("ns", SLACK_OF_TIME, "list: appending no slower than the fastest other (by more than 3 %)", "%.3f ns"),
            ("peak", None, "list: less peak memory than any other", "%d bytes")]:
        values = growing[kind]
        other = best(values, others)
        if other is None or "list" not in values:
            yield verdict(5, condition, None, is_complete, "nothing was measured")
            continue
        holds = values["list"] < values[other] if slack is None else values["list"] <= slack * values[other]
        yield verdict(5, condition, holds, is_complete,
                      form % values["list"] + " against " + form % values[other] + " of " + other)


def give_back_verdicts(entries, is_complete):
    """Figure 7."""
    for pool in ["unchecked", "default"]:
        found = {entry["name"]: entry["ratio"]["trimmed"][pool] for entry in entries
                 if pool in entry["ratio"]["trimmed"]}
        yield never_above(7, "%s: no more resident after a trim than of the best peer (by more than 1 %%)" % pool,
                          found, SLACK_OF_MEMORY, is_complete)
