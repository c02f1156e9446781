#include "testing/scripted_allocator.h"

#include <utility>

#include "gtest/gtest.h"

namespace ba_testing {

namespace {

std::string text(std::size_t number) {
    return std::to_string(number);
}

std::string text(ba_alignment alignment) {
    return "align " + text(alignment.bytes);
}

// The next answer of a kind; not to have one is a test failure.
template <typename T>
T next(std::deque<T> *answers, T otherwise) {
    if (answers->empty()) {
        ADD_FAILURE() << "a call for which there is no answer";
        return otherwise;
    }
    const T answer = answers->front();
    answers->pop_front();
    return answer;
}

ba_memory next(std::deque<ba_memory> *answers) {
    return next(answers, ba_memory_none(ba_error_of(BA_CORRUPT)));
}

ba_length_result next(std::deque<ba_length_result> *answers) {
    return next(answers, ba_length_result_none(ba_error_of(BA_CORRUPT)));
}

} // namespace

struct ScriptedAllocator::Operations {
    static ScriptedAllocator &self(void *context) {
        return *static_cast<ScriptedAllocator *>(context);
    }
    static const ScriptedAllocator &self(const void *context) {
        return *static_cast<const ScriptedAllocator *>(context);
    }

    static ba_length block_size(const void *context) { return ba_bytes(self(context).block_size_); }

    static ba_memory alloc(void *context, ba_length minimum, ba_alignment alignment,
                           ba_call_site site) {
        self(context).note("alloc(" + text(minimum.bytes) + ", " + text(alignment), site);
        return next(&self(context).memories_);
    }

    static ba_length_result resize(void *context, ba_memory memory, ba_alignment alignment,
                                   ba_length minimum, ba_call_site site) {
        self(context).note("resize(" + self(context).name(memory) + ", " + text(alignment) + ", " +
                               text(minimum.bytes),
                           site);
        return next(&self(context).lengths_);
    }

    static ba_error free(void *context, ba_memory memory, ba_alignment alignment,
                         ba_call_site site) {
        self(context).note("free(" + self(context).name(memory) + ", " + text(alignment), site);
        return next(&self(context).errors_, ba_error_of(BA_CORRUPT));
    }

    static ba_length_result grow_between(void *context, ba_memory memory, ba_alignment alignment,
                                         ba_length minimum, ba_length wanted, ba_call_site site) {
        self(context).note("grow_between(" + self(context).name(memory) + ", " + text(alignment) +
                               ", " + text(minimum.bytes) + ", " + text(wanted.bytes),
                           site);
        return next(&self(context).lengths_);
    }

    static ba_memory remap(void *context, ba_memory memory, ba_alignment alignment,
                           ba_length minimum, ba_call_site site) {
        self(context).note("remap(" + self(context).name(memory) + ", " + text(alignment) + ", " +
                               text(minimum.bytes),
                           site);
        return next(&self(context).memories_);
    }

    static ba_length_result discard(void *context, ba_memory part, ba_call_site site) {
        self(context).note("discard(" + self(context).name(part), site);
        return next(&self(context).lengths_);
    }

    static ba_ownership owns(const void *context, const void *pointer) {
        std::string &calls = self(context).calls_;
        calls += (calls.empty() ? "owns(" : "; owns(") + self(context).name(pointer) + ")";
        return self(context).ownership_;
    }
};

ScriptedAllocator::ScriptedAllocator(std::size_t block_size, Table table)
    : block_size_(block_size), operations_{sizeof(ba_operations),
                                           Operations::block_size,
                                           Operations::alloc,
                                           Operations::resize,
                                           Operations::free,
                                           Operations::grow_between,
                                           Operations::remap,
                                           Operations::discard,
                                           Operations::owns,
                                           nullptr,
                                           nullptr} {
    switch (table) {
    case Table::kWhole:
        break;
    case Table::kShort:
        operations_.size = offsetof(ba_operations, grow_between);
        break;
    case Table::kNull:
        operations_.grow_between = nullptr;
        operations_.remap = nullptr;
        operations_.discard = nullptr;
        operations_.owns = nullptr;
        break;
    }
}

ba_allocator ScriptedAllocator::allocator() {
    return ba_allocator_of(this, &operations_);
}

ba_block_allocator ScriptedAllocator::block_allocator() {
    return ba_block_allocator_of(this, &operations_);
}

void ScriptedAllocator::will_return(ba_memory memory) {
    memories_.push_back(memory);
}

void ScriptedAllocator::will_return(ba_length_result result) {
    lengths_.push_back(result);
}

void ScriptedAllocator::will_return(ba_error error) {
    errors_.push_back(error);
}

void ScriptedAllocator::will_return(ba_ownership ownership) {
    ownership_ = ownership;
}

void ScriptedAllocator::will_refuse_alloc(ba_error_code code) {
    will_return(ba_memory_none(ba_error_of(code)));
}

void ScriptedAllocator::will_refuse_resize(ba_error_code code) {
    will_return(ba_length_result_none(ba_error_of(code)));
}

std::string ScriptedAllocator::take_calls() {
    return std::exchange(calls_, "");
}

void ScriptedAllocator::note(const std::string &call, ba_call_site site) {
    const std::string place = site.text != nullptr ? site.text : "no text";
    calls_ += (calls_.empty() ? "" : "; ") + call + ", " + place + ")";
    site_ = site;
}

std::string ScriptedAllocator::name(const void *pointer) const {
    if (pointer == nullptr) {
        return "NULL";
    }
    return pointer == a_ ? "A" : pointer == b_ ? "B" : "?";
}

std::string ScriptedAllocator::name(ba_memory memory) const {
    return name(ba_memory_pointer(memory)) + " " + text(ba_memory_length(memory).bytes);
}

} // namespace ba_testing
