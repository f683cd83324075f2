// SPDX-License-Identifier: MIT
// The files of all runs, below `folder`/runs: a folder for each run, so that two GIMPs share them without loss. Spool and history are
// two views of them: an image is on disk before GIMP is touched (the spool), is marked when its layer stands, and stays (the history).
//
//     runs/ID/run.json     what was asked for; the folder appears with it, whole
//     runs/ID/owner        the process that waits for the answers (process_lock.hpp)
//     runs/ID/pinned       empty: pinned
//     runs/ID/0.png        the bytes as they came (.jpg, .webp, .bin), then
//     runs/ID/0.json       what is known about the image; without it and the bytes, the request is in flight
//     runs/ID/0.png.part   the bytes so far, while they arrive
//     runs/ID/0.thumb      a PNG
//     runs/ID/0.settled    empty: nothing is left to do for this image; 0.discarded: and its files are gone
//
// Every file is written beside its place, synced and renamed, so a crash leaves the old or the new one. Everything here waits for the
// disk: for scripts and for the store's thread. Failures are thrown as StoreException. Not for several threads at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "store/files.hpp"
#include "store/history_limits.hpp"
#include "store/process_lock.hpp"
#include "store/run_record.hpp"

namespace venice_gimp {

using Bytes = std::vector<std::uint8_t>;

class RunFiles {
public:
    explicit RunFiles(std::string folder);  // touches nothing yet

    // Before the requests are sent. Gives the run's id; the id in `run` is not read.
    std::string add(const RunRecord& run);

    // What has arrived of an image's bytes, from its start: to be on disk in good time, under a name that counts for nothing yet.
    void put_part(const ImageReference& image, std::span<const std::uint8_t> arrived);

    // The paid bytes (of put_part(), if they are at the same place in memory), and what is known about them; with a state that has no bytes, only that. Done and blurred images stay open until
    // they are settled, the others are settled by this.
    void put_image(const ImageReference& image, const ImageRecord& record, std::span<const std::uint8_t> bytes);
    void put_thumbnail(const ImageReference& image, std::span<const std::uint8_t> png);

    void settle(std::span<const ImageReference> images);   // their layers stand, or the user was told
    void discard(std::span<const ImageReference> images);  // and the files are removed; a run without any other image goes, too
    void set_pinned(const std::string& run_id, bool pinned);

    std::vector<RunRecord> list() const;  // the latest first; what is corrupt is set aside
    Bytes read_file(const ImageReference& image) const;
    Bytes read_thumbnail(const ImageReference& image) const;

    // Takes over the runs of processes that are gone and gives those that have an open image. Each goes to one process only.
    std::vector<RunRecord> adopt();

    void remove_run(const std::string& run_id);  // with what is open, but EBUSY while a request is in flight
    // What cannot be removed is left out; the first reason is thrown at the end.
    void clear();                             // all but what is open; pinned ones, too
    void prune(const HistoryLimits& limits);  // the oldest that are neither pinned nor open

private:
    const std::string& open();  // makes the folders, and holds this process's lock; gives its name
    std::string runs_folder() const;
    std::string processes_folder() const;
    std::vector<std::string> run_ids() const;  // the earliest first
    std::string run_folder(const std::string& run_id) const;
    std::string existing_run_folder(const std::string& run_id) const;
    RunRecord read_run(const std::string& id) const;
    void take_over(RunRecord& run, const std::string& owner) const;
    void remove_rubbish() const;
    void delete_run(const std::string& id) const;

    // An image that arrives.
    struct Part {
        std::unique_ptr<NewFile> file;  // null: the disk would not have it
        const std::uint8_t* start = nullptr;
        std::size_t size = 0;
    };
    void write_image(const ImageReference& image, const std::string& path, std::span<const std::uint8_t> bytes);

    std::string folder_;
    std::optional<ProcessLock> lock_;
    std::map<std::pair<std::string, std::size_t>, Part> parts_;  // by run and image
};

}  // namespace venice_gimp
