// An allocator for tests that does nothing but note how it was called and answer as it was told.
//
//     ScriptedAllocator script;
//     script.will_return(ba_length_result_none(ba_error_of(BA_NOT_IN_PLACE)));
//     ... one call ...
//     EXPECT_EQ(script.take_calls(), "resize(A 100, align 8, 200, here)");
#ifndef TESTING_SCRIPTED_ALLOCATOR_H_
#define TESTING_SCRIPTED_ALLOCATOR_H_

#include <cstddef>
#include <deque>
#include <string>

#include "block_allocator/allocator.h"
#include "block_allocator/block_allocator.h"

namespace ba_testing {

class ScriptedAllocator {
  public:
    // Which optional operations the table has.
    enum class Table { kWhole, kShort, kNull };

    explicit ScriptedAllocator(std::size_t block_size = kBlockSize, Table table = Table::kWhole);

    ScriptedAllocator(const ScriptedAllocator &) = delete;
    ScriptedAllocator &operator=(const ScriptedAllocator &) = delete;

    ba_allocator allocator();
    ba_block_allocator block_allocator();

    // Two places for memory, called A and B in the notes; any other is "?", or "NULL".
    unsigned char *a() { return a_; }
    unsigned char *b() { return b_; }
    ba_memory a(std::size_t length) { return ba_memory_of(a_, ba_bytes(length)); }
    ba_memory b(std::size_t length) { return ba_memory_of(b_, ba_bytes(length)); }

    // The answers to the next calls, in this order for each type.
    void will_return(ba_memory memory);          // of alloc and remap
    void will_return(ba_length_result result);   // of resize, grow_between, discard
    void will_return(ba_error error);            // of free
    void will_return(ba_ownership ownership);    // of owns; the last one stays
    void will_refuse_alloc(ba_error_code code);  // of alloc and remap: none
    void will_refuse_resize(ba_error_code code); // of resize, grow_between: none

    // The calls since the last take, separated by "; ". The site is its text.
    std::string take_calls();
    ba_call_site last_site() const { return site_; }

    static constexpr std::size_t kBlockSize = 64; // unless another is given
    static constexpr std::size_t kPlace = 1024;   // the length of each place

  private:
    struct Operations;

    void note(const std::string &call, ba_call_site site);
    std::string name(const void *pointer) const;
    std::string name(ba_memory memory) const;

    std::size_t block_size_;
    ba_operations operations_;
    std::deque<ba_memory> memories_;
    std::deque<ba_length_result> lengths_;
    std::deque<ba_error> errors_;
    ba_ownership ownership_ = BA_OWNS_UNKNOWN;
    mutable std::string calls_;
    ba_call_site site_ = ba_call_site_none();
    alignas(kBlockSize) unsigned char a_[kPlace] = {};
    alignas(kBlockSize) unsigned char b_[kPlace] = {};
};

} // namespace ba_testing

#endif // TESTING_SCRIPTED_ALLOCATOR_H_
