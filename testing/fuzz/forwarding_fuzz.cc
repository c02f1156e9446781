// A stack of forwarding allocators, over a backing that refuses or a small buffer: the interface's
// promises on top of it, and what each allocator says of itself.
#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include "block_allocator/backing/buffer_allocator.h"
#include "block_allocator/forwarding/block_adapter.h"
#include "block_allocator/forwarding/failing_allocator.h"
#include "block_allocator/forwarding/fallback_allocator.h"
#include "block_allocator/forwarding/guarded_allocator.h"
#include "block_allocator/forwarding/limited_allocator.h"
#include "block_allocator/forwarding/locked_allocator.h"
#include "block_allocator/forwarding/logging_allocator.h"
#include "block_allocator/forwarding/tracking_allocator.h"
#include "testing/byte_stream.h"
#include "testing/fuzz/target.h"
#include "testing/misuse_recorder.h"
#include "testing/span_model.h"
#include "testing/strict_backing.h"
#include "gtest/gtest.h"

namespace {

using ba_testing::ByteStream;
using ba_testing::MisuseRecorder;
using ba_testing::SpanModel;
using ba_testing::SpanModelOptions;
using ba_testing::StrictBacking;
using ba_testing::StrictBackingOptions;

// What the stack can be blamed for.
struct Refusals {
    std::size_t count = 0; // until now
    bool may_be_full = false;
    bool may_be_limited = false;
};

// One allocator of the stack.
class Layer {
  public:
    Layer() = default;
    virtual ~Layer() = default;
    Layer(const Layer &) = delete;
    Layer &operator=(const Layer &) = delete;

    virtual ba_block_allocator blocks() = 0;
    // Changes something that may be changed while spans are live.
    virtual void change(ByteStream * /*bytes*/) {}
    virtual void add_to(Refusals * /*refusals*/) const {}
    // What must hold between operations. Above a fallback allocator every span is a grant of the
    // layer; below it, it may be.
    virtual void expect(std::size_t live, bool sees_all) = 0;
};

// Backings

class Strict : public Layer {
  public:
    explicit Strict(ByteStream *bytes) : backing_(some_options(bytes)) {
        backing_.refuse_by_bits(bytes->bits());
    }
    ba_block_allocator blocks() override { return backing_.block_allocator(); }
    void add_to(Refusals *refusals) const override { refusals->count += backing_.refused(); }
    void expect(std::size_t live, bool sees_all) override {
        EXPECT_TRUE(backing_.grants() == live || !sees_all);
    }

    static StrictBackingOptions some_options(ByteStream *bytes) {
        StrictBackingOptions options;
        options.by_the_rules = true;
        options.block_size = std::size_t{1} << bytes->below(10);
        options.grows_in_place = bytes->flip();
        options.room = bytes->below(2048);
        options.remaps = bytes->flip();
        options.discards = bytes->flip();
        return options;
    }

  private:
    StrictBacking backing_;
};

class Buffer : public Layer {
  public:
    Buffer() { ba_buffer_allocator_init(&buffer_, ba_memory_of(bytes_, ba_bytes(sizeof bytes_))); }
    ~Buffer() override {
        EXPECT_EQ(ba_buffer_allocator_used(&buffer_).bytes, 0u);
        (void)ba_buffer_allocator_release(&buffer_);
    }
    ba_block_allocator blocks() override { return ba_buffer_allocator_block_allocator(&buffer_); }
    void add_to(Refusals *refusals) const override { refusals->may_be_full = true; }
    void expect(std::size_t live, bool sees_all) override {
        EXPECT_TRUE(live != 0 || !sees_all || ba_buffer_allocator_used(&buffer_).bytes == 0);
    }

    static constexpr std::size_t kAlignment = 64;

