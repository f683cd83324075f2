// SPDX-License-Identifier: MIT
#include "generation/session.hpp"

#include <algorithm>
#include <list>
#include <string_view>
#include <utility>

#include "generation/connection.hpp"
#include "generation/run.hpp"

namespace venice_gimp {
namespace {

constexpr double most_per_minute = 1e6;  // more is no limit for anybody

using CatalogDone = std::function<void(std::variant<std::shared_ptr<const Catalog>, Failure>)>;

std::vector<std::string> names_of(const venice_styles* styles) {
    std::vector<std::string> names;
    names.reserve(venice_styles_count(styles));
    for (std::size_t index = 0; index < venice_styles_count(styles); ++index) {
        names.emplace_back(venice_styles_at(styles, index));
    }
    return names;
}

std::optional<RequestRate> rate_of(const venice_account* account, const Catalog* catalog) {
    std::optional<RequestRate> rate;
    for (std::size_t index = 0; index < venice_account_limit_count(account); ++index) {
        const std::string model = venice_account_limit_model(account, index);
        const int amount = static_cast<int>(std::clamp(venice_account_limit_amount(account, index), 0.0, most_per_minute));
        const bool is_of_images = model.empty() || catalog == nullptr || catalog->find_model(model) != nullptr;
        if (is_of_images && venice_account_limit_type(account, index) == std::string_view("RPM")) {
            rate = rate ? RequestRate{std::min(rate->least, amount), std::max(rate->most, amount)} : RequestRate{amount, amount};
        }
    }
    return rate;
}

Account read_account(const venice_account* account, const Catalog* catalog) {
    Account read;
    double amount = 0.0;
    if (venice_account_balance_usd(account, &amount) != 0) {
        read.balance_usd = amount;
    }
    if (venice_account_balance_diem(account, &amount) != 0) {
        read.balance_diem = amount;
    }
    read.may_generate = venice_account_is_access_permitted(account) != 0;
    read.tier = venice_account_tier(account);
    read.per_minute = rate_of(account, catalog);
    return read;
}

// Models and styles, fetched side by side.
class CatalogFetch : public std::enable_shared_from_this<CatalogFetch> {
public:
    CatalogFetch(std::weak_ptr<Connection> connection, CatalogDone done) : connection_(std::move(connection)), done_(std::move(done)) {}

    void start() {
        const std::shared_ptr<Connection> connection = connection_.lock();
        models_job_ = make<JobHandle>(venice_submit_models, connection->client());
        styles_job_ = make<JobHandle>(venice_submit_styles, connection->client());
        watch(*connection, models_job_.get());
        watch(*connection, styles_job_.get());
    }

private:
    void watch(Connection& connection, const venice_job* job) {
        // The connection's handler is what keeps this object alive.
        connection.watch(job, [self = shared_from_this()](std::int32_t type) {
            if (type == VENICE_EVENT_ENDED && --self->running_ == 0) {
                self->finish();
            }
        });
    }

    void finish() {
        const CatalogDone done = std::move(done_);
        std::variant<std::shared_ptr<const Catalog>, Failure> outcome;
        try {
            outcome = collect();
        } catch (const VeniceException& exception) {
            outcome = exception.failure();
        }
        done(std::move(outcome));
    }

    std::shared_ptr<const Catalog> collect() {
        auto catalog = std::make_shared<Catalog>();
        catalog->models = make<ModelsHandle>(venice_job_models, models_job_.get());
        catalog->styles = style_names();
        if (const std::shared_ptr<Connection> connection = connection_.lock()) {
            connection->catalog = catalog;
        }
        return catalog;
    }

    // Without its styles the service is still of use: then there are none to choose from.
    std::vector<std::string> style_names() const {
        venice_styles* raw = nullptr;
        venice_job_styles(styles_job_.get(), &raw, nullptr);
        const StylesHandle styles(raw);
        return names_of(styles.get());
    }

