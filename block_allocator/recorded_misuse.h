// For tests of misuse: while an object of this class lives, reports are recorded and rejected calls
// return. The default handler and severity come back with its end.
#ifndef BLOCK_ALLOCATOR_RECORDED_MISUSE_H_
#define BLOCK_ALLOCATOR_RECORDED_MISUSE_H_

#include <cstddef>
#include <vector>

#include "block_allocator/misuse.h"

namespace ba_testing {

class RecordedMisuse {
  public:
    struct Report {
        ba_misuse misuse; // `live` points to nothing any more
        std::vector<ba_live> live;
    };

    RecordedMisuse();
    ~RecordedMisuse();

    RecordedMisuse(const RecordedMisuse &) = delete;
    RecordedMisuse &operator=(const RecordedMisuse &) = delete;

    std::size_t count() const { return reports_.size(); }
    const Report &report(std::size_t number) const { return reports_.at(number); }
    void clear() { reports_.clear(); }

  private:
    static void record(void *context, const ba_misuse *misuse);

    std::vector<Report> reports_;
    ba_misuse_handler handler_before_;
    ba_severity severity_before_;
};

} // namespace ba_testing

#endif // BLOCK_ALLOCATOR_RECORDED_MISUSE_H_
