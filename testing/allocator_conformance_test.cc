// The conformance suite, over the allocators that this folder has, and over broken ones: each fault
// must be found by the check that is there for it.
#include "testing/allocator_conformance.h"

#include <algorithm>
#include <map>
#include <memory>
#include <ostream>
#include <set>
#include <string>

#include "block_allocator/build_mode.h"
#include "block_allocator/forwarding/limited_allocator.h"
#include "block_allocator/implementing/check.h"
#include "block_allocator/misuse.h"
#include "gtest/gtest-spi.h"
#include "gtest/gtest.h"

namespace {

using ba_testing::AllocatorConformance;
using ba_testing::conformance_checks;
using ba_testing::ConformanceCheck;
using ba_testing::Finds;
using ba_testing::forwarding_subject;
using ba_testing::Instance;
using ba_testing::StrictBacking;
using ba_testing::StrictBackingOptions;
using ba_testing::Subject;
using ba_testing::subject;

constexpr std::size_t kBlock = 64;

// ---------------------------------------------------------------------------------------------
// The strict backing itself

struct Bare : Instance {
    explicit Bare(ba_allocator backing) : itself(ba_allocator_grants(backing)) {}
    ba_block_allocator blocks() override { return itself; }
    ba_block_allocator itself;
};

Subject bare(const char *name, const StrictBackingOptions &options) {
    Subject result = forwarding_subject<Bare>(name);
    result.backing = options;
    result.backing.by_the_rules = true;
    result.backing.max_alignment = result.largest_alignment;
    result.grows_in_place = options.grows_in_place;
    return result;
}

StrictBackingOptions options(std::size_t block_size, bool grows, bool remaps_and_discards) {
    StrictBackingOptions result;
    result.block_size = block_size;
    result.grows_in_place = grows;
    result.room = 3 * block_size;
    result.remaps = remaps_and_discards;
    result.discards = remaps_and_discards;
    return result;
}

const AllocatorConformance exact{bare("StrictBackingOfBytes", options(1, false, false))};
const AllocatorConformance plain{bare("StrictBackingOfBlocks", options(kBlock, false, false))};
const AllocatorConformance grows{bare("StrictBackingThatGrows", options(kBlock, true, false))};
const AllocatorConformance remaps{bare("StrictBackingThatRemaps", options(kBlock, true, true))};
const AllocatorConformance pages{bare("StrictBackingOfPages", options(4096, false, true))};

// ---------------------------------------------------------------------------------------------
// A forwarding allocator

struct Limited : Instance {
    static constexpr std::size_t kLimit = 1 << 18;

    explicit Limited(ba_allocator backing) {
        ba_limited_allocator_init(&state, backing, ba_bytes(kLimit));
    }
    ba_block_allocator blocks() override { return ba_limited_allocator_block_allocator(&state); }
    ba_limited_allocator state;
};

Subject limited() {
    Subject result = forwarding_subject<Limited>("LimitedAllocator");
    result.backing.remaps = true;
    result.backing.discards = true;
    result.capacity = Limited::kLimit;
    return result;
}

const AllocatorConformance limited_conforms{limited()};

// ---------------------------------------------------------------------------------------------
// An allocator that keeps a book, and what can be wrong with it

enum class Fault {
    kNone,
    kBlockSizeNoPowerOfTwo,
    kBlockSizeChanges,
    kLengthShort,
    kLengthNotWhole,
    kLengthTooLong,
    kOverlap,
    kAlignmentIgnored,
    kAlignmentTooLargeGiven,
    kAlignmentTooLargeReported,
    kAlignmentTooLargeIsAShortage,
    kAlignmentCalledTooLarge,
    kHugeLengthWraps,
    kShrinkRefused,
    kShrinkLosesContents,
    kShrinkGrows,
    kShrinkKeepsAll,
    kGrowthRefused,
    kRefusedGrowthLosesContents,
    kGrowBetweenTooMuch,
    kGrowBetweenTooLittle,
    kGrowBetweenShrinks,
    kRemapLosesContents,
    kRemapKeepsTheGivenLength,
    kRemapRefusalLosesContents,
    kDiscardTooMuch,
    kDiscardElsewhere,
    kOwnsForeign,
    kOwnsNotLive,
    kFittingLengthRejected,
    kLesserAlignmentRejected,
    kFreeFailsUnderRefusal,
    kWrongLengthToBacking,
    kWrongAlignmentToBacking,
    kNeverGivesBack,
    kForgetsWhatIsRefused,
    kBookLeakedOnRefusal,
    kRefusalNotForgotten,
    kRefusalWithWrongError,
    kBadInputAccepted,
    kBadInputNotReported,
    kForeignNotTold,
    kDoubleFreeNotTold,
    kInteriorNotTold,
    kMismatchAccepted,
    kZeroResizeAccepted,
    kEndless,
};

constexpr std::size_t kSlack = 4 * kBlock; // spare memory, so that no fault does real harm

// Takes, for each allocation, one grant for the book and one for the memory.
class Keeper : public Instance {
  public:
    Keeper(ba_allocator backing, Fault fault) : backing_(backing), fault_(fault) {}

