// Bytes read as choices: what makes operations of a fuzzer's input, or of random bytes.
#ifndef TESTING_BYTE_STREAM_H_
#define TESTING_BYTE_STREAM_H_

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace ba_testing {

// A stream of bytes that ends in zeros.
class ByteStream {
  public:
    // Borrows the bytes.
    ByteStream(const std::uint8_t *bytes, std::size_t count) : bytes_(bytes), count_(count) {}

    bool is_empty() const { return count_ == 0; }

    std::uint8_t byte() {
        if (count_ == 0) {
            return 0;
        }
        count_--;
        return *bytes_++;
    }

    bool flip() { return byte() % 2 != 0; }

    // A number below the bound, which must not be 0. Takes one byte if that is enough for the
    // bound, else two, which never make more than 65535.
    std::size_t below(std::size_t bound) {
        const std::size_t high = bound > 256 ? byte() : 0;
        return (high << 8 | byte()) % bound;
    }

    // Eight bytes, as one bit for each of 64 cases.
    std::uint64_t bits() {
        std::uint64_t bits = 0;
        for (int i = 0; i < 8; i++) {
            bits = bits << 8 | byte();
        }
        return bits;
    }

  private:
    const std::uint8_t *bytes_;
    std::size_t count_;
};

// Bytes for a stream; the same for the same seed.
inline std::vector<std::uint8_t> random_bytes(unsigned seed, std::size_t count) {
    std::mt19937 random(seed);
    std::vector<std::uint8_t> bytes(count);
    for (std::uint8_t &byte : bytes) {
        byte = static_cast<std::uint8_t>(random());
    }
    return bytes;
}

} // namespace ba_testing

#endif // TESTING_BYTE_STREAM_H_
