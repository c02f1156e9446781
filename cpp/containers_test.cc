// The standard's containers over an exact allocator, over one of whole spans, over pools and over
// the C library, through ba::allocator and from C++17 on through ba::memory_resource, and objects
// of a class with ba::class_new. Compiled as each C++ from C++11 on. Without GoogleTest, whose
// later releases refuse the older ones.
//
// With exceptions, each load is done again and again with a backing that refuses its first call,
// then its second, and so on until nothing is refused any more; nothing may be lost on the way.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <deque>
#include <forward_list>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>
#if __cplusplus >= 201703L
#include <memory_resource>
#include <optional>
#endif

#include "block_allocator/backing/libc_allocator.h"
#include "block_allocator/forwarding/tracking_allocator.h"
#include "cpp/allocator.h"
#include "cpp/class_new.h"
#if __cplusplus >= 201703L
#include "cpp/memory_resource.h"
#endif
#include "testing/strict_backing.h"

#define PBA_NAME node_pool
#define PBA_BLOCK_SIZE 64
#define PBA_BACKING_REQUEST_SIZE 1024
#include "pba/define.h"

#define EXPECT(condition) expect((condition), __LINE__, #condition)

namespace {

int failures = 0;

void expect(bool holds, int line, const char *condition) {
    if (!holds) {
        (void)std::fprintf(stderr, "line %d: %s does not hold\n", line, condition);
        failures++;
    }
}

constexpr int kCount = 40;

// --- containers of both kinds

// What takes its memory from ba::allocator.
struct Static {
    template <typename T>
    using Allocator = ba::allocator<T>;
    using String = std::basic_string<char, std::char_traits<char>, Allocator<char>>;
    using Vector = std::vector<int, Allocator<int>>;
    using Texts = std::vector<String, Allocator<String>>;
    using List = std::list<int, Allocator<int>>;
    using ForwardList = std::forward_list<int, Allocator<int>>;
    using Deque = std::deque<int, Allocator<int>>;
    using Set = std::set<int, std::less<int>, Allocator<int>>;
    using Map = std::map<int, String, std::less<int>, Allocator<std::pair<const int, String>>>;
    using Table = std::unordered_map<int, String, std::hash<int>, std::equal_to<int>,
                                     Allocator<std::pair<const int, String>>>;
};

#if __cplusplus >= 201703L
// What takes it from ba::memory_resource.
struct Polymorphic {
    using String = std::pmr::string;
    using Vector = std::pmr::vector<int>;
    using Texts = std::pmr::vector<String>;
    using List = std::pmr::list<int>;
    using ForwardList = std::pmr::forward_list<int>;
    using Deque = std::pmr::deque<int>;
    using Set = std::pmr::set<int>;
    using Map = std::pmr::map<int, String>;
    using Table = std::pmr::unordered_map<int, String>;
};
#endif

// --- loads: each fills containers, checks them and lets them go

const char *long_text(int number) {
    static const char *const texts[] = {
        "a text that fits into no string without memory",
        "another that has twice the length of the one above, and then some more to be sure of that",
    };
    return texts[number % 2];
}

template <typename Kind, typename Source>
void load_vector(const Source &source) {
    typename Kind::Vector numbers(source);
    for (int i = 0; i < kCount; i++) {
        numbers.push_back(i);
    }
    const typename Kind::Vector copy(numbers, source);
    numbers.resize(3);
    numbers.shrink_to_fit();
    EXPECT(numbers.size() == 3 && numbers[2] == 2);
    EXPECT(copy.size() == kCount && copy.back() == kCount - 1);
    typename Kind::Vector moved(std::move(numbers));
    EXPECT(moved.size() == 3);
    moved.insert(moved.begin(), copy.begin(), copy.end());
    EXPECT(moved.size() == kCount + 3 && moved[kCount] == 0);
}

template <typename Kind, typename Source>
void load_string(const Source &source) {
    typename Kind::String text(source);
    for (int i = 0; i < kCount; i++) {
        text.append(long_text(i));
    }
    EXPECT(text.compare(0, 6, "a text") == 0);
    typename Kind::Texts texts(source);
    for (int i = 0; i < kCount; i++) {
        texts.push_back(typename Kind::String(long_text(i), source));
    }
    EXPECT(texts[1] == long_text(1));
}

template <typename Kind, typename Source>
void load_lists(const Source &source) {
    typename Kind::List numbers(source);
    typename Kind::List others(source);
    typename Kind::ForwardList forward(source);
    for (int i = 0; i < kCount; i++) {
        numbers.push_back(i);
        others.push_front(i);
        forward.push_front(i);
    }
    numbers.splice(numbers.end(), others);
    EXPECT(numbers.size() == 2 * kCount && others.empty());
    numbers.remove(7);
    EXPECT(numbers.size() == 2 * kCount - 2);
    numbers.sort();
    EXPECT(numbers.front() == 0 && numbers.back() == kCount - 1);
    EXPECT(forward.front() == kCount - 1);
}

template <typename Kind, typename Source>
void load_deque(const Source &source) {
    typename Kind::Deque numbers(source);
    for (int i = 0; i < 10 * kCount; i++) {
        numbers.push_back(i);
        numbers.push_front(i);
        numbers.push_front(i);
        numbers.pop_back();
    }
    EXPECT(numbers.size() == 20 * kCount && numbers.front() == 10 * kCount - 1);
}

template <typename Kind, typename Map, typename Source>
void fill_and_erase(Map *map, const Source &source) {
    for (int i = 0; i < kCount; i++) {
        map->emplace(i, typename Kind::String(long_text(i), source));
    }
    for (int i = 0; i < kCount; i += 2) {
        map->erase(i);
    }
    EXPECT(map->size() == kCount / 2 && map->at(1) == long_text(1));
}

template <typename Kind, typename Source>
void load_maps(const Source &source) {
    typename Kind::Map map(source);
    fill_and_erase<Kind>(&map, source);
    const typename Kind::Map copy(map, source);
    EXPECT(copy == map);
    typename Kind::Set set(source);
    set.insert(1);
    EXPECT(!set.insert(1).second);
}

template <typename Kind, typename Source>
void load_table(const Source &source) {
    typename Kind::Table table(source);
    fill_and_erase<Kind>(&table, source);
    table.rehash(10 * kCount);
    EXPECT(table.size() == kCount / 2);
}

// Everything at once, so that what is refused hits containers of all kinds.
template <typename Kind, typename Source>
void load_all(const Source &source) {
    load_vector<Kind>(source);
    load_string<Kind>(source);
    load_lists<Kind>(source);
    load_deque<Kind>(source);
    load_maps<Kind>(source);
    load_table<Kind>(source);
}

// --- objects of a class

ba_allocator objects_memory;

struct ObjectsMemory {
    static ba_allocator allocator() { return objects_memory; }
};

class Node : public ba::class_new<ObjectsMemory> {
  public:
    explicit Node(int number = 0) : number_(number) {}
    Node(const Node &) = delete;
    Node &operator=(const Node &) = delete;
    virtual ~Node() {}
    int number() const { return number_; }

