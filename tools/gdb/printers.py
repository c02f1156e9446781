"""How gdb shows this repository's lists, slices, views and pools.

Start gdb with it, or load it into one that is running:

    $ gdb -ix tools/gdb/printers.py PROGRAM
    (gdb) source tools/gdb/printers.py

Then `print`, and whatever else shows values, shows them so:

    $1 = medium_u32_list of 3, capacity 256 = {2, 3, 5}
    $2 = medium_u32_slice of 3 = {2, 3, 5}
    $3 = text_list of 5, capacity 1023 = "hello"
    $4 = medium_u32_list, broken: len 300 is more than cap 256
    $5 = medium_pool = {name = "pool", block_bytes = 1024, chunks = 1,
      payload_bytes = 65536, bytes_in_use = 2048, live_spans = 2}

`set print elements` bounds how many elements are shown. `print/r` shows the
members as they are, and `disable pretty-printer global pooled_block_alloc`
does so for all values.

No function of the program is called, so a core file will do.
"""

import gdb
import gdb.printing

# What static_buffer/define.h makes, by the end of the name: all members.
RUN_MEMBERS = {
    "_list": ["ptr", "len", "cap"],
    "_slice": ["ptr", "len"],
    "_view": ["ptr", "len"],
}
# A block has 64 bytes at least.
LEAST_SHIFT = 6
# The most characters that are read at once: what gdb allows by default.
MOST_CHARACTERS = 65536


def bare(type_):
    return type_.strip_typedefs().unqualified()


def member_names(struct):
    return [field.name for field in struct.fields()]


def points_to_elements(pointer):
    """True for a pointer to something whose size is known."""
    if bare(pointer.type).code != gdb.TYPE_CODE_PTR:
        return False
    element = bare(pointer.type.strip_typedefs().target())
    no_elements = (gdb.TYPE_CODE_VOID, gdb.TYPE_CODE_FUNC)
    return element.code not in no_elements and element.sizeof > 0


def is_in_program(pointer):
    """False for one that the compiler left out: gdb takes its value for 0."""
    is_null = int(pointer) == 0
    return not is_null or pointer.format_string() != "<synthetic pointer>"


def character_bound():
    """The most characters to read: not more than gdb shows."""
    if hasattr(gdb, "print_options"):
        bound = gdb.print_options()["max_elements"]
    else:  # before gdb 13; None is no bound
        bound = gdb.parameter("print elements") or MOST_CHARACTERS
    return min(bound, MOST_CHARACTERS)


def characters(pointer, length):
    """So many characters, between quotation marks."""
    if length == 0:
        return '""'
    count = min(length, character_bound())
    array = pointer.type.strip_typedefs().target().array(count - 1)
    try:
        text = pointer.cast(array.pointer()).dereference().format_string()
    except gdb.error as error:
        return "<error: %s>" % error
    # gdb has said so itself if it shows fewer than it was given.
    has_more = count < length and not text.endswith("...")
    return text + "..." if has_more else text


class SentencePrinter:
    """Says something in place of a value."""

    def __init__(self, sentence):
        self.sentence = sentence

    def to_string(self):
        return self.sentence


class TextPrinter:
    """Shows a run of characters."""

    def __init__(self, header, pointer, length):
        self.header = header
        self.pointer = pointer
        self.length = length

    def to_string(self):
        text = characters(self.pointer, self.length)
        return "%s = %s" % (self.header, text)


class RunPrinter:
    """Shows a run of elements that are not characters."""

    def __init__(self, header, pointer, length):
        self.header = header
        self.pointer = pointer
        self.length = length

    def display_hint(self):
        return "array"

    def to_string(self):
        return self.header

    def children(self):
        for index in range(self.length):
            name = "[%d]" % index
            element = (self.pointer + index).dereference()
            try:
                element.fetch_lazy()
            except gdb.error as error:
                yield name, "<error: %s>" % error
                return
            yield name, element


class PoolPrinter:
    """Shows a pool that was made and is sound as far as one can see."""

    def __init__(self, type_name, pool):
        self.type_name = type_name
        self.pool = pool

    def to_string(self):
        return self.type_name

    def children(self):
        accounting = self.pool["accounting"]
        limit = self.pool["account"]["limit"]
        block_bytes = 1 << int(self.pool["block_shift"])
        yield "name", self.pool["name"].lazy_string()
        yield "block_bytes", block_bytes
        yield "chunks", self.pool["chunks"]["count"]
        yield "payload_bytes", int(accounting["blocks"]) * block_bytes
        yield "bytes_in_use", blocks_in_use(accounting) * block_bytes
        if accounting["statistics"]:
            frees = int(accounting["frees_at_end"]) - int(accounting["frees_left"])
            yield "live_spans", int(accounting["allocations"]) - frees
        else:
            yield "live_spans", "<not counted>"
        if int(limit) != size_max(limit):
            yield "byte_limit", limit


