#include "cpp/class_new.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <vector>

#include "testing/misuse_recorder.h"
#include "testing/strict_backing.h"
#include "gtest/gtest.h"

#define PBA_NAME node_pool
#define PBA_BLOCK_SIZE 64
#define PBA_SAFETY PBA_SAFETY_ALWAYS
#define PBA_SEVERITY BA_SEVERITY_LOG
#include "pba/define.h"

namespace {

using ba_testing::MisuseRecorder;
using ba_testing::StrictBacking;

// What the classes below take their memory from. It fails the test where what comes back is not
// what was granted.
StrictBacking *backing;

struct Exact {
    static ba_allocator allocator() { return backing->allocator(); }
};
struct Whole {
    static ba_block_allocator allocator() { return backing->block_allocator(); }
};

class ClassNewTest : public testing::Test {
  protected:
    ClassNewTest() { backing = &backing_; }
    ~ClassNewTest() override { backing = nullptr; }

  private:
    StrictBacking backing_;
};

struct Point : ba::class_new<Exact> {
    std::int32_t x = 0;
    std::int32_t y = 0;
    std::int32_t z = 0;
};

// Derived, and derived from two classes, of which the second does not begin where the object does.
class Shape : public ba::class_new<Whole> {
  public:
    Shape() = default;
    Shape(const Shape &) = delete;
    Shape &operator=(const Shape &) = delete;
    virtual ~Shape() = default;
    virtual int corners() const { return 0; }
};
class Named {
  public:
    Named() = default;
    Named(const Named &) = delete;
    Named &operator=(const Named &) = delete;
    virtual ~Named() = default;
    char name[20] = "";
};
class Square : public Named, public Shape {
  public:
    int corners() const override { return 4; }
    double more[10] = {};
};

struct alignas(128) Wide : ba::class_new<Exact, 128> {
    std::uint64_t number = 7;
};

struct WithDestructor : ba::class_new<Exact> {
    ~WithDestructor() { destroyed++; }
    static int destroyed;
    char byte = 0;
};
int WithDestructor::destroyed;

TEST_F(ClassNewTest, OneObjectIsAsLongAsItsType) {
    const std::unique_ptr<Point> point(new Point);
    EXPECT_EQ(backing->bytes(), sizeof(Point));
    EXPECT_TRUE(backing->contains(point.get(), sizeof(Point)));
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(point.get()) % alignof(std::max_align_t), 0u);
    EXPECT_EQ(point->z, 0);
}

TEST_F(ClassNewTest, ArraysGoBackWithTheLengthThatTheyHad) {
    for (const std::size_t count : {std::size_t{0}, std::size_t{1}, std::size_t{10}}) {
        const std::unique_ptr<Point[]> points(new Point[count]);
        EXPECT_GE(backing->bytes(), count * sizeof(Point));
        EXPECT_NE(points.get(), nullptr);
    }
    EXPECT_EQ(backing->grants(), 0u);
    delete[] new WithDestructor[5];
    EXPECT_EQ(WithDestructor::destroyed, 5);
    EXPECT_EQ(backing->grants(), 0u);
}

TEST_F(ClassNewTest, ADerivedClassGoesBackWithItsOwnLength) {
    Square *const square = new Square;
    EXPECT_EQ(backing->bytes(), sizeof(Square));
    std::unique_ptr<Shape> shape(square);
    EXPECT_NE(static_cast<void *>(shape.get()), static_cast<void *>(square));
    EXPECT_EQ(shape->corners(), 4);
    shape.reset();
    EXPECT_EQ(backing->grants(), 0u);
    shape.reset(new Shape);
    EXPECT_EQ(backing->bytes(), sizeof(Shape));
}

TEST_F(ClassNewTest, LargerAlignmentsAreKept) {
    const std::unique_ptr<Wide> wide(new Wide);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(wide.get()) % alignof(Wide), 0u);
    EXPECT_EQ(backing->bytes(), sizeof(Wide));
    const std::unique_ptr<Wide[]> several(new Wide[3]);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(several.get()) % alignof(Wide), 0u);
    EXPECT_EQ(several[2].number, 7u);
    const std::unique_ptr<Wide> maybe(new (ba::nothrow{}) Wide);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(maybe.get()) % alignof(Wide), 0u);
    const std::unique_ptr<Wide[]> maybe_several(new (ba::nothrow{}) Wide[2]);
    EXPECT_EQ(maybe_several[1].number, 7u);
    EXPECT_EQ(backing->grants(), 4u);
}

TEST_F(ClassNewTest, NothrowIsNullWhereThereIsNoMemory) {
    backing->refuse_from(1);
    EXPECT_EQ(new (ba::nothrow{}) Point, nullptr);
    EXPECT_EQ(new (ba::nothrow{}) Point[3], nullptr);
    EXPECT_EQ(new (ba::nothrow{}) Wide, nullptr);
    EXPECT_EQ(new (ba::nothrow{}) Wide[3], nullptr);
    EXPECT_EQ(backing->refused(), 4u);
    backing->refuse_none();
    const std::unique_ptr<Point> point(new (ba::nothrow{}) Point);
    EXPECT_EQ(backing->bytes(), sizeof(Point));
    const std::unique_ptr<Point[]> points(new (ba::nothrow{}) Point[3]);
    EXPECT_NE(points, nullptr);
}