    ba_block_allocator blocks() override { return ba_block_allocator_of(this, &kOperations); }

  private:
    struct Entry {
        ba_memory grant; // as the backing gave it
        ba_memory book;
        ba_alignment alignment;
        std::size_t length; // as the caller has it
    };

    static constexpr std::size_t kCapacity = 1 << 18;
    static constexpr std::size_t kLargestAlignment = 1 << 12;

    static Keeper &self(void *context) { return *static_cast<Keeper *>(context); }
    static const Keeper &self(const void *context) { return *static_cast<const Keeper *>(context); }

    bool has(Fault fault) const { return fault_ == fault; }

    static std::size_t span(std::size_t length) { return (length + kBlock - 1) & ~(kBlock - 1); }

    static char *bytes(ba_memory memory) { return static_cast<char *>(ba_memory_pointer(memory)); }

    ba_error reject(ba_error_code code, ba_memory memory, ba_alignment alignment,
                    ba_call_site site) const {
        return has(Fault::kBadInputNotReported)
                   ? ba_error_of(code)
                   : ba_misuse_reject("keeper", "call", code, memory, ba_bytes(0), alignment, site);
    }

    ba_error_code error_of_memory(ba_memory memory, ba_alignment alignment) const {
        const ba_error_code code = ba_check_memory(memory, alignment);
        if (code != BA_OK) {
            return code;
        }
        const auto found = entries_.find(bytes(memory));
        if (found == entries_.end()) {
            return error_of_stranger(bytes(memory));
        }
        const std::size_t length = ba_memory_length(memory).bytes;
        const bool fits = has(Fault::kFittingLengthRejected) ? length == found->second.length
                                                             : span(length) == found->second.length;
        if (!fits && !has(Fault::kMismatchAccepted)) {
            return BA_SIZE_MISMATCH;
        }
        if (has(Fault::kLesserAlignmentRejected) &&
            alignment.bytes != found->second.alignment.bytes) {
            return BA_BAD_ALIGN;
        }
        return BA_OK;
    }

    ba_error_code error_of_stranger(char *pointer) const {
        if (owner_of(pointer) != entries_.end() && !has(Fault::kInteriorNotTold)) {
            return BA_INTERIOR;
        }
        if (freed_.count(pointer) != 0 && !has(Fault::kDoubleFreeNotTold)) {
            return BA_DOUBLE_FREE;
        }
        return has(Fault::kForeignNotTold) ? BA_CORRUPT : BA_FOREIGN;
    }

    std::map<char *, Entry>::const_iterator owner_of(const char *pointer) const {
        for (auto entry = entries_.begin(); entry != entries_.end(); ++entry) {
            if (pointer >= entry->first && pointer < entry->first + entry->second.length) {
                return entry;
            }
        }
        return entries_.end();
    }

