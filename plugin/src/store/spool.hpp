// SPDX-License-Identifier: MIT
// Nothing paid is lost: what is in flight, and images that GIMP does not have yet, are on disk.
//
//     note       before the requests are sent; send when it calls back, even if it failed (and say that images are not kept meanwhile)
//     put_part   while bytes arrive, so that less is left to do when the last ones are there
//     put_image  when bytes, or a failure, arrived; insert when it calls back
//     settle     when the layers stand
//
// Each calls back on the main context after the disk has it (synced), or with the reason why not: full, read-only, …
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "generation/file_bytes.hpp"
#include "store/run_files.hpp"
#include "store/store_thread.hpp"

namespace venice_gimp {

// For the store's thread only, once it exists.
using SharedRunFiles = std::shared_ptr<RunFiles>;

class Spool {
public:
    Spool(std::shared_ptr<StoreThread> thread, SharedRunFiles files);

    void note(const RunRecord& run, OnStored<std::string /* the run's id */> done) const;
    void put_image(const ImageReference& image, const ImageRecord& record, FileBytes bytes, OnSaved done) const;
    void put_part(const ImageReference& image, FileBytes arrived, OnSaved done) const;
    void settle(std::vector<ImageReference> images, OnSaved done) const;
    void discard(std::vector<ImageReference> images, OnSaved done) const;

    // What earlier sessions left (killed, or closed with images not inserted): images with `open` are paid and not inserted (done, blurred:
    // with a file) or were in flight (interrupted: settle or discard them once the user was told). They are this process's now, and offered
    // to no other while it lives; runs of a GIMP that lives are not among them.
    void adopt(OnStored<std::vector<RunRecord>> done) const;

private:
    std::shared_ptr<StoreThread> thread_;
    SharedRunFiles files_;
};

}  // namespace venice_gimp
