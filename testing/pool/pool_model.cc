#define PBA_INTERNAL_

#include "testing/pool/pool_model.h"

#include <algorithm>
#include <cstring>

#include "block_allocator/misuse.h"
#include "pba/internal/fast_path.h"
#include "gtest/gtest.h"

namespace pba_testing {

using ba_testing::ByteStream;

namespace {

struct Reports {
    std::size_t count = 0;
    ba_error_code last = BA_OK;
};

Reports reports;

void record(void * /*context*/, const ba_misuse *misuse) {
    reports.count++;
    reports.last = misuse->error.code;
}

bool is_empty(const std::vector<bool> &used) {
    return std::find(used.begin(), used.end(), true) == used.end();
}

bool at_least(const pba_options &options, std::size_t total, std::size_t free, std::size_t bound) {
    if (options.shrink_kind == PBA_THRESHOLD_FLAT) {
        return free >= bound;
    }
    return total == 0 ? bound == 0 : free * 100 >= bound * total;
}

} // namespace

PoolModel::PoolModel(const ModelSetup &setup) : setup_(setup), payload_(setup.backing) {
    const ba_any_allocator backing = setup.whole_spans
                                         ? ba_any_allocator_of(payload_.block_allocator())
                                         : ba_any_allocator_of(payload_.allocator());
    const ba_allocator metadata = metadata_.allocator();
    pba_setup pool_setup = {};
    pool_setup.name = setup_.name.c_str();
    pool_setup.metadata = &metadata;
    pool_setup.hook = {ask, this};
    EXPECT_EQ(pba_pool_init(&pool_, &setup_.options, backing, &pool_setup), PBA_OPTIONS_OK);
    EXPECT_EQ(payload_.grants() + metadata_.grants(), 0u) << "no memory before it is needed";
    ba_misuse_set_handler({record, nullptr});
}

PoolModel::~PoolModel() {
    ba_misuse_set_handler({nullptr, nullptr});
}

void PoolModel::run(ByteStream *bytes) {
    std::size_t steps = 0;
    while (!bytes->is_empty() && !::testing::Test::HasFailure()) {
        SCOPED_TRACE(::testing::Message() << "step " << steps++ << " " << trace_);
        step(bytes);
        expect_state();
        note_chunks();
    }
}

void PoolModel::finish() {
    payload_.refuse_none();
    metadata_.refuse_none();
    for (const Span &span : spans_) {
        expect_stamp(span, ba_memory_length(span.memory).bytes);
    }
    const std::size_t before = reports.count;
    const bool in_use = !spans_.empty();
    if (setup_.options.severity == BA_SEVERITY_LOG) {
        EXPECT_EQ(pba_pool_release_all(&pool_, PBA_REPORT_IN_USE).code, in_use ? BA_IN_USE : BA_OK);
        EXPECT_EQ(reports.count, before + (in_use ? 1 : 0));
    } else {
        EXPECT_EQ(pba_pool_release_all(&pool_, PBA_ALLOW_IN_USE).code, BA_OK);
    }
    spans_.clear();
    EXPECT_EQ(payload_.grants(), 0u);
    EXPECT_EQ(metadata_.grants(), 0u);
    EXPECT_EQ(pba_pool_verify(&pool_).code, BA_OK);
}

// --- what the model knows

std::size_t PoolModel::guard_blocks() const {
    return setup_.options.guard == PBA_ON ? 1 : 0;
}

std::size_t PoolModel::blocks_for(std::size_t length) const {
    return (length + block_size() - 1) / block_size() + guard_blocks();
}

PoolModel::Chunks PoolModel::chunks() const {
    Chunks chunks;
    payload_.for_each_grant([&](const void *pointer, std::size_t length) {
        chunks[reinterpret_cast<std::uintptr_t>(pointer)].used.resize(length / block_size());
    });
    for (const Span &span : spans_) {
        const auto address = reinterpret_cast<std::uintptr_t>(ba_memory_pointer(span.memory));
        const auto chunk = std::prev(chunks.upper_bound(address));
        const std::size_t first = (address - chunk->first) / block_size();
        const std::size_t blocks = blocks_for(ba_memory_length(span.memory).bytes);
        std::vector<bool> &used = chunk->second.used;
        if (first + blocks > used.size()) {
            ADD_FAILURE() << "a span passes the end of its chunk";
            break;
        }
        const auto begin = used.begin() + static_cast<std::ptrdiff_t>(first);
        const auto end = begin + static_cast<std::ptrdiff_t>(blocks);
        EXPECT_EQ(std::find(begin, end, true), end) << "spans overlap";
        std::fill(begin, end, true);
    }
    return chunks;
}

bool PoolModel::finds_run(std::size_t blocks, std::size_t alignment) const {
    const std::size_t multiple = std::max(alignment, block_size()) / block_size();
    return has_run(chunks(), blocks + multiple - 1, block_size(), block_size());
}

bool PoolModel::has_run(const Chunks &chunks, std::size_t blocks, std::size_t block_size,
                        std::size_t alignment) {
    for (const auto &chunk : chunks) {
        const std::vector<bool> &used = chunk.second.used;
        std::size_t run = 0;
        for (std::size_t block = used.size(); block-- > 0;) {
            run = used[block] ? 0 : run + 1;
            if (run >= blocks && (chunk.first + block * block_size) % alignment == 0) {
                return true;
            }
        }
    }
    return false;
}

std::size_t PoolModel::free_behind(const Span &span) const {
    const Chunks all = chunks();
    const auto address = reinterpret_cast<std::uintptr_t>(ba_memory_pointer(span.memory));
    const auto chunk = std::prev(all.upper_bound(address));
    std::size_t block =
        (address - chunk->first) / block_size() + blocks_for(ba_memory_length(span.memory).bytes);
    std::size_t run = 0;
    while (block < chunk->second.used.size() && !chunk->second.used[block]) {
        block++;
        run++;
    }
    return run;
}

// True if the span is the only one in its chunk.
bool PoolModel::is_alone(const Span &span) const {
    const Chunks all = chunks();
    const auto address = reinterpret_cast<std::uintptr_t>(ba_memory_pointer(span.memory));
    const std::vector<bool> &used = std::prev(all.upper_bound(address))->second.used;
    return static_cast<std::size_t>(std::count(used.begin(), used.end(), true)) ==
           blocks_for(ba_memory_length(span.memory).bytes);
}

PoolModel::Taken PoolModel::taken() const {
    return {payload_.bytes() + metadata_.bytes(), payload_.grants() + metadata_.grants()};
}

void PoolModel::expect_taken(Taken before) const {
    const Taken now = taken();
    const Taken expected = made_room_ ? left_by_hook_ : before;
    if (now.bytes == expected.bytes && now.grants == expected.grants) {
        return;
    }
    EXPECT_EQ(empty_chunks(chunks()).grants, 0u) << "all went, or nothing";
    if (made_room_) {
        EXPECT_LE(now.bytes, expected.bytes) << "the failure kept something";
        return;
    }
    EXPECT_EQ(payload_.bytes(), payload_before_ - empty_before_.bytes);
    EXPECT_LE(now.bytes, expected.bytes - empty_before_.bytes) << "the failure kept something";
    EXPECT_LE(now.grants, expected.grants - empty_before_.grants) << "the failure kept something";
}

PoolModel::Taken PoolModel::empty_chunks(const Chunks &chunks) const {
    Taken free = {};
    for (const auto &chunk : chunks) {
        if (is_empty(chunk.second.used)) {
            free.bytes += chunk.second.used.size() * block_size();
            free.grants++;
        }
    }
    return free;
}

bool PoolModel::is_empty_chunk(std::uintptr_t chunk) const {
    const Chunks all = chunks();
    return is_empty(all.at(chunk).used);
}

std::size_t PoolModel::used_blocks() const {
    std::size_t used = 0;
    for (const Span &span : spans_) {
        used += blocks_for(ba_memory_length(span.memory).bytes);
    }
    return used;
}

std::size_t PoolModel::total_blocks() const {
    std::size_t total = 0;
    payload_.for_each_grant(
        [&](const void * /*pointer*/, std::size_t length) { total += length / block_size(); });
    return total;
}

// --- contents

void PoolModel::stamp(Span *span, std::size_t from) {
    const std::size_t length = ba_memory_length(span->memory).bytes;
    std::memset(static_cast<unsigned char *>(ba_memory_pointer(span->memory)) + from, span->stamp,
                length - from);
}

void PoolModel::expect_stamp(const Span &span, std::size_t length) const {
    const auto *const bytes = static_cast<const unsigned char *>(ba_memory_pointer(span.memory));
    // All are the stamp if the first is, and each is the one before it.
    EXPECT_TRUE(bytes[0] == span.stamp && std::memcmp(bytes, bytes + 1, length - 1) == 0)
        << "a span of " << length << " bytes has changed";
}

void PoolModel::expect_state() const {
    EXPECT_EQ(pba_pool_verify(&pool_).code, BA_OK);
    EXPECT_EQ(pba_count_in_use(&pool_.accounting), used_blocks());
    EXPECT_EQ(pool_.accounting.blocks, total_blocks());
    EXPECT_LE(total_blocks(), PBA_INDEX_MAX(setup_.options.index));
    EXPECT_LE(payload_.bytes() + metadata_.bytes(), setup_.options.byte_limit);
}

// What each block is, told one by one; the span cache is left as it is.
void PoolModel::expect_usable_lens() const {
    std::map<std::uintptr_t, std::size_t> lengths;
    for (const Span &span : spans_) {
        lengths[reinterpret_cast<std::uintptr_t>(ba_memory_pointer(span.memory))] =
            ba_memory_length(span.memory).bytes;
    }
    const Chunks all = chunks();
    payload_.for_each_grant([&](const void *pointer, std::size_t /*length*/) {
        const auto first = reinterpret_cast<std::uintptr_t>(pointer);
        const std::vector<bool> &used = all.at(first).used;
        for (std::size_t block = 0; block < used.size(); block++) {
            const std::size_t offset = block * block_size();
            const auto span = lengths.find(first + offset);
            const ba_length_result usable =
                pba_pool_usable_len(&pool_, static_cast<const unsigned char *>(pointer) + offset);
            if (span != lengths.end()) {
                EXPECT_EQ(ba_length_result_length(usable).bytes, span->second);
            } else if (used[block] || pool_.cache_is_checked) {
                EXPECT_EQ(ba_length_result_error(usable).code,
                          used[block] ? BA_INTERIOR : BA_DOUBLE_FREE);
            } // else it may be taken for what it was before it was freed
        }
    });
}

// All spans, and between them all that is free, each hole in one piece.
void PoolModel::expect_walk() {
    std::vector<pba_walk_item> items;
    pba_pool_walk(
        &pool_,
        [](void *context, const pba_walk_item *item) {
            static_cast<std::vector<pba_walk_item> *>(context)->push_back(*item);
        },
        &items);
    const Chunks all = chunks();
    std::size_t live = 0;
    std::size_t bytes = 0;
    const pba_walk_item *before = nullptr;
    for (const pba_walk_item &item : items) {
        const auto address = reinterpret_cast<std::uintptr_t>(item.pointer);
        const auto chunk = std::prev(all.upper_bound(address));
        const std::size_t block = (address - chunk->first) / block_size();
        const bool is_live = item.kind == PBA_WALK_LIVE;
        EXPECT_EQ(item.starts_chunk, block == 0);
        EXPECT_EQ(chunk->second.used[block], is_live);
        EXPECT_TRUE(item.starts_chunk || is_live || before->kind == PBA_WALK_LIVE)
            << "two holes side by side";
        live += is_live ? 1 : 0;
        bytes += item.length.bytes;
        before = &item;
    }
    EXPECT_EQ(live, spans_.size());
    EXPECT_EQ(bytes, total_blocks() * block_size());
}

// --- operations

// Steps in which more is allocated than freed, and then as many of the other kind.
constexpr std::size_t kWave = 1000;

std::size_t PoolModel::a_length(ByteStream *bytes) const {
    const std::size_t kind = bytes->byte();
    const std::size_t blocks = kind < 160   ? 1 + kind % 4
                               : kind < 240 ? 1 + bytes->below(20)
                                            : 1 + bytes->below(100);
    const std::size_t last = 1 + bytes->below(block_size());
    return (blocks - 1) * block_size() + last;
}

std::size_t PoolModel::pick(ByteStream *bytes) const {
    return bytes->below(spans_.size());
}

// The hook, which gives up the youngest spans as long as it may.
pba_hook_answer PoolModel::ask(void *context, ba_length wanted, std::size_t attempt) {
    PoolModel *const self = static_cast<PoolModel *>(context);
    EXPECT_GT(wanted.bytes, 0u);
    EXPECT_GE(attempt, 1u);
    return self->make_room();
}

pba_hook_answer PoolModel::make_room() {
    if (to_give_up_ == 0 || spans_.empty() || &spans_.back() == in_call_) {
        return PBA_GIVE_UP;
    }
    to_give_up_--;
    made_room_ = true;
    const Span span = spans_.back();
    spans_.pop_back();
    expect_stamp(span, ba_memory_length(span.memory).bytes);
    EXPECT_EQ(pba_pool_free(&pool_, span.memory, ba_align(span.alignment)).code, BA_OK);
    (void)pba_pool_trim(&pool_, ba_bytes(0));
    left_by_hook_ = taken();
    expect_state();
    return PBA_RETRY;
}

// A walk whose function frees some of what it is shown, each once and with its right length.
void PoolModel::free_in_a_walk(ByteStream *bytes) {
    struct Walk {
        PoolModel *self;
        std::size_t shown;
        std::size_t every;
    } walk = {this, 0, 1 + bytes->byte() % std::size_t{4}};
    const std::size_t before = spans_.size();
    pba_pool_walk(
        &pool_,
        [](void *context, const pba_walk_item *item) {
            Walk &state = *static_cast<Walk *>(context);
            std::vector<Span> &spans = state.self->spans_;
            if (item->kind != PBA_WALK_LIVE || state.shown++ % state.every != 0) {
                return;
            }
            const auto span = std::find_if(spans.begin(), spans.end(), [item](const Span &one) {
                return ba_memory_pointer(one.memory) == item->pointer;
            });
            if (span == spans.end()) {
                ADD_FAILURE() << "nobody has the span that is shown";
                return;
            }
            const Span freed = *span;
            spans.erase(span);
            EXPECT_EQ(
                pba_pool_free(&state.self->pool_, freed.memory, ba_align(freed.alignment)).code,
                BA_OK);
        },
        &walk);
    EXPECT_EQ(walk.shown, before) << "each span once";
}

void PoolModel::step(ByteStream *bytes) {
    in_call_ = nullptr;
    made_room_ = false;
    empty_before_ = empty_chunks(chunks_);
    payload_before_ = payload_.bytes();
    const std::uint8_t choice = bytes->byte();
    const std::uint8_t kind = choice % 64;
    to_give_up_ = choice / 64;
    const bool is_ebb = steps_++ / kWave % 2 == 1;
    const std::uint8_t last_alloc = setup_.in_waves && !is_ebb ? 30 : 22;
    const bool frees_more = setup_.in_waves && (kind >= 59 || (is_ebb && kind < 22));
    if (spans_.empty() || (!frees_more && kind < last_alloc)) {
        alloc(bytes);
    } else if (frees_more || kind < 40) {
        free(bytes);
    } else if (kind < 45) {
        resize(bytes);
    } else if (kind < 49) {
        grow_between(bytes);
    } else if (kind < 52) {
        realloc(bytes);
    } else if (kind < 54) {
        remap(bytes);
    } else if (kind < 59) {
        misuse(bytes);
    } else {
        give_back(bytes);
    }
}

void PoolModel::alloc(ByteStream *bytes) {
    const std::size_t length = a_length(bytes);
    const std::size_t shift = bytes->byte();
    const std::size_t alignment =
        shift < 200 ? std::size_t{1} << shift % 7 : block_size() << shift % 5;
    trace_ = "alloc";
    const std::size_t blocks = blocks_for(length);
    const bool fits = has_run(chunks(), blocks, block_size(), std::max(alignment, block_size()));
    const bool is_found = finds_run(blocks, alignment);
    const std::size_t calls = payload_.calls();
    const std::size_t refused = payload_.refused() + metadata_.refused();
    const Taken before = taken();

    Span span = {pba_fast_alloc(&pool_, pool_.cache, fast_options(), ba_bytes(length),
                                ba_align(alignment), BA_HERE()),
                 alignment, next_stamp_++};
    if (!ba_memory_is_none(span.memory)) {
        EXPECT_EQ(ba_memory_length(span.memory).bytes, (blocks - guard_blocks()) * block_size());
        EXPECT_TRUE(ba_is_aligned(ba_memory_pointer(span.memory), ba_align(alignment)));
        EXPECT_TRUE(payload_.contains(ba_memory_pointer(span.memory), blocks * block_size()));
        if (is_found) {
            EXPECT_EQ(payload_.calls(), calls) << "there was room";
        }
        stamp(&span, 0);
        spans_.push_back(span);
        return;
    }
    EXPECT_FALSE(fits) << "refused with room for " << blocks << " blocks";
    expect_taken(before);
    const ba_error_code code = ba_memory_error(span.memory).code;
    if (code == BA_OUT_OF_MEMORY) {
        EXPECT_EQ(empty_chunks(chunks()).grants, 0u) << "it might have helped";
        EXPECT_GT(payload_.refused() + metadata_.refused(), refused);
    } else if (code == BA_LIMIT) {
        EXPECT_TRUE(total_blocks() - empty_chunks(chunks()).bytes / block_size() + blocks >
                        PBA_INDEX_MAX(setup_.options.index) ||
                    setup_.options.byte_limit != SIZE_MAX)
            << "what is empty would have helped";
    } else {
        EXPECT_EQ(code, BA_BAD_ALIGN);
        EXPECT_GT(alignment, setup_.backing.max_alignment);
    }
}

void PoolModel::resize(ByteStream *bytes) {
    Span &span = spans_[pick(bytes)];
    in_call_ = &span;
    const std::size_t before = ba_memory_length(span.memory).bytes;
    const std::size_t length = a_length(bytes);
    const std::size_t held = blocks_for(before);
    const std::size_t blocks = blocks_for(length);
    trace_ = "resize";
    const bool fits = blocks <= held || free_behind(span) >= blocks - held;
    const std::size_t calls = payload_.calls();
    const Taken taken_before = taken();
    const ba_length_result resized =
        pba_pool_resize(&pool_, span.memory, ba_align(span.alignment), ba_bytes(length));
    if (ba_length_result_is_none(resized)) {
        EXPECT_FALSE(fits);
        EXPECT_TRUE(ba_error_is_refusal(ba_length_result_error(resized)));
        expect_taken(taken_before);
        expect_stamp(span, before);
        return;
    }
    if (fits) {
        EXPECT_EQ(payload_.calls(), calls);
    }
    const std::size_t now = ba_length_result_length(resized).bytes;
    EXPECT_EQ(now, (blocks - guard_blocks()) * block_size());
    expect_stamp(span, std::min(before, now));
    span.memory = ba_memory_of(ba_memory_pointer(span.memory), ba_bytes(now));
    stamp(&span, 0);
}

void PoolModel::grow_between(ByteStream *bytes) {
    Span &span = spans_[pick(bytes)];
    in_call_ = &span;
    const std::size_t before = ba_memory_length(span.memory).bytes;
    const std::size_t minimum = before + bytes->below(3 * block_size());
    const std::size_t wanted = minimum + bytes->below(9 * block_size());
    const std::size_t held = blocks_for(before);
    const std::size_t behind = free_behind(span);
    const bool fits = behind >= blocks_for(minimum) - held;
    trace_ = "grow_between";
    const Taken taken_before = taken();
    const ba_length_result grown = pba_pool_grow_between(
        &pool_, span.memory, ba_align(span.alignment), ba_bytes(minimum), ba_bytes(wanted));
    if (ba_length_result_is_none(grown)) {
        EXPECT_FALSE(fits);
        EXPECT_TRUE(ba_error_is_refusal(ba_length_result_error(grown)));
        expect_taken(taken_before);
        expect_stamp(span, before);
        return;
    }
    const std::size_t now = ba_length_result_length(grown).bytes;
    EXPECT_GE(now, minimum);
    EXPECT_LE(blocks_for(now), blocks_for(wanted));
    if (fits) {
        EXPECT_EQ(blocks_for(now), std::min(held + behind, blocks_for(wanted)));
    }
    expect_stamp(span, before);
    span.memory = ba_memory_of(ba_memory_pointer(span.memory), ba_bytes(now));
    stamp(&span, 0);
}

void PoolModel::realloc(ByteStream *bytes) {
    Span &span = spans_[pick(bytes)];
    in_call_ = &span;
    const std::size_t before = ba_memory_length(span.memory).bytes;
    const std::size_t length = a_length(bytes);
    trace_ = "realloc";
    const Taken taken_before = taken();
    const ba_memory moved =
        pba_pool_realloc(&pool_, span.memory, ba_align(span.alignment), ba_bytes(length));
    if (ba_memory_is_none(moved)) {
        EXPECT_GT(blocks_for(length), blocks_for(before));
        expect_taken(taken_before);
        expect_stamp(span, before);
        return;
    }
    span.memory = moved;
    EXPECT_TRUE(ba_is_aligned(ba_memory_pointer(moved), ba_align(span.alignment)));
    EXPECT_EQ(blocks_for(ba_memory_length(moved).bytes), blocks_for(length));
    expect_stamp(span, std::min(before, ba_memory_length(moved).bytes));
    stamp(&span, 0);
}

void PoolModel::remap(ByteStream *bytes) {
    Span &span = spans_[pick(bytes)];
    in_call_ = &span;
    const std::size_t before = ba_memory_length(span.memory).bytes;
    const std::size_t length = a_length(bytes);
    trace_ = "remap";
    const Taken taken_before = taken();
    const bool can_move = setup_.backing.remaps && is_alone(span) &&
                          span.alignment <= block_size() && setup_.options.byte_limit == SIZE_MAX &&
                          setup_.options.index != PBA_INDEX_U8;
    const std::size_t refused = payload_.refused() + metadata_.refused();
    const ba_memory moved =
        pba_pool_remap(&pool_, span.memory, ba_align(span.alignment), ba_bytes(length));
    if (ba_memory_is_none(moved)) {
        EXPECT_GT(blocks_for(length), blocks_for(before));
        EXPECT_TRUE(ba_error_is_refusal(ba_memory_error(moved)));
        EXPECT_TRUE(!can_move || payload_.refused() + metadata_.refused() > refused);
        expect_taken(taken_before);
        expect_stamp(span, before);
        return;
    }
    span.memory = moved;
    EXPECT_EQ(blocks_for(ba_memory_length(moved).bytes), blocks_for(length));
    expect_stamp(span, std::min(before, ba_memory_length(moved).bytes));
    stamp(&span, 0);
}

std::set<std::uintptr_t> PoolModel::not_needed() const {
    std::set<std::uintptr_t> gone;
    const std::uint64_t needed =
        std::max(static_cast<std::uint64_t>(pool_.accounting.peak_in_use), pool_.peak_before);
    for (const auto &chunk : chunks()) {
        const std::vector<bool> &used = chunk.second.used;
        if (!is_empty(used)) {
            continue;
        }
        const auto since = empty_since_.find(chunk.first);
        const bool is_old = since != empty_since_.end() && since->second < pool_.now;
        const bool is_long = used.size() > 2 * needed &&
                             used.size() * block_size() > setup_.options.backing_request_size;
        if (is_old || is_long) {
            gone.insert(chunk.first);
        }
    }
    return gone;
}

// What was expected to go has gone, all else is there; but not where the model does not know, or a
// floor holds.
void PoolModel::expect_end_of_period(const std::set<std::uintptr_t> &expected,
                                     const Chunks &before) const {
    const Chunks now = chunks();
    if (pool_.reserved != 0) {
        const std::size_t free = (total_blocks() - used_blocks()) * block_size();
        EXPECT_TRUE(now.size() == before.size() || free >= pool_.reserved);
        return;
    }
    for (const auto &chunk : before) {
        const auto since = empty_since_.find(chunk.first);
        if (since != empty_since_.end() && since->second == kUnknown) {
            continue;
        }
        EXPECT_EQ(now.count(chunk.first), expected.count(chunk.first) == 0 ? 1u : 0u)
            << "a chunk of " << chunk.second.used.size() << " blocks";
    }
}

void PoolModel::note_chunks() {
    chunks_ = chunks();
    std::map<std::uintptr_t, std::uint64_t> noted;
    for (const auto &chunk : chunks_) {
        if (is_empty(chunk.second.used)) {
            const auto since = empty_since_.find(chunk.first);
            const bool is_known = chunks_.size() > 1 && since != empty_since_.end();
            noted[chunk.first] = is_known ? since->second : kUnknown;
        }
    }
    empty_since_ = noted;
}

void PoolModel::expect_given_back_after_free(std::size_t chunks_before, std::size_t own_chunk_bytes,
                                             bool own_was_empty, std::size_t total_before,
                                             std::size_t free_before) const {
    const pba_options &options = setup_.options;
    if (pool_.has_periods) {
        return; // see free()
    }
    const bool idle =
        !own_was_empty || options.auto_shrink == PBA_AUTO_SHRINK_NEVER || options.decay_age != 0;
    const bool wants_less =
        total_before != 0 && at_least(options, total_before, free_before, options.shrink_max);
    if (idle || !wants_less) {
        EXPECT_EQ(payload_.grants(), chunks_before);
        return;
    }
    if (options.auto_shrink == PBA_AUTO_SHRINK_SIMPLE) {
        const bool may_go = at_least(options, total_before - own_chunk_bytes,
                                     free_before - own_chunk_bytes, options.shrink_min);
        EXPECT_EQ(payload_.grants(), chunks_before - (may_go ? 1 : 0));
        return;
    }
    const std::size_t total = total_blocks() * block_size();
    const std::size_t free = total - used_blocks() * block_size();
    for (const auto &chunk : chunks()) {
        const std::size_t bytes = chunk.second.used.size() * block_size();
        const bool stays = total == 0 || !at_least(options, total, free, options.shrink_max) ||
                           !is_empty_chunk(chunk.first) ||
                           !at_least(options, total - bytes, free - bytes, options.shrink_min);
        EXPECT_TRUE(stays) << "a chunk of " << bytes << " bytes should have gone";
    }
}

void PoolModel::free(ByteStream *bytes) {
    const std::size_t index = pick(bytes);
    const Span span = spans_[index];
    const std::size_t length = ba_memory_length(span.memory).bytes;
    const bool exact = bytes->byte() % 2 == 0;
    expect_stamp(span, length);
    trace_ = "free";
    const auto address = reinterpret_cast<std::uintptr_t>(ba_memory_pointer(span.memory));
    const auto own = std::prev(chunks().upper_bound(address))->first;
    spans_.erase(spans_.begin() + static_cast<std::ptrdiff_t>(index));
    const std::size_t own_bytes = chunks().at(own).used.size() * block_size();
    const bool own_free = is_empty_chunk(own);
    const std::size_t grants = payload_.grants();
    const std::size_t total = total_blocks() * block_size();
    const std::size_t free = total - used_blocks() * block_size();
    // Any length that rounds up to as many blocks fits.
    const std::size_t given = exact ? length : length - bytes->below(block_size());
    if (own_free) {
        empty_since_[own] = chunks().size() > 1 ? pool_.now : kUnknown;
    }
    const bool ends_period = pool_.has_periods && pool_.accounting.frees_left == 1;
    const std::set<std::uintptr_t> going = ends_period ? not_needed() : std::set<std::uintptr_t>();
    const Chunks chunks_before = chunks();
    EXPECT_EQ(pba_fast_free(&pool_, pool_.cache, fast_options(),
                            ba_memory_of(ba_memory_pointer(span.memory), ba_bytes(given)),
                            ba_align(span.alignment), BA_HERE())
                  .code,
              BA_OK);
    if (pool_.has_periods) {
        periods_ += ends_period ? 1 : 0;
        expect_end_of_period(going, chunks_before);
    }
    expect_given_back_after_free(grants, own_bytes, own_free, total, free);
}

void PoolModel::give_back(ByteStream *bytes) {
    const std::size_t before = payload_.bytes();
    const std::size_t total = total_blocks() * block_size();
    const std::size_t free = total - used_blocks() * block_size();
    switch (bytes->byte() % 8) {
    case 0: {
        trace_ = "shrink";
        const std::size_t gone =
            pba_pool_shrink(&pool_, pba_threshold_percent(bytes->byte() % 50, 60)).bytes;
        EXPECT_EQ(payload_.bytes(), before - gone);
        break;
    }
    case 1: {
        trace_ = "trim";
        const std::size_t keep = bytes->below(20) * block_size();
        const std::size_t gone = pba_pool_trim(&pool_, ba_bytes(keep)).bytes;
        EXPECT_EQ(payload_.bytes(), before - gone);
        EXPECT_TRUE(gone == 0 || free - gone >= keep);
        break;
    }
    case 2: {
        trace_ = "purge";
        const std::size_t discarded = payload_.discarded();
        const std::size_t gone = pba_pool_purge(&pool_).bytes;
        EXPECT_EQ(payload_.discarded(), discarded + gone);
        if (setup_.backing.discards && setup_.options.fill != PBA_ON) {
            EXPECT_LE(gone, free);
            EXPECT_EQ(pba_pool_purge(&pool_).bytes, 0u) << "nothing was taken since";
        }
        break;
    }
    case 3: {
        trace_ = "reserve";
        const std::size_t wanted = bytes->below(30) * block_size();
        const Taken taken_before = taken();
        const ba_error error = pba_pool_reserve(&pool_, ba_bytes(wanted));
        if (ba_failed(error)) {
            EXPECT_LT(free, wanted);
            expect_taken(taken_before);
        } else {
            EXPECT_GE((total_blocks() - used_blocks()) * block_size(), wanted);
        }
        break;
    }
    case 4: {
        trace_ = "reset";
        if (bytes->byte() % 4 != 0) {
            break;
        }
        spans_.clear();
        const std::size_t keep = bytes->byte() % 2 == 0 ? total : bytes->below(20) * block_size();
        const std::size_t gone = pba_pool_reset(&pool_, ba_bytes(keep)).bytes;
        EXPECT_EQ(payload_.bytes(), before - gone);
        EXPECT_LE(payload_.bytes(), keep);
        break;
    }
    case 6: {
        trace_ = "release_all";
        if (bytes->byte() % 4 != 0) {
            break;
        }
        spans_.clear();
        EXPECT_EQ(pba_pool_release_all(&pool_, PBA_ALLOW_IN_USE).code, BA_OK);
        EXPECT_EQ(payload_.grants() + metadata_.grants(), 0u);
        break;
    }
    case 5: {
        trace_ = "decay";
        const std::size_t gone = pba_pool_decay(&pool_, pool_.now + bytes->byte() % 4).bytes;
        EXPECT_EQ(payload_.bytes(), before - gone);
        break;
    }
    default: {
        trace_ = "stats";
        expect_usable_lens();
        const pba_stats stats = pba_pool_stats(&pool_);
        EXPECT_EQ(stats.payload.bytes, total);
        EXPECT_EQ(stats.in_use.bytes, total - free);
        EXPECT_EQ(stats.free.bytes, free);
        EXPECT_EQ(stats.chunks, payload_.grants());
        EXPECT_EQ(stats.metadata.bytes, metadata_.bytes());
        EXPECT_EQ(stats.taken.bytes, taken().bytes);
        const Chunks all = chunks();
        const std::size_t longest = pba_pool_largest_free(&pool_).bytes;
        const std::size_t largest = longest / block_size() + guard_blocks();
        EXPECT_FALSE(has_run(all, largest + 1, block_size(), block_size()));
        EXPECT_TRUE(longest == 0 || has_run(all, largest, block_size(), block_size()));
        expect_walk();
        if (to_give_up_ == 3) {
            trace_ = "walk";
            free_in_a_walk(bytes);
        }
        break;
    }
    }
}

void PoolModel::misuse(ByteStream *bytes) {
    if (!pool_.checks || setup_.options.severity != BA_SEVERITY_LOG) {
        return;
    }
    const Span &span = spans_[pick(bytes)];
    auto *const pointer = static_cast<unsigned char *>(ba_memory_pointer(span.memory));
    const std::size_t length = ba_memory_length(span.memory).bytes;
    const std::size_t before = reports.count;
    ba_error_code expected = BA_OK;
    ba_error error = ba_error_of(BA_OK);
    trace_ = "misuse";
    switch (bytes->byte() % 8) {
    case 0:
        expected = BA_INTERIOR;
        error = pba_fast_free(&pool_, pool_.cache, fast_options(),
                              ba_memory_of(pointer + 1, ba_bytes(length)), ba_align(1), BA_HERE());
        break;
    case 1:
        expected = BA_SIZE_MISMATCH;
        error = pba_fast_free(&pool_, pool_.cache, fast_options(),
                              ba_memory_of(pointer, ba_bytes(length + 1)), ba_align(1), BA_HERE());
        break;
    case 2:
        expected = BA_SIZE_MISMATCH;
        error = pba_fast_free(&pool_, pool_.cache, fast_options(),
                              ba_memory_of(pointer, ba_bytes(length - block_size())), ba_align(1),
                              BA_HERE());
        break;
    case 3:
        expected = BA_FOREIGN;
        error = pba_fast_free(&pool_, pool_.cache, fast_options(),
                              ba_memory_of(this, ba_bytes(length)), ba_align(1), BA_HERE());
        break;
    case 4:
        expected = BA_BAD_ALIGN;
        error =
            pba_fast_free(&pool_, pool_.cache, fast_options(), span.memory, ba_align(3), BA_HERE());
        break;
    case 5:
        expected = BA_ZERO_SIZE;
        error = ba_memory_error(pba_fast_alloc(&pool_, pool_.cache, fast_options(), ba_bytes(0),
                                               ba_align(1), BA_HERE()));
        break;
    case 6:
        expected = BA_FOREIGN;
        error = pba_fast_free(&pool_, pool_.cache, fast_options(),
                              ba_memory_none(ba_error_of(BA_LIMIT)), ba_align(1), BA_HERE());
        break;
    default: {
        // Any free block will do for a second free.
        for (const auto &chunk : chunks()) {
            const auto hole = std::find(chunk.second.used.begin(), chunk.second.used.end(), false);
            if (hole == chunk.second.used.end()) {
                continue;
            }
            const auto block = static_cast<std::size_t>(hole - chunk.second.used.begin());
            expected = BA_DOUBLE_FREE;
            error = pba_fast_free(
                &pool_, pool_.cache, fast_options(),
                // NOLINTNEXTLINE(performance-no-int-to-ptr): the model knows addresses as numbers
                ba_memory_of(reinterpret_cast<void *>(chunk.first + block * block_size()),
                             ba_bytes(block_size())),
                ba_align(1), BA_HERE());
            break;
        }
        break;
    }
    }
    EXPECT_EQ(error.code, expected) << ba_error_name(error);
    EXPECT_EQ(reports.count, before + (expected == BA_OK ? 0 : 1));
    expect_stamp(span, length);
}

} // namespace pba_testing
