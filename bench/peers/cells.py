"""What is measured: the cells of the grid, the growing buffers, the memory given back; and how thoroughly."""

import collections

# Live spans are measured only where they total at most so many bytes, on average; long ones, which may be far longer
# than that on their way, where they total less.
MOST_BYTES = 4 << 30
MOST_BYTES_OF_LONG = 2 << 30

# How thoroughly: rounds, milliseconds of each process, appended numbers, bytes of spans of which nine of ten are freed,
# and after how many seconds there is time for one round only.
Effort = collections.namedtuple("Effort", "rounds warm_up_ms measure_ms appends live_bytes seconds")

FULL = Effort(5, 20, 50, 10**8, 512 << 20, None)
QUICK = Effort(3, 5, 15, 10**7, 32 << 20, 90)


class Cell(collections.namedtuple("Cell", "work block most live")):
    """Work (pair, churn, free-all, mixed, give-back) on `live` spans of 1 to `most` blocks of `block` bytes."""

    @property
    def group(self):
        """Which cells share its verdict: the grid, the long spans, or the mixed sizes."""
        if self.work == "mixed":
            return "mixed"
        return "long" if self.most > max(MOST_BLOCKS) else "grid"

    @property
    def name(self):
        if self.work == "mixed":
            return "mixed 8..1000 B, %d live" % self.live
        if self.work == "pair":
            return "pair %d" % self.block
        blocks = "1" if self.most == 1 else "1..%d" % self.most
        return "%s %d x %s, %d live" % (self.work, self.block, blocks, self.live)

    @property
    def bytes(self):
        """What the spans total, on average."""
        return self.live * self.block * (1 + self.most) // 2


BLOCK_SIZES = [64, 1024, 4096]
MOST_BLOCKS = [1, 16]
LONG_MOST_BLOCKS = [64, 256]
LIVE = [1000, 30000, 1000000]


def timed():
    """Every cell that is timed."""
    yield from grid()
    yield from long_spans()
    yield Cell("mixed", 64, 16, 5000)


def grid():
    """Spans of up to 16 blocks."""
    for block in BLOCK_SIZES:
        yield Cell("pair", block, 1, 1)
        yield from loads(block, MOST_BLOCKS, MOST_BYTES)


def long_spans():
    """Spans of up to 64 and up to 256 blocks."""
    for block in BLOCK_SIZES:
        yield from loads(block, LONG_MOST_BLOCKS, MOST_BYTES_OF_LONG)


def loads(block, most_blocks, most_bytes):
    """Churn and free-all with such blocks at every load that is not too large."""
    for most in most_blocks:
        for live in LIVE:
            for work in ["churn", "free-all"]:
                cell = Cell(work, block, most, live)
                if cell.bytes <= most_bytes:
                    yield cell


def is_quick(cell):
    """Whether --quick has this cell, too."""
    if cell.group == "long":
        return cell.block == 64 and cell.live == 1000
    return cell.block <= 1024 and cell.live <= 30000


def give_back_cells(live_bytes):
    """Spans of so many bytes together."""
    for block in BLOCK_SIZES:
        for most in MOST_BLOCKS:
            yield Cell("give-back", block, most, 2 * live_bytes // (block * (1 + most)))
