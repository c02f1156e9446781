// Appends to a std::vector.
#include <vector>

#include "bench/peers/grow.h"

int main(int argc, char **argv) {
    const uint32_t count = grow_count(argc, argv);
    std::vector<uint32_t> numbers;
    const grow_start start = grow_begin();
    for (uint32_t i = 0; i < count; i++) {
        numbers.push_back(i);
    }
    grow_end(start, numbers.data(), numbers.size(), count);
    return 0;
}
