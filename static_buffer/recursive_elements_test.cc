// Trees of lists in C++; elements_c_test has them in C.
#include "testing/buffers/recursive_elements.h"
#include "gtest/gtest.h"

namespace {

TEST(RecursiveElementsTest, AListHoldsElementsWithListsOfThem) {
    node_blocks = ba_libc_block_allocator();
    node root = tree_of(4);
    EXPECT_EQ(nodes_in(&root), 65u);
    sab_append(&root.children, node{7, {nullptr, 0, 0}});
    EXPECT_EQ(nodes_in(&root), 66u);
    node_drop(&root);
    EXPECT_EQ(nodes_in(&root), 1u);
}

} // namespace
