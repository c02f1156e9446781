#include "testing/recording_parent.h"

namespace ba_testing {

namespace {

std::string text(ba_call_site site) {
    return site.text == nullptr ? "" : site.text;
}

} // namespace

bool operator==(const RecordedCall &a, const RecordedCall &b) {
    return a.operation == b.operation && a.pointer == b.pointer && a.length == b.length &&
           a.alignment == b.alignment && a.minimum == b.minimum && a.wanted == b.wanted &&
           a.site == b.site;
}

std::ostream &operator<<(std::ostream &out, const RecordedCall &call) {
    return out << call.operation << "(" << call.pointer << ", " << call.length << ", align "
               << call.alignment << ", minimum " << call.minimum << ", wanted " << call.wanted
               << ", at " << call.site << ")";
}

struct RecordingParent::Operations {
    static RecordingParent &self(void *context) { return *static_cast<RecordingParent *>(context); }
    static const RecordingParent &self(const void *context) {
        return *static_cast<const RecordingParent *>(context);
    }

    static ba_length block_size(const void *context) { return ba_bytes(self(context).block_size_); }

    static ba_memory alloc(void *context, ba_length minimum, ba_alignment alignment,
                           ba_call_site site) {
        self(context).record({"alloc", nullptr, 0, alignment.bytes, minimum.bytes, 0, text(site)});
        return ba_memory_of(self(context).address(), self(context).span(minimum));
    }

    static ba_length_result resize(void *context, ba_memory memory, ba_alignment alignment,
                                   ba_length minimum, ba_call_site site) {
        self(context).record({"resize", ba_memory_pointer(memory), ba_memory_length(memory).bytes,
                              alignment.bytes, minimum.bytes, 0, text(site)});
        return ba_length_result_of(self(context).span(minimum));
    }

    static ba_error free(void *context, ba_memory memory, ba_alignment alignment,
                         ba_call_site site) {
        self(context).record({"free", ba_memory_pointer(memory), ba_memory_length(memory).bytes,
                              alignment.bytes, 0, 0, text(site)});
        return ba_error_of(BA_OK);
    }

    static ba_length_result grow_between(void *context, ba_memory memory, ba_alignment alignment,
                                         ba_length minimum, ba_length wanted, ba_call_site site) {
        self(context).record({"grow_between", ba_memory_pointer(memory),
                              ba_memory_length(memory).bytes, alignment.bytes, minimum.bytes,
                              wanted.bytes, text(site)});
        return ba_length_result_of(self(context).span(wanted));
    }

    static ba_memory remap(void *context, ba_memory memory, ba_alignment alignment,
                           ba_length minimum, ba_call_site site) {
        self(context).record({"remap", ba_memory_pointer(memory), ba_memory_length(memory).bytes,
                              alignment.bytes, minimum.bytes, 0, text(site)});
        return ba_memory_of(self(context).address_after_remap(), self(context).span(minimum));
    }

    static ba_length_result discard(void *context, ba_memory part, ba_call_site site) {
        self(context).record({"discard", ba_memory_pointer(part), ba_memory_length(part).bytes, 0,
                              0, 0, text(site)});
        return ba_length_result_of(ba_memory_length(part));
    }

    static ba_ownership owns(const void *context, const void *pointer) {
        return pointer == self(context).memory_ ? BA_OWNS : BA_OWNS_NOT;
    }
};

RecordingParent::RecordingParent(std::size_t block_size, RecordingTable table)
    : block_size_(block_size), table_{table == RecordingTable::kWhole
                                          ? sizeof(ba_operations)
                                          : offsetof(ba_operations, grow_between),
                                      Operations::block_size,
                                      Operations::alloc,
                                      Operations::resize,
                                      Operations::free,
                                      Operations::grow_between,
                                      Operations::remap,
                                      Operations::discard,
                                      Operations::owns} {}

ba_allocator RecordingParent::allocator() {
    return ba_allocator_of(this, &table_);
}

void *RecordingParent::address() {
    return memory_;
}

void *RecordingParent::address_after_remap() {
    return memory_ + 1024;
}

const RecordedCall &RecordingParent::last() const {
    return last_;
}

std::size_t RecordingParent::calls() const {
    return calls_;
}

void RecordingParent::record(const RecordedCall &call) {
    last_ = call;
    calls_++;
}

ba_length RecordingParent::span(ba_length length) const {
    return ba_bytes((length.bytes + block_size_ - 1) & ~(block_size_ - 1));
}

} // namespace ba_testing
