// SPDX-License-Identifier: MIT
#include "ui/thumbnails.hpp"

#include <utility>

#include "decoding/thumbnail.hpp"
#include "ui/run_row.hpp"

namespace venice_gimp {

void Thumbnails::make_due(const EntryPtr& entry) {
    for (std::size_t index = 0; index < entry->images.size(); ++index) {
        if (Pixels pixels = std::exchange(entry->images[index].thumbnail_source, nullptr)) {
            make(entry, index, std::move(pixels));
        }
    }
}

void Thumbnails::make(const EntryPtr& entry, std::size_t index, Pixels pixels) {
    struct Made {
        Pixels thumbnail;
        std::shared_ptr<Bytes> png = std::make_shared<Bytes>();
    };
    const auto made = std::make_shared<Made>();
    session_.in_background(
        [pixels = std::move(pixels), made] {
            made->thumbnail = std::make_shared<const DecodedImage>(scaled_down(*pixels, History::thumbnail_size));
            *made->png = encode_png(*made->thumbnail);
        },
        [this, watcher = lifetime_.watcher(), made, entry, index](const std::exception_ptr& failure) {
            if (watcher.expired() || failure) {
                return;
            }
            entry->images[index].thumbnail = made->thumbnail;
            update_row(*entry);
            if (!entry->record.id.empty()) {
                history_.put_thumbnail({entry->record.id, index}, made->png, {});
            }
        });
}

void Thumbnails::load(const EntryPtr& entry, std::size_t index) {
    if (std::exchange(entry->images[index].asked_for_thumbnail, true)) {
        return;
    }
    loader_.with_thumbnail(entry, index, [entry, index](const Pixels& thumbnail) {
        entry->images[index].thumbnail = thumbnail;
        if (entry->row) {
            entry->row->show_picture(index, *thumbnail);
        }
    });
}

}  // namespace venice_gimp
