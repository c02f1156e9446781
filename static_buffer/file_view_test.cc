// A FILE over a list: what arrives when, and what becomes of a refusal.
#include "static_buffer/file_view.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "testing/strict_backing.h"
#include "gtest/gtest.h"

static ba_block_allocator text_blocks;

#define SAB_NAME text
#define SAB_TYPE char
#define SAB_ALLOCATOR text_blocks
#define SAB_SENTINEL '\0'
#define SAB_BYTES
#include "static_buffer/define.h"

namespace {

bool refuses_memory = false;
bool refuses_streams = false;

} // namespace

// The linker puts these before the C library's.
// NOLINTBEGIN(bugprone-reserved-identifier): the linker chose the names
extern "C" {
void *__real_malloc(std::size_t length);
void *__wrap_malloc(std::size_t length);
FILE *__real_fopencookie(void *cookie, const char *mode, cookie_io_functions_t functions);
FILE *__wrap_fopencookie(void *cookie, const char *mode, cookie_io_functions_t functions);

void *__wrap_malloc(std::size_t length) {
    if (refuses_memory) {
        errno = ENOMEM;
        return nullptr;
    }
    return __real_malloc(length);
}

FILE *__wrap_fopencookie(void *cookie, const char *mode, cookie_io_functions_t functions) {
    if (refuses_streams) {
        errno = EMFILE;
        return nullptr;
    }
    return __real_fopencookie(cookie, mode, functions);
}
}
// NOLINTEND(bugprone-reserved-identifier)

namespace {

using ba_testing::StrictBacking;

class FileViewTest : public testing::Test {
  protected:
    FileViewTest() {
        text_blocks = backing_.block_allocator();
        file_ = sab_open_writer(sab_as_writer(&text_));
    }
    ~FileViewTest() override { sab_release(&text_); }

    StrictBacking backing_;
    text_list text_ = {};
    std::FILE *file_;
};

TEST_F(FileViewTest, AppendsWhatIsPrinted) {
    ASSERT_NE(file_, nullptr);
    sab_append_format(&text_, "%s", "before ");
    EXPECT_EQ(std::fprintf(file_, "%d and %s", 7, "more"), 10);
    EXPECT_EQ(std::fflush(file_), 0);
    EXPECT_STREQ(text_.ptr, "before 7 and more");
    EXPECT_GE(std::fputs("!", file_), 0);
    EXPECT_EQ(std::fclose(file_), 0);
    EXPECT_STREQ(text_.ptr, "before 7 and more!");
}

TEST_F(FileViewTest, TakesMoreThanAStreamsBuffer) {
    ASSERT_NE(file_, nullptr);
    const std::string much(100000, 'x');
    EXPECT_EQ(std::fwrite(much.data(), 1, much.size(), file_), much.size());
    EXPECT_EQ(std::fclose(file_), 0);
    EXPECT_EQ(std::string(text_.ptr, text_.len), much);
}

TEST_F(FileViewTest, CannotBeRead) {
    ASSERT_NE(file_, nullptr);
    EXPECT_EQ(std::fgetc(file_), EOF);
    EXPECT_EQ(std::fclose(file_), 0);
}

TEST_F(FileViewTest, AppendsBeforeTheCallReturns) {
    ASSERT_NE(file_, nullptr);
    EXPECT_EQ(std::fprintf(file_, "%d", 7), 1);
    EXPECT_STREQ(text_.ptr, "7");
    EXPECT_EQ(std::fputc('!', file_), '!');
    EXPECT_STREQ(text_.ptr, "7!");
    EXPECT_EQ(std::fclose(file_), 0);
}

// The stream is out of memory from one call on, and has memory again afterwards.
TEST_F(FileViewTest, TakesNothingMoreOnceSomethingWasLost) {
    ASSERT_NE(file_, nullptr);
    sab_append_format(&text_, "%s", "kept");
    sab_shrink_to_fit(&text_);
    const std::string much(1000, 'x');
    backing_.refuse_from(1);
    errno = 0;
    EXPECT_LT(std::fprintf(file_, "%s", much.c_str()), 0);
    EXPECT_EQ(errno, ENOMEM);
    EXPECT_NE(std::ferror(file_), 0);
    backing_.refuse_none();
    EXPECT_EQ(std::fputs(" after the gap", file_), EOF);
    EXPECT_EQ(std::fputc('!', file_), EOF);
    std::clearerr(file_);
    EXPECT_EQ(std::fputc('!', file_), EOF) << "what was lost is still lost";
    EXPECT_STREQ(text_.ptr, "kept");
    errno = 0;
    EXPECT_EQ(std::fclose(file_), EOF);
    EXPECT_EQ(errno, ENOMEM);
    EXPECT_STREQ(text_.ptr, "kept");

    file_ = sab_open_writer(sab_as_writer(&text_));
    ASSERT_NE(file_, nullptr);
    EXPECT_GE(std::fputs(" on", file_), 0) << "another stream begins without a gap";
    EXPECT_EQ(std::fclose(file_), 0);
    EXPECT_STREQ(text_.ptr, "kept on");
}

TEST_F(FileViewTest, OpensNothingWithoutMemory) {
    ASSERT_NE(file_, nullptr);
    EXPECT_EQ(std::fclose(file_), 0);
    errno = 0;
    refuses_memory = true;
    file_ = sab_open_writer(sab_as_writer(&text_));
    refuses_memory = false;
    EXPECT_EQ(file_, nullptr);
    EXPECT_EQ(errno, ENOMEM);
    errno = 0;
    refuses_streams = true;
    file_ = sab_open_writer(sab_as_writer(&text_));
    refuses_streams = false;
    EXPECT_EQ(file_, nullptr) << "and AddressSanitizer sees no leak";
    EXPECT_EQ(errno, EMFILE) << "as the C library left it";
}

} // namespace