    static ba_length block_size(const void *context) {
        const Keeper &keeper = self(context);
        if (keeper.has(Fault::kBlockSizeNoPowerOfTwo)) {
            return ba_bytes(kBlock + 1);
        }
        return ba_bytes(
            keeper.has(Fault::kBlockSizeChanges) && !keeper.entries_.empty() ? 2 * kBlock : kBlock);
    }

    ba_memory refused() {
        spoilt_ = has(Fault::kRefusalNotForgotten);
        return ba_memory_none(
            ba_error_of(has(Fault::kRefusalWithWrongError) ? BA_CORRUPT : BA_OUT_OF_MEMORY));
    }

    static ba_memory alloc(void *context, ba_length minimum, ba_alignment alignment,
                           ba_call_site site) {
        Keeper &keeper = self(context);
        const ba_error_code code = ba_check_alloc(minimum, alignment);
        if (code != BA_OK && !keeper.has(Fault::kBadInputAccepted)) {
            return ba_memory_none(
                keeper.reject(code, ba_memory_none(ba_error_of(code)), alignment, site));
        }
        if (keeper.has(Fault::kOverlap)) {
            return ba_memory_of(keeper.slab_, ba_bytes(span(minimum.bytes)));
        }
        if (alignment.bytes > 2 * kLargestAlignment &&
            keeper.has(Fault::kAlignmentTooLargeIsAShortage)) {
            return ba_memory_none(ba_error_of(BA_OUT_OF_MEMORY));
        }
        if (alignment.bytes == kLargestAlignment && keeper.has(Fault::kAlignmentCalledTooLarge)) {
            return ba_memory_none(ba_error_of(BA_BAD_ALIGN));
        }
        if (alignment.bytes > kLargestAlignment && !keeper.has(Fault::kAlignmentTooLargeGiven)) {
            const ba_error too_large = ba_error_of(BA_BAD_ALIGN);
            return ba_memory_none(
                keeper.has(Fault::kAlignmentTooLargeReported)
                    ? keeper.reject(BA_BAD_ALIGN, ba_memory_none(too_large), alignment, site)
                    : too_large);
        }
        std::size_t length = span(minimum.bytes) + (keeper.has(Fault::kLengthTooLong) ? kBlock : 0);
        if (minimum.bytes > PTRDIFF_MAX) {
            if (!keeper.has(Fault::kHugeLengthWraps)) {
                return ba_memory_none(ba_error_of(BA_LIMIT));
            }
            length = kBlock;
        }
        return keeper.take(length, code == BA_OK ? alignment : ba_align(1));
    }

    ba_memory take(std::size_t length, ba_alignment alignment) {
        if (used_ + length > kCapacity && !has(Fault::kEndless)) {
            return ba_memory_none(ba_error_of(BA_LIMIT));
        }
        const ba_memory book = spoilt_ ? refused() : ba_alloc(backing_, ba_bytes(8), ba_align(8));
        if (ba_memory_is_none(book)) {
            return refused();
        }
        const std::size_t aligned = alignment.bytes < kBlock ? kBlock : alignment.bytes;
        const ba_alignment granted =
            ba_align(aligned > kLargestAlignment ? kLargestAlignment : aligned);
        const ba_memory grant = ba_alloc(backing_, ba_bytes(length + kSlack), granted);
        if (ba_memory_is_none(grant)) {
            if (!has(Fault::kBookLeakedOnRefusal)) {
                ba_free(backing_, book, ba_align(8));
            }
            return refused();
        }
        char *const pointer =
            bytes(grant) + (has(Fault::kAlignmentIgnored) && alignment.bytes > 1 ? 1 : 0);
        entries_[pointer] = Entry{grant, book, granted, length};
        entries_[pointer].alignment = alignment;
        freed_.erase(pointer);
        used_ += length;
        if (has(Fault::kLengthShort)) {
            return ba_memory_of(pointer, ba_bytes(length - kBlock + 1));
        }
        return ba_memory_of(pointer, ba_bytes(length - (has(Fault::kLengthNotWhole) ? 1 : 0)));
    }