TEST_F(ClassNewTest, PlacementTakesNoMemory) {
    alignas(Wide) unsigned char room[4 * sizeof(Wide)];
    Wide *const wide = new (room) Wide;
    EXPECT_EQ(static_cast<void *>(wide), static_cast<void *>(room));
    wide->~Wide();
    std::vector<Point> points(3);
    EXPECT_EQ(backing->grants(), 0u);
}

TEST_F(ClassNewTest, DeletingNullIsNothing) {
    Point *const point = nullptr;
    delete point;
    delete[] point;
    Point::operator delete(nullptr, sizeof(Point));
    Wide *const wide = nullptr;
    delete wide;
    EXPECT_EQ(backing->frees(), 0u);
}

#if defined(__cpp_exceptions)

// --- exceptions

TEST_F(ClassNewTest, ThrowsTheReason) {
    backing->refuse_from(1);
    try {
        delete new Point;
        ADD_FAILURE() << "it must throw";
    } catch (const ba::bad_alloc &error) {
        EXPECT_EQ(error.error().code, BA_OUT_OF_MEMORY);
    }
    EXPECT_THROW(delete[] new Point[3], std::bad_alloc);
    EXPECT_THROW(delete new Wide, std::bad_alloc);
    EXPECT_THROW(delete[] new Wide[3], std::bad_alloc);
}

int constructed; // since the test began
int limit;       // the constructor that throws

template <std::size_t Alignment>
struct alignas(Alignment) Failing : ba::class_new<Exact, Alignment> {
    Failing() {
        if (++constructed == limit) {
            throw limit;
        }
    }
    ~Failing() {}
    char bytes[100] = {};
};
// What a constructor makes that throws: a size kept for another object must not be taken for its.
struct Nesting : ba::class_new<Exact> {
    Nesting() : inner(new (ba::nothrow{}) Failing<16>), other(new (ba::nothrow{}) Failing<16>[3]) {}
    std::unique_ptr<Failing<16>> inner;
    std::unique_ptr<Failing<16>[]> other;
    char bytes[300] = {};
};
struct DerivedFailing : Failing<16> {
    char more[500] = {};
};

template <typename Make>
void expect_all_goes_back(int constructors, Make make) {
    for (limit = 1; limit <= constructors; limit++) {
        constructed = 0;
        EXPECT_THROW(make(), int);
        EXPECT_EQ(constructed, limit);
        EXPECT_EQ(backing->grants(), 0u);
    }
    constructed = 0;
    make();
    EXPECT_EQ(constructed, constructors);
    EXPECT_EQ(backing->grants(), 0u);
}

TEST_F(ClassNewTest, WhatAConstructorTookThatThrowsGoesBack) {
    expect_all_goes_back(1, [] { delete new Failing<16>; });
    expect_all_goes_back(3, [] { delete[] new Failing<16>[ 3 ]; });
    expect_all_goes_back(1, [] { delete new Failing<128>; });
    expect_all_goes_back(3, [] { delete[] new Failing<128>[ 3 ]; });
    expect_all_goes_back(1, [] { delete new DerivedFailing; });
    expect_all_goes_back(4, [] { delete new Nesting; });
}

TEST_F(ClassNewTest, NothrowGivesBackTheLengthOfAConstructorThatThrows) {
    expect_all_goes_back(1, [] { delete new (ba::nothrow{}) Failing<16>; });
    expect_all_goes_back(3, [] { delete[] new (ba::nothrow{}) Failing<16>[ 3 ]; });
    expect_all_goes_back(1, [] { delete new (ba::nothrow{}) Failing<128>; });
    expect_all_goes_back(3, [] { delete[] new (ba::nothrow{}) Failing<128>[ 3 ]; });
    expect_all_goes_back(1, [] { delete new (ba::nothrow{}) DerivedFailing; });
    expect_all_goes_back(4, [] { delete new (ba::nothrow{}) Nesting; });
}

#endif

// --- over a pool

node_pool *pool;

struct PoolMemory {
    static ba_block_allocator allocator() { return node_pool_block_allocator(pool); }
};

struct Node : ba::class_new<PoolMemory> {
    char bytes[100] = {};
};

// Frees a node, of which the compiler must not see that it was freed before.
void free_node(Node *volatile node, std::size_t size) {
    Node::operator delete(node, size);
}

TEST_F(ClassNewTest, MisuseIsReportedAndChangesNothing) {
    node_pool nodes = node_pool_new(backing->allocator());
    pool = &nodes;
    MisuseRecorder misuse;
    Node *const node = new Node;
    free_node(node, 64);
    EXPECT_EQ(misuse.errors(), (std::vector<ba_error_code>{BA_SIZE_MISMATCH}));
    free_node(node, sizeof(Node));
    free_node(node, sizeof(Node));
    EXPECT_EQ(misuse.errors(), (std::vector<ba_error_code>{BA_SIZE_MISMATCH, BA_DOUBLE_FREE}));
    EXPECT_EQ(node_pool_release_all(&nodes, PBA_REPORT_IN_USE).code, BA_OK);
    pool = nullptr;
}

TEST_F(ClassNewTest, AReportNamesTheCaller) {
    node_pool nodes = node_pool_new(backing->allocator());
    pool = &nodes;
    MisuseRecorder misuse;
    Node *const node = new Node;
    free_node(node, 64);
    ASSERT_EQ(misuse.count(), 1u);
    EXPECT_NE(misuse.report(0).misuse.site.address, nullptr);
    free_node(node, sizeof(Node));
    EXPECT_EQ(node_pool_release_all(&nodes, PBA_REPORT_IN_USE).code, BA_OK);
    pool = nullptr;
}

} // namespace
