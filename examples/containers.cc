// The three ways in which C++ asks for memory, all of them with a pool behind.
#include <iostream>
#include <list>
#include <map>
#include <memory>
#include <memory_resource>

#include "block_allocator/backing/page_allocator.h"
#include "cpp/allocator.h"
#include "cpp/class_new.h"
#include "cpp/memory_resource.h"

#define PBA_NAME node_pool
#define PBA_BLOCK_SIZE 64
#define PBA_BYTE_LIMIT 65536
#include "pba/define.h"

namespace {

node_pool pool = node_pool_new(ba_page_allocator());

struct node_memory {
    static ba_block_allocator allocator() { return node_pool_block_allocator(&pool); }
};

struct point : ba::class_new<node_memory> {
    double x = 0;
    double y = 0;
};

void use_pool() {
    ba::memory_resource nodes(node_memory::allocator());
    std::pmr::map<int, int> squares(&nodes);
    std::list<int, ba::allocator<int>> numbers(node_memory::allocator());
    const std::unique_ptr<point> origin(new point);
    try {
        for (int i = 1;; i++) {
            squares.emplace(i, i * i);
            numbers.push_back(i);
        }
    } catch (const ba::bad_alloc &refusal) {
        std::cout << "more than 100 numbers: " << (numbers.size() > 100) << "\n"
                  << "and then: " << refusal.what() << "\n";
    }
}

} // namespace

int main() {
    use_pool();
    std::cout << "in use: " << node_pool_stats(&pool).in_use.bytes << "\n";
    node_pool_release_all(&pool, PBA_REPORT_IN_USE);
    return 0;
}
