#include "testing/strict_backing.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <sstream>

#include "block_allocator/implementing/check.h"
#include "block_allocator/implementing/instrumentation.h"
#include "block_allocator/misuse.h"
#include "gtest/gtest.h"

namespace ba_testing {

namespace {

constexpr int kDirt = 0xA5;

} // namespace

struct StrictBacking::Operations {
    static StrictBacking &self(void *context) { return *static_cast<StrictBacking *>(context); }
    static const StrictBacking &self(const void *context) {
        return *static_cast<const StrictBacking *>(context);
    }

    static ba_length block_size(const void *context) {
        return ba_bytes(self(context).options_.block_size);
    }

    static ba_memory alloc(void *context, ba_length minimum, ba_alignment alignment,
                           ba_call_site site) {
        StrictBacking &backing = self(context);
        const ba_error error = backing.check_new("alloc", minimum, alignment, site);
        if (ba_failed(error)) {
            return ba_memory_none(error);
        }
        if (alignment.bytes > backing.options_.max_alignment) {
            return ba_memory_none(ba_error_of(BA_BAD_ALIGN));
        }
        if (backing.refuses() || backing.is_too_long(minimum)) {
            return ba_memory_none(ba_error_of(BA_OUT_OF_MEMORY));
        }
        return backing.take(backing.round_up(minimum.bytes), alignment.bytes);
    }

    static ba_length_result resize(void *context, ba_memory memory, ba_alignment alignment,
                                   ba_length minimum, ba_call_site site) {
        return resize_between(context, "resize", memory, alignment, minimum, minimum, site);
    }

    static ba_length_result grow_between(void *context, ba_memory memory, ba_alignment alignment,
                                         ba_length minimum, ba_length wanted, ba_call_site site) {
        // Neither length makes the grant shorter; a minimum of zero is rejected all the same.
        const std::size_t held = self(context).round_up(ba_memory_length(memory).bytes);
        const std::size_t least = minimum.bytes == 0 ? 0 : std::max(minimum.bytes, held);
        return resize_between(context, "grow_between", memory, alignment, ba_bytes(least), wanted,
                              site);
    }

    static ba_length_result resize_between(void *context, const char *operation, ba_memory memory,
                                           ba_alignment alignment, ba_length minimum,
                                           ba_length wanted, ba_call_site site) {
        StrictBacking &backing = self(context);
        ba_error error = backing.check_grant(operation, memory, alignment, site);
        if (!ba_failed(error)) {
            error = backing.check_new(operation, minimum, alignment, site);
        }
        if (ba_failed(error)) {
            return ba_length_result_none(error);
        }
        Grant &grant = backing.grants_.at(ba_memory_pointer(memory));
        const std::size_t most = backing.options_.grows_in_place ? grant.reserved : grant.length;
        if (minimum.bytes > grant.length) {
            if (backing.refuses() || backing.is_too_long(minimum)) {
                return ba_length_result_none(ba_error_of(BA_OUT_OF_MEMORY));
            }
            if (minimum.bytes > most) {
                return ba_length_result_none(ba_error_of(BA_NOT_IN_PLACE));
            }
        }
        backing.set_length(ba_memory_pointer(memory), &grant,
                           backing.round_up(std::min(std::max(minimum.bytes, wanted.bytes), most)));
        return ba_length_result_of(ba_bytes(grant.length));
    }

    static ba_memory remap(void *context, ba_memory memory, ba_alignment alignment,
                           ba_length minimum, ba_call_site site) {
        StrictBacking &backing = self(context);
        ba_error error = backing.check_grant("remap", memory, alignment, site);
        if (!ba_failed(error)) {
            error = backing.check_new("remap", minimum, alignment, site);
        }
        if (!ba_failed(error) && !backing.options_.remaps) {
            error = ba_error_of(BA_UNSUPPORTED);
        }
        if (!ba_failed(error) && (backing.refuses() || backing.is_too_long(minimum))) {
            error = ba_error_of(BA_OUT_OF_MEMORY);
        }
        if (ba_failed(error)) {
            return ba_memory_none(error);
        }
        const ba_memory moved = backing.take(backing.round_up(minimum.bytes), alignment.bytes);
        if (!ba_memory_is_none(moved)) {
            const std::size_t held = backing.grants_.at(ba_memory_pointer(memory)).length;
            std::memcpy(ba_memory_pointer(moved), ba_memory_pointer(memory),
                        std::min(held, ba_memory_length(moved).bytes));
            backing.give_back(ba_memory_pointer(memory));
        }
        return moved;
    }

    static ba_error free(void *context, ba_memory memory, ba_alignment alignment,
                         ba_call_site site) {
        StrictBacking &backing = self(context);
        const ba_error error = backing.check_grant("free", memory, alignment, site);
        if (!ba_failed(error) && backing.frees_to_refuse_ != 0) {
            backing.frees_to_refuse_--;
            backing.refused_frees_++;
            return ba_error_of(BA_IN_USE);
        }
        if (!ba_failed(error)) {
            backing.give_back(ba_memory_pointer(memory));
        }
        return error;
    }

