/* Elements that hold a list of their own type. For recursive_elements_test, in C and C++. */
#ifndef TESTING_BUFFERS_RECURSIVE_ELEMENTS_H_
#define TESTING_BUFFERS_RECURSIVE_ELEMENTS_H_

#include <stddef.h>

#include "block_allocator/backing/libc_allocator.h"
#include "block_allocator/internal/language.h"

BA_HEADER_BEGIN

/* NOLINTBEGIN(misc-no-recursion): a tree is dropped, made and counted by recursion. */

static ba_block_allocator node_blocks;

typedef struct node node;

#define SAB_NAME nodes
#define SAB_TYPE node
#define SAB_FORWARD
#include "static_buffer/define.h"

struct node {
    int value;
    nodes_list children;
};

static void node_drop(node *self);

#define SAB_NAME nodes
#define SAB_TYPE node
#define SAB_ALLOCATOR node_blocks
#define SAB_DROP node_drop
#define SAB_FORWARDED
#include "static_buffer/define.h"

static void node_drop(node *self) {
    sab_release(&self->children);
}

static inline node node_of(int value) {
    node self;
    self.value = value;
    self.children.ptr = NULL;
    self.children.len = 0;
    self.children.cap = 0;
    return self;
}

/* A tree: in each node as many children as its value, whose values are smaller by one. */
static inline node tree_of(int value) {
    node self = node_of(value);
    for (int i = 0; i < value; i++) {
        sab_append(&self.children, tree_of(value - 1));
    }
    return self;
}

static inline size_t nodes_in(const node *self) {
    size_t count = 1;
    for (size_t i = 0; i < self->children.len; i++) {
        count += nodes_in(&self->children.ptr[i]);
    }
    return count;
}

/* NOLINTEND(misc-no-recursion) */

BA_HEADER_END

#endif /* TESTING_BUFFERS_RECURSIVE_ELEMENTS_H_ */