def size_max(number):
    """The greatest number of an unsigned type, which means no limit."""
    return (1 << 8 * number.type.sizeof) - 1


def blocks_in_use(accounting):
    """The blocks of a pool that are in use."""
    return int(accounting["peak_in_use"]) - int(accounting["below_peak"])


def run_defect(address, length, capacity):
    """What cannot be true of a list, slice or view, or None."""
    if capacity is not None and length > capacity:
        return "len %d is more than cap %d" % (length, capacity)
    if address == 0 and length > 0:
        return "ptr is NULL, len is %d" % length
    if address == 0 and capacity:
        return "ptr is NULL, cap is %d" % capacity
    return None


def pool_defect(pool):
    """What cannot be true of a pool that was made, or None."""
    block_shift = int(pool["block_shift"])
    request_shift = int(pool["request_shift"])
    blocks = int(pool["accounting"]["blocks"])
    in_use = blocks_in_use(pool["accounting"])
    if not pool["name"] or not LEAST_SHIFT <= block_shift <= request_shift:
        return "not made yet, or broken"
    if blocks << block_shift > size_max(pool["account"]["limit"]):
        return "broken: it has %d blocks" % blocks
    if not 0 <= in_use <= blocks:
        return "broken: %d of %d blocks are in use" % (in_use, blocks)
    return None


def run_printer(struct, value):
    """The printer of a list, slice or view whose members are known."""
    pointer = value["ptr"]
    length = int(value["len"])
    has_capacity = "cap" in member_names(struct)
    capacity = int(value["cap"]) if has_capacity else None
    defect = run_defect(int(pointer), length, capacity)
    if defect is not None:
        return SentencePrinter("%s, broken: %s" % (struct.name, defect))
    header = "%s of %d" % (struct.name, length)
    if capacity is not None:
        header += ", capacity %d" % capacity
    element = bare(pointer.type.strip_typedefs().target())
    kind = TextPrinter if element.name == "char" else RunPrinter
    return kind(header, pointer, length)


def pool_printer(struct, pool):
    """The printer of a pba_pool that is, or is within, a type."""
    defect = pool_defect(pool)
    if defect is not None:
        return SentencePrinter("%s, %s" % (struct.name, defect))
    return PoolPrinter(struct.name, pool)


class RunRecognizer(gdb.printing.SubPrettyPrinter):
    """Knows lists, slices or views: by the name's end and all members."""

    def __init__(self, suffix):
        super().__init__(suffix[1:])
        self.suffix = suffix

    def printer(self, struct, value):
        if not struct.name.endswith(self.suffix):
            return None
        if member_names(struct) != RUN_MEMBERS[self.suffix]:
            return None
        pointer = value["ptr"]
        if not points_to_elements(pointer) or not is_in_program(pointer):
            return None
        return run_printer(struct, value)


class PoolRecognizer(gdb.printing.SubPrettyPrinter):
    """Knows a pba_pool, and what pba/define.h makes of it."""

    def __init__(self):
        super().__init__("pool")

    def printer(self, struct, value):
        if struct.name == "pba_pool":
            return pool_printer(struct, value)
        if member_names(struct) not in (["core"], ["core", "cache_"]):
            return None
        if bare(value["core"].type).name != "pba_pool":
            return None
        return pool_printer(struct, value["core"])


class Printers(gdb.printing.PrettyPrinter):
    """Finds the printer of a value; gdb can switch each kind off."""

    def __init__(self):
        recognizers = [RunRecognizer(suffix) for suffix in RUN_MEMBERS]
        recognizers.append(PoolRecognizer())
        super().__init__("pooled_block_alloc", recognizers)

    def __call__(self, value):
        struct = bare(value.type)
        if struct.code != gdb.TYPE_CODE_STRUCT or struct.name is None:
            return None
        try:
            return self.printer(struct, value)
        except gdb.error:
            # A member is not known, for the compiler left it out. gdb itself
            # shows what there is.
            return None

    def printer(self, struct, value):
        for recognizer in self.subprinters:
            if recognizer.enabled:
                printer = recognizer.printer(struct, value)
                if printer is not None:
                    return printer
        return None


gdb.printing.register_pretty_printer(None, Printers(), replace=True)