    std::weak_ptr<Connection> connection_;
    CatalogDone done_;
    JobHandle models_job_;
    JobHandle styles_job_;
    int running_ = 2;
};

class ConnectedSession : public Session {
public:
    explicit ConnectedSession(std::shared_ptr<Connection> connection) : connection_(std::move(connection)) {}

    void set_api_key(const std::string& key) override {
        call(venice_client_set_string, connection_->client(), "api_key", key.empty() ? nullptr : key.c_str());
        has_api_key_ = !key.empty();
    }

    bool has_api_key() const override { return has_api_key_; }

    void fetch_catalog(CatalogDone done) override {
        // A session that is gone calls nobody back, even if one of its runs still keeps the connection.
        auto guarded_done = [alive = std::weak_ptr(alive_), done = std::move(done)](auto outcome) {
            if (!alive.expired()) {
                done(std::move(outcome));
            }
        };
        std::make_shared<CatalogFetch>(connection_, std::move(guarded_done))->start();
    }

    // Any list that is kept is shown at once, and fetched again each time.
    void keep_catalog_in(const std::string& folder) override {
        call(venice_client_set_string, connection_->client(), "cache_dir", folder.c_str());
        call(venice_client_set_int, connection_->client(), "cache_max_age_ms", std::int64_t{0});
    }

    std::shared_ptr<const Catalog> kept_catalog() override {
        venice_models* models = nullptr;
        if (venice_cached_models(connection_->client(), &models, nullptr) != VENICE_OK) {
            return nullptr;
        }
        auto catalog = std::make_shared<Catalog>();
        catalog->models = ModelsHandle(models);
        venice_styles* styles = nullptr;
        venice_cached_styles(connection_->client(), &styles, nullptr);
        catalog->styles = names_of(StylesHandle(styles).get());
        connection_->catalog = catalog;
        return catalog;
    }

    void fetch_account(std::function<void(std::variant<Account, Failure>)> done) override {
        const auto job = std::make_shared<JobHandle>(make<JobHandle>(venice_submit_account, connection_->client()));
        connection_->watch(job->get(), [this, job, alive = std::weak_ptr(alive_), done = std::move(done)](std::int32_t type) {
            if (type != VENICE_EVENT_ENDED || alive.expired()) {
                return;
            }
            try {
                const AccountHandle account = make<AccountHandle>(venice_job_account, static_cast<const venice_job*>(job->get()));
                done(read_account(account.get(), connection_->catalog.get()));
            } catch (const VeniceException& exception) {
                done(exception.failure());
            }
        });
    }

    std::unique_ptr<Run> prepare(const Settings& settings, RunCallbacks callbacks) override {
        return std::make_unique<JobRun>(connection_, settings, std::move(callbacks));
    }

    void in_background(std::function<void()> work, std::function<void(std::exception_ptr)> done) override {
        connection_->decoders().run(std::move(work), [alive = std::weak_ptr(alive_), done = std::move(done)](const std::exception_ptr& failure) {
            if (!alive.expired()) {
                done(failure);
            }
        });
    }

private:
    std::shared_ptr<Connection> connection_;
    std::shared_ptr<int> alive_ = std::make_shared<int>(0);
    bool has_api_key_ = false;
};

}  // namespace

ModelHandle Catalog::find_model(const std::string& id) const {
    venice_model* found = nullptr;
    const char* id_or_trait = id.empty() ? "default" : id.c_str();
    if (venice_models_find(models.get(), id_or_trait, &found, nullptr) != VENICE_OK) {
        return nullptr;
    }
    return ModelHandle(found);
}

std::unique_ptr<Run> Session::start(const Settings& settings, RunCallbacks callbacks) {
    std::unique_ptr<Run> run = prepare(settings, std::move(callbacks));
    run->send();
    return run;
}

std::unique_ptr<Session> Session::create(const std::string& base_url, const std::string& user_agent) {
    return std::make_unique<ConnectedSession>(Connection::create(base_url, user_agent));
}

}  // namespace venice_gimp
