#define PBA_INTERNAL_

#include "pba/engine/accounting.h"

#include "gtest/gtest.h"

namespace {

pba_accounting with_statistics() {
    pba_accounting accounting = {};
    pba_count_begin(&accounting, true, PBA_ACCOUNT_FOR_EVER);
    return accounting;
}

TEST(Accounting, ChunksComeAndGo) {
    pba_accounting accounting = with_statistics();
    pba_count_chunk_added(&accounting, 100);
    pba_count_chunk_added(&accounting, 50);
    pba_count_chunk_removed(&accounting, 100);
    pba_count_chunk_added(&accounting, 30);
    EXPECT_EQ(accounting.blocks, 80u);
    EXPECT_EQ(accounting.peak_blocks, 150u);
    pba_count_chunk_added(&accounting, 71);
    EXPECT_EQ(accounting.peak_blocks, 151u);
}

TEST(Accounting, SpansComeAndGo) {
    pba_accounting accounting = with_statistics();
    pba_count_alloc(&accounting, 10);
    pba_count_alloc(&accounting, 5);
    pba_count_free(&accounting, 10, PBA_MAY_END);
    EXPECT_EQ(pba_count_in_use(&accounting), 5u);
    EXPECT_EQ(accounting.peak_in_use, 15);
    EXPECT_EQ(pba_count_spans(&accounting), 1u);
    EXPECT_EQ(accounting.allocations, 2u);
    EXPECT_EQ(pba_count_frees(&accounting), 1u);
    pba_count_alloc(&accounting, 10);
    EXPECT_EQ(accounting.peak_in_use, 15) << "as much as once before";
}

TEST(Accounting, ResizesMoveThePeakOnlyByWhatIsAdded) {
    pba_accounting accounting = with_statistics();
    pba_count_alloc(&accounting, 10);
    pba_count_resize(&accounting, 10, 14);
    EXPECT_EQ(pba_count_in_use(&accounting), 14u);
    EXPECT_EQ(accounting.peak_in_use, 14);
    pba_count_resize(&accounting, 14, 2);
    EXPECT_EQ(pba_count_in_use(&accounting), 2u);
    EXPECT_EQ(accounting.peak_in_use, 14);
    EXPECT_EQ(accounting.resizes, 2u);
    EXPECT_EQ(pba_count_spans(&accounting), 1u);
}

TEST(Accounting, Failures) {
    pba_accounting accounting = with_statistics();
    pba_count_failure(&accounting);
    pba_count_failure(&accounting);
    EXPECT_EQ(accounting.failures, 2u);
}

TEST(Accounting, AResetFreesAllSpans) {
    pba_accounting accounting = with_statistics();
    pba_count_chunk_added(&accounting, 100);
    pba_count_alloc(&accounting, 1);
    pba_count_alloc(&accounting, 2);
    pba_count_alloc(&accounting, 3);
    pba_count_free(&accounting, 2, PBA_MAY_END);
    pba_count_reset(&accounting);
    EXPECT_EQ(pba_count_in_use(&accounting), 0u);
    EXPECT_EQ(pba_count_spans(&accounting), 0u);
    EXPECT_EQ(pba_count_frees(&accounting), 3u);
    EXPECT_EQ(pba_count_peak(&accounting), 6u);
    EXPECT_EQ(accounting.blocks, 100u);
}

// The slow path counts each free, the fast path those that do not end a period.
TEST(Accounting, AFreeEndsThePeriod) {
    pba_accounting accounting = {};
    pba_count_begin(&accounting, false, 3);
    pba_count_alloc(&accounting, 10);
    EXPECT_TRUE(pba_count_free_within(&accounting, 4, true));
    pba_count_free(&accounting, 3, PBA_MAY_END);
    EXPECT_FALSE(pba_count_is_at_end(&accounting));
    EXPECT_FALSE(pba_count_free_within(&accounting, 2, true)) << "it would be the last";
    pba_count_resume(&accounting);
    EXPECT_EQ(pba_count_frees(&accounting), 2u);
    EXPECT_EQ(pba_count_in_use(&accounting), 3u);
    pba_count_resume(&accounting);
    EXPECT_EQ(pba_count_frees(&accounting), 2u) << "nothing to take back";
    pba_count_free(&accounting, 2, PBA_MAY_END);
    EXPECT_TRUE(pba_count_is_at_end(&accounting));
    EXPECT_EQ(pba_count_begin_period(&accounting, 5), 10u);
    EXPECT_EQ(accounting.frees_left, 5);
    EXPECT_EQ(pba_count_frees(&accounting), 3u);
    EXPECT_EQ(pba_count_in_use(&accounting), 1u);
}

TEST(Accounting, APeriodThatMustNotEndBecomesLonger) {
    pba_accounting accounting = {};
    pba_count_begin(&accounting, false, 2);
    pba_count_alloc(&accounting, 3);
    for (int i = 0; i < 3; i++) {
        pba_count_free(&accounting, 1, PBA_MUST_NOT_END);
    }
    EXPECT_FALSE(pba_count_is_at_end(&accounting));
    EXPECT_EQ(accounting.frees_left, 1);
    EXPECT_EQ(pba_count_frees(&accounting), 3u);
}

TEST(Accounting, EachPeriodHasItsPeak) {
    pba_accounting accounting = {};
    pba_count_begin(&accounting, false, 1);
    pba_count_alloc(&accounting, 10);
    pba_count_free(&accounting, 7, PBA_MAY_END);
    EXPECT_EQ(pba_count_begin_period(&accounting, 1), 10u);
    pba_count_alloc(&accounting, 1);
    pba_count_free(&accounting, 1, PBA_MAY_END);
    EXPECT_EQ(pba_count_begin_period(&accounting, 1), 4u);
    EXPECT_EQ(pba_count_begin_period(&accounting, 1), 3u) << "what is in use all the time";
    EXPECT_EQ(pba_count_peak(&accounting), 10u);
    pba_count_alloc(&accounting, 8);
    EXPECT_EQ(pba_count_peak(&accounting), 11u);
}

TEST(Accounting, AResetTakesNoTime) {
    pba_accounting accounting = {};
    pba_count_begin(&accounting, true, 3);
    for (int i = 0; i < 10; i++) {
        pba_count_alloc(&accounting, 1);
    }
    pba_count_free(&accounting, 1, PBA_MAY_END);
    pba_count_reset(&accounting);
    EXPECT_EQ(pba_count_frees(&accounting), 10u);
    EXPECT_EQ(accounting.frees_left, 2);
}

TEST(Accounting, WithoutStatisticsOnlyWhatThePolicyNeeds) {
    pba_accounting accounting = {};
    pba_count_begin(&accounting, false, PBA_ACCOUNT_FOR_EVER);
    pba_count_chunk_added(&accounting, 100);
    pba_count_alloc(&accounting, 10);
    pba_count_alloc(&accounting, 20);
    pba_count_resize(&accounting, 20, 25);
    pba_count_free(&accounting, 10, PBA_MAY_END);
    pba_count_failure(&accounting);
    pba_count_chunk_removed(&accounting, 40);
    EXPECT_EQ(accounting.blocks, 60u);
    EXPECT_EQ(pba_count_in_use(&accounting), 25u);
    EXPECT_EQ(accounting.peak_in_use, 0);
    EXPECT_EQ(accounting.peak_blocks, 0u);
    EXPECT_EQ(pba_count_spans(&accounting), 0u);
    EXPECT_EQ(accounting.allocations, 0u);
    EXPECT_EQ(pba_count_frees(&accounting), 0u);
    EXPECT_EQ(accounting.resizes, 0u);
    EXPECT_EQ(accounting.failures, 0u);
    pba_count_reset(&accounting);
    EXPECT_EQ(pba_count_in_use(&accounting), 0u);
    EXPECT_EQ(pba_count_frees(&accounting), 0u);
}

} // namespace