    static ba_length_result resize(void *context, ba_memory memory, ba_alignment alignment,
                                   ba_length minimum, ba_call_site site) {
        return resize_between(context, memory, alignment, minimum, minimum, site);
    }

    static ba_length_result grow_between(void *context, ba_memory memory, ba_alignment alignment,
                                         ba_length minimum, ba_length wanted, ba_call_site site) {
        const ba_length held = ba_bytes(span(ba_memory_length(memory).bytes));
        const bool keeps = minimum.bytes != 0 && minimum.bytes < held.bytes &&
                           !self(context).has(Fault::kGrowBetweenShrinks);
        return resize_between(context, memory, alignment, keeps ? held : minimum, wanted, site);
    }

    static ba_length_result resize_between(void *context, ba_memory memory, ba_alignment alignment,
                                           ba_length minimum, ba_length wanted, ba_call_site site) {
        Keeper &keeper = self(context);
        ba_error_code code = keeper.error_of_memory(memory, alignment);
        if (code == BA_OK && minimum.bytes == 0 && !keeper.has(Fault::kZeroResizeAccepted)) {
            code = BA_ZERO_SIZE;
        }
        if (code != BA_OK) {
            return ba_length_result_none(keeper.reject(code, memory, alignment, site));
        }
        Entry &entry = keeper.entries_.at(bytes(memory));
        return minimum.bytes <= entry.length && wanted.bytes <= minimum.bytes
                   ? keeper.shrink(bytes(memory), &entry, minimum.bytes)
                   : keeper.grow(bytes(memory), &entry, minimum.bytes, wanted.bytes);
    }

    ba_length_result shrink(char *pointer, Entry *entry, std::size_t length) {
        if (has(Fault::kShrinkRefused) && span(length) < entry->length) {
            return ba_length_result_none(ba_error_of(BA_NOT_IN_PLACE));
        }
        if (has(Fault::kShrinkLosesContents)) {
            pointer[0] = static_cast<char>(pointer[0] + 1);
        }
        std::size_t now = has(Fault::kShrinkGrows) ? entry->length + kBlock : span(length);
        now = has(Fault::kShrinkKeepsAll) ? entry->length : now;
        used_ -= entry->length - now;
        entry->length = now;
        return ba_length_result_of(ba_bytes(now));
    }

    // Within the grant, less two blocks that no fault may touch.
    ba_length_result grow(char *pointer, Entry *entry, std::size_t minimum, std::size_t wanted) {
        const std::size_t most = ba_memory_length(entry->grant).bytes - 2 * kBlock;
        if (minimum > most || has(Fault::kGrowthRefused)) {
            if (has(Fault::kRefusedGrowthLosesContents)) {
                pointer[0] = static_cast<char>(pointer[0] + 1);
            }
            return ba_length_result_none(ba_error_of(BA_NOT_IN_PLACE));
        }
        std::size_t now = span(wanted < minimum ? minimum : wanted);
        now = now < most ? now : most;
        if (has(Fault::kGrowBetweenTooMuch)) {
            now = most + kBlock;
        }
        used_ += now - entry->length;
        entry->length = now;
        return ba_length_result_of(ba_bytes(has(Fault::kGrowBetweenTooLittle) ? minimum - 1 : now));
    }

    static ba_memory remap(void *context, ba_memory memory, ba_alignment alignment,
                           ba_length minimum, ba_call_site site) {
        Keeper &keeper = self(context);
        const ba_error_code code = keeper.error_of_memory(memory, alignment);
        if (code != BA_OK) {
            return ba_memory_none(keeper.reject(code, memory, alignment, site));
        }
        const ba_memory moved = alloc(context, minimum, alignment, site);
        if (ba_memory_is_none(moved)) {
            if (keeper.has(Fault::kRemapRefusalLosesContents)) {
                bytes(memory)[0] = static_cast<char>(bytes(memory)[0] + 1);
            }
            return moved;
        }
        const std::size_t held = keeper.has(Fault::kRemapKeepsTheGivenLength)
                                     ? ba_memory_length(memory).bytes
                                     : keeper.entries_.at(bytes(memory)).length;
        const std::size_t copied = std::min(held, ba_memory_length(moved).bytes);
        if (!keeper.has(Fault::kRemapLosesContents)) {
            for (std::size_t i = 0; i < copied; i++) {
                bytes(moved)[i] = bytes(memory)[i];
            }
        }
        const ba_error freed = free_memory(context, memory, alignment, site);
        if (ba_failed(freed)) {
            keeper.give_back(bytes(moved));
            return ba_memory_none(ba_error_of(BA_OUT_OF_MEMORY));
        }
        return moved;
    }

