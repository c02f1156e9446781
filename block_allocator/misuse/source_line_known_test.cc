// The lines of code addresses, and the reports on standard error that name them, in a program that
// has its debug information.
#include "block_allocator/misuse/source_line.h"

#include <cstdio>
#include <cstdlib>
#include <string>

#include "block_allocator/misuse.h"
#include "testing/code_address.h"
#include "gtest/gtest.h"

#if defined(__linux__)

#include <csignal>
#include <sys/time.h>
#include <sys/wait.h>

namespace {

using ba_testing::here;
using ba_testing::line_of;

// The end of a path, for compilers write it as they were called.
std::string this_file(int line) {
    return "source_line_known_test.cc:" + std::to_string(line);
}

bool ends_with(const std::string &text, const std::string &end) {
    return text.size() >= end.size() &&
           text.compare(text.size() - end.size(), end.size(), end) == 0;
}

TEST(SourceLine, IsThatOfTheCall) {
    const void *const address = here();
    const std::string line = line_of(address);
    EXPECT_TRUE(ends_with(line, this_file(__LINE__ - 2))) << line;
}

TEST(SourceLine, IsWholeOrNone) {
    const void *const address = here();
    const std::string line = line_of(address);
    EXPECT_EQ(line_of(address, line.size() + 2), line) << "with newline and zero";
    for (std::size_t size = 1; size < line.size() + 2; size++) {
        EXPECT_EQ(line_of(address, size), "") << size;
    }
}

TEST(SourceLine, IsUnknownWithoutTheTool) {
    const void *const address = here();
    const std::string path = std::getenv("PATH");
    setenv("PATH", "/nowhere", 1);
    EXPECT_EQ(line_of(address), "");
    setenv("PATH", path.c_str(), 1);
    EXPECT_NE(line_of(address), "");
}

// While it lives a signal comes each millisecond, and ends calls of the system that wait.
class Interrupted {
  public:
    Interrupted() {
        struct sigaction action = {};
        action.sa_handler = [](int) {};
        EXPECT_EQ(sigaction(SIGALRM, &action, &before_), 0);
        const itimerval each = {{0, 1000}, {0, 1000}};
        EXPECT_EQ(setitimer(ITIMER_REAL, &each, nullptr), 0);
    }
    ~Interrupted() {
        const itimerval never = {};
        EXPECT_EQ(setitimer(ITIMER_REAL, &never, nullptr), 0);
        EXPECT_EQ(sigaction(SIGALRM, &before_, nullptr), 0);
    }
    Interrupted(const Interrupted &) = delete;
    Interrupted &operator=(const Interrupted &) = delete;

  private:
    struct sigaction before_ = {};
};

TEST(SourceLine, IsKnownWhereSignalsComeMeanwhile) {
    const void *const address = here();
    const std::string line = line_of(address);
    {
        const Interrupted interrupted;
        EXPECT_EQ(line_of(address), line);
    }
    EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1) << "no process is left";
}

// A report with call sites that are addresses.
ba_misuse report_of(const void *site, const void *origin, const ba_live *live, std::size_t count) {
    ba_misuse misuse = {};
    misuse.severity = BA_SEVERITY_LOG;
    misuse.error = ba_error_of(BA_IN_USE);
    misuse.allocator = "pool";
    misuse.operation = "free";
    misuse.memory = ba_memory_none(misuse.error);
    misuse.site = ba_call_site_of_address(site);
    misuse.origin = ba_call_site_of_address(origin);
    misuse.live = live;
    misuse.live_shown = count;
    misuse.live_count = count;
    return misuse;
}

std::string printed(const ba_misuse &misuse) {
    testing::internal::CaptureStderr();
    ba_misuse_report(&misuse);
    return testing::internal::GetCapturedStderr();
}

// In debug builds, and elsewhere the address.
#if BA_BUILD_MODE == BA_DEBUG
std::string shown(const void *address) {
    return line_of(address);
}
#else
std::string shown(const void *address) {
    char text[64];
    (void)snprintf(text, sizeof text, "%p", address);
    return text;
}
#endif

TEST(ReportOnStandardError, NamesTheLines) {
    const void *const site = here();
    const void *const origin = here();
    EXPECT_NE(line_of(site), line_of(origin));
    const std::string text = printed(report_of(site, origin, nullptr, 0));
    EXPECT_TRUE(ends_with(text, ", at " + shown(site) + ", allocated at " + shown(origin) + "\n"))
        << text;
}

TEST(ReportOnStandardError, NamesTheLinesOfWhatIsInUse) {
    char byte = 0;
    const ba_memory memory = ba_memory_of(&byte, ba_bytes(1));
    const ba_live live[] = {{memory, ba_call_site_of_address(here())},
                            {memory, ba_call_site_of_text("some.c:3")}};
    const std::string text = printed(report_of(here(), nullptr, live, 2));
    EXPECT_NE(text.find(" at " + shown(live[0].site.address) + ")"), std::string::npos) << text;
    EXPECT_NE(text.find(" at some.c:3)"), std::string::npos) << text;
}

TEST(ReportOnStandardError, ShowsManyAsTheyAre) {
    char byte = 0;
    const ba_live one = {ba_memory_of(&byte, ba_bytes(1)), ba_call_site_of_address(here())};
    const ba_live live[] = {one, one, one, one, one, one, one, one, one};
    const std::string text = printed(report_of(here(), nullptr, live, 9));
    EXPECT_EQ(text.find("source_line_known_test.cc:" + std::to_string(__LINE__ - 3) + ")"),
              std::string::npos)
        << text;
}

} // namespace

#endif