  private:
    alignas(kAlignment) unsigned char bytes_[8192];
    ba_buffer_allocator buffer_;
};

// Allocators that forward

class Limited : public Layer {
  public:
    Limited(ba_block_allocator parent, ByteStream *bytes) : highest_(1 + bytes->below(1 << 14)) {
        ba_limited_allocator_init(&limited_, ba_as_allocator(parent), ba_bytes(highest_));
    }
    ~Limited() override { EXPECT_EQ(ba_limited_allocator_taken(&limited_).bytes, 0u); }
    ba_block_allocator blocks() override { return ba_limited_allocator_block_allocator(&limited_); }
    void change(ByteStream *bytes) override {
        const std::size_t limit = bytes->below(1 << 14);
        highest_ = std::max(highest_, limit);
        ba_limited_allocator_set_limit(&limited_, ba_bytes(limit));
    }
    void add_to(Refusals *refusals) const override { refusals->may_be_limited = true; }
    void expect(std::size_t live, bool sees_all) override {
        const std::size_t taken = ba_limited_allocator_taken(&limited_).bytes;
        EXPECT_LE(taken, highest_);
        EXPECT_TRUE(taken >= live || !sees_all);
    }

  private:
    std::size_t highest_;
    ba_limited_allocator limited_;
};

class Fallback : public Layer {
  public:
    Fallback(ba_block_allocator parent, ByteStream *bytes) {
        if (bytes->flip()) {
            primary_ = std::make_unique<Strict>(bytes);
        } else {
            primary_ = std::make_unique<Buffer>();
        }
        EXPECT_EQ(ba_fallback_allocator_init(&fallback_, ba_as_allocator(primary_->blocks()),
                                             ba_as_allocator(parent))
                      .code,
                  BA_OK);
    }
    ba_block_allocator blocks() override {
        return ba_fallback_allocator_block_allocator(&fallback_);
    }
    void add_to(Refusals *refusals) const override { primary_->add_to(refusals); }
    void expect(std::size_t /*live*/, bool /*sees_all*/) override { primary_->expect(0, false); }

  private:
    std::unique_ptr<Layer> primary_;
    ba_fallback_allocator fallback_;
};

class Locked : public Layer {
  public:
    explicit Locked(ba_block_allocator parent) {
        ba_locked_allocator_init(&locked_, ba_as_allocator(parent), {lock, unlock, &depth_});
    }
    ba_block_allocator blocks() override { return ba_locked_allocator_block_allocator(&locked_); }
    void expect(std::size_t /*live*/, bool /*sees_all*/) override { EXPECT_EQ(depth_, 0); }

  private:
    static void lock(void *depth) { EXPECT_EQ((*static_cast<int *>(depth))++, 0); }
    static void unlock(void *depth) { EXPECT_EQ((*static_cast<int *>(depth))--, 1); }

    int depth_ = 0;
    ba_locked_allocator locked_;
};

class Tracking : public Layer {
  public:
    Tracking(ba_block_allocator parent, ByteStream *bytes) {
        table_.refuse_by_bits(bytes->bits());
        ba_tracking_allocator_init(&tracking_, "tracking", ba_as_allocator(parent),
                                   table_.allocator());
    }
    ~Tracking() override { EXPECT_EQ(ba_tracking_allocator_release(&tracking_).code, BA_OK); }
    ba_block_allocator blocks() override {
        return ba_tracking_allocator_block_allocator(&tracking_);
    }
    void add_to(Refusals *refusals) const override { refusals->count += table_.refused(); }
    void expect(std::size_t live, bool sees_all) override {
        const ba_tracking_statistics is = ba_tracking_allocator_statistics(&tracking_);
        Shown shown;
        ba_tracking_allocator_visit(&tracking_, {show, &shown});
        EXPECT_EQ(is.allocations, shown.allocations);
        EXPECT_EQ(is.in_use.bytes, shown.bytes);
        EXPECT_GE(is.peak_in_use.bytes, is.in_use.bytes);
        EXPECT_TRUE(is.allocations == live || !sees_all);
    }

