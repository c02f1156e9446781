"""What is measured: the cells of the grid, the growing buffers, the memory given back; and how thoroughly."""

import collections

# A million live spans are measured only where they total at most so many bytes, on average.
MOST_BYTES = 4 << 30

# How thoroughly: rounds, milliseconds of each process, appended numbers, bytes of spans of which nine of ten are freed,
# and after how many seconds there is time for one round only.
Effort = collections.namedtuple("Effort", "rounds warm_up_ms measure_ms appends live_bytes seconds")

FULL = Effort(5, 20, 50, 10**8, 512 << 20, None)
QUICK = Effort(3, 5, 15, 10**7, 32 << 20, 90)


class Cell(collections.namedtuple("Cell", "work block most live")):
    """Work (pair, churn, free-all, give-back) on `live` spans of 1 to `most` blocks of `block` bytes."""

    @property
    def name(self):
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


def grid():
    """Every cell that is timed."""
    for block in BLOCK_SIZES:
        yield Cell("pair", block, 1, 1)
        for most in MOST_BLOCKS:
            for live in [1000, 30000, 1000000]:
                for work in ["churn", "free-all"]:
                    cell = Cell(work, block, most, live)
                    if cell.bytes <= MOST_BYTES:
                        yield cell


def is_quick(cell):
    """Whether --quick has this cell of the grid, too."""
    return cell.block <= 1024 and cell.live <= 30000


def give_back_cells(live_bytes):
    """Spans of so many bytes together."""
    for block in BLOCK_SIZES:
        for most in MOST_BLOCKS:
            yield Cell("give-back", block, most, 2 * live_bytes // (block * (1 + most)))
