#include "testing/strict_backing.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <sstream>

#include "gtest/gtest.h"

namespace ba_testing {

struct StrictBacking::Operations {
    static StrictBacking &self(void *context) { return *static_cast<StrictBacking *>(context); }
    static const StrictBacking &self(const void *context) {
        return *static_cast<const StrictBacking *>(context);
    }

    static std::size_t round_up(const StrictBacking &backing, std::size_t length) {
        return (length + backing.options_.block_size - 1) & ~(backing.options_.block_size - 1);
    }

    static ba_length block_size(const void *context) {
        return ba_bytes(self(context).options_.block_size);
    }

    static ba_memory alloc(void *context, ba_length minimum, ba_alignment alignment,
                           ba_call_site /*site*/) {
        StrictBacking &backing = self(context);
        if (minimum.bytes == 0) {
            backing.fail("alloc of zero bytes");
            return ba_memory_none(ba_error_of(BA_ZERO_SIZE));
        }
        if (!ba_alignment_is_valid(alignment)) {
            backing.fail("alloc with an alignment that is no power of two");
            return ba_memory_none(ba_error_of(BA_BAD_ALIGN));
        }
        if (alignment.bytes > backing.options_.max_alignment) {
            return ba_memory_none(ba_error_of(BA_BAD_ALIGN));
        }
        if (backing.refuses() || minimum.bytes > PTRDIFF_MAX) {
            return ba_memory_none(ba_error_of(BA_OUT_OF_MEMORY));
        }
        return backing.take(round_up(backing, minimum.bytes), alignment.bytes);
    }

    static ba_length_result resize(void *context, ba_memory memory, ba_alignment alignment,
                                   ba_length minimum, ba_call_site site) {
        return grow_between(context, memory, alignment, minimum, minimum, site);
    }

    static ba_length_result grow_between(void *context, ba_memory memory, ba_alignment alignment,
                                         ba_length minimum, ba_length wanted,
                                         ba_call_site /*site*/) {
        StrictBacking &backing = self(context);
        backing.expect_grant("resize", memory, alignment);
        const auto found = backing.grants_.find(ba_memory_pointer(memory));
        if (found == backing.grants_.end()) {
            return ba_length_result_none(ba_error_of(BA_FOREIGN));
        }
        if (minimum.bytes == 0) {
            backing.fail("resize to zero bytes");
            return ba_length_result_none(ba_error_of(BA_ZERO_SIZE));
        }
        Grant &grant = found->second;
        if (minimum.bytes > grant.length) {
            if (backing.refuses()) {
                return ba_length_result_none(ba_error_of(BA_OUT_OF_MEMORY));
            }
            if (!backing.options_.grows_in_place || minimum.bytes > grant.reserved) {
                return ba_length_result_none(ba_error_of(BA_NOT_IN_PLACE));
            }
        }
        const std::size_t length = std::min(
            round_up(backing, std::min(std::max(minimum.bytes, wanted.bytes), grant.reserved)),
            grant.reserved);
        backing.bytes_ += length - grant.length;
        grant.length = length;
        return ba_length_result_of(ba_bytes(length));
    }

    static ba_memory remap(void *context, ba_memory memory, ba_alignment alignment,
                           ba_length minimum, ba_call_site /*site*/) {
        StrictBacking &backing = self(context);
        backing.expect_grant("remap", memory, alignment);
        if (!backing.options_.remaps) {
            return ba_memory_none(ba_error_of(BA_UNSUPPORTED));
        }
        if (backing.refuses() || minimum.bytes > PTRDIFF_MAX) {
            return ba_memory_none(ba_error_of(BA_OUT_OF_MEMORY));
        }
        const ba_memory moved = backing.take(round_up(backing, minimum.bytes), alignment.bytes);
        std::memcpy(ba_memory_pointer(moved), ba_memory_pointer(memory),
                    std::min(ba_memory_length(memory).bytes, ba_memory_length(moved).bytes));
        backing.give_back(ba_memory_pointer(memory));
        return moved;
    }

    static ba_error free(void *context, ba_memory memory, ba_alignment alignment,
                         ba_call_site /*site*/) {
        StrictBacking &backing = self(context);
        backing.expect_grant("free", memory, alignment);
        if (backing.grants_.count(ba_memory_pointer(memory)) == 0) {
            return ba_error_of(BA_FOREIGN);
        }
        backing.give_back(ba_memory_pointer(memory));
        return ba_error_of(BA_OK);
    }