  private:
    struct Shown {
        std::size_t allocations = 0;
        std::size_t bytes = 0;
    };
    static void show(void *context, const ba_live *live) {
        auto *const shown = static_cast<Shown *>(context);
        shown->allocations++;
        shown->bytes += ba_memory_length(live->memory).bytes;
    }

    StrictBacking table_;
    ba_tracking_allocator tracking_;
};

class Guarded : public Layer {
  public:
    Guarded(ba_block_allocator parent, ByteStream *bytes) {
        ba_guarded_allocator_init(&guarded_, "guarded", ba_as_allocator(parent),
                                  ba_bytes(bytes->below(64)));
    }
    ba_block_allocator blocks() override { return ba_guarded_allocator_block_allocator(&guarded_); }
    void expect(std::size_t /*live*/, bool /*sees_all*/) override {
        EXPECT_EQ(ba_guarded_allocator_check(&guarded_), 0u);
    }

  private:
    ba_guarded_allocator guarded_;
};

class Logging : public Layer {
  public:
    explicit Logging(ba_block_allocator parent) {
        ba_logging_allocator_init(&logging_, ba_as_allocator(parent), {note, this});
    }
    ba_block_allocator blocks() override { return ba_logging_allocator_block_allocator(&logging_); }
    void expect(std::size_t live, bool sees_all) override {
        EXPECT_TRUE(live_ == live || !sees_all);
    }

  private:
    static void note(void *context, const ba_log_event *event) {
        auto *const self = static_cast<Logging *>(context);
        EXPECT_EQ(event->number, ++self->events_);
        const bool is_done = !ba_failed(event->error);
        self->live_ += is_done && event->operation == BA_LOG_ALLOC ? 1 : 0;
        self->live_ -= is_done && event->operation == BA_LOG_FREE ? 1 : 0;
    }

    std::uint64_t events_ = 0;
    std::size_t live_ = 0;
    ba_logging_allocator logging_;
};

class Adapter : public Layer {
  public:
    Adapter(ba_block_allocator parent, ByteStream *bytes) {
        EXPECT_EQ(ba_block_adapter_init(&adapter_, ba_as_allocator(parent),
                                        ba_bytes(std::size_t{1} << bytes->below(11)))
                      .code,
                  BA_OK);
    }
    ba_block_allocator blocks() override { return ba_block_adapter_block_allocator(&adapter_); }
    void expect(std::size_t /*live*/, bool /*sees_all*/) override {}

  private:
    ba_block_adapter adapter_;
};

class Failing : public Layer {
  public:
    Failing(ba_block_allocator parent, ByteStream *bytes) {
        ba_failing_allocator_init(&failing_, ba_as_allocator(parent));
        change(bytes);
    }
    ba_block_allocator blocks() override { return ba_failing_allocator_block_allocator(&failing_); }
    void change(ByteStream *bytes) override {
        constexpr ba_error_code kErrors[] = {BA_OUT_OF_MEMORY, BA_LIMIT, BA_NOT_IN_PLACE,
                                             BA_UNSUPPORTED};
        failed_before_ += ba_failing_allocator_failed(&failing_);
        bits_ = bytes->bits();
        ba_failing_allocator_set_plan(&failing_, ba_failing_plan_when(verdict_on, &bits_));
        ba_failing_allocator_set_error(&failing_,
                                       ba_error_of(kErrors[bytes->below(std::size(kErrors))]));
    }
    void add_to(Refusals *refusals) const override {
        refusals->count += failed_before_ + ba_failing_allocator_failed(&failing_);
    }
    void expect(std::size_t /*live*/, bool /*sees_all*/) override {
        EXPECT_LE(ba_failing_allocator_failed(&failing_), ba_failing_allocator_calls(&failing_));
    }

