#include "block_allocator/forwarding/logging_to_file.h"

#include <cstdio>
#include <string>

#include "testing/strict_backing.h"
#include "gtest/gtest.h"

namespace {

ba_memory memory_at(std::uintptr_t address, std::size_t length) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): it is never dereferenced.
    return ba_memory_of(reinterpret_cast<void *>(address), ba_bytes(length));
}

// All that a function writes to a file.
template <typename Write>
std::string written(Write write) {
    std::FILE *file = std::tmpfile();
    write(file);
    std::string text(static_cast<std::size_t>(std::ftell(file)), '\0');
    std::rewind(file);
    EXPECT_EQ(std::fread(&text[0], 1, text.size(), file), text.size());
    EXPECT_EQ(std::fclose(file), 0);
    return text;
}

std::string line(const ba_log_event &event) {
    return written([&](std::FILE *file) {
        const ba_log_sink sink = ba_log_to_file(file);
        sink.function(sink.context, &event);
    });
}

ba_log_event event_of(std::uint64_t number, ba_log_operation operation) {
    ba_log_event event = {};
    event.number = number;
    event.operation = operation;
    event.site = ba_call_site_of_text("main.c:12");
    return event;
}

TEST(LogToFile, Alloc) {
    ba_log_event event = event_of(1, BA_LOG_ALLOC);
    event.alignment = ba_align(8);
    event.minimum = ba_bytes(100);
    event.result = memory_at(0xABC0, 128);
    EXPECT_EQ(line(event), "1 alloc 0x0 0 8 100 0 OK 0xabc0 128 main.c:12\n");
}

TEST(LogToFile, AllocThatFailed) {
    ba_log_event event = event_of(UINT64_MAX, BA_LOG_ALLOC);
    event.alignment = ba_align(1);
    event.minimum = ba_bytes(100);
    event.error = ba_error_of(BA_OUT_OF_MEMORY);
    event.result = ba_memory_none(event.error);
    EXPECT_EQ(line(event),
              "18446744073709551615 alloc 0x0 0 1 100 0 OUT_OF_MEMORY 0x0 0 main.c:12\n");
}

TEST(LogToFile, Resize) {
    ba_log_event event = event_of(2, BA_LOG_RESIZE);
    event.memory = memory_at(0x10, 128);
    event.alignment = ba_align(8);
    event.minimum = ba_bytes(300);
    event.error = ba_error_of(BA_NOT_IN_PLACE);
    EXPECT_EQ(line(event), "2 resize 0x10 128 8 300 0 NOT_IN_PLACE 0x0 0 main.c:12\n");
}

TEST(LogToFile, Free) {
    ba_log_event event = event_of(3, BA_LOG_FREE);
    event.memory = memory_at(0x10, 128);
    event.alignment = ba_align(8);
    EXPECT_EQ(line(event), "3 free 0x10 128 8 0 0 OK 0x0 0 main.c:12\n");
}

TEST(LogToFile, GrowBetween) {
    ba_log_event event = event_of(4, BA_LOG_GROW_BETWEEN);
    event.memory = memory_at(0x10, 128);
    event.alignment = ba_align(8);
    event.minimum = ba_bytes(129);
    event.wanted = ba_bytes(1000);
    event.result = memory_at(0x10, 512);
    EXPECT_EQ(line(event), "4 grow_between 0x10 128 8 129 1000 OK 0x10 512 main.c:12\n");
}

TEST(LogToFile, Remap) {
    ba_log_event event = event_of(5, BA_LOG_REMAP);
    event.memory = memory_at(0x10, 128);
    event.alignment = ba_align(8);
    event.minimum = ba_bytes(129);
    event.result = memory_at(0x2000, 256);
    EXPECT_EQ(line(event), "5 remap 0x10 128 8 129 0 OK 0x2000 256 main.c:12\n");
}

TEST(LogToFile, Discard) {
    ba_log_event event = event_of(6, BA_LOG_DISCARD);
    event.memory = memory_at(0x1000, 8192);
    event.result = memory_at(0x1000, 4096);
    EXPECT_EQ(line(event), "6 discard 0x1000 8192 0 0 0 OK 0x1000 4096 main.c:12\n");
}

TEST(LogToFile, AnUnknownOperation) {
    EXPECT_EQ(line(event_of(7, static_cast<ba_log_operation>(7))),
              "7 unknown 0x0 0 0 0 0 OK 0x0 0 main.c:12\n");
}

TEST(LogToFile, CallSites) {
    ba_log_event event = event_of(8, BA_LOG_FREE);
    event.site = ba_call_site_of_address(ba_memory_pointer(memory_at(0xF00, 1)));
    EXPECT_EQ(line(event), "8 free 0x0 0 0 0 0 OK 0x0 0 0xf00\n");
    event.site = ba_call_site_none();
    EXPECT_EQ(line(event), "8 free 0x0 0 0 0 0 OK 0x0 0 an unknown place\n");
    event.site = ba_call_site_of_text("a file with spaces.c:1");
    EXPECT_EQ(line(event), "8 free 0x0 0 0 0 0 OK 0x0 0 a file with spaces.c:1\n");
    const std::string longest(300, 'x');
    event.site = ba_call_site_of_text(longest.c_str());
    EXPECT_EQ(line(event), "8 free 0x0 0 0 0 0 OK 0x0 0 " + longest.substr(0, 255) + "\n");
}

TEST(LogToFile, WritesALineForEachCall) {
    ba_testing::StrictBacking backing;
    void *pointer = nullptr;
    const std::string text = written([&](std::FILE *file) {
        ba_logging_allocator logging;
        ba_logging_allocator_init(&logging, backing.allocator(), ba_log_to_file(file));
        const ba_allocator exact = ba_logging_allocator_allocator(&logging);
        const ba_call_site site = ba_call_site_of_text("test.c:1");
        const ba_memory memory = ba_alloc_at(exact, ba_bytes(100), ba_align(8), site);
        ba_free_at(exact, memory, ba_align(8), site);
        pointer = ba_memory_pointer(memory);
    });
    char expected[200];
    (void)std::snprintf(expected, sizeof expected,
                        "1 alloc 0x0 0 8 100 0 OK %p 100 test.c:1\n"
                        "2 free %p 100 8 0 0 OK 0x0 0 test.c:1\n",
                        pointer, pointer);
    EXPECT_EQ(text, expected);
}

} // namespace
