// Lets std::map, std::list and std::unordered_map churn over a pool with blocks of 64 bytes, over
// std::pmr::unsynchronized_pool_resource and over new and delete, in turn, and prints how long a
// step takes with each, and the medians of the ratios of the pool to the others. Fails if one to
// the standard's pools is above its bound.
//
//     containers [ROUNDS]   9 otherwise
//
// A round makes the memory and a container, fills it, and measures the steps that follow, each of
// which erases one element and inserts another:
//
//     by place: erases one that lies anywhere, without a search; the new one comes last
//     by key: looks for a key and for another, which takes the container longer than the memory
//
// The nodes of all containers have 64 bytes, as the blocks. A thousand of them lie in the cache of
// the processor; with a hundred thousand, most of the time goes into waiting for memory.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <list>
#include <map>
#include <memory_resource>
#include <unordered_map>
#include <utility>
#include <vector>

#include "bench/peers/meter.h"
#include "block_allocator/backing/page_allocator.h"
#include "cpp/memory_resource.h"

#define PBA_NAME node_pool
#define PBA_BLOCK_SIZE 64
#define PBA_BACKING_REQUEST_SIZE 65536
#include "pba/define.h"

namespace {

constexpr std::size_t kDefaultRounds = 9;
constexpr std::size_t kSteps = 100000;
constexpr std::size_t kLive = 1000;
constexpr std::size_t kManyLive = 100000;

// Of the ratio to the standard's pools: where it is allocation that takes the time, and elsewhere.
constexpr double kBound = 0.8;
constexpr double kBoundElsewhere = 1;

// --- containers

template <std::size_t Words>
struct Value {
    explicit Value(std::uint64_t number = 0) : words{number} {}
    std::uint64_t words[Words];
};

// With what a container puts beside it, a value makes 64 bytes on 64-bit machines.
constexpr std::size_t kBesideInTree = 5; // a colour, three pointers and the key
constexpr std::size_t kBesideInList = 2;
constexpr std::size_t kBesideInTable = 2; // a pointer and the key
constexpr std::size_t kWords = 8;

using Tree = std::map<std::uint64_t, Value<kWords - kBesideInTree>>;
using PmrTree = std::pmr::map<std::uint64_t, Value<kWords - kBesideInTree>>;
using Table = std::unordered_map<std::uint64_t, Value<kWords - kBesideInTable>>;
using PmrTable = std::pmr::unordered_map<std::uint64_t, Value<kWords - kBesideInTable>>;
using List = std::list<Value<kWords - kBesideInList>>;
using PmrList = std::pmr::list<Value<kWords - kBesideInList>>;

template <typename Container>
typename Container::iterator insert_last(Container *map, std::uint64_t number) {
    return map->emplace_hint(map->end(), number, number);
}
List::iterator insert_last(List *list, std::uint64_t number) {
    return list->emplace(list->end(), number);
}
PmrList::iterator insert_last(PmrList *list, std::uint64_t number) {
    return list->emplace(list->end(), number);
}

// --- loads

// xorshift64 (Marsaglia 2003).
class Random {
  public:
    std::size_t below(std::size_t limit) {
        state_ ^= state_ << 13U;
        state_ ^= state_ >> 7U;
        state_ ^= state_ << 17U;
        return static_cast<std::size_t>(state_ >> 32U) % limit;
    }

