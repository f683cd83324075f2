// SPDX-License-Identifier: MIT
#include "procedures/generate_and_wait.hpp"

#include <algorithm>
#include <memory>
#include <stdexcept>

#include "generation/layer_name.hpp"
#include "generation/main_context.hpp"
#include "generation/session.hpp"
#include "gimp/store_folder.hpp"
#include "i18n.hpp"
#include "store/key_store.hpp"

namespace venice_gimp {
namespace {

constexpr guint progress_interval_ms = 250;

struct MainLoopDeleter {
    void operator()(GMainLoop* loop) const noexcept { g_main_loop_unref(loop); }
};
using MainLoopHandle = std::unique_ptr<GMainLoop, MainLoopDeleter>;

std::string formatted(char* owned_text) {
    const std::unique_ptr<char, decltype(&g_free)> text(owned_text, g_free);
    return text.get();
}

std::string progress_text(const Run& run) {
    const std::vector<RunImage>& images = run.images();
    const auto ready = std::count_if(images.begin(), images.end(), [](const RunImage& image) { return is_final(image.state); });
    const int seconds = static_cast<int>(run.elapsed_seconds());
    if (images.size() > 1) {
        return formatted(
            g_strdup_printf(_("Venice: %d of %d images ready (%d s)"), static_cast<int>(ready), static_cast<int>(images.size()), seconds));
    }
    switch (images.front().state) {
        case ImageState::queued:
        case ImageState::connecting:
        case ImageState::sending:
        case ImageState::waiting_to_retry:
            return _("Venice: sending the request");
        case ImageState::waiting:
            return formatted(g_strdup_printf(_("Venice: the image is being made (%d s)"), seconds));
        default:
            return _("Venice: receiving the image");
    }
}

// GIMP's progress bar, kept moving as long as it lives.
class Progress {
public:
    explicit Progress(const Run& run) : run_(run), timer_(g_timeout_source_new(progress_interval_ms)) {
        gimp_progress_init(progress_text(run_).c_str());
        g_source_set_callback(timer_.get(), tick, this, nullptr);
        const MainContextHandle context = this_thread_context();
        g_source_attach(timer_.get(), context.get());
    }
    ~Progress() { gimp_progress_end(); }
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

private:
    static gboolean tick(gpointer data) noexcept {
        guarded([data] { static_cast<Progress*>(data)->show(); });
        return G_SOURCE_CONTINUE;
    }

    void show() {
        gimp_progress_set_text(progress_text(run_).c_str());
        gimp_progress_pulse();
    }

    const Run& run_;
    SourceHandle timer_;
};

Secret api_key() {
    const StoredKey stored = KeyStore::load_and_wait(store_folder());
    if (stored.source != KeySource::none) {
        return stored.key;
    }
    std::string sentence =
        _("There is no Venice API key. Set the environment variable VENICE_API_KEY, or open Filters > Venice > Generate Layers once and "
          "enter the key there.");
    if (!stored.error.empty()) {
        sentence += " ";
        sentence += formatted(g_strdup_printf(_("(The keyring could not be asked: %s)"), stored.error.c_str()));
    }
    throw std::runtime_error(sentence);
}

void run_until_ended(Session& session, const Settings& settings, KeptRun& kept, std::unique_ptr<Run>& run) {
    const MainContextHandle context = this_thread_context();
    const MainLoopHandle loop(g_main_loop_new(context.get(), FALSE));
    RunCallbacks callbacks;
    callbacks.image_changed = [&kept](Run& changed, std::size_t index) { kept.image_changed(changed, index); };
    callbacks.ended = [&loop](Run&) { g_main_loop_quit(loop.get()); };
    run = session.prepare(settings, std::move(callbacks));
    kept.note(*run);
    run->send();
    const Progress progress(*run);
    g_main_loop_run(loop.get());
}

// Each remark once, however many images it holds for.
void add_remark(std::vector<std::string>& remarks, const std::string& remark) {
    if (!remark.empty() && std::find(remarks.begin(), remarks.end(), remark) == remarks.end()) {
        remarks.push_back(remark);
    }
}

void add_remarks(std::vector<std::string>& remarks, const RunImage& image) {
    add_remark(remarks, image.failure.message);
    add_remark(remarks, image.deprecation_warning);
    if (image.blurred && image.state == ImageState::done) {
        add_remark(remarks, _("Safe mode blurred an image."));
    }
}

std::string joined(const std::vector<std::string>& remarks) {
    std::string text;
    for (const std::string& remark : remarks) {
        text += text.empty() ? remark : "\n" + remark;
    }
    return text;
}

NewLayer layer_of(const RunImage& image, const Settings& settings) {
    NewLayer layer;
    layer.pixels = image.pixels;
    layer.name = layer_name(settings.prompt, image.seed);
    layer.generation_json = image.request_json;
    return layer;
}

Generated collect(const Run& run) {
    Generated generated;
    std::vector<std::string> remarks;
    for (const RunImage& image : run.images()) {
        if (image.state == ImageState::done) {
            generated.layers.push_back(layer_of(image, run.settings()));
        }
        add_remarks(remarks, image);
    }
    if (generated.layers.empty()) {
        throw std::runtime_error(joined(remarks));
    }
    const std::size_t wanted = run.images().size();
    const std::size_t missing = wanted - generated.layers.size();
    if (missing > 0) {
        remarks.insert(remarks.begin(),
                       formatted(g_strdup_printf(P_("%d of %d images is missing:", "%d of %d images are missing:", missing),
                                                 static_cast<int>(missing), static_cast<int>(wanted))));
    }
    generated.remarks = joined(remarks);
    return generated;
}

}  // namespace

Generated generate_and_wait(const Settings& settings) {
    const std::unique_ptr<Session> session = Session::create(base_url_from_environment(), "venice-gimp/" VENICE_GIMP_VERSION);
    session->set_api_key(api_key().text());
    const auto kept = std::make_shared<KeptRun>(store_folder());
    std::unique_ptr<Run> run;
    run_until_ended(*session, settings, *kept, run);
    Generated generated = collect(*run);
    generated.kept = kept;
    return generated;
}

}  // namespace venice_gimp
