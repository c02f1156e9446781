// Records reports of misuse, so that a test can compare them.
//
//     MisuseRecorder misuse;
//     EXPECT_EQ(ba_free(allocator, memory_of_nobody, ba_align(8)).code, BA_FOREIGN);
//     EXPECT_EQ(misuse.take(), "pool: free(...): FOREIGN, ...");
//
// What a line does not tell is in report(). While it lives, the severity is BA_SEVERITY_LOG, so
// that rejected calls return. One at a time.
#ifndef TESTING_MISUSE_RECORDER_H_
#define TESTING_MISUSE_RECORDER_H_

#include <cstddef>
#include <string>
#include <vector>

#include "block_allocator/error.h"
#include "block_allocator/misuse.h"

namespace ba_testing {

class MisuseRecorder {
  public:
    struct Report {
        ba_misuse misuse;          // its `live` is NULL: the reporter's array is gone
        std::vector<ba_live> live; // what it pointed to
    };

    MisuseRecorder();
    ~MisuseRecorder(); // installs again what was installed before

    MisuseRecorder(const MisuseRecorder &) = delete;
    MisuseRecorder &operator=(const MisuseRecorder &) = delete;

    // What was recorded since the last take or clear, the oldest first.
    std::size_t count() const;
    const std::vector<ba_error_code> &errors() const;
    const std::vector<std::string> &lines() const; // as ba_misuse_format() writes them
    const Report &report(std::size_t number) const;

    void clear();

    // The lines, each but the last with a newline; forgets them.
    std::string take();

  private:
    static void record(void *context, const ba_misuse *misuse);

    ba_misuse_handler handler_before_;
    ba_severity severity_before_;
    std::vector<ba_error_code> errors_;
    std::vector<std::string> lines_;
    std::vector<Report> reports_;
};

} // namespace ba_testing

#endif // TESTING_MISUSE_RECORDER_H_
