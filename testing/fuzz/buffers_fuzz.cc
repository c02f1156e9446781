// Lists and slices of one of several types, over backings that refuse, against the model.
#include "testing/buffers/list_model.h"
#include "testing/byte_stream.h"
#include "testing/fuzz/target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t count) {
    ba_testing::ByteStream stream(bytes, count);
    const auto &models = buffer_testing::list_models();
    const buffer_testing::ListModel &model = models[stream.below(models.size())];
    const std::uint64_t refusals = stream.flip() ? stream.bits() : 0;
    model.run(&stream, refusals);
    fuzz_testing::stop_at_failure();
    return 0;
}
