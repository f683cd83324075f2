// SPDX-License-Identifier: MIT
// The list of models, and what is worked out from it; the same bytes as the list of styles and as the account.
#include <cmath>
#include <string>

#include "account/account_info.hpp"
#include "catalog/model_check.hpp"
#include "catalog/model_info.hpp"
#include "catalog/model_size.hpp"
#include "catalog/request_plan.hpp"
#include "fuzzing.hpp"
#include "support/json.hpp"

using fuzzing::require;

namespace {

template <typename List>
List read(std::string_view body, List (*reader)(std::string_view)) {
    try {
        return reader(body);
    } catch (const venice::Error& error) {
        require(error.info().status == VENICE_ERROR_MALFORMED_RESPONSE, "only the answer can be wrong");
        return {};
    }
}

void require_sane_size(const std::optional<venice::PictureSize>& size) {
    require(!size || (size->width > 0 && size->height > 0), "a picture has a width and a height");
}

bool can_be_asked_for(venice::Request& request, const std::shared_ptr<const venice::ModelInfo>& model) {
    try {
        request.use_model(model);
        return true;
    } catch (const venice::Error& error) {
        require(error.info().status == VENICE_ERROR_OUT_OF_RANGE, "an id that is too long is told");
        return false;
    }
}

void use(const std::shared_ptr<const venice::ModelInfo>& model) {
    require(!model->id.empty() && !model->name.empty(), "a model has an id and a name");
    require(model->size_divisor >= 1 && model->max_steps >= 0 && model->prompt_limit >= 0, "limits are no negative numbers");
    require(venice::check_json(model->json) == venice::JsonFault::none, "the model's own text is JSON");
    venice::Request request;
    request.set_string("prompt", "a red fox in the snow");
    if (!can_be_asked_for(request, model)) {
        return;
    }
    require_sane_size(venice::output_size(*model, nullptr));
    require_sane_size(venice::output_size(*model, &request));
    const auto price = venice::price_of(*model, &request);
    require(!price || (std::isfinite(price->usd) && price->usd >= 0), "a price is a number");
    for (const bool sufficient : {false, true}) {
        try {
            venice::fit_size(request, *model, 1600, 900, sufficient);
        } catch (const venice::Error& error) {
            require(error.info().status != VENICE_ERROR_INTERNAL, "why a size does not fit is told");
        }
        require_sane_size(venice::output_size(*model, &request));
    }
    require(venice::check_json(venice::plan_request(request).body) == venice::JsonFault::none, "a request's body is JSON");
    static_cast<void>(venice::problems_of(request, nullptr));
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view body = fuzzing::text_of(data, size);
    for (venice::ModelInfo& model : read(body, venice::read_models).items) {
        use(std::make_shared<const venice::ModelInfo>(std::move(model)));
    }
    read(body, venice::read_styles);
    read(body, venice::read_account);
    return 0;
}
