#include "testing/fault_injection/harness.h"

#include <sstream>

#include "gtest/gtest.h"

namespace failures {

namespace {

// No operation asks so often.
constexpr std::size_t kMostCalls = 1000;

enum class Mode { kOnce, kEverAfter };

void refuse(Fixture &fixture, Mode mode, std::size_t n) {
    switch (mode) {
    case Mode::kOnce:
        fixture.backing.refuse_nth(n);
        return;
    case Mode::kEverAfter:
        fixture.backing.refuse_from(n);
        return;
    }
}

// What is taken from the backing, in words.
std::string taken(const Fixture &fixture) {
    std::ostringstream text;
    text << fixture.backing.bytes() << " bytes in " << fixture.backing.grants() << " grants";
    return text.str();
}

// Gives everything back while nothing can be had: no release needs memory, and none is left behind.
void end(Fixture &fixture) {
    fixture.backing.refuse_from(1);
    fixture.release();
    EXPECT_EQ(fixture.backing.calls(), 0u) << "releasing asked for memory";
    fixture.backing.refuse_none();
    EXPECT_EQ(fixture.backing.grants(), 0u) << "not released: " << taken(fixture);
}

bool can_fail(Contract contract) {
    switch (contract) {
    case Contract::kFails:
    case Contract::kMayRecover:
    case Contract::kOptional:
        return true;
    case Contract::kSurvives:
    case Contract::kNeedsNone:
        break;
    }
    return false;
}

// Whether an operation may succeed though call n was refused.
bool may_succeed(Contract contract, Mode mode, std::size_t n) {
    switch (contract) {
    case Contract::kFails:
    case Contract::kNeedsNone:
        return false;
    case Contract::kMayRecover:
        return mode == Mode::kOnce;
    case Contract::kOptional:
        return mode == Mode::kOnce || n > 1;
    case Contract::kSurvives:
        break;
    }
    return true;
}

class Trial {
  public:
    explicit Trial(const Operation &operation) : operation_(operation) {}

    void run() {
        describe_before();
        describe_after();
        for (const Mode mode : {Mode::kOnce, Mode::kEverAfter}) {
            std::size_t n = 1;
            while (n <= kMostCalls && refused_at(mode, n) && !testing::Test::HasFailure()) {
                n++;
            }
            EXPECT_LE(n, kMostCalls) << "asks without end";
        }
        EXPECT_EQ(failures_ != 0, can_fail(operation_.contract))
            << failures_ << " refusals made it fail";
    }

  private:
    void describe_before() {
        const std::unique_ptr<Fixture> fixture = operation_.make();
        fixture->check();
        before_ = fixture->describe();
        end(*fixture);
    }

    // What the operation does when nothing fails.
    void describe_after() {
        const std::unique_ptr<Fixture> fixture = operation_.make();
        fixture->backing.refuse_none();
        EXPECT_EQ(operation_.perform(*fixture), BA_OK) << "though nothing was refused";
        EXPECT_EQ(fixture->backing.calls() == 0, operation_.contract == Contract::kNeedsNone)
            << fixture->backing.calls() << " calls of the backing";
        fixture->check();
        after_ = fixture->describe();
        end(*fixture);
    }

    // One refusal. False if the operation was done before it came to that.
    bool refused_at(Mode mode, std::size_t n) {
        std::ostringstream where;
        where << "call " << n << " is refused" << (mode == Mode::kOnce ? "" : " and all after it");
        SCOPED_TRACE(where.str());
        return attempt(mode, n, &Trial::give_up) && attempt(mode, n, &Trial::try_again);
    }

    bool attempt(Mode mode, std::size_t n, void (Trial::*go_on)(Fixture &)) {
        const std::unique_ptr<Fixture> fixture = operation_.make();
        const std::string taken_before = taken(*fixture);
        refuse(*fixture, mode, n);
        const ba_error_code code = operation_.perform(*fixture);
        const bool was_refused = fixture->backing.refused() != 0;
        fixture->backing.refuse_none();
        fixture->check();
        if (!was_refused) {
            EXPECT_EQ(code, BA_OK) << "though nothing was refused";
            EXPECT_EQ(fixture->describe(), after_);
        } else if (code == BA_OK) {
            EXPECT_TRUE(may_succeed(operation_.contract, mode, n)) << "succeeds";
        } else {
            EXPECT_EQ(code, BA_OUT_OF_MEMORY);
            if (!fixture->may_keep()) {
                EXPECT_EQ(taken(*fixture), taken_before) << "the failure kept something";
            }
            EXPECT_EQ(fixture->describe(), before_) << "the failure changed something";
            failures_++;
            (this->*go_on)(*fixture);
        }
        end(*fixture);
        return was_refused;
    }

    void give_up(Fixture & /*fixture*/) {}

    // As if nothing had happened.
    void try_again(Fixture &fixture) {
        EXPECT_EQ(operation_.perform(fixture), BA_OK) << "when tried again";
        fixture.check();
        EXPECT_EQ(fixture.describe(), after_) << "when tried again";
    }

    const Operation &operation_;
    std::string before_;
    std::string after_;
    std::size_t failures_ = 0;
};

class OperationTest : public testing::Test {
  public:
    explicit OperationTest(Operation operation) : operation_(std::move(operation)) {}
    void TestBody() override { try_every_refusal(operation_); }

  private:
    Operation operation_;
};

} // namespace

void try_every_refusal(const Operation &operation) {
    Trial(operation).run();
}

void register_operation(const Operation &operation) {
    testing::RegisterTest(
        operation.suite.c_str(), (operation.function + "/" + operation.state).c_str(), nullptr,
        nullptr, __FILE__, __LINE__,
        [operation]() -> testing::Test * { return new OperationTest(operation); });
}

} // namespace failures
