"""What the measurements say: medians, the best peer, ratios, geometric means, and whether the figures are reached.

Pure functions. `values` maps names to numbers of which less is better; what was not measured is not in it. An entry is
a dictionary as README.md in this folder describes it for the file of --json.
"""

import math
import statistics

# How much more than the best peer's is still no more: of time, and of memory, which varies less.
SLACK_OF_TIME = 1.03
SLACK_OF_MEMORY = 1.01
SLACK_OF_REPLAY = 1.10
# The most that a cell may take, as a multiple of the best peer's time.
WORST = 1.25


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
    return dict({"name": cell.name, "group": cell.group, "work": cell.work, "block": cell.block,
                 "most_blocks": cell.most, "live": cell.live}, **measured(rounds, kinds, pools, peers))


def measured(rounds, kinds, pools, peers):
    """What an entry says of the measurements, whatever they are of."""
    rounds = {kind: rounds.get(kind, {}) for kind in kinds}
    values = {kind: medians(of_kind) for kind, of_kind in rounds.items()}
    return {
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
    """One condition of a figure. A part of the measurements can refute it, but not prove it: then there is no verdict."""
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


def of_group(entries, group):
    """Those of one verdict: grid, long or mixed."""
    return [entry for entry in entries if entry["group"] == group]


def ratios_of(entries, pool, kind="warm"):
    """name of each entry -> the pool's ratio."""
    return {entry["name"]: entry["ratio"][kind][pool] for entry in entries if pool in entry["ratio"][kind]}


def mean_verdict(figure, pool, where, found, bound, is_complete):
    """The geometric mean of ratios has a bound."""
    return at_most(figure, "%s: geometric mean%s against the best peer at most %.2f" % (pool, where, bound),
                   geometric_mean(found.values()), bound, is_complete)


def limit_verdict(figure, pool, where, found, is_complete):
    """No cell is far slower."""
    return never_above(figure, "%s: no cell%s above %.2f times the best peer" % (pool, where, WORST), found, WORST,
                       is_complete)


def speed_verdicts(entries, is_complete):
    """Figures 1, 2 and 3, of the grid."""
    unchecked, default, chained = [ratios_of(entries, pool) for pool in ["unchecked", "default", "chained"]]
    yield never_above(1, "unchecked: no cell slower than the best peer", unchecked, 1.0, is_complete)
    yield mean_verdict(1, "unchecked", "", unchecked, 0.40, is_complete)
    yield never_above(2, "default: no cell slower than the best peer (by more than 3 %)", default, SLACK_OF_TIME,
                      is_complete)
    yield limit_verdict(2, "default", "", default, is_complete)
    yield mean_verdict(2, "default", "", default, 0.50, is_complete)
    direct = {entry["name"]: entry["median"]["warm"]["interface"] / entry["median"]["warm"]["default"]
              for entry in entries if {"interface", "default"} <= set(entry["median"]["warm"])}
    yield at_most(2, "interface: geometric mean against direct calls at most 1.08", geometric_mean(direct.values()),
                  1.08, is_complete)
    yield limit_verdict(3, "chained", "", chained, is_complete)
    yield mean_verdict(3, "chained", "", chained, 0.80, is_complete)


def long_verdicts(entries, is_complete):
    """Figure 4: spans of up to 64 and 256 blocks."""
    found = ratios_of(entries, "default")
    yield limit_verdict(4, "default", " of long spans", found, is_complete)
    yield mean_verdict(4, "default", " of long spans", found, 0.80, is_complete)


def mixed_verdicts(entries, is_complete):
    """Figure 6: sizes as programs have them."""
    for pool in ["unchecked", "default"]:
        yield never_above(6, "%s: mixed sizes no slower than of the best peer" % pool, ratios_of(entries, pool), 1.0,
                          is_complete)


def replay_verdicts(entries, is_complete):
    """Figure 8: traces of real programs."""
    yield never_above(8, "classes: no trace replayed in more than 1.10 times the best peer's time",
                      ratios_of(entries, "classes", "time"), SLACK_OF_REPLAY, is_complete)


def growing_verdicts(growing, is_complete):
    """Figure 5; `growing` maps "ns" and "peak" to values."""
    others = [name for name in growing["ns"] if name != "list"]
    for kind, slack, condition, form in [
            ("ns", 1.0, "list: appending no slower than the fastest other", "%.3f ns"),
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
