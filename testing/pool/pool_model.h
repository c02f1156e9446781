// A model of a pool, for tests: drives a pool with a stream of operations told by bytes, and knows
// at each moment from a plain map of blocks what the pool must do. Used by random tests and by
// fuzzing.
#ifndef TESTING_POOL_POOL_MODEL_H_
#define TESTING_POOL_POOL_MODEL_H_

#define PBA_INTERNAL_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "block_allocator/allocator.h"
#include "pba/internal/fast_path.h"
#include "pba/pool.h"
#include "testing/byte_stream.h"
#include "testing/strict_backing.h"

namespace pba_testing {

// How a model's backing behaves.
struct ModelSetup {
    pba_options options = pba_options_default();
    ba_testing::StrictBackingOptions backing = {};
    bool whole_spans = false; // the pool is made over the ba_block_allocator
    // What is in use grows and shrinks in turn, and nothing is given back by hand.
    bool in_waves = false;
    std::string name = "model";
};

// The pool and the model of it. All expectations are GoogleTest's; failed() tells whether one was
// not met.
class PoolModel {
  public:
    explicit PoolModel(const ModelSetup &setup);
    ~PoolModel();

    PoolModel(const PoolModel &) = delete;
    PoolModel &operator=(const PoolModel &) = delete;

    // Runs the operations that the bytes tell of, until they are used up or an expectation is not
    // met.
    void run(ba_testing::ByteStream *bytes);

    // Frees everything through release_all and expects that nothing is left in the backings.
    void finish();

    ba_testing::StrictBacking &payload() { return payload_; }
    ba_testing::StrictBacking &metadata() { return metadata_; }
    pba_pool *pool() { return &pool_; }
    // Ends of periods that were checked.
    std::size_t periods() const { return periods_; }
    std::size_t live() const { return spans_.size(); }

  private:
    // What is taken from the backings; a call that fails leaves it as it was.
    struct Taken {
        std::size_t bytes;
        std::size_t grants;
    };
    struct Span {
        ba_memory memory;
        std::size_t alignment;
        std::uint8_t stamp;
    };
    // What the model knows of a chunk: which blocks are in use.
    struct Chunk {
        std::vector<bool> used;
    };
    using Chunks = std::map<std::uintptr_t, Chunk>;

    void step(ba_testing::ByteStream *bytes);
    void alloc(ba_testing::ByteStream *bytes);
    void resize(ba_testing::ByteStream *bytes);
    void grow_between(ba_testing::ByteStream *bytes);
    void realloc(ba_testing::ByteStream *bytes);
    void remap(ba_testing::ByteStream *bytes);
    void free(ba_testing::ByteStream *bytes);
    void give_back(ba_testing::ByteStream *bytes);
    void misuse(ba_testing::ByteStream *bytes);

    std::size_t a_length(ba_testing::ByteStream *bytes) const;
    std::size_t pick(ba_testing::ByteStream *bytes) const;

    std::size_t block_size() const { return setup_.options.block_size; }
    // What a pool type with these options tells the fast paths.
    pba_fast_options fast_options() const { return pba_fast_options_of(&setup_.options); }
    std::size_t guard_blocks() const;
    std::size_t blocks_for(std::size_t length) const;
    Chunks chunks() const;
    // True if the pool certainly finds a run for an allocation, so that it asks for nothing. With
    // an alignment above the block size: if there is one in which an aligned run must lie.
    bool finds_run(std::size_t blocks, std::size_t alignment) const;
    static bool has_run(const Chunks &chunks, std::size_t blocks, std::size_t block_size,
                        std::size_t alignment);
    std::size_t free_behind(const Span &span) const;
    bool is_alone(const Span &span) const;
    Taken taken() const;
    // After a call that failed: what is taken is what was before, or, where memory was refused,
    // that less all that was empty.
    void expect_taken(Taken before) const;
    // Of the chunks that are empty.
    Taken empty_chunks(const Chunks &chunks) const;
    // Which chunks a period that ends now gives back.
    std::set<std::uintptr_t> not_needed() const;
    void expect_end_of_period(const std::set<std::uintptr_t> &expected, const Chunks &before) const;
    void note_chunks();
    bool is_empty_chunk(std::uintptr_t chunk) const;
    std::size_t used_blocks() const;
    std::size_t total_blocks() const;

    void stamp(Span *span, std::size_t from);
    void expect_stamp(const Span &span, std::size_t length) const;
    void expect_state() const;
    void expect_usable_lens() const;
    void expect_walk();
    void free_in_a_walk(ba_testing::ByteStream *bytes);
    static pba_hook_answer ask(void *context, ba_length wanted, std::size_t attempt);
    pba_hook_answer make_room();
    void expect_given_back_after_free(std::size_t chunks_before, std::size_t own_chunk_bytes,
                                      bool own_was_empty, std::size_t total_before,
                                      std::size_t free_before) const;

    ModelSetup setup_;
    ba_testing::StrictBacking metadata_;
    ba_testing::StrictBacking payload_;
    pba_pool pool_;
    std::vector<Span> spans_;
    const Span *in_call_ = nullptr;  // the one that a call is about, which the hook leaves alone
    std::size_t to_give_up_ = 0;     // spans, by the hook, in this operation
    bool made_room_ = false;         // in this operation
    Taken left_by_hook_ = {};        // what the backings had given when it had done so last
    Chunks chunks_;                  // at the end of the operation before
    Taken empty_before_ = {};        // when this operation began
    std::size_t payload_before_ = 0; // bytes taken, then
    // Of each chunk that is empty, the period in which it became so; kUnknown where the model
    // cannot tell, for more than one span was freed at once, or it was the only chunk.
    std::size_t periods_ = 0;
    static constexpr std::uint64_t kUnknown = UINT64_MAX;
    std::map<std::uintptr_t, std::uint64_t> empty_since_;
    std::uint8_t next_stamp_ = 1;
    std::size_t steps_ = 0;
    std::string trace_;
};

} // namespace pba_testing

#endif // TESTING_POOL_POOL_MODEL_H_
