#include "pba/accounting.h"

#include "gtest/gtest.h"

namespace {

pba_accounting with_statistics() {
    pba_accounting accounting = {};
    accounting.statistics = true;
    return accounting;
}

TEST(Accounting, ChunksComeAndGo) {
    pba_accounting accounting = with_statistics();
    pba_account_more(&accounting, 100);
    pba_account_more(&accounting, 50);
    pba_account_less(&accounting, 100);
    pba_account_more(&accounting, 30);
    EXPECT_EQ(accounting.blocks, 80u);
    EXPECT_EQ(accounting.peak_blocks, 150u);
    pba_account_more(&accounting, 71);
    EXPECT_EQ(accounting.peak_blocks, 151u);
}

TEST(Accounting, SpansComeAndGo) {
    pba_accounting accounting = with_statistics();
    pba_account_alloc(&accounting, 10);
    pba_account_alloc(&accounting, 5);
    pba_account_free(&accounting, 10);
    EXPECT_EQ(pba_account_in_use(&accounting), 5u);
    EXPECT_EQ(accounting.peak_in_use, 15);
    EXPECT_EQ(pba_account_spans(&accounting), 1u);
    EXPECT_EQ(accounting.allocations, 2u);
    EXPECT_EQ(accounting.frees, 1u);
    pba_account_alloc(&accounting, 10);
    EXPECT_EQ(accounting.peak_in_use, 15) << "as much as once before";
}

TEST(Accounting, ResizesMoveThePeakOnlyByWhatIsAdded) {
    pba_accounting accounting = with_statistics();
    pba_account_alloc(&accounting, 10);
    pba_account_resize(&accounting, 10, 14);
    EXPECT_EQ(pba_account_in_use(&accounting), 14u);
    EXPECT_EQ(accounting.peak_in_use, 14);
    pba_account_resize(&accounting, 14, 2);
    EXPECT_EQ(pba_account_in_use(&accounting), 2u);
    EXPECT_EQ(accounting.peak_in_use, 14);
    EXPECT_EQ(accounting.resizes, 2u);
    EXPECT_EQ(pba_account_spans(&accounting), 1u);
}

TEST(Accounting, Failures) {
    pba_accounting accounting = with_statistics();
    pba_account_failure(&accounting);
    pba_account_failure(&accounting);
    EXPECT_EQ(accounting.failures, 2u);
}

TEST(Accounting, AResetFreesAllSpans) {
    pba_accounting accounting = with_statistics();
    pba_account_more(&accounting, 100);
    pba_account_alloc(&accounting, 1);
    pba_account_alloc(&accounting, 2);
    pba_account_alloc(&accounting, 3);
    pba_account_free(&accounting, 2);
    pba_account_reset(&accounting);
    EXPECT_EQ(pba_account_in_use(&accounting), 0u);
    EXPECT_EQ(pba_account_spans(&accounting), 0u);
    EXPECT_EQ(accounting.frees, 3u);
    EXPECT_EQ(accounting.peak_in_use, 6);
    EXPECT_EQ(accounting.blocks, 100u);
}

TEST(Accounting, WithoutStatisticsOnlyWhatThePolicyNeeds) {
    pba_accounting accounting = {};
    pba_account_more(&accounting, 100);
    pba_account_alloc(&accounting, 10);
    pba_account_alloc(&accounting, 20);
    pba_account_resize(&accounting, 20, 25);
    pba_account_free(&accounting, 10);
    pba_account_failure(&accounting);
    pba_account_less(&accounting, 40);
    EXPECT_EQ(accounting.blocks, 60u);
    EXPECT_EQ(pba_account_in_use(&accounting), 25u);
    EXPECT_EQ(accounting.peak_in_use, 0);
    EXPECT_EQ(accounting.peak_blocks, 0u);
    EXPECT_EQ(pba_account_spans(&accounting), 0u);
    EXPECT_EQ(accounting.allocations, 0u);
    EXPECT_EQ(accounting.frees, 0u);
    EXPECT_EQ(accounting.resizes, 0u);
    EXPECT_EQ(accounting.failures, 0u);
    pba_account_reset(&accounting);
    EXPECT_EQ(pba_account_in_use(&accounting), 0u);
    EXPECT_EQ(accounting.frees, 0u);
}

} // namespace
