#include "testing/fault_injection/interface_table.h"

#include <cstdint>
#include <string>
#include <vector>

#include "block_allocator/typed.h"
#include "gtest/gtest.h"

namespace failures {

namespace {

using Row = Entry<InterfaceFixture>;

// More than any allocator here has at hand.
constexpr std::size_t kMuch = 5000;
constexpr std::size_t kMore = 6000;

ba_call_site here() {
    return ba_call_site_of_text("interface_table");
}

ba_layout number() {
    return ba_layout_of(std::uint64_t);
}

constexpr std::size_t count_of(std::size_t bytes) {
    return bytes / sizeof(std::uint64_t);
}

const std::uint64_t kSentinel = 77;

// What remap says, where it can only say that it cannot.
ba_error_code unsupported(ba_memory result) {
    EXPECT_EQ(ba_memory_error(result).code, BA_UNSUPPORTED);
    return BA_OK;
}

// --- ba_allocator

// Of a realloc, which has more ways than one, and so may find one round a refusal.
Contract of_realloc(Contract contract) {
    return contract == Contract::kOptional ? contract : Contract::kMayRecover;
}

std::vector<Row> exact_rows(Contract contract) {
    return {
        {"ba_alloc_at", contract,
         [](InterfaceFixture &w) {
             return w.made.hold(ba_alloc_at(w.bytes(), ba_bytes(kMuch), usual_alignment(), here()));
         }},
        {"ba_resize_at", contract,
         [](InterfaceFixture &w) {
             return w.third.resized(ba_resize_at(w.bytes(), w.third.memory(), usual_alignment(),
                                                 ba_bytes(kMuch), here()));
         }},
        {"ba_grow_between_at", contract,
         [](InterfaceFixture &w) {
             return w.third.resized(ba_grow_between_at(w.bytes(), w.third.memory(),
                                                       usual_alignment(), ba_bytes(kMuch),
                                                       ba_bytes(kMore), here()));
         }},
        {"ba_realloc_at", of_realloc(contract),
         [](InterfaceFixture &w) {
             return w.second.moved(ba_realloc_at(w.bytes(), w.second.memory(), usual_alignment(),
                                                 ba_bytes(kMuch), here()));
         }},
    };
}

Row exact_remap(bool remaps, Contract contract) {
    if (!remaps) {
        return {"ba_remap_at", Contract::kNeedsNone, [](InterfaceFixture &w) {
                    return unsupported(ba_remap_at(w.bytes(), w.first.memory(), usual_alignment(),
                                                   ba_bytes(kMuch), here()));
                }};
    }
    return {"ba_remap_at", contract, [](InterfaceFixture &w) {
                return w.first.moved(ba_remap_at(w.bytes(), w.first.memory(), usual_alignment(),
                                                 ba_bytes(kMuch), here()));
            }};
}

std::vector<Row> exact_rows_without_memory() {
    return {
        {"ba_resize_at", Contract::kNeedsNone,
         [](InterfaceFixture &w) {
             return w.third.resized(
                 ba_resize_at(w.bytes(), w.third.memory(), usual_alignment(), ba_bytes(1), here()));
         }},
        {"ba_realloc_at", Contract::kNeedsNone,
         [](InterfaceFixture &w) {
             return w.first.moved(ba_realloc_at(w.bytes(), w.first.memory(), usual_alignment(),
                                                ba_bytes(1), here()));
         }},
        {"ba_free_at", Contract::kNeedsNone,
         [](InterfaceFixture &w) {
             return w.first.freed(
                 ba_free_at(w.bytes(), w.first.memory(), usual_alignment(), here()));
         }},
        {"ba_discard_at", Contract::kNeedsNone,
         [](InterfaceFixture &w) {
             return w.first.discarded(ba_discard_at(w.bytes(), w.first.memory(), here()));
         }},
        {"ba_owns", Contract::kNeedsNone,
         [](InterfaceFixture &w) {
             EXPECT_NE(ba_owns(w.bytes(), w.first.pointer()), BA_OWNS_NOT);
             return BA_OK;
         }},
        {"ba_allocator_block_size", Contract::kNeedsNone,
         [](InterfaceFixture &w) {
             EXPECT_GT(ba_allocator_block_size(w.bytes()).bytes, 0u);
             return BA_OK;
         }},
    };
}

// --- ba_block_allocator

std::vector<Row> whole_rows(Contract contract) {
    return {
        {"ba_block_alloc_at", contract,
         [](InterfaceFixture &w) {
             return w.made.hold(
                 ba_block_alloc_at(w.blocks(), ba_bytes(kMuch), usual_alignment(), here()));
         }},
        {"ba_block_resize_at", contract,
         [](InterfaceFixture &w) {
             return w.third.resized(ba_block_resize_at(w.blocks(), w.third.memory(),
                                                       usual_alignment(), ba_bytes(kMuch), here()));
         }},
        {"ba_block_grow_between_at", contract,
         [](InterfaceFixture &w) {
             return w.third.resized(ba_block_grow_between_at(w.blocks(), w.third.memory(),
                                                             usual_alignment(), ba_bytes(kMuch),
                                                             ba_bytes(kMore), here()));
         }},
        {"ba_block_realloc_at", of_realloc(contract),
         [](InterfaceFixture &w) {
             return w.second.moved(ba_block_realloc_at(w.blocks(), w.second.memory(),
                                                       usual_alignment(), ba_bytes(kMuch), here()));
         }},
    };
}

Row whole_remap(bool remaps, Contract contract) {
    if (!remaps) {
        return {"ba_block_remap_at", Contract::kNeedsNone, [](InterfaceFixture &w) {
                    return unsupported(ba_block_remap_at(
                        w.blocks(), w.first.memory(), usual_alignment(), ba_bytes(kMuch), here()));
                }};
    }
    return {"ba_block_remap_at", contract, [](InterfaceFixture &w) {
                return w.first.moved(ba_block_remap_at(w.blocks(), w.first.memory(),
                                                       usual_alignment(), ba_bytes(kMuch), here()));
            }};
}

std::vector<Row> whole_rows_without_memory() {
    return {
        {"ba_block_resize_at", Contract::kNeedsNone,
         [](InterfaceFixture &w) {
             return w.third.resized(ba_block_resize_at(w.blocks(), w.third.memory(),
                                                       usual_alignment(), ba_bytes(1), here()));
         }},
        {"ba_block_realloc_at", Contract::kNeedsNone,
         [](InterfaceFixture &w) {
             return w.first.moved(ba_block_realloc_at(w.blocks(), w.first.memory(),
                                                      usual_alignment(), ba_bytes(1), here()));
         }},
        {"ba_block_free_at", Contract::kNeedsNone,
         [](InterfaceFixture &w) {
             return w.first.freed(
                 ba_block_free_at(w.blocks(), w.first.memory(), usual_alignment(), here()));
         }},
        {"ba_block_discard_at", Contract::kNeedsNone,
         [](InterfaceFixture &w) {
             return w.first.discarded(ba_block_discard_at(w.blocks(), w.first.memory(), here()));
         }},
        {"ba_block_owns", Contract::kNeedsNone,
         [](InterfaceFixture &w) {
             EXPECT_NE(ba_block_owns(w.blocks(), w.first.pointer()), BA_OWNS_NOT);
             return BA_OK;
         }},
        {"ba_block_allocator_block_size", Contract::kNeedsNone,
         [](InterfaceFixture &w) {
             EXPECT_GT(ba_block_allocator_block_size(w.blocks()).bytes, 0u);
             return BA_OK;
         }},
        {"ba_block_allocator_span_length", Contract::kNeedsNone,
         [](InterfaceFixture &w) {
             return ba_length_result_error(
                        ba_block_allocator_span_length(w.blocks(), ba_bytes(kMuch)))
                 .code;
         }},
    };
}

// --- ba_any_allocator, over either view

using Any = ba_any_allocator (*)(InterfaceFixture &);

ba_any_allocator exact_of(InterfaceFixture &w) {
    return ba_any_allocator_of_exact(w.bytes());
}

ba_any_allocator whole_of(InterfaceFixture &w) {
    return ba_any_allocator_of_whole(w.blocks());
}

std::vector<Row> any_rows(Any of, Contract contract) {
    return {
        {"ba_any_allocator_alloc_at", contract,
         [of](InterfaceFixture &w) {
             return w.made.hold(
                 ba_any_allocator_alloc_at(of(w), ba_bytes(kMuch), usual_alignment(), here()));
         }},
        {"ba_any_allocator_resize_at", contract,
         [of](InterfaceFixture &w) {
             return w.third.resized(ba_any_allocator_resize_at(
                 of(w), w.third.memory(), usual_alignment(), ba_bytes(kMuch), here()));
         }},
        {"ba_any_allocator_grow_between_at", contract,
         [of](InterfaceFixture &w) {
             return w.third.resized(
                 ba_any_allocator_grow_between_at(of(w), w.third.memory(), usual_alignment(),
                                                  ba_bytes(kMuch), ba_bytes(kMore), here()));
         }},
        {"ba_any_allocator_realloc_at", of_realloc(contract),
         [of](InterfaceFixture &w) {
             return w.second.moved(ba_any_allocator_realloc_at(
                 of(w), w.second.memory(), usual_alignment(), ba_bytes(kMuch), here()));
         }},
    };
}

Row any_remap(Any of, bool remaps, Contract contract) {
    if (!remaps) {
        return {"ba_any_allocator_remap_at", Contract::kNeedsNone, [of](InterfaceFixture &w) {
                    return unsupported(ba_any_allocator_remap_at(
                        of(w), w.first.memory(), usual_alignment(), ba_bytes(kMuch), here()));
                }};
    }
    return {"ba_any_allocator_remap_at", contract, [of](InterfaceFixture &w) {
                return w.first.moved(ba_any_allocator_remap_at(
                    of(w), w.first.memory(), usual_alignment(), ba_bytes(kMuch), here()));
            }};
}

std::vector<Row> any_rows_without_memory(Any of) {
    return {
        {"ba_any_allocator_resize_at", Contract::kNeedsNone,
         [of](InterfaceFixture &w) {
             return w.third.resized(ba_any_allocator_resize_at(
                 of(w), w.third.memory(), usual_alignment(), ba_bytes(1), here()));
         }},
        {"ba_any_allocator_realloc_at", Contract::kNeedsNone,
         [of](InterfaceFixture &w) {
             return w.first.moved(ba_any_allocator_realloc_at(
                 of(w), w.first.memory(), usual_alignment(), ba_bytes(1), here()));
         }},
        {"ba_any_allocator_free_at", Contract::kNeedsNone,
         [of](InterfaceFixture &w) {
             return w.first.freed(
                 ba_any_allocator_free_at(of(w), w.first.memory(), usual_alignment(), here()));
         }},
    };
}

// --- typed helpers, over either view

std::vector<Row> typed_rows(Any of, Contract contract) {
    return {
        {"ba_create_at", contract,
         [of](InterfaceFixture &w) {
             const ba_layout layout = ba_layout_make(ba_bytes(kMuch), usual_alignment());
             void *const object = ba_create_at(of(w), layout, here());
             return object == nullptr ? BA_OUT_OF_MEMORY
                                      : w.made.hold(ba_memory_of(object, layout.length));
         }},
        {"ba_array_alloc_at", contract,
         [of](InterfaceFixture &w) {
             return w.made.hold(ba_array_alloc_at(of(w), number(), count_of(kMuch), here()));
         }},
        {"ba_array_alloc_with_sentinel_at", contract,
         [of](InterfaceFixture &w) {
             return w.made.hold(ba_array_alloc_with_sentinel_at(of(w), number(), count_of(kMuch),
                                                                &kSentinel, here()));
         }},
        {"ba_array_resize_at", contract,
         [of](InterfaceFixture &w) {
             return w.third.resized(
                 ba_array_resize_at(of(w), number(), w.third.memory(), count_of(kMuch), here()));
         }},
        {"ba_array_grow_between_at", contract,
         [of](InterfaceFixture &w) {
             return w.third.resized(ba_array_grow_between_at(
                 of(w), number(), w.third.memory(), count_of(kMuch), count_of(kMore), here()));
         }},
        {"ba_array_realloc_at", of_realloc(contract),
         [of](InterfaceFixture &w) {
             return w.second.moved(
                 ba_array_realloc_at(of(w), number(), w.second.memory(), count_of(kMuch), here()));
         }},
    };
}

Row typed_remap(Any of, bool remaps, Contract contract) {
    if (!remaps) {
        return {"ba_array_remap_at", Contract::kNeedsNone, [of](InterfaceFixture &w) {
                    return unsupported(ba_array_remap_at(of(w), number(), w.first.memory(),
                                                         count_of(kMuch), here()));
                }};
    }
    return {"ba_array_remap_at", contract, [of](InterfaceFixture &w) {
                return w.first.moved(
                    ba_array_remap_at(of(w), number(), w.first.memory(), count_of(kMuch), here()));
            }};
}

std::vector<Row> typed_rows_without_memory(Any of) {
    return {
        {"ba_destroy_at", Contract::kNeedsNone,
         [of](InterfaceFixture &w) {
             const ba_layout layout =
                 ba_layout_make(ba_memory_length(w.first.memory()), usual_alignment());
             return w.first.freed(ba_destroy_at(of(w), layout, w.first.pointer(), here()));
         }},
        {"ba_array_resize_at", Contract::kNeedsNone,
         [of](InterfaceFixture &w) {
             return w.third.resized(
                 ba_array_resize_at(of(w), number(), w.third.memory(), 1, here()));
         }},
        {"ba_array_realloc_at", Contract::kNeedsNone,
         [of](InterfaceFixture &w) {
             return w.first.moved(
                 ba_array_realloc_at(of(w), number(), w.first.memory(), 1, here()));
         }},
        {"ba_array_free_at", Contract::kNeedsNone,
         [of](InterfaceFixture &w) {
             return w.first.freed(ba_array_free_at(of(w), number(), w.first.memory(), here()));
         }},
    };
}

void free_memory(ba_block_allocator blocks, LiveMemory *memory) {
    if (memory->is_held()) {
        EXPECT_EQ(memory->freed(ba_block_free(blocks, memory->memory(), usual_alignment())), BA_OK);
    }
}

} // namespace

ba_testing::StrictBackingOptions SubjectKind::interface_backing() {
    ba_testing::StrictBackingOptions options;
    options.grows_in_place = true;
    options.room = 16384;
    options.remaps = true;
    options.by_the_rules = true;
    return options;
}

InterfaceFixture::InterfaceFixture(const SubjectKind &kind)
    : Fixture(kind.backing), subject_(kind.make(&backing)), keeps_(kind.keeps) {
    EXPECT_EQ(first.hold(ba_block_alloc(blocks(), ba_bytes(kind.first_length), usual_alignment())),
              BA_OK);
    EXPECT_EQ(second.hold(ba_block_alloc(blocks(), ba_bytes(64), usual_alignment())), BA_OK);
    EXPECT_EQ(third.hold(ba_block_alloc(blocks(), ba_bytes(200), usual_alignment())), BA_OK);
}

std::string InterfaceFixture::describe() {
    return "first: " + first.describe() + "second: " + second.describe() +
           "third: " + third.describe() + "made: " + made.describe() + subject_->describe();
}

void InterfaceFixture::check() {
    first.check();
    second.check();
    third.check();
    made.check();
    for (const LiveMemory &memory : many) {
        memory.check();
    }
    subject_->check();
}

void InterfaceFixture::release() {
    for (LiveMemory *const memory : {&first, &second, &third, &made}) {
        free_memory(blocks(), memory);
    }
    for (LiveMemory &memory : many) {
        free_memory(blocks(), &memory);
    }
    subject_->release();
}

Suite<InterfaceFixture> interface_suite(const SubjectKind &kind) {
    Suite<InterfaceFixture> suite(kind.name,
                                  [kind] { return std::make_unique<InterfaceFixture>(kind); });
    const auto as_made = [](InterfaceFixture &) {};
    suite.in("more", as_made, exact_rows(kind.contract))
        .in("more", as_made, {exact_remap(kind.remaps, kind.contract)})
        .in("more", as_made, whole_rows(kind.contract))
        .in("more", as_made, {whole_remap(kind.remaps, kind.contract)})
        .in("less", as_made, exact_rows_without_memory())
        .in("less", as_made, whole_rows_without_memory());
    suite.in("more, exact", as_made, typed_rows(exact_of, kind.contract))
        .in("more, exact", as_made, {typed_remap(exact_of, kind.remaps, kind.contract)})
        .in("less, exact", as_made, typed_rows_without_memory(exact_of))
        .in("more, whole", as_made, typed_rows(whole_of, kind.contract))
        .in("more, whole", as_made, {typed_remap(whole_of, kind.remaps, kind.contract)})
        .in("more, exact", as_made, any_rows(exact_of, kind.contract))
        .in("more, exact", as_made, {any_remap(exact_of, kind.remaps, kind.contract)})
        .in("less, exact", as_made, any_rows_without_memory(exact_of))
        .in("more, whole", as_made, any_rows(whole_of, kind.contract))
        .in("more, whole", as_made, {any_remap(whole_of, kind.remaps, kind.contract)})
        .in("less, whole", as_made, any_rows_without_memory(whole_of))
        .in("less, whole", as_made, typed_rows_without_memory(whole_of));
    return suite;
}

} // namespace failures