    static ba_error free_memory(void *context, ba_memory memory, ba_alignment alignment,
                                ba_call_site site) {
        Keeper &keeper = self(context);
        if (keeper.has(Fault::kOverlap)) {
            return ba_error_of(BA_OK);
        }
        const ba_error_code code = keeper.error_of_memory(memory, alignment);
        if (code != BA_OK) {
            return keeper.reject(code, memory, alignment, site);
        }
        if (keeper.has(Fault::kFreeFailsUnderRefusal)) {
            const ba_memory scratch = ba_alloc(keeper.backing_, ba_bytes(8), ba_align(8));
            if (ba_memory_is_none(scratch)) {
                return ba_memory_error(scratch);
            }
            ba_free(keeper.backing_, scratch, ba_align(8));
        }
        return keeper.give_back(bytes(memory));
    }

    // The grant, and once that is back, the book. Either may be refused, and then waits.
    ba_error give_back(char *pointer) {
        const Entry entry = entries_.at(pointer);
        if (!has(Fault::kNeverGivesBack)) {
            const ba_error error = give_back(entry);
            if (ba_failed(error) && !has(Fault::kForgetsWhatIsRefused)) {
                return error;
            }
        }
        entries_.erase(pointer);
        freed_.insert(pointer);
        used_ -= entry.length;
        return ba_free(backing_, entry.book, ba_align(8));
    }

    ba_error give_back(const Entry &entry) {
        const std::size_t least = entry.alignment.bytes < kBlock ? kBlock : entry.alignment.bytes;
        const std::size_t granted = least > kLargestAlignment ? kLargestAlignment : least;
        const std::size_t length = ba_memory_length(entry.grant).bytes;
        const ba_memory returned =
            ba_memory_of(ba_memory_pointer(entry.grant),
                         ba_bytes(has(Fault::kWrongLengthToBacking) ? length - kSlack : length));
        return ba_free(backing_, returned,
                       ba_align(has(Fault::kWrongAlignmentToBacking) ? 1 : granted));
    }

    static ba_length_result discard(void *context, ba_memory part, ba_call_site /*site*/) {
        Keeper &keeper = self(context);
        if (keeper.has(Fault::kDiscardElsewhere)) {
            bytes(part)[-1] = static_cast<char>(bytes(part)[-1] + 1);
        }
        return ba_length_result_of(
            ba_bytes(ba_memory_length(part).bytes + (keeper.has(Fault::kDiscardTooMuch) ? 1 : 0)));
    }

    static ba_ownership owns(const void *context, const void *pointer) {
        const Keeper &keeper = self(context);
        if (keeper.has(Fault::kOwnsForeign)) {
            return BA_OWNS;
        }
        const bool found =
            keeper.owner_of(static_cast<const char *>(pointer)) != keeper.entries_.end();
        return found && !keeper.has(Fault::kOwnsNotLive) ? BA_OWNS : BA_OWNS_NOT;
    }

    static const ba_operations kOperations;

