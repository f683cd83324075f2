// SPDX-License-Identifier: MIT
// A script's run on disk: noted before it is sent, its paid bytes kept before GIMP is touched, and settled when the layers stand. What a
// run that ended too soon leaves open, the dialog offers at its next start.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "generation/session.hpp"
#include "store/run_files.hpp"

namespace venice_gimp {

// Waits for the disk. Without a disk (full, read-only) the run goes on all the same: problem() says why nothing is kept.
class KeptRun {
public:
    explicit KeptRun(std::string folder);
    KeptRun(const KeptRun&) = delete;
    KeptRun& operator=(const KeptRun&) = delete;

    void note(const Run& run);                            // before it is sent
    void image_changed(const Run& run, std::size_t index);
    void settle();                                        // the layers stand

    const std::string& problem() const { return problem_; }  // empty: all is kept

private:
    void try_to(const std::function<void()>& work);

    RunFiles files_;
    std::string id_;  // empty: not noted
    std::size_t image_count_ = 0;
    std::string problem_;
};

}  // namespace venice_gimp
