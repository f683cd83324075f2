// SPDX-License-Identifier: MIT
// The results strip of earlier sessions and of other GIMPs. Runs come into it by the spool.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "store/run_files.hpp"
#include "store/spool.hpp"
#include "store/store_thread.hpp"

namespace venice_gimp {

class History {
public:
    History(std::shared_ptr<StoreThread> thread, SharedRunFiles files);

    // The latest first, without thumbnails and files: about 0.1 s for 500 runs, in which other calls wait their turn.
    void list(OnStored<std::vector<RunRecord>> done) const;
    void load_thumbnail(const ImageReference& image, OnStored<Bytes> done) const;  // PNG
    void load_file(const ImageReference& image, OnStored<Bytes> done) const;       // the bytes as they came

    static constexpr int thumbnail_size = 256;  // pixels of the longer side, at most
    void put_thumbnail(const ImageReference& image, std::shared_ptr<const Bytes> png, OnSaved done) const;
    void set_pinned(const std::string& run_id, bool pinned, OnSaved done) const;
    void remove_run(const std::string& run_id, OnSaved done) const;

    // Removes all files, pinned ones too, but not what is open: images that were paid and not inserted, and requests in flight.
    void clear(OnSaved done) const;
    // Removes the oldest runs that are neither pinned nor open, until the limits hold. Call it at the start and after each run.
    void prune(const HistoryLimits& limits, OnSaved done) const;

private:
    std::shared_ptr<StoreThread> thread_;
    SharedRunFiles files_;
};

// Whether every word of `query` is in the run's prompt, model, image name, seeds or enhanced prompts, whatever its case.
bool matches(const RunRecord& run, const std::string& query);

}  // namespace venice_gimp