  private:
    static ba_failing_verdict verdict_on(void *bits, std::size_t call) {
        return (*static_cast<std::uint64_t *>(bits) >> call % 64 & 1) != 0 ? BA_FAILING_FAIL
                                                                           : BA_FAILING_PASS;
    }

    std::uint64_t bits_ = 0;
    std::size_t failed_before_ = 0; // by earlier plans
    ba_failing_allocator failing_;
};

class Stack {
  public:
    explicit Stack(ByteStream *bytes) {
        if (bytes->flip()) {
            layers_.push_back(std::make_unique<Buffer>());
            options_.sure_alignment = Buffer::kAlignment;
            options_.finds_size_mismatch = false; // not for certain
        } else {
            layers_.push_back(std::make_unique<Strict>(bytes));
        }
        for (std::size_t more = bytes->below(7); more > 0; more--) {
            push(bytes);
        }
    }
    ~Stack() {
        while (!layers_.empty()) {
            layers_.pop_back();
        }
    }
    Stack(const Stack &) = delete;
    Stack &operator=(const Stack &) = delete;

    ba_block_allocator blocks() { return layers_.back()->blocks(); }
    SpanModelOptions options() const { return options_; }

    void change(ByteStream *bytes) { layers_[bytes->below(layers_.size())]->change(bytes); }

    Refusals refusals() const {
        Refusals refusals;
        for (const auto &layer : layers_) {
            layer->add_to(&refusals);
        }
        return refusals;
    }

    void expect(std::size_t live) {
        for (std::size_t i = 0; i < layers_.size(); i++) {
            layers_[i]->expect(live, i >= sees_all_from_);
        }
    }

  private:
    void push(ByteStream *bytes) {
        const ba_block_allocator parent = blocks();
        switch (bytes->below(8)) {
        case 0:
            layers_.push_back(std::make_unique<Limited>(parent, bytes));
            break;
        case 1:
            sees_all_from_ = layers_.size();
            options_.finds_size_mismatch = false; // the primary may be a buffer
            layers_.push_back(std::make_unique<Fallback>(parent, bytes));
            break;
        case 2:
            layers_.push_back(std::make_unique<Locked>(parent));
            break;
        case 3:
            layers_.push_back(std::make_unique<Tracking>(parent, bytes));
            break;
        case 4:
            layers_.push_back(std::make_unique<Guarded>(parent, bytes));
            break;
        case 5:
            layers_.push_back(std::make_unique<Logging>(parent));
            break;
        case 6:
            layers_.push_back(std::make_unique<Adapter>(parent, bytes));
            break;
        default:
            layers_.push_back(std::make_unique<Failing>(parent, bytes));
        }
    }

    std::vector<std::unique_ptr<Layer>> layers_; // the backing first
    std::size_t sees_all_from_ = 0;              // the uppermost fallback allocator
    SpanModelOptions options_;
};

// A refusal for lack of memory has a reason.
void expect_reason(ba_error_code code, const Refusals &before, const Refusals &now) {
    const bool was_refused = now.count > before.count;
    if (code == BA_OUT_OF_MEMORY) {
        EXPECT_TRUE(was_refused || now.may_be_full);
    } else if (code == BA_LIMIT) {
        EXPECT_TRUE(was_refused || now.may_be_limited);
    }
}

void run(ByteStream *bytes) {
    MisuseRecorder misuse;
    Stack stack(bytes);
    SpanModel spans(stack.blocks(), &misuse, stack.options());
    while (!bytes->is_empty() && !::testing::Test::HasFailure()) {
        if (bytes->below(32) == 0) {
            stack.change(bytes);
        }
        const Refusals before = stack.refusals();
        const ba_error_code code = spans.step(bytes);
        expect_reason(code, before, stack.refusals());
        stack.expect(spans.live());
    }
    spans.free_all();
    EXPECT_EQ(misuse.take(), "");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t count) {
    ByteStream stream(bytes, count);
    run(&stream);
    fuzz_testing::stop_at_failure();
    return 0;
}
