#include "testing/pages/page_calls.h"

#include <cerrno>
#include <climits>
#include <cstdarg>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/types.h>

#include "gtest/gtest.h"

// The linker's names: __real_f is the function that __wrap_f stands before.
// NOLINTBEGIN(bugprone-reserved-identifier): the linker chose them
extern "C" {
void *__real_mmap(void *start, std::size_t length, int protection, int flags, int file,
                  off_t offset);
int __real_munmap(void *start, std::size_t length);
int __real_mprotect(void *start, std::size_t length, int protection);
int __real_madvise(void *start, std::size_t length, int advice);
void *__real_mremap(void *start, std::size_t length, std::size_t longer, int flags, ...);
long __real_syscall(long number, ...);

void *__wrap_mmap(void *start, std::size_t length, int protection, int flags, int file,
                  off_t offset);
int __wrap_munmap(void *start, std::size_t length);
int __wrap_mprotect(void *start, std::size_t length, int protection);
int __wrap_madvise(void *start, std::size_t length, int advice);
void *__wrap_mremap(void *start, std::size_t length, std::size_t longer, int flags, ...);
long __wrap_syscall(long number, ...);
}

namespace ba_testing {
namespace {

PageCalls *the_one = nullptr;

constexpr unsigned kWordBits = sizeof(unsigned long) * CHAR_BIT;

std::uintptr_t address(const void *pointer) {
    return reinterpret_cast<std::uintptr_t>(pointer);
}

// Maps ordinary pages at `offset` bytes behind a multiple of an alignment: too many, cut at both
// ends.
void *map_at(std::size_t offset, std::size_t alignment, std::size_t length, int protection,
             int flags) {
    char *const surplus =
        static_cast<char *>(__real_mmap(nullptr, length + 2 * alignment, protection, flags, -1, 0));
    const std::size_t head = ((0 - address(surplus)) & (alignment - 1)) + offset;
    const std::size_t tail = 2 * alignment - head;
    if (head != 0) {
        __real_munmap(surplus, head);
    }
    __real_munmap(surplus + head + length, tail);
    return surplus + head;
}

// As the system would map, with what is to be simulated.
void *map(const PageCalls &calls, void *start, std::size_t length, int protection, int flags,
          int file, off_t offset) {
    constexpr unsigned kSizeShift = 26;
    if ((flags & MAP_HUGETLB) != 0 && calls.simulates_huge_pages()) {
        const std::size_t huge = std::size_t{1} << (static_cast<unsigned>(flags) >> kSizeShift);
        return map_at(0, huge, length, protection, flags & ((1 << kSizeShift) - 1) & ~MAP_HUGETLB);
    }
    if ((flags & MAP_FIXED) != 0 || calls.place().alignment == 0) {
        return __real_mmap(start, length, protection, flags, file, offset);
    }
    return map_at(calls.place().offset, calls.place().alignment, length, protection, flags);
}

} // namespace

PageCalls::PageCalls() {
    refuse_none();
    the_one = this;
}

PageCalls::~PageCalls() {
    the_one = nullptr;
    EXPECT_EQ(mapped(), lost_) << "bytes that are still mapped";
    for (const auto &[start, end] : mapped_) {
        __real_munmap(start, static_cast<std::size_t>(end - start));
    }
}

PageCalls *PageCalls::watching() {
    return the_one;
}

void PageCalls::refuse_when(std::function<int(const std::string &)> refusal) {
    refusal_ = std::move(refusal);
    made_.clear();
    refused_ = 0;
}

void PageCalls::refuse(const std::string &call, int error) {
    refuse_when([call, error](const std::string &made) { return made == call ? error : 0; });
}

void PageCalls::refuse_all_of(const std::set<std::string> &calls, int error) {
    refuse_when(
        [calls, error](const std::string &made) { return calls.count(made) != 0 ? error : 0; });
}

void PageCalls::refuse_nth(const std::string &call, std::size_t n, int error) {
    refuse_when([this, call, n, error](const std::string &made) {
        return made == call && made_[call] == n ? error : 0;
    });
}

void PageCalls::refuse_nth_of_all(std::size_t n) {
    refuse_when([n, count = std::size_t{0}](const std::string &made) mutable {
        return made != "munmap" && ++count == n ? ENOMEM : 0;
    });
}

void PageCalls::refuse_none() {
    refuse_when([](const std::string &) { return 0; });
}

void PageCalls::simulate_huge_pages() {
    simulates_huge_pages_ = true;
}

void PageCalls::simulate_nodes() {
    simulates_nodes_ = true;
}

void PageCalls::map_at(std::size_t offset, std::size_t alignment) {
    place_ = {offset, alignment};
}

std::size_t PageCalls::made(const std::string &call) const {
    const auto found = made_.find(call);
    return found == made_.end() ? 0 : found->second;
}

std::size_t PageCalls::refused() const {
    return refused_;
}

std::size_t PageCalls::mapped() const {
    std::size_t bytes = 0;
    for (const auto &[start, end] : mapped_) {
        bytes += static_cast<std::size_t>(end - start);
    }
    return bytes;
}

void PageCalls::expect_lost(std::size_t bytes) {
    lost_ = bytes;
}

bool PageCalls::refuses(const std::string &call) {
    made_[call]++;
    const int error = refusal_(call);
    if (error == 0) {
        return false;
    }
    refused_++;
    errno = error;
    return true;
}

void PageCalls::add(void *start, std::size_t length) {
    remove(start, length);
    mapped_[static_cast<char *>(start)] = static_cast<char *>(start) + length;
}

void PageCalls::remove(void *start, std::size_t length) {
    char *const first = static_cast<char *>(start);
    char *const last = first + length;
    std::map<char *, char *> left;
    for (const auto &[from, to] : mapped_) {
        if (to <= first || from >= last) {
            left[from] = to;
            continue;
        }
        if (from < first) {
            left[from] = first;
        }
        if (to > last) {
            left[last] = to;
        }
    }
    mapped_ = left;
}

} // namespace ba_testing

