#include "testing/buffers/list_model.h"

namespace buffer_testing {

const std::vector<ListModel> &list_models() {
    // The corpora of the fuzz target know them by their order.
    static const std::vector<ListModel> models = {
        text_model,  words_model,  ended_words_model, ended_triples_model,
        wides_model, octets_model, triples_model,     ended_wides_model,
    };
    return models;
}

} // namespace buffer_testing
