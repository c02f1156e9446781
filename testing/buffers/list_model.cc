#include "testing/buffers/list_model.h"

namespace buffer_testing {

const std::vector<ListModel> &list_models() {
    static const std::vector<ListModel> models = [] {
        std::vector<ListModel> all = list_models_on_pools();
        const std::vector<ListModel> others = list_models_on_blocks();
        all.insert(all.end(), others.begin(), others.end());
        return all;
    }();
    return models;
}

} // namespace buffer_testing
