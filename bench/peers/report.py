"""What is shown on the terminal."""

CELL_WIDTH = 31


class Terminal:
    """Writes tables to one stream, and what is being done to another one if somebody looks at it."""

    def __init__(self, out, progress):
        self.out = out
        self.progress_out = progress if progress.isatty() else None
        self.names = []
        self.ours = []

    def line(self, text=""):
        self.progress("")
        print(text, file=self.out, flush=True)

    def progress(self, text):
        """Overwrites what it said last."""
        if self.progress_out:
            self.progress_out.write("\r\033[K" + text)
            self.progress_out.flush()

    def missing(self, allocators):
        for allocator in allocators:
            self.line("%s is left out, for %s is not installed: apt-get install %s" %
                      (allocator.name, allocator.library, allocator.package))

    def header(self, names, ours):
        self.names = names
        self.ours = ours
        self.line("Nanoseconds per operation, warm; on the right as multiples of the best peer")
        self.line(" " * CELL_WIDTH + "".join("%10s" % name for name in names) + "   best peer" +
                  "".join("%10s" % name for name in ours))

    def row(self, cell_name, values, best_peer, ratios):
        self.line(cell_name.ljust(CELL_WIDTH) + "".join(number("%10.1f", values.get(name)) for name in self.names) +
                  "%12s" % (best_peer or "") + "".join(number("%10.2f", ratios.get(name)) for name in self.ours))

    def means(self, means):
        self.line("geometric mean".ljust(CELL_WIDTH + 10 * len(self.names) + 12) +
                  "".join(number("%10.3f", means[name]) for name in self.ours))

    def verdicts(self, verdicts):
        words = {True: "met", False: "NOT MET", None: "not judged"}
        for verdict in verdicts:
            self.line("figure %d  %-10s  %s: %s" % (verdict.figure, words[verdict.is_met], verdict.condition,
                                                    verdict.found))


def number(form, value):
    """A number, or as much space with a dash."""
    return form % value if value is not None else "-".rjust(len(form % 0))
