"""What is shown on the terminal."""

CELL_WIDTH = 32


class Terminal:
    """Writes tables to one stream, and what is being done to another one if that is a terminal."""

    def __init__(self, out, progress):
        self.out = out
        self.progress_out = progress if progress.isatty() else None

    def line(self, text=""):
        self.progress("")
        print(text, file=self.out, flush=True)

    def progress(self, text):
        """Overwrites what it said last."""
        if self.progress_out:
            self.progress_out.write("\r\033[K" + text)
            self.progress_out.flush()

    def missing(self, name, what, package):
        self.line("Left out: %s, for there is no %s (sudo apt-get install %s)." % (name, what, package))

    def header(self, title, names, pools):
        """A table's head: a column of values for each name, and one of multiples for each pool."""
        self.line()
        self.line(title)
        self.line(" " * CELL_WIDTH + "".join("%10s" % name for name in names) + " | x best peer" +
                  "".join("%10s" % name for name in pools))

    def row(self, name, values, best_peer, ratios, names, pools, form="%10.1f"):
        self.line(name.ljust(CELL_WIDTH) + "".join(number(form, values.get(name)) for name in names) +
                  " | %-11s" % (best_peer or "") + "".join(number("%10.2f", ratios.get(name)) for name in pools))

    def means(self, title, means, names, pools):
        self.line(title.ljust(CELL_WIDTH + 10 * len(names)) + " | " + " " * 11 +
                  "".join(number("%10.3f", means.get(name)) for name in pools))

    def growing(self, count, values):
        """The appends: time and peak memory of each program."""
        self.line()
        self.line("Appending %s numbers of 32 bits, one by one" % format(count, ","))
        for name in values["ns"]:
            self.line(name.ljust(CELL_WIDTH) + "%10.3f ns each %10.1f MB at the peak" %
                      (values["ns"][name], values["peak"][name] / 1e6))

    def verdicts(self, verdicts):
        words = {True: "met", False: "NOT MET", None: "not judged"}
        self.line()
        self.line("Figures (one that holds in a part of the measurements only is not judged)")
        for verdict in verdicts:
            self.line("%d  %-10s  %s: %s" % (verdict["figure"], words[verdict["is_met"]], verdict["condition"],
                                             verdict["found"]))


def number(form, value):
    """A number, or as much space with a dash."""
    return form % value if value is not None else "-".rjust(len(form % 0))