using ba_testing::PageCalls;

void *__wrap_mmap(void *start, std::size_t length, int protection, int flags, int file,
                  off_t offset) {
    PageCalls *const calls = PageCalls::watching();
    if (calls == nullptr) {
        return __real_mmap(start, length, protection, flags, file, offset);
    }
    calls->last_mmap_flags = flags;
    if (calls->refuses("mmap")) {
        return MAP_FAILED;
    }
    void *const mapped = ba_testing::map(*calls, start, length, protection, flags, file, offset);
    if (mapped != MAP_FAILED) {
        calls->add(mapped, length);
    }
    return mapped;
}

int __wrap_munmap(void *start, std::size_t length) {
    PageCalls *const calls = PageCalls::watching();
    if (calls == nullptr) {
        return __real_munmap(start, length);
    }
    if (calls->refuses("munmap")) {
        return -1;
    }
    const int result = __real_munmap(start, length);
    if (result == 0) {
        calls->remove(start, length);
    }
    return result;
}

int __wrap_mprotect(void *start, std::size_t length, int protection) {
    PageCalls *const calls = PageCalls::watching();
    return calls != nullptr && calls->refuses("mprotect")
               ? -1
               : __real_mprotect(start, length, protection);
}

int __wrap_madvise(void *start, std::size_t length, int advice) {
    PageCalls *const calls = PageCalls::watching();
    if (calls != nullptr) {
        calls->last_advice = advice;
        calls->last_advice_length = length;
        if (calls->refuses("madvise")) {
            return -1;
        }
    }
    return __real_madvise(start, length, advice);
}

void *__wrap_mremap(void *start, std::size_t length, std::size_t longer, int flags, ...) {
    void *target = nullptr;
    if ((flags & MREMAP_FIXED) != 0) {
        va_list arguments;
        va_start(arguments, flags);
        target = va_arg(arguments, void *);
        va_end(arguments);
    }
    PageCalls *const calls = PageCalls::watching();
    if (calls != nullptr && calls->refuses("mremap")) {
        return MAP_FAILED;
    }
    void *const moved = __real_mremap(start, length, longer, flags, target);
    if (calls != nullptr && moved != MAP_FAILED) {
        calls->remove(start, length);
        calls->add(moved, longer);
    }
    return moved;
}

long __wrap_syscall(long number, ...) {
    va_list arguments;
    va_start(arguments, number);
    long values[6];
    for (long &value : values) {
        value = va_arg(arguments, long);
    }
    va_end(arguments);
    PageCalls *const calls = PageCalls::watching();
    if (calls != nullptr && number == SYS_mbind) {
        const auto *const nodes =
            reinterpret_cast<const unsigned long *>(values[3]); // NOLINT(performance-no-int-to-ptr)
        calls->last_node_length = static_cast<std::size_t>(values[1]);
        calls->last_node_policy = static_cast<unsigned long>(values[2]);
        calls->last_node_bits = static_cast<unsigned long>(values[4]);
        calls->last_node = 0;
        while ((nodes[calls->last_node / ba_testing::kWordBits] >>
                    calls->last_node % ba_testing::kWordBits &
                1) == 0) {
            calls->last_node++;
        }
        if (calls->refuses("mbind")) {
            return -1;
        }
        if (calls->simulates_nodes()) {
            return 0;
        }
    }
    return __real_syscall(number, values[0], values[1], values[2], values[3], values[4], values[5]);
}
// NOLINTEND(bugprone-reserved-identifier)