    ba_allocator backing_;
    Fault fault_;
    std::map<char *, Entry> entries_;
    std::set<char *> freed_;
    std::size_t used_ = 0;
    bool spoilt_ = false;
    alignas(kLargestAlignment) char slab_[1 << 15] = {};
};

const ba_operations Keeper::kOperations = {
    sizeof(ba_operations),
    block_size,
    alloc,
    resize,
    free_memory,
    grow_between,
    remap,
    discard,
    owns,
    nullptr,
    nullptr,
};

Subject keeper(Fault fault) {
    Subject result;
    result.name = "Keeper";
    result.make = [fault](ba_allocator backing) {
        return std::make_unique<Keeper>(backing, fault);
    };
    result.largest_length = 1 << 10;
    result.capacity = 1 << 18;
    result.grows_in_place = true;
    result.finds = Finds{true, true, true, true};
    return result;
}

const AllocatorConformance keeper_conforms{keeper(Fault::kNone)};

// ---------------------------------------------------------------------------------------------
// What the suite finds

// Whether a check finds something wrong with a subject.
bool fails(const ConformanceCheck &check, const Subject &subject) {
    ::testing::TestPartResultArray results;
    const ::testing::ScopedFakeTestPartResultReporter reporter(
        ::testing::ScopedFakeTestPartResultReporter::INTERCEPT_ONLY_CURRENT_THREAD, &results);
    check.run(subject);
    return results.size() != 0;
}

ConformanceCheck check_named(const std::string &name) {
    const auto &checks = conformance_checks();
    return *std::find_if(checks.begin(), checks.end(),
                         [&name](const ConformanceCheck &check) { return check.name == name; });
}

struct Case {
    Fault fault;
    const char *found_by;
};

// Without it GoogleTest prints the bytes, and the padding among them is undefined.
std::ostream &operator<<(std::ostream &out, const Case &one) {
    return out << one.found_by;
}

class Faults : public ::testing::TestWithParam<Case> {};

TEST_P(Faults, AreFound) {
    const ConformanceCheck check = check_named(GetParam().found_by);
    EXPECT_FALSE(fails(check, keeper(Fault::kNone)));
    EXPECT_TRUE(fails(check, keeper(GetParam().fault)));
}

std::string name_of(const ::testing::TestParamInfo<Case> &info) {
    return std::string(info.param.found_by) + std::to_string(info.index);
}

INSTANTIATE_TEST_SUITE_P(
    Each, Faults,
    ::testing::Values(
        Case{Fault::kBlockSizeNoPowerOfTwo, "BlockSizeIsAConstantPowerOfTwo"},
        Case{Fault::kBlockSizeChanges, "BlockSizeIsAConstantPowerOfTwo"},
        Case{Fault::kLengthShort, "LengthsAreWholeBlocks"},
        Case{Fault::kLengthNotWhole, "LengthsAreWholeBlocks"},
        Case{Fault::kLengthTooLong, "LengthsAreWholeBlocks"},
        Case{Fault::kShrinkKeepsAll, "ShrinksToEveryLength"},
        Case{Fault::kGrowBetweenShrinks, "GrowBetweenNeverMakesShorter"},
        Case{Fault::kAlignmentTooLargeGiven, "RefusesAnAlignmentThatIsTooLarge"},
        Case{Fault::kAlignmentTooLargeReported, "RefusesAnAlignmentThatIsTooLarge"},
        Case{Fault::kAlignmentTooLargeIsAShortage, "RefusesAnAlignmentThatIsTooLarge"},
        Case{Fault::kAlignmentCalledTooLarge, "IsShortOfAnAlignmentThatIsNotTooLarge"},
        Case{Fault::kOverlap, "LiveMemoryNeverOverlaps"},
        Case{Fault::kAlignmentIgnored, "GivesEveryAlignmentUpToTheLargest"},
        Case{Fault::kAlignmentIgnored, "KeepsTheAlignmentWhenItMovesOrGrows"},
        Case{Fault::kHugeLengthWraps, "NoMemoryForAbsurdLengths"},
        Case{Fault::kShrinkRefused, "ShrinksToEveryLength"},
        Case{Fault::kShrinkRefused, "ShrinksInSteps"},
        Case{Fault::kShrinkRefused, "ShrinkingAndFreeingNeedNoMemory"},
        Case{Fault::kShrinkLosesContents, "ShrinksToEveryLength"},
        Case{Fault::kShrinkGrows, "ShrinksInSteps"},
        Case{Fault::kGrowthRefused, "GrowsInPlaceWhereItSaysSo"},
        Case{Fault::kGrowthRefused, "GrowBetweenStaysBetween"},
        Case{Fault::kRefusedGrowthLosesContents, "RefusedGrowthChangesNothing"},
        Case{Fault::kGrowBetweenTooMuch, "GrowBetweenStaysBetween"},
        Case{Fault::kGrowBetweenTooLittle, "GrowBetweenStaysBetween"},
        Case{Fault::kRemapLosesContents, "RemapMovesOrRefuses"},
        Case{Fault::kRemapLosesContents, "ReallocKeepsTheContents"},
        Case{Fault::kRemapKeepsTheGivenLength, "MovingKeepsTheWholeSpan"},
        Case{Fault::kForgetsWhatIsRefused, "ARefusedFreeIsNotLost"},
        Case{Fault::kForgetsWhatIsRefused, "AMoveWhoseFreeIsRefusedChangesNothing"},
        Case{Fault::kRemapRefusalLosesContents, "RemapSurvivesEveryRefusal"},
        Case{Fault::kDiscardTooMuch, "DiscardedMemoryStaysUsable"},
        Case{Fault::kDiscardElsewhere, "DiscardedMemoryStaysUsable"},
        Case{Fault::kOwnsForeign, "OwnsItsLiveMemoryAndNoOther"},
        Case{Fault::kOwnsNotLive, "OwnsItsLiveMemoryAndNoOther"},
        Case{Fault::kFittingLengthRejected, "AcceptsEveryLengthThatFits"},
        Case{Fault::kFittingLengthRejected, "OneViewFreesMemoryOfTheOther"},
        Case{Fault::kFittingLengthRejected, "ExactViewGivesWhatIsAsked"},
        Case{Fault::kLesserAlignmentRejected, "TakesBackByAnyAlignmentOfThePointer"},
        Case{Fault::kFreeFailsUnderRefusal, "ShrinkingAndFreeingNeedNoMemory"},
        Case{Fault::kWrongLengthToBacking, "EveryByteCanBeWritten"},
        Case{Fault::kWrongAlignmentToBacking, "EveryByteCanBeWritten"},
        Case{Fault::kNeverGivesBack, "EveryByteCanBeWritten"},
        Case{Fault::kBookLeakedOnRefusal, "AllocSurvivesEveryRefusal"},
        Case{Fault::kBookLeakedOnRefusal, "RemapSurvivesEveryRefusal"},
        Case{Fault::kRefusalNotForgotten, "AllocSurvivesEveryRefusal"},
        Case{Fault::kRefusalNotForgotten, "ReallocSurvivesEveryRefusal"},
        Case{Fault::kRefusalWithWrongError, "AllocSurvivesEveryRefusal"},
        Case{Fault::kRefusalWithWrongError, "AStreamWithRefusalsKeepsEveryRule"},
        Case{Fault::kShrinkLosesContents, "AStreamOfOperationsKeepsEveryRule"},
        Case{Fault::kEndless, "AnExhaustedAllocatorSaysSo"}),
    name_of);

#if BA_CHECKS_MISUSE
INSTANTIATE_TEST_SUITE_P(OfMisuse, Faults,
                         ::testing::Values(Case{Fault::kBadInputAccepted, "RejectsBadAllocations"},
                                           Case{Fault::kBadInputNotReported,
                                                "RejectsBadAllocations"},
                                           Case{Fault::kBadInputNotReported, "RejectsBadMemory"},
                                           Case{Fault::kZeroResizeAccepted, "RejectsAResizeToZero"},
                                           Case{Fault::kForeignNotTold, "RejectsForeignMemory"},
                                           Case{Fault::kInteriorNotTold, "RejectsInteriorMemory"},
                                           Case{Fault::kDoubleFreeNotTold, "RejectsADoubleFree"},
                                           Case{Fault::kMismatchAccepted, "RejectsAWrongLength"}),
                         name_of);
#endif

} // namespace