  private:
    std::uint64_t state_ = 88172645463325252U;
};

// Each load returns the nanoseconds that its steps took.

template <typename Container>
double churn_by_place(Container *container, std::size_t live) {
    std::vector<typename Container::iterator> places;
    for (std::uint64_t number = 0; number < live; number++) {
        places.push_back(insert_last(container, number));
    }
    Random random;
    const double start = meter_ns();
    for (std::size_t step = 0; step < kSteps; step++) {
        typename Container::iterator &place = places[random.below(live)];
        container->erase(place);
        place = insert_last(container, live + step);
    }
    return meter_ns() - start;
}

// Live are half of all keys, one of each two neighbours.
template <typename Map>
double churn_by_key(Map *map, std::size_t live) {
    for (std::uint64_t key = 0; key < live; key++) {
        map->emplace(2 * key, key);
    }
    Random random;
    const double start = meter_ns();
    for (std::size_t step = 0; step < kSteps; step++) {
        const std::uint64_t even = 2 * std::uint64_t{random.below(live)};
        if (map->erase(even) != 0) {
            map->emplace(even + 1, step);
        } else {
            map->erase(even + 1);
            map->emplace(even, step);
        }
    }
    return meter_ns() - start;
}

// --- memory

template <typename Container>
double over_pool(double (*load)(Container *container, std::size_t live), std::size_t live) {
    node_pool pool = node_pool_new(ba_page_allocator());
    double ns = 0;
    {
        ba::memory_resource resource(node_pool_block_allocator(&pool));
        Container container(&resource);
        ns = load(&container, live);
    }
    if (ba_failed(node_pool_release_all(&pool, PBA_REPORT_IN_USE))) {
        meter_die("containers: the pool is in use");
    }
    return ns;
}

template <typename Container>
double over_std_pool(double (*load)(Container *container, std::size_t live), std::size_t live) {
    std::pmr::unsynchronized_pool_resource resource;
    Container container(&resource);
    return load(&container, live);
}

template <typename Container>
double over_new(double (*load)(Container *container, std::size_t live), std::size_t live) {
    Container container;
    return load(&container, live);
}

struct Subject {
    const char *name;
    double bound; // with a thousand
    double (*pool)(std::size_t live);
    double (*std_pool)(std::size_t live);
    double (*new_and_delete)(std::size_t live);
};

template <typename Std, typename Pmr>
constexpr Subject by_place(const char *name) {
    return {name, kBound,
            [](std::size_t live) { return over_pool<Pmr>(churn_by_place<Pmr>, live); },
            [](std::size_t live) { return over_std_pool<Pmr>(churn_by_place<Pmr>, live); },
            [](std::size_t live) { return over_new<Std>(churn_by_place<Std>, live); }};
}

template <typename Std, typename Pmr>
constexpr Subject by_key(const char *name) {
    return {name, kBoundElsewhere,
            [](std::size_t live) { return over_pool<Pmr>(churn_by_key<Pmr>, live); },
            [](std::size_t live) { return over_std_pool<Pmr>(churn_by_key<Pmr>, live); },
            [](std::size_t live) { return over_new<Std>(churn_by_key<Std>, live); }};
}

const Subject subjects[] = {
    by_place<Tree, PmrTree>("map by place"),
    by_place<List, PmrList>("list by place"),
    by_place<Table, PmrTable>("unordered_map by place"),
    by_key<Tree, PmrTree>("map by key"),
    by_key<Table, PmrTable>("unordered_map by key"),
};

// --- measuring

double median(std::vector<double> numbers) {
    std::sort(numbers.begin(), numbers.end());
    return numbers[numbers.size() / 2];
}

// Whether the ratio is within its bound.
bool measure(const Subject &subject, std::size_t live, std::size_t rounds) {
    std::vector<double> pool_ns;
    std::vector<double> std_pool_ns;
    std::vector<double> new_ns;
    std::vector<double> to_std_pool;
    std::vector<double> to_new;
    for (std::size_t round = 0; round < rounds; round++) {
        pool_ns.push_back(subject.pool(live) / kSteps);
        std_pool_ns.push_back(subject.std_pool(live) / kSteps);
        new_ns.push_back(subject.new_and_delete(live) / kSteps);
        to_std_pool.push_back(pool_ns.back() / std_pool_ns.back());
        to_new.push_back(pool_ns.back() / new_ns.back());
    }
    const double ratio = median(to_std_pool);
    const double bound = live == kLive ? subject.bound : kBoundElsewhere;
    const bool good = ratio <= bound;
    (void)std::printf("| %-22s | %6zu | %6.1f | %8.1f | %6.1f | %6.2f | %6.2f | %3.1f %-6s |\n",
                      subject.name, live, median(pool_ns), median(std_pool_ns), median(new_ns),
                      median(to_new), ratio, bound, good ? "met" : "FAILED");
    return good;
}

} // namespace

int main(int argc, char **argv) {
    const std::size_t rounds = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : kDefaultRounds;
    if (rounds == 0) {
        meter_die("containers: not a number of rounds");
    }
    (void)std::printf(
        "%zu steps, nanoseconds for each, medians of %zu rounds:\n\n"
        "| container              |   live |   pool | std pool |    new | to new | to "
        "std | bound      |\n"
        "|---|---:|---:|---:|---:|---:|---:|---|\n",
        kSteps, rounds);
    bool good = true;
    for (const Subject &subject : subjects) {
        for (const std::size_t live : {kLive, kManyLive}) {
            good = measure(subject, live, rounds) && good;
        }
    }
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