  private:
    int number_;
};

class LongNode : public Node {
  public:
    char more[100];

    explicit LongNode(int number)
        : Node(number), more(), text_(ba::allocator<char>(objects_memory)) {
        text_ = long_text(number);
    }

  private:
    Static::String text_;
};

void load_objects(ba_allocator allocator) {
    objects_memory = allocator;
    std::unique_ptr<Node> first(new Node(1));
    std::unique_ptr<Node> second(new LongNode(2));
    std::unique_ptr<Node[]> several(new Node[5]);
    EXPECT(first->number() == 1 && second->number() == 2 && several[4].number() == 0);
    std::unique_ptr<Node> maybe(new (ba::nothrow{}) LongNode(3));
    EXPECT(maybe == nullptr || maybe->number() == 3);
    const std::unique_ptr<Node[]> maybe_several(new (ba::nothrow{}) Node[3]);
    EXPECT(maybe_several == nullptr || maybe_several[2].number() == 0);
}

// Every load over an allocator of either kind.
template <typename Interface>
void load_everything(Interface interface) {
    load_all<Static>(ba::allocator<int>(interface));
#if __cplusplus >= 201703L
    ba::memory_resource resource(interface);
    load_all<Polymorphic>(&resource);
#endif
    load_objects(ba::allocator<int>(interface).upstream());
}

// --- what they run over

// A backing that ends the program where something is wrong.
ba_testing::StrictBackingOptions by_the_rules(std::size_t block_size) {
    ba_testing::StrictBackingOptions options;
    options.block_size = block_size;
    options.by_the_rules = true;
    return options;
}

void test_backing_that_knows_each_grant() {
    for (const std::size_t block_size : {std::size_t{1}, std::size_t{64}}) {
        ba_testing::StrictBacking backing(by_the_rules(block_size));
        load_everything(backing.allocator());
        load_everything(backing.block_allocator());
        EXPECT(backing.calls() > 100);
        EXPECT(backing.grants() == 0);
    }
}

void test_libc() {
    load_everything(ba_libc_block_allocator());
    ba_tracking_allocator tracking;
    ba_tracking_allocator_init(&tracking, "libc", ba_libc_allocator(), ba_libc_allocator());
    load_everything(ba_tracking_allocator_allocator(&tracking));
    EXPECT(!ba_failed(ba_tracking_allocator_release(&tracking)));
}

void test_pool() {
    ba_testing::StrictBacking backing(by_the_rules(1));
    node_pool pool = node_pool_new(backing.allocator());
    load_everything(node_pool_allocator(&pool));
    load_everything(node_pool_block_allocator(&pool));
    EXPECT(node_pool_stats(&pool).in_use.bytes == 0);
    EXPECT(!ba_failed(node_pool_release_all(&pool, PBA_REPORT_IN_USE)));
    EXPECT(backing.grants() == 0);
}

#if defined(__cpp_exceptions)
// --- every refusal

enum class Refuse { kOne, kAllAfter };

void refuse(ba_testing::StrictBacking *backing, Refuse how, std::size_t call) {
    if (how == Refuse::kOne) {
        backing->refuse_nth(call);
    } else {
        backing->refuse_from(call);
    }
}

// Whether it went without an exception; one carries the refusal.
template <typename Load>
bool succeeds(const Load &load) {
    try {
        load();
        return true;
    } catch (const ba::bad_alloc &error) {
        EXPECT(error.error().code == BA_OUT_OF_MEMORY);
        return false;
    }
}

// The load gets an allocator. Of all refusals, at least so many must have thrown: a pool finds a way
// round one refusal, and fails if there are more.
template <typename Load>
void try_each_refusal(std::size_t least, const Load &load) {
    std::size_t thrown = 0;
    for (const Refuse how : {Refuse::kOne, Refuse::kAllAfter}) {
        bool is_refused = true;
        for (std::size_t call = 1; is_refused; call++) {
            ba_testing::StrictBacking backing(by_the_rules(1));
            refuse(&backing, how, call);
            const bool good = succeeds([&] { load(backing.block_allocator()); });
            is_refused = backing.refused() != 0;
            EXPECT(good || is_refused);
            EXPECT(backing.grants() == 0);
            thrown += good ? 0 : 1;
        }
    }
    EXPECT(thrown >= least);
}

template <typename Load>
void try_each_refusal_of_pool(std::size_t least, const Load &load) {
    try_each_refusal(least, [&](ba_block_allocator backing) {
        node_pool pool = node_pool_new_over_blocks(backing);
        const bool good = succeeds([&] { load(node_pool_block_allocator(&pool)); });
        EXPECT(node_pool_stats(&pool).in_use.bytes == 0);
        EXPECT(!ba_failed(node_pool_release_all(&pool, PBA_REPORT_IN_USE)));
        if (!good) {
            throw ba::bad_alloc(ba_error_of(BA_OUT_OF_MEMORY));
        }
    });
}

void test_every_refusal() {
    const auto loads_static = [](ba_block_allocator blocks) {
        load_all<Static>(ba::allocator<int>(blocks));
    };
    try_each_refusal(500, loads_static);
    try_each_refusal_of_pool(10, loads_static);
#if __cplusplus >= 201703L
    const auto loads_polymorphic = [](ba_block_allocator blocks) {
        ba::memory_resource resource(blocks);
        load_all<Polymorphic>(&resource);
    };
    try_each_refusal(500, loads_polymorphic);
    try_each_refusal_of_pool(10, loads_polymorphic);
#endif
    const auto loads_objects = [](ba_block_allocator blocks) {
        load_objects(ba_as_allocator(blocks));
    };
    try_each_refusal(10, loads_objects);
    try_each_refusal_of_pool(1, loads_objects);
}

// A container that could not grow is as it was.
void test_refused_growth_changes_nothing() {
    ba_testing::StrictBacking backing(by_the_rules(1));
    {
        Static::Vector numbers(4, 7, backing.allocator());
        backing.refuse_nth(1);
        EXPECT(!succeeds([&] { numbers.resize(100); }));
        EXPECT(numbers == Static::Vector(4, 7, backing.allocator()));
        Static::List list(backing.allocator());
        list.push_back(1);
        backing.refuse_nth(1);
        EXPECT(!succeeds([&] { list.push_back(2); }));
        EXPECT(list.size() == 1);
    }
    EXPECT(backing.grants() == 0);
}
#endif

} // namespace

int main() {
    test_backing_that_knows_each_grant();
    test_libc();
    test_pool();
#if defined(__cpp_exceptions)
    test_every_refusal();
    test_refused_growth_changes_nothing();
#endif
    return failures == 0 ? 0 : 1;
}
