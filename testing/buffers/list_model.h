// A model of lists, for tests: streams of every function, told by bytes, against a plain vector;
// for elements of several sizes, with and without sentinel, bound to pools and to what is no pool.
// Used by random tests and by fuzzing.
#ifndef TESTING_BUFFERS_LIST_MODEL_H_
#define TESTING_BUFFERS_LIST_MODEL_H_

#include <cstdint>
#include <vector>

#include "testing/byte_stream.h"

namespace buffer_testing {

// The model of one list type.
struct ListModel {
    const char *name; // of the type, an identifier

    // Does what the bytes tell, until they are used up or an expectation is not met; they are
    // GoogleTest's. The backings refuse call n if bit n % 64 of `refusals` is set. Without any
    // refusal, the forms of functions are used too that end the program when there is no memory.
    void (*run)(ba_testing::ByteStream *bytes, std::uint64_t refusals);
};

// One for each list type.
const std::vector<ListModel> &list_models();

// Each has a unit, or shares one: as many types as compile in a few seconds.
extern const ListModel text_model;
extern const ListModel words_model;
extern const ListModel ended_words_model;
extern const ListModel ended_triples_model;
extern const ListModel wides_model;
extern const ListModel octets_model;
extern const ListModel triples_model;
extern const ListModel ended_wides_model;

} // namespace buffer_testing

#endif // TESTING_BUFFERS_LIST_MODEL_H_
