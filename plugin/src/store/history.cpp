// SPDX-License-Identifier: MIT
#include "store/history.hpp"

#include <glib.h>

namespace venice_gimp {
namespace {

// Without case, and without the differences between characters that look alike.
std::string folded(const std::string& text) {
    using Text = std::unique_ptr<char, decltype(&g_free)>;
    const Text valid(g_utf8_make_valid(text.data(), static_cast<gssize>(text.size())), g_free);
    const Text normal(g_utf8_normalize(valid.get(), -1, G_NORMALIZE_ALL), g_free);
    const Text folded_case(g_utf8_casefold(normal.get(), -1), g_free);
    return folded_case.get();
}

std::string searched_text(const RunRecord& run) {
    std::string text = run.settings.prompt + "\n" + run.settings.negative_prompt + "\n" + run.settings.model + "\n" + run.model_name + "\n" +
                       run.settings.style_preset + "\n" + run.target.image_name;
    for (const ImageRecord& image : run.images) {
        text += "\n" + std::to_string(image.seed) + "\n" + image.enhanced_prompt;
    }
    return folded(text);
}

}  // namespace

History::History(std::shared_ptr<StoreThread> thread, SharedRunFiles files) : thread_(std::move(thread)), files_(std::move(files)) {}

void History::list(OnStored<std::vector<RunRecord>> done) const {
    thread_->load<std::vector<RunRecord>>([files = files_] { return files->list(); }, std::move(done));
}

void History::load_thumbnail(const ImageReference& image, OnStored<Bytes> done) const {
    thread_->load<Bytes>([files = files_, image] { return files->read_thumbnail(image); }, std::move(done));
}

void History::load_file(const ImageReference& image, OnStored<Bytes> done) const {
    thread_->load<Bytes>([files = files_, image] { return files->read_file(image); }, std::move(done));
}

void History::put_thumbnail(const ImageReference& image, std::shared_ptr<const Bytes> png, OnSaved done) const {
    thread_->save([files = files_, image, png = std::move(png)] { files->put_thumbnail(image, *png); }, std::move(done));
}

void History::set_pinned(const std::string& run_id, bool pinned, OnSaved done) const {
    thread_->save([files = files_, run_id, pinned] { files->set_pinned(run_id, pinned); }, std::move(done));
}

void History::remove_run(const std::string& run_id, OnSaved done) const {
    thread_->save([files = files_, run_id] { files->remove_run(run_id); }, std::move(done));
}

void History::clear(OnSaved done) const {
    thread_->save([files = files_] { files->clear(); }, std::move(done));
}

void History::prune(const HistoryLimits& limits, OnSaved done) const {
    thread_->save([files = files_, limits] { files->prune(limits); }, std::move(done));
}

bool matches(const RunRecord& run, const std::string& query) {
    const std::string text = searched_text(run);
    const std::unique_ptr<char*, decltype(&g_strfreev)> words(g_strsplit_set(folded(query).c_str(), " \t\r\n", -1), g_strfreev);
    for (char** word = words.get(); *word != nullptr; ++word) {
        if (text.find(*word) == std::string::npos) {
            return false;
        }
    }
    return true;
}

}  // namespace venice_gimp
