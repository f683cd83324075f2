// SPDX-License-Identifier: MIT
// A run in the strip of results, under way or from an earlier session: plain values and what the window holds of it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "generation/session.hpp"
#include "gimp/insert_layers.hpp"
#include "store/run_record.hpp"
#include "ui/messages.hpp"

namespace venice_gimp {

class RunRow;

// What a press of Generate asks for; frozen then.
struct Order {
    Settings settings;
    Target target;              // id 0: a new image
    std::string image_name;     // for messages
    InsertOptions options = {};
};

using Pixels = std::shared_ptr<const DecodedImage>;

struct EntryImage {
    ImageState shown_state = ImageState::queued;  // while it is under way
    std::size_t kept_bytes = 0;  // while it arrives
    bool is_part_being_kept = false;
    FileBytes file;       // while the disk does not have it
    Pixels pixels;        // until it was inserted; large
    std::shared_ptr<EarlyLayer> early;  // written while it arrives, until it is inserted
    Pixels thumbnail_source;  // until its thumbnail is being made; large
    Pixels thumbnail;     // small
    gint32 layer_id = 0;  // the last layer made of it; 0: none in this session
    bool is_on_disk = false;
    bool asked_for_thumbnail = false;
};

struct RunEntry {
    RunRecord record;  // its images have their state, once it is final
    Order order;       // of this session; of an earlier one only the settings
    std::vector<EntryImage> images;
    std::unique_ptr<Run> run;  // null some time after it ended, and for runs of earlier sessions
    std::shared_ptr<RunRow> row;
    std::size_t being_kept = 0;  // images on their way to the disk
    double seconds = 0.0;        // that it took; 0: not known
    Size picture_size;           // of the first image that came, in pixels; 0: none did
    Message message;             // what there is to say about it as a whole, once it has ended
    std::vector<Settings> again;  // what the message offers to make again
    bool is_of_this_session = false;
    bool has_ended = false;
    bool has_arrived = false;  // and its images are on disk, or cannot be: what comes then was done
    bool is_being_inserted = false;
};

using EntryPtr = std::shared_ptr<RunEntry>;
using Indices = std::vector<std::size_t>;  // of a run's images

// Paid, and not in GIMP yet.
inline bool is_pending(const ImageRecord& image) { return has_picture(image) && image.open; }

template <typename Predicate>
Indices indices_of(const RunEntry& entry, Predicate wanted) {
    Indices found;
    for (std::size_t index = 0; index < entry.record.images.size(); ++index) {
        if (wanted(entry.record.images[index])) {
            found.push_back(index);
        }
    }
    return found;
}

inline Indices pending_images(const RunEntry& entry) { return indices_of(entry, is_pending); }

inline bool is_under_way(const RunEntry& entry) { return entry.run != nullptr && !entry.has_ended; }

}  // namespace venice_gimp
