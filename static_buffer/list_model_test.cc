// Random streams of functions against the model of lists.
#include "testing/buffers/list_model.h"

#include "testing/byte_stream.h"
#include "gtest/gtest.h"

namespace {

using ba_testing::ByteStream;
using ba_testing::random_bytes;
using buffer_testing::list_models;
using buffer_testing::ListModel;

class ListModelTest : public testing::TestWithParam<ListModel> {};

void run(const ListModel &model, unsigned seed, std::uint64_t refusals) {
    SCOPED_TRACE(seed);
    const std::vector<std::uint8_t> bytes = random_bytes(seed, 6000);
    ByteStream stream(bytes.data(), bytes.size());
    model.run(&stream, refusals);
}

TEST_P(ListModelTest, HoldsWhatAVectorHolds) {
    for (unsigned seed = 1; seed <= 8; seed++) {
        run(GetParam(), seed, 0);
    }
}

TEST_P(ListModelTest, HoldsItWhenMemoryIsRefused) {
    run(GetParam(), 9, 0x8888888888888888);
    run(GetParam(), 10, 0x00FF00FF00FF00FF);
    run(GetParam(), 11, 0x7FFFFFFFFFFFFFFF);
}

INSTANTIATE_TEST_SUITE_P(Lists, ListModelTest, testing::ValuesIn(list_models()),
                         [](const testing::TestParamInfo<ListModel> &one) {
                             return std::string(one.param.name);
                         });

} // namespace
