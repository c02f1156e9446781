#include "testing/misuse_recorder.h"

#include "block_allocator/misuse/misuse_text.h"

namespace ba_testing {

MisuseRecorder::MisuseRecorder()
    : handler_before_(ba_misuse_set_handler({record, this})),
      severity_before_(ba_misuse_set_severity(BA_SEVERITY_LOG)) {}

MisuseRecorder::~MisuseRecorder() {
    ba_misuse_set_severity(severity_before_);
    ba_misuse_set_handler(handler_before_);
}

std::size_t MisuseRecorder::count() const {
    return lines_.size();
}

const std::vector<ba_error_code> &MisuseRecorder::errors() const {
    return errors_;
}

const std::vector<std::string> &MisuseRecorder::lines() const {
    return lines_;
}

const MisuseRecorder::Report &MisuseRecorder::report(std::size_t number) const {
    return reports_.at(number);
}

void MisuseRecorder::clear() {
    errors_.clear();
    lines_.clear();
    reports_.clear();
}

std::string MisuseRecorder::take() {
    std::string all;
    for (const std::string &line : lines_) {
        all += (all.empty() ? "" : "\n") + line;
    }
    clear();
    return all;
}

void MisuseRecorder::record(void *context, const ba_misuse *misuse) {
    MisuseRecorder &self = *static_cast<MisuseRecorder *>(context);
    std::string line(ba_misuse_format(misuse, nullptr, 0), '\0');
    // The terminating zero has a place of its own behind the string's last character.
    ba_misuse_format(misuse, &line[0], line.size() + 1);
    self.errors_.push_back(misuse->error.code);
    self.lines_.push_back(line);
    self.reports_.push_back({*misuse, {misuse->live, misuse->live + misuse->live_shown}});
    self.reports_.back().misuse.live = nullptr;
}

} // namespace ba_testing
