// SPDX-License-Identifier: MIT
// Whether ProgressiveDecoder gives what decode_image() gives. For the unit tests and for tests/fuzz.
#pragma once

#include "decoding/progressive_decoder.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace venice_gimp::test {

/// nullopt: it cannot be decoded.
inline std::optional<DecodedImage> decoded_whole(std::span<const std::byte> bytes, const DecodeLimits& limits = {})
{
    try {
        return decode_image(bytes, limits);
    } catch (const DecodeError&) {
        return std::nullopt;
    }
}

/// Feeds a decoder and looks at what it publishes as soon as it does.
class ProgressiveCheck {
public:
    using State = ProgressiveImage::State;

    /// The picture must live as long as the check.
    explicit ProgressiveCheck(const std::optional<DecodedImage>& wanted, const DecodeLimits& limits = {})
        : wanted_(wanted), decoder_(limits), image_(decoder_.image())
    {
    }

    /// Feeds all bytes in pieces of these sizes, over and over, and ends. What remains for the last piece comes in one.
    void feed_all(std::span<const std::byte> bytes, std::span<const std::size_t> piece_sizes)
    {
        // What has not arrived is something else: it should not be read.
        std::vector<std::byte> arriving(bytes.size(), std::byte{0xa5});
        std::size_t arrived = 0;
        for (std::size_t piece = 0; arrived < bytes.size(); ++piece) {
            const std::size_t size = std::min(bytes.size() - arrived, piece_sizes[piece % piece_sizes.size()]);
            std::memcpy(arriving.data() + arrived, bytes.data() + arrived, size);
            arrived += size;
            decoder_.feed(std::span(arriving).first(arrived));
            rows_before_last_piece_ = arrived == bytes.size() ? rows_before_last_piece_ : image_->published_rows();
            look();
        }
        const bool was_given_up = decoder_.whole_only();
        end_ = decoder_.finish();
        look();
        expect(end_ != State::arriving && end_ == image_->state(), "the state is not the last one");
        expect(!was_given_up || end_ == State::needs_whole, "what was given up was completed");
        expect(decoder_.whole_only() == (end_ == State::needs_whole), "the state and whole_only() contradict each other");
        expect((complete_picture(image_) != nullptr) == (end_ == State::complete), "a picture was given too early or not at all");
        if (end_ == State::complete)
            look_at_complete();
    }

    State end() const { return end_; }
    int published_rows() const { return image_->published_rows(); }
    int rows_before_last_piece() const { return rows_before_last_piece_; }
    const std::string& complaint() const { return complaint_; } ///< empty: all is well

private:
    void expect(bool holds, const char* what)
    {
        if (!holds && complaint_.empty())
            complaint_ = what;
    }

    /// Compares the rows that are new, at once: they are final. Only at the end it is known whether they count.
    void look()
    {
        const int rows = image_->published_rows();
        const DecodedImage* found = image_->picture();
        expect(rows >= compared_rows_, "rows were taken back");
        expect(rows == 0 || found != nullptr, "rows without a header");
        if (found == nullptr || rows <= compared_rows_)
            return;
        expect(rows <= found->height, "more rows than the picture has");
        rows_differ_ = rows_differ_ || !wanted_ || !same_rows(*found, *wanted_, compared_rows_, rows);
        compared_rows_ = rows;
    }

    static bool same_rows(const DecodedImage& found, const DecodedImage& wanted, int begin, int end)
    {
        if (found.width != wanted.width || found.height != wanted.height || found.channels != wanted.channels)
            return false;
        const std::size_t row_size = found.pixels.size() / static_cast<std::size_t>(found.height);
        const std::size_t start = static_cast<std::size_t>(begin) * row_size;
        const std::size_t size = static_cast<std::size_t>(end - begin) * row_size;
        return std::memcmp(found.pixels.data() + start, wanted.pixels.data() + start, size) == 0;
    }

    void look_at_complete()
    {
        expect(wanted_.has_value(), "complete, but it cannot be decoded");
        if (!wanted_)
            return;
        const DecodedImage& found = *image_->picture();
        expect(image_->published_rows() == found.height, "complete without all rows");
        expect(!rows_differ_, "rows changed after they were published");
        expect(found.width == wanted_->width && found.height == wanted_->height, "another size");
        expect(found.channels == wanted_->channels, "other channels");
        expect(found.icc_profile == wanted_->icc_profile, "another profile");
        expect(found.pixels == wanted_->pixels, "other pixels");
    }

    const std::optional<DecodedImage>& wanted_;
    ProgressiveDecoder decoder_;
    std::shared_ptr<const ProgressiveImage> image_;
    int compared_rows_ = 0;
    bool rows_differ_ = false;
    int rows_before_last_piece_ = 0;
    State end_ = State::arriving;
    std::string complaint_;
};

} // namespace venice_gimp::test
