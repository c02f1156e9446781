// A pool with any options, over a backing that behaves and refuses as it likes, against the model.
#include "testing/byte_stream.h"
#include "testing/fuzz/target.h"
#include "testing/pool/pool_model.h"

namespace {

using ba_testing::ByteStream;
using pba_testing::ModelSetup;
using pba_testing::PoolModel;

pba_switch a_switch(ByteStream *bytes) {
    return bytes->flip() ? PBA_ON : PBA_OFF;
}

pba_index an_index(ByteStream *bytes) {
    constexpr pba_index kIndexes[] = {PBA_INDEX_U32, PBA_INDEX_U8, PBA_INDEX_U16, PBA_INDEX_U64};
    return kIndexes[bytes->below(std::size(kIndexes))];
}

pba_auto_shrink an_auto_shrink(ByteStream *bytes) {
    constexpr pba_auto_shrink kKinds[] = {PBA_AUTO_SHRINK_SIMPLE, PBA_AUTO_SHRINK_NEVER,
                                          PBA_AUTO_SHRINK_AGGRESSIVE};
    return kKinds[bytes->below(std::size(kKinds))];
}

void choose_threshold(ByteStream *bytes, pba_options *options) {
    const bool is_flat = bytes->flip();
    options->shrink_kind = is_flat ? PBA_THRESHOLD_FLAT : PBA_THRESHOLD_PERCENT;
    options->shrink_min = bytes->below(is_flat ? 4096 : 99);
    options->shrink_max =
        options->shrink_min + 1 + bytes->below(is_flat ? 8192 : 99 - options->shrink_min);
}

// Often none; else one that is soon reached.
std::size_t a_limit(std::size_t block_size, ByteStream *bytes) {
    if (!bytes->flip()) {
        return SIZE_MAX;
    }
    const std::size_t blocks = 1 + bytes->below(64);
    return blocks * block_size + bytes->below(block_size);
}

pba_options some_options(ByteStream *bytes) {
    pba_options options = pba_options_default();
    options.block_size = std::size_t{64} << bytes->below(3);
    options.backing_request_size = options.block_size << bytes->below(8);
    options.index = an_index(bytes);
    options.byte_limit = a_limit(options.block_size, bytes);
    options.auto_shrink = an_auto_shrink(bytes);
    choose_threshold(bytes, &options);
    options.decay_age = bytes->below(4);
    options.safety = bytes->flip() ? PBA_SAFETY_NEVER : PBA_SAFETY_ALWAYS;
    // Three options of one byte, so that what was found before the others came means the same.
    const std::uint8_t several = bytes->byte();
    options.severity = several % 2 != 0 ? BA_SEVERITY_PANIC : BA_SEVERITY_LOG;
    options.span_cache = several / 2 % 4 == 1 ? PBA_OFF : PBA_ON;
    if (several / 8 % 4 == 1) {
        options.auto_shrink = PBA_AUTO_SHRINK_ADAPTIVE;
    }
    options.secure_wipe = a_switch(bytes);
    options.statistics = a_switch(bytes);
    options.guard = a_switch(bytes);
    options.fill = a_switch(bytes);
    options.call_sites = a_switch(bytes);
    return options;
}

// The longest block of a backing of which a pool uses each grant to the end, as the model has it:
// one that divides whatever the pool asks for, rounded up to requests or cut short by a limit.
std::size_t longest_backing_block(const pba_options &options) {
    const bool may_be_cut_short = options.byte_limit != SIZE_MAX || options.index == PBA_INDEX_U8;
    return may_be_cut_short ? options.block_size : options.backing_request_size;
}

ModelSetup some_setup(ByteStream *bytes) {
    ModelSetup setup;
    setup.options = some_options(bytes);
    setup.whole_spans = bytes->flip();
    setup.backing.block_size =
        setup.whole_spans ? longest_backing_block(setup.options) >> bytes->below(7) : 1;
    setup.backing.grows_in_place = bytes->flip();
    // No grant that grows ends inside a block, for the model counts whole ones.
    setup.backing.room = bytes->below(1 << 13) & ~(setup.options.block_size - 1);
    setup.backing.remaps = bytes->flip();
    setup.backing.discards = bytes->flip();
    return setup;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t count) {
    ByteStream stream(bytes, count);
    {
        PoolModel model(some_setup(&stream));
        model.payload().refuse_by_bits(stream.bits());
        model.metadata().refuse_by_bits(stream.bits());
        model.run(&stream);
        model.finish();
    }
    fuzz_testing::stop_at_failure();
    return 0;
}
