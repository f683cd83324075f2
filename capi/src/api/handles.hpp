// SPDX-License-Identifier: MIT
// What the opaque handles are. Handles are cheap: what they stand for is shared, so that they can be freed in any order.
#pragma once

#include <venice/types.h>

#include <memory>
#include <string>

#include "account/account_info.hpp"
#include "catalog/model_info.hpp"
#include "catalog/request_plan.hpp"
#include "client/client_core.hpp"
#include "client/event_queue.hpp"
#include "client/job.hpp"
#include "request/request.hpp"
#include "response/generate_result.hpp"
#include "support/error.hpp"

struct venice_error {
    venice::ErrorInfo info;
};

struct venice_request {
    venice::Request request;
    std::string lent = {};  // the text that was lent last
};

struct venice_client {
    std::shared_ptr<venice::ClientCore> core;
};

struct venice_job {
    std::shared_ptr<venice::Job> job;
};

struct venice_event {
    venice::Event event;
};

struct venice_result {
    std::shared_ptr<const venice::GenerateResult> result;
};

struct venice_image {
    venice::GeneratedImage image;  // shares the bytes
};

struct venice_image_stream {
    std::shared_ptr<const venice::ImageBytes> bytes;
};

struct venice_models {
    std::shared_ptr<const venice::ModelList> list;
};

struct venice_model {
    std::shared_ptr<const venice::ModelList> list;
    const venice::ModelInfo* info;  // inside `list`
};

struct venice_styles {
    std::shared_ptr<const venice::StyleList> list;
};

struct venice_plan {
    venice::RequestPlan plan;
};

struct venice_account {
    std::shared_ptr<const venice::AccountInfo> account;
};
