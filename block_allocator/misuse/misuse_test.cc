#include "block_allocator/misuse.h"

#include <csignal>
#include <vector>

#include "gtest/gtest.h"

namespace {

// The reports that a handler got, and with which context.
struct Record {
    std::vector<ba_misuse> reports;

    static void handler(void *context, const ba_misuse *misuse) {
        static_cast<Record *>(context)->reports.push_back(*misuse);
    }
};

class Misuse : public ::testing::Test {
  protected:
    void TearDown() override {
        ba_misuse_set_handler({nullptr, nullptr});
        ba_misuse_set_severity(BA_SEVERITY_PANIC);
    }

    ba_error reject() {
        return ba_misuse_reject("small", "free", BA_SIZE_MISMATCH,
                                ba_memory_of(memory_, ba_bytes(64)), ba_bytes(128), ba_align(16),
                                ba_call_site_of_text("main.c:12"));
    }

    Record record_;
    char memory_[64] = {};
};

using MisuseDeathTest = Misuse;

TEST_F(Misuse, PanicsAtFirst) {
    EXPECT_EQ(ba_misuse_severity(), BA_SEVERITY_PANIC);
}

TEST_F(Misuse, SettingTheSeverityReturnsTheOneBefore) {
    EXPECT_EQ(ba_misuse_set_severity(BA_SEVERITY_LOG), BA_SEVERITY_PANIC);
    EXPECT_EQ(ba_misuse_severity(), BA_SEVERITY_LOG);
    EXPECT_EQ(ba_misuse_set_severity(BA_SEVERITY_PANIC), BA_SEVERITY_LOG);
}

TEST_F(Misuse, SettingTheHandlerReturnsTheOneBefore) {
    const ba_misuse_handler first = ba_misuse_set_handler({Record::handler, &record_});
    EXPECT_EQ(first.function, nullptr);
    EXPECT_EQ(first.context, nullptr);
    const ba_misuse_handler second = ba_misuse_set_handler({nullptr, nullptr});
    EXPECT_EQ(second.function, &Record::handler);
    EXPECT_EQ(second.context, &record_);
}

TEST_F(Misuse, RejectPassesEverythingToTheHandler) {
    ba_misuse_set_handler({Record::handler, &record_});
    ba_misuse_set_severity(BA_SEVERITY_LOG);
    EXPECT_EQ(reject().code, BA_SIZE_MISMATCH);
    ASSERT_EQ(record_.reports.size(), 1u);
    const ba_misuse &misuse = record_.reports[0];
    EXPECT_EQ(misuse.severity, BA_SEVERITY_LOG);
    EXPECT_EQ(misuse.error.code, BA_SIZE_MISMATCH);
    EXPECT_STREQ(misuse.allocator, "small");
    EXPECT_STREQ(misuse.operation, "free");
    EXPECT_EQ(ba_memory_pointer(misuse.memory), memory_);
    EXPECT_EQ(ba_memory_length(misuse.memory).bytes, 64u);
    EXPECT_EQ(misuse.expected.bytes, 128u);
    EXPECT_EQ(misuse.alignment.bytes, 16u);
    EXPECT_STREQ(misuse.site.text, "main.c:12");
    EXPECT_TRUE(ba_call_site_is_none(misuse.origin));
    EXPECT_EQ(misuse.live_count, 0u);
    EXPECT_EQ(misuse.live_length.bytes, 0u);
    EXPECT_EQ(misuse.live, nullptr);
    EXPECT_EQ(misuse.live_shown, 0u);
}

TEST_F(Misuse, AReportKeepsItsOwnSeverity) {
    ba_misuse_set_handler({Record::handler, &record_});
    ba_misuse misuse = {};
    misuse.severity = BA_SEVERITY_LOG;
    misuse.error = ba_error_of(BA_MOVED);
    EXPECT_EQ(ba_misuse_report(&misuse).code, BA_MOVED) << "though the common one is to panic";
    EXPECT_EQ(record_.reports.size(), 1u);
}

TEST_F(Misuse, WithoutAHandlerALogIsOneLine) {
    ba_misuse misuse = {};
    misuse.severity = BA_SEVERITY_LOG;
    misuse.error = ba_error_of(BA_MOVED);
    misuse.allocator = "small";
    misuse.operation = "alloc";
    ::testing::internal::CaptureStderr();
    EXPECT_EQ(ba_misuse_report(&misuse).code, BA_MOVED);
    EXPECT_EQ(::testing::internal::GetCapturedStderr(),
              "small: alloc(): MOVED, the allocator was moved after its first use\n");
}

TEST_F(MisuseDeathTest, WithoutAHandlerAPanicIsOneLineAndAborts) {
    EXPECT_EXIT(
        reject(), ::testing::KilledBySignal(SIGABRT),
        "^small: free\\(0x[0-9a-f]+, 64\\): SIZE_MISMATCH, the length is not that of the memory; "
        "expected 128, at main.c:12\n$");
}

TEST_F(MisuseDeathTest, APanicEndsTheProgramThoughTheHandlerReturns) {
    ba_misuse_set_handler({Record::handler, &record_});
    EXPECT_DEATH(reject(), "");
}

} // namespace
