// A model of an allocator's live spans, for tests: does to any ba_block_allocator what bytes tell
// of, and expects all that operations.h promises. Used by fuzzing; a new implementation can be
// driven by it as well.
#ifndef TESTING_SPAN_MODEL_H_
#define TESTING_SPAN_MODEL_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "block_allocator/block_allocator.h"
#include "testing/byte_stream.h"
#include "testing/misuse_recorder.h"

namespace ba_testing {

// Where implementations may differ.
struct SpanModelOptions {
    std::size_t sure_alignment = 1 << 16; // larger ones may be BA_BAD_ALIGN
    bool finds_size_mismatch = true;      // of a length that is far too long
};

// The spans. All expectations are GoogleTest's. Each span is filled with a stamp of its own, so
// that spans that overlap, and contents that get lost, are seen.
class SpanModel {
  public:
    // Borrows what is behind both.
    SpanModel(ba_block_allocator blocks, MisuseRecorder *misuse, SpanModelOptions options = {});

    // Does the operation that the next bytes tell of. Returns why it was refused, or BA_OK.
    ba_error_code step(ByteStream *bytes);

    // Frees all spans.
    void free_all();

    // All spans are gone, for the allocator has taken them back.
    void forget();

    std::size_t live() const { return spans_.size(); }
    std::size_t bytes() const;

  private:
    struct Span {
        ba_memory memory; // all that was granted
        std::size_t alignment;
        std::uint8_t stamp;
    };

    ba_error_code alloc(ByteStream *bytes);
    ba_error_code resize(ByteStream *bytes);
    ba_error_code grow_between(ByteStream *bytes);
    ba_error_code remap(ByteStream *bytes);
    ba_error_code realloc(ByteStream *bytes);
    ba_error_code free(ByteStream *bytes);
    ba_error_code discard(ByteStream *bytes);
    ba_error_code ask_for_too_much(ByteStream *bytes);
    ba_error_code free_wrongly(ByteStream *bytes);

    std::size_t a_length(ByteStream *bytes) const;
    Span &pick(ByteStream *bytes);
    ba_memory as_given_back(const Span &span, ByteStream *bytes) const;
    std::size_t whole_blocks(std::size_t length) const;
    ba_error_code refused(ba_error error, const Span &span) const;
    ba_error_code changed(Span *span, ba_memory now, std::size_t held);

    static void fill(const Span &span, std::size_t from, std::size_t to);
    static void expect_stamp(const Span &span, std::size_t length);

    ba_block_allocator blocks_;
    MisuseRecorder *misuse_;
    SpanModelOptions options_;
    std::size_t block_size_;
    std::vector<Span> spans_;
    std::uint8_t next_stamp_ = 1;
};

} // namespace ba_testing

#endif // TESTING_SPAN_MODEL_H_
