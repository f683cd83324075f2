// SPDX-License-Identifier: MIT
// A run as it is kept on disk, from before its requests are sent until it is cleared from the history: plain values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "generation/settings.hpp"

namespace venice_gimp {

enum class RecordState {
    waiting,      // noted before it is sent, and not heard of since
    interrupted,  // so was it in a process that is gone: may have been charged
    done,
    blurred,  // done, too
    blocked,
    failed,
    cancelled,
    discarded,  // by the user: its file is gone
};

// Where the layers were to go, frozen when Generate was pressed. The selection's mask is not kept.
struct RecordTarget {
    std::string image_name;  // as GIMP shows it; empty: a new image
    std::string image_file;  // URI of the XCF or source file; empty: never saved
    std::string target;      // selection, canvas
    std::string placement;   // cover, fit, actual, stretch
    std::string group;       // auto, always, never
    int x = 0;
    int y = 0;
    int width = 0;  // 0: none
    int height = 0;
};

// What is known about one image, or about the request for it.
struct ImageRecord {
    RecordState state = RecordState::waiting;
    std::int64_t seed = 0;
    std::string request_json;  // the body sent
    std::string message;       // why it failed
    bool may_be_charged = false;
    std::string enhanced_prompt;
    std::map<std::string, std::string> response_headers;  // lower case; what could be a secret is left out when it is kept
    std::map<std::string, double> timing_ms;              // "total", "inferenceDuration", …
    std::optional<double> price_usd;

    // Told by the store when it reads; not kept.
    bool open = false;           // paid and not inserted, or in flight: it is not removed to save space
    std::string file_extension;  // png, jpg, webp, or bin, from the bytes; empty: there is no file
    std::uint64_t file_bytes = 0;
    bool has_thumbnail = false;
};

inline bool has_picture(const ImageRecord& image) {
    return image.state == RecordState::done || image.state == RecordState::blurred;
}

struct RunRecord {
    std::string id;                    // given by the store: letters, digits and -; later runs sort behind earlier ones
    std::int64_t time = 0;             // of Generate: microseconds since 1970 UTC
    Settings settings;                 // with model and first seed
    std::string model_name;            // as shown
    RecordTarget target;
    std::vector<ImageRecord> images;   // one for each request
    bool pinned = false;               // never removed to save space
    bool owner_is_alive = false;       // told when read: this process, or another GIMP
};

// One image of a run.
struct ImageReference {
    std::string run_id;
    std::size_t index = 0;
    auto operator<=>(const ImageReference&) const = default;
};

}  // namespace venice_gimp
