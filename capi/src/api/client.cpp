// SPDX-License-Identifier: MIT
#include <venice/client.h>

#include "api/client_access.hpp"

using venice::core_of;
using venice::guarded;
using venice::guarded_make;
using venice::Job;
using venice::required;
using venice::wait_for;

venice_status venice_client_new(venice_client** out, venice_error** error) {
    return guarded_make(out, error, [] { return std::make_shared<venice::ClientCore>(); });
}

venice_status venice_client_free(venice_client* client) {
    if (client == nullptr) {
        return VENICE_OK;
    }
    if (client->core->forks_before() != venice::fork_count()) {
        return VENICE_ERROR_FORKED;
    }
    if (client->core->worker().on_worker_thread()) {
        return VENICE_ERROR_BUSY;
    }
    client->core->worker().stop();
    delete client;
    return VENICE_OK;
}

venice_status venice_client_set_string(venice_client* client, const char* name, const char* value, venice_error** error) {
    return guarded(error, [&] { core_of(client).set_string_option(&required(name, "name"), value); });
}

venice_status venice_client_set_int(venice_client* client, const char* name, int64_t value, venice_error** error) {
    return guarded(error, [&] { core_of(client).set_int_option(&required(name, "name"), value); });
}

venice_status venice_generate(venice_client* client, const venice_request* request, venice_result** out, venice_error** error) {
    return guarded_make(out, error, [&] {
        venice::ClientCore& core = core_of(client);
        return wait_for<std::shared_ptr<const venice::GenerateResult>>(core, core.submit_generate(required(request, "request").request, false));
    });
}

venice_status venice_list_models(venice_client* client, venice_models** out, venice_error** error) {
    return guarded_make(out, error, [&] {
        venice::ClientCore& core = core_of(client);
        return wait_for<std::shared_ptr<const venice::ModelList>>(core, core.submit_list(Job::Kind::models, false));
    });
}

venice_status venice_list_styles(venice_client* client, venice_styles** out, venice_error** error) {
    return guarded_make(out, error, [&] {
        venice::ClientCore& core = core_of(client);
        return wait_for<std::shared_ptr<const venice::StyleList>>(core, core.submit_list(Job::Kind::styles, false));
    });
}