    static ba_length_result discard(void *context, ba_memory part, ba_call_site /*site*/) {
        StrictBacking &backing = self(context);
        if (!backing.contains(ba_memory_pointer(part), ba_memory_length(part).bytes)) {
            backing.fail("discard of what is no part of a grant");
        }
        if (!backing.options_.discards) {
            return ba_length_result_of(ba_bytes(0));
        }
        std::memset(ba_memory_pointer(part), 0xDD, ba_memory_length(part).bytes);
        backing.discarded_ += ba_memory_length(part).bytes;
        return ba_length_result_of(ba_memory_length(part));
    }

    static ba_ownership owns(const void *context, const void *pointer) {
        return self(context).contains(pointer, 1) ? BA_OWNS : BA_OWNS_NOT;
    }

    static const ba_operations table;
};

const ba_operations StrictBacking::Operations::table = {
    sizeof(ba_operations), block_size, alloc, resize, free, grow_between, remap, discard, owns,
};

StrictBacking::StrictBacking(StrictBackingOptions options) : options_(options) {}

StrictBacking::~StrictBacking() {
    if (!grants_.empty()) {
        std::ostringstream what;
        what << bytes_ << " bytes in " << grants_.size() << " grants never came back";
        fail(what.str());
    }
    while (!grants_.empty()) {
        give_back(grants_.begin()->first);
    }
}

ba_allocator StrictBacking::allocator() {
    return ba_allocator_of(this, &Operations::table);
}

ba_block_allocator StrictBacking::block_allocator() {
    return ba_block_allocator_of(this, &Operations::table);
}

void StrictBacking::refuse_when(std::function<bool(std::size_t)> refuse) {
    refuse_ = std::move(refuse);
    calls_ = 0;
    refused_ = 0;
}

void StrictBacking::refuse_nth(std::size_t n) {
    refuse_when([n](std::size_t call) { return call == n; });
}

void StrictBacking::refuse_from(std::size_t n) {
    refuse_when([n](std::size_t call) { return call >= n; });
}

void StrictBacking::refuse_none() {
    refuse_when(nullptr);
}

std::size_t StrictBacking::calls() const {
    return calls_;
}
std::size_t StrictBacking::refused() const {
    return refused_;
}
std::size_t StrictBacking::grants() const {
    return grants_.size();
}
std::size_t StrictBacking::bytes() const {
    return bytes_;
}
std::size_t StrictBacking::frees() const {
    return frees_;
}
std::size_t StrictBacking::discarded() const {
    return discarded_;
}

void StrictBacking::for_each_grant(
    const std::function<void(const void *pointer, std::size_t length)> &show) const {
    for (const auto &grant : grants_) {
        show(grant.first, grant.second.length);
    }
}

bool StrictBacking::contains(const void *pointer, std::size_t length) const {
    auto after = grants_.upper_bound(const_cast<void *>(pointer));
    if (after == grants_.begin()) {
        return false;
    }
    const auto &grant = *std::prev(after);
    const auto offset = static_cast<std::size_t>(static_cast<const char *>(pointer) -
                                                 static_cast<const char *>(grant.first));
    return offset <= grant.second.length && length <= grant.second.length - offset;
}

bool StrictBacking::refuses() {
    calls_++;
    if (refuse_ == nullptr || !refuse_(calls_)) {
        return false;
    }
    refused_++;
    return true;
}

void StrictBacking::expect_grant(const char *operation, ba_memory memory,
                                 ba_alignment alignment) const {
    std::ostringstream what;
    what << operation << "(" << ba_memory_pointer(memory) << ", " << ba_memory_length(memory).bytes
         << ", align " << alignment.bytes << "): ";
    const auto found = grants_.find(ba_memory_pointer(memory));
    if (found == grants_.end()) {
        fail(what.str() + "no such grant");
    } else if (found->second.length != ba_memory_length(memory).bytes ||
               found->second.alignment != alignment.bytes) {
        what << "granted were " << found->second.length << " bytes, align "
             << found->second.alignment;
        fail(what.str());
    }
}

void StrictBacking::fail(const std::string &what) const {
    ADD_FAILURE() << "strict backing: " << what;
}

ba_memory StrictBacking::take(std::size_t length, std::size_t alignment) {
    const std::size_t reserved = length + options_.room;
    const std::size_t libc_alignment = std::max(alignment, sizeof(void *));
    void *pointer = nullptr;
    if (posix_memalign(&pointer, libc_alignment, reserved) != 0) {
        return ba_memory_none(ba_error_of(BA_OUT_OF_MEMORY));
    }
    std::memset(pointer, 0xA5, reserved);
    grants_[pointer] = Grant{length, alignment, reserved};
    bytes_ += length;
    return ba_memory_of(pointer, ba_bytes(length));
}

void StrictBacking::give_back(void *pointer) {
    const auto found = grants_.find(pointer);
    bytes_ -= found->second.length;
    frees_++;
    std::free(pointer);
    grants_.erase(found);
}

} // namespace ba_testing
