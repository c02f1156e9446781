#include "block_allocator/recorded_misuse.h"

namespace ba_testing {

RecordedMisuse::RecordedMisuse()
    : handler_before_(ba_misuse_set_handler({record, this})),
      severity_before_(ba_misuse_set_severity(BA_SEVERITY_LOG)) {}

RecordedMisuse::~RecordedMisuse() {
    ba_misuse_set_handler(handler_before_);
    ba_misuse_set_severity(severity_before_);
}

void RecordedMisuse::record(void *context, const ba_misuse *misuse) {
    auto &self = *static_cast<RecordedMisuse *>(context);
    self.reports_.push_back({*misuse, {misuse->live, misuse->live + misuse->live_shown}});
    self.reports_.back().misuse.live = nullptr;
}

} // namespace ba_testing
