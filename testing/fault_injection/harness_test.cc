// The harness finds what it is for: operations that break their contract.
#include "testing/fault_injection/harness.h"

#include <string>

#include "gtest/gtest-spi.h"
#include "gtest/gtest.h"

namespace failures {

namespace {

ba_memory take(ba_testing::StrictBacking *backing) {
    return ba_alloc(backing->allocator(), ba_bytes(16), ba_align(16));
}

void give_back(ba_testing::StrictBacking *backing, ba_memory memory) {
    EXPECT_EQ(ba_free(backing->allocator(), memory, ba_align(16)).code, BA_OK);
}

// A number, and some memory.
class Things : public Fixture {
  public:
    std::string describe() override { return std::to_string(number) + " " + std::to_string(held); }
    void check() override { EXPECT_FALSE(is_damaged) << "damaged"; }
    void release() override {
        while (held > 0) {
            give_back(&backing, memory[--held]);
        }
    }

    // True if there was memory.
    bool hold() {
        const ba_memory taken = take(&backing);
        if (ba_memory_is_none(taken)) {
            return false;
        }
        memory[held++] = taken;
        return true;
    }

    int number = 0;
    std::size_t held = 0;
    ba_memory memory[8];
    bool is_damaged = false;
    bool has_failed = false;
};

using Perform = ba_error_code (*)(Things &things);

void try_out(Contract contract, Perform perform) {
    const Operation operation = {
        "things",
        "thing",
        "",
        contract,
        [] { return std::make_unique<Things>(); },
        [perform](Fixture &fixture) { return perform(static_cast<Things &>(fixture)); }};
    try_every_refusal(operation);
}

// Runs an operation that is wrong; passes if that is found, in these words.
void expect_found(Contract contract, Perform perform, const std::string &words) {
    testing::TestPartResultArray found;
    {
        const testing::ScopedFakeTestPartResultReporter reporter(
            testing::ScopedFakeTestPartResultReporter::INTERCEPT_ONLY_CURRENT_THREAD, &found);
        try_out(contract, perform);
    }
    std::string all;
    for (int i = 0; i < found.size(); i++) {
        all += found.GetTestPartResult(i).message();
    }
    EXPECT_NE(all.find(words), std::string::npos) << "found instead: " << all;
}

// Right: takes two pieces, or none.
ba_error_code hold_two(Things &things) {
    if (!things.hold()) {
        return BA_OUT_OF_MEMORY;
    }
    if (!things.hold()) {
        give_back(&things.backing, things.memory[--things.held]);
        return BA_OUT_OF_MEMORY;
    }
    return BA_OK;
}

TEST(HarnessTest, AcceptsWhatIsRight) {
    try_out(Contract::kFails, hold_two);
    try_out(Contract::kMayRecover, [](Things &things) {
        return things.hold() || things.hold() ? BA_OK : BA_OUT_OF_MEMORY;
    });
    try_out(Contract::kOptional, [](Things &things) {
        if (!things.hold()) {
            return BA_OUT_OF_MEMORY;
        }
        (void)things.hold();
        return BA_OK;
    });
    try_out(Contract::kSurvives, [](Things &things) {
        (void)things.hold();
        return BA_OK;
    });
    try_out(Contract::kNeedsNone, [](Things &things) {
        things.number++;
        return BA_OK;
    });
}

TEST(HarnessTest, FindsAnotherError) {
    expect_found(
        Contract::kFails, [](Things &things) { return things.hold() ? BA_OK : BA_LIMIT; },
        "Expected equality of these values:\n  code");
}

TEST(HarnessTest, FindsAFailureThatIsConcealed) {
    expect_found(
        Contract::kFails,
        [](Things &things) {
            (void)things.hold();
            return BA_OK;
        },
        "succeeds");
    expect_found(
        Contract::kMayRecover,
        [](Things &things) {
            (void)things.hold();
            return BA_OK;
        },
        "succeeds");
}

TEST(HarnessTest, FindsAFailureThatChangesSomething) {
    expect_found(
        Contract::kFails,
        [](Things &things) {
            things.number++;
            return things.hold() ? BA_OK : BA_OUT_OF_MEMORY;
        },
        "the failure changed something");
}

TEST(HarnessTest, FindsAFailureThatKeepsSomething) {
    expect_found(
        Contract::kFails,
        [](Things &things) { return things.hold() && things.hold() ? BA_OK : BA_OUT_OF_MEMORY; },
        "the failure kept something");
}

TEST(HarnessTest, FindsDamage) {
    expect_found(
        Contract::kFails,
        [](Things &things) {
            things.is_damaged = !things.hold();
            return things.is_damaged ? BA_OUT_OF_MEMORY : BA_OK;
        },
        "damaged");
}

TEST(HarnessTest, FindsThatTryingAgainDoesNotHelp) {
    expect_found(
        Contract::kFails,
        [](Things &things) {
            things.has_failed = things.has_failed || !things.hold();
            return things.has_failed ? BA_OUT_OF_MEMORY : BA_OK;
        },
        "when tried again");
}

TEST(HarnessTest, FindsALeak) {
    expect_found(
        Contract::kFails,
        [](Things &things) {
            return ba_memory_is_none(take(&things.backing)) ? BA_OUT_OF_MEMORY : BA_OK;
        },
        "not released");
}

TEST(HarnessTest, FindsWhatIsAskedForWithoutNeed) {
    expect_found(Contract::kNeedsNone, hold_two, "2 calls of the backing");
}

TEST(HarnessTest, FindsWhatAsksForNothing) {
    expect_found(
        Contract::kSurvives, [](Things &) { return BA_OK; }, "0 calls of the backing");
}

} // namespace

} // namespace failures