    static ba_length_result discard(void *context, ba_memory part, ba_call_site /*site*/) {
        StrictBacking &backing = self(context);
        if (!backing.contains(ba_memory_pointer(part), ba_memory_length(part).bytes)) {
            backing.fail("discard of what is no part of a grant");
            return ba_length_result_none(ba_error_of(BA_FOREIGN));
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
    sizeof(ba_operations),
    block_size,
    alloc,
    resize,
    free,
    grow_between,
    remap,
    discard,
    owns,
    nullptr,
    nullptr,
};

StrictBacking::StrictBacking(StrictBackingOptions options) : options_(options) {
    options_.room &= ~(options_.block_size - 1); // whole blocks
}

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

void StrictBacking::refuse_frees(std::size_t count) {
    frees_to_refuse_ = count;
}

std::size_t StrictBacking::refused_frees() const {
    return refused_frees_;
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

void StrictBacking::refuse_by_bits(std::uint64_t bits) {
    refuse_when([bits](std::size_t call) { return (bits >> call % 64 & 1) != 0; });
}

void StrictBacking::refuse_none() {
    refuse_when(nullptr);
}

void StrictBacking::grant_at_most(std::size_t longest) {
    longest_ = longest;
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

std::size_t StrictBacking::round_up(std::size_t length) const {
    return (length + options_.block_size - 1) & ~(options_.block_size - 1);
}

bool StrictBacking::is_too_long(ba_length length) const {
    return length.bytes > PTRDIFF_MAX || round_up(length.bytes) > longest_;
}

bool StrictBacking::refuses() {
    calls_++;
    if (refuse_ == nullptr || !refuse_(calls_)) {
        return false;
    }
    refused_++;
    return true;
}

ba_error StrictBacking::check_new(const char *operation, ba_length length, ba_alignment alignment,
                                  ba_call_site site) const {
    const ba_error_code code = ba_check_alloc(length, alignment);
    return code == BA_OK
               ? ba_error_of(BA_OK)
               : wrong(operation, code, ba_memory_none(ba_error_of(code)), alignment, site);
}

ba_error StrictBacking::check_grant(const char *operation, ba_memory memory, ba_alignment alignment,
                                    ba_call_site site) const {
    const ba_error_code code = error_of_grant(memory, alignment);
    return code == BA_OK ? ba_error_of(BA_OK) : wrong(operation, code, memory, alignment, site);
}

ba_error_code StrictBacking::error_of_grant(ba_memory memory, ba_alignment alignment) const {
    const ba_error_code code = ba_check_memory(memory, alignment);
    if (code != BA_OK) {
        return code;
    }
    void *const pointer = ba_memory_pointer(memory);
    const auto found = grants_.find(pointer);
    if (found == grants_.end()) {
        if (contains(pointer, 1)) {
            return BA_INTERIOR;
        }
        return freed_.count(pointer) != 0 ? BA_DOUBLE_FREE : BA_FOREIGN;
    }
    const Grant &grant = found->second;
    const std::size_t length = ba_memory_length(memory).bytes;
    if (options_.by_the_rules) {
        return length <= grant.length && round_up(length) == grant.length ? BA_OK
                                                                          : BA_SIZE_MISMATCH;
    }
    if (length != grant.length) {
        return BA_SIZE_MISMATCH;
    }
    return alignment.bytes == grant.alignment ? BA_OK : BA_BAD_ALIGN;
}

ba_error StrictBacking::wrong(const char *operation, ba_error_code code, ba_memory memory,
                              ba_alignment alignment, ba_call_site site) const {
    const auto found = grants_.find(ba_memory_pointer(memory));
    const std::size_t granted = found == grants_.end() ? 0 : found->second.length;
    if (options_.by_the_rules) {
        return ba_misuse_reject("strict backing", operation, code, memory, ba_bytes(granted),
                                alignment, site);
    }
    std::ostringstream what;
    what << operation << "(" << ba_memory_pointer(memory) << ", " << ba_memory_length(memory).bytes
         << ", align " << alignment.bytes << "): " << ba_error_name(ba_error_of(code));
    if (found != grants_.end()) {
        what << "; granted were " << granted << " bytes, align " << found->second.alignment;
    }
    fail(what.str());
    return ba_error_of(code);
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
    std::memset(pointer, kDirt, reserved);
    ba_instrument_free(static_cast<char *>(pointer) + length, ba_bytes(options_.room));
    grants_[pointer] = Grant{length, alignment, reserved};
    freed_.erase(pointer);
    bytes_ += length;
    return ba_memory_of(pointer, ba_bytes(length));
}

void StrictBacking::set_length(void *pointer, Grant *grant, std::size_t length) {
    char *const first = static_cast<char *>(pointer);
    if (length > grant->length) {
        const std::size_t added = length - grant->length;
        ba_instrument_alloc(first + grant->length, ba_bytes(added));
        std::memset(first + grant->length, kDirt, added);
    } else {
        ba_instrument_free(first + length, ba_bytes(grant->length - length));
    }
    bytes_ += length - grant->length;
    grant->length = length;
}

void StrictBacking::give_back(void *pointer) {
    const auto found = grants_.find(pointer);
    bytes_ -= found->second.length;
    frees_++;
    ba_instrument_return(pointer, ba_bytes(found->second.reserved));
    grants_.erase(found);
    freed_.insert(pointer);
    std::free(pointer);
}

} // namespace ba_testing
