// SPDX-License-Identifier: MIT
#include "ui/picture_loader.hpp"

#include <span>
#include <utility>

#include "decoding/decode.hpp"
#include "i18n.hpp"

namespace venice_gimp {

namespace {

std::string reason_of(const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const std::exception& exception) {
        return exception.what();
    } catch (...) {
        return _("The image could not be read.");
    }
}

ImageReference reference(const RunEntry& entry, std::size_t index) { return {entry.record.id, index}; }

DecodedImage decoded(const FileBytes& file) { return decode_image(std::as_bytes(file.get())); }

}  // namespace

void PictureLoader::with_pixels(const EntryPtr& entry, std::vector<std::size_t> indices, std::function<void()> done, const Failed& failed) {
    while (!indices.empty() && entry->images[indices.back()].pixels) {
        indices.pop_back();
    }
    if (indices.empty()) {
        done();
        return;
    }
    const std::size_t index = indices.back();
    indices.pop_back();
    const auto decode_it = [this, entry, index, indices = std::move(indices), done = std::move(done), failed](const FileBytes& file) {
        decode(file, [this, entry, index, indices, done, failed](const Pixels& pixels) {
            entry->images[index].pixels = pixels;
            with_pixels(entry, indices, done, failed);
        }, failed);
    };
    with_file(entry, index, decode_it, failed);
}

void PictureLoader::with_file(const EntryPtr& entry, std::size_t index, std::function<void(const FileBytes&)> done, Failed failed) {
    if (const FileBytes file = entry->images[index].file) {
        done(file);
        return;
    }
    history_.load_file(reference(*entry, index), [watcher = lifetime_.watcher(), done = std::move(done), failed = std::move(failed)](const Stored<Bytes>& answer) {
        if (watcher.expired()) {
            return;
        }
        if (const auto* bytes = std::get_if<Bytes>(&answer)) {
            done(FileBytes(*bytes));
        } else {
            failed(std::get<StoreFailure>(answer).message);
        }
    });
}

void PictureLoader::decode(const FileBytes& file, std::function<void(Pixels)> done, Failed failed) {
    auto pixels = std::make_shared<Pixels>();
    session_.in_background([file, pixels] { *pixels = std::make_shared<const DecodedImage>(decoded(file)); },
                           [pixels, watcher = lifetime_.watcher(), done = std::move(done), failed = std::move(failed)](const std::exception_ptr& failure) {
                               if (watcher.expired()) {
                                   return;
                               }
                               if (failure) {
                                   failed(reason_of(failure));
                               } else {
                                   done(*pixels);
                               }
                           });
}

void PictureLoader::with_screen_picture(const EntryPtr& entry, std::size_t index, int longest_side, std::function<void(ScreenPicture)> done,
                                        const Failed& failed) {
    const auto show = [this, entry, index, longest_side, done = std::move(done), failed](const FileBytes& file) {
        auto picture = std::make_shared<ScreenPicture>();
        session_.in_background(
            [file, pixels = entry->images[index].pixels, picture, longest_side] {
                *picture = for_screen(scaled_down(pixels ? *pixels : decoded(file), longest_side));
            },
            [picture, watcher = lifetime_.watcher(), done, failed](const std::exception_ptr& failure) {
                if (watcher.expired()) {
                    return;
                }
                if (failure) {
                    failed(reason_of(failure));
                } else {
                    done(std::move(*picture));
                }
            });
    };
    if (entry->images[index].pixels) {
        show({});
    } else {
        with_file(entry, index, show, failed);
    }
}

void PictureLoader::with_thumbnail(const EntryPtr& entry, std::size_t index, const std::function<void(Pixels)>& done) {
    const auto no_picture = [](const std::string&) {};  // the tile then stays empty
    const auto decode_it = [this, done, no_picture](const Stored<Bytes>& answer) {
        if (const auto* bytes = std::get_if<Bytes>(&answer)) {
            decode(FileBytes(*bytes), done, no_picture);
        }
    };
    const auto guarded_decode = [watcher = lifetime_.watcher(), decode_it](const Stored<Bytes>& answer) {
        if (!watcher.expired()) {
            decode_it(answer);
        }
    };
    if (entry->record.images[index].has_thumbnail) {
        history_.load_thumbnail(reference(*entry, index), guarded_decode);
        return;
    }
    // A session that was killed before it made one.
    with_file(entry, index, [this, done](const FileBytes& file) {
        auto small = std::make_shared<Pixels>();
        session_.in_background([file, small] { *small = std::make_shared<const DecodedImage>(scaled_down(decoded(file), History::thumbnail_size)); },
                               [small, watcher = lifetime_.watcher(), done](const std::exception_ptr& failure) {
                                   if (!watcher.expired() && !failure) {
                                       done(*small);
                                   }
                               });
    }, no_picture);
}

void PictureLoader::give_back(std::vector<Pixels> not_needed) {
    session_.in_background([not_needed = std::move(not_needed)] {}, [](const std::exception_ptr&) {});
}

}  // namespace venice_gimp
