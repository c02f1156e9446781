// Text: lists of characters that are printed to, and a FILE over one.
#include <cstdarg>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>

#include "block_allocator/block_allocator.h"
#include "static_buffer/file_view.h"
#include "testing/buffers/buffer_fixture.h"
#include "testing/fault_injection/list_rows.h"
#include "testing/fault_injection/list_types.h"
#include "testing/strict_backing.h"
#include "gtest/gtest.h"

namespace {

ba_block_allocator text_blocks;

} // namespace

#define SAB_NAME text
#define SAB_TYPE char
#define SAB_ALLOCATOR text_blocks
#define SAB_SENTINEL '\0'
#define SAB_SCALAR
#define SAB_BYTES
#include "static_buffer/define.h"

namespace failures {

namespace {

// See words_test.cc.
struct Text {
    FAILURES_LIST_TYPES(text)

    static void bind(ba_testing::StrictBacking *backing) {
        text_blocks = backing->block_allocator();
    }
    static void unbind() {}
    static void use_up() {}
    static std::string describe() { return ""; }
    static void check() {}

    static Element make(std::uint32_t value) { return static_cast<char>('a' + value % 26); }
    static std::uint32_t value_of(Element element) { return static_cast<unsigned char>(element); }
    static void drop(Element * /*element*/) {}
    static constexpr bool has_sentinel = true;
    static bool is_sentinel(Element element) { return element == '\0'; }
};

using Types = Text;
using Fixture = ListFixture<Text>;

// The form that takes a va_list, for arguments.
using VFormat = ba_error (*)(text_list *list, const char *format, va_list arguments);

BA_PRINTF(3, 4) ba_error_code print(VFormat function, text_list *list, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    const ba_error error = function(list, format, arguments);
    va_end(arguments);
    return error.code;
}

// Text that does not fit behind what is there.
constexpr int kWidth = 60;

std::vector<ListRow<Types>> printing_rows(Contract contract) {
    return {
        GROWS_(list, append_format, contract, (&w.list, "%*d", kWidth, 7)),
        GROWS_(list, format, contract, (&w.list, "%*d", kWidth, 7)),
        TRIES_(list, vappend_format, contract,
               print(text_list_try_vappend_format, &w.list, "%*d", kWidth, 7)),
        TRIES_(list, vformat, contract, print(text_list_try_vformat, &w.list, "%*d", kWidth, 7)),
    };
}

// Writes to a FILE and closes it, which tells once more whether something was not taken.
ba_error_code print_to(FILE *file) {
    if (file == nullptr) {
        ADD_FAILURE() << "no FILE";
        return BA_UNSUPPORTED;
    }
    const bool is_written =
        std::fputs("sixty characters, of which none may arrive if some do not..", file) >= 0;
    EXPECT_EQ(std::ferror(file) == 0, is_written);
    EXPECT_EQ(std::fclose(file) == 0, is_written);
    return is_written ? BA_OK : BA_OUT_OF_MEMORY;
}

std::vector<ListRow<Types>> writing_rows(Contract contract) {
    return {
        telling_row<Types>("NAME_list_as_writer", contract,
                           [](Fixture &w) {
                               const sab_writer writer = sab_as_writer(&w.list);
                               return writer.write(writer.context, w.items, kItems) == kItems
                                          ? BA_OK
                                          : BA_OUT_OF_MEMORY;
                           }),
        telling_row<Types>(
            "sab_open_writer", contract,
            [](Fixture &w) { return print_to(sab_open_writer(sab_as_writer(&w.list))); }),
    };
}

std::vector<ListRow<Types>> terminated_rows() {
    return {
        DOES_(list, terminated, EXPECT_EQ(sab_terminated(&w.list), w.list.ptr)),
        DOES_(slice, terminated, EXPECT_EQ(sab_terminated(&w.slice), w.slice.ptr)),
    };
}

Suite<Fixture> text_suite(const std::string &name,
                          const ba_testing::StrictBackingOptions &options) {
    Suite<Fixture> suite(name, [options] { return std::make_unique<Fixture>(options); });
    const auto full = [](Fixture &) {};
    const auto empty = [](Fixture &w) { w.empty(); };
    const auto with_room = [](Fixture &w) { w.make_room(); };
    suite.in("full", full, printing_rows(Contract::kMayRecover))
        .in("full", full, writing_rows(Contract::kMayRecover))
        .in("full", full, terminated_rows())
        .in("empty", empty, printing_rows(Contract::kMayRecover))
        .in("empty", empty, writing_rows(Contract::kMayRecover))
        .in("with room", with_room, printing_rows(Contract::kNeedsNone))
        .in("with room", with_room, writing_rows(Contract::kNeedsNone));
    return suite;
}

const Suite<Fixture> text = text_suite("text", buffer_testing::whole_blocks(16));
const Suite<Fixture> text_with_room =
    text_suite("text_with_room", buffer_testing::with_room(16, 4096));
const Suite<Fixture> text_that_remaps =
    text_suite("text_that_remaps", buffer_testing::with_remap(16));

} // namespace

} // namespace failures
