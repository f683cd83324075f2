// SPDX-License-Identifier: MIT
#include "decoding/format_decoders.hpp"
#include "decoding/jpeg_reading.hpp"

#include <algorithm>

namespace venice_gimp {

namespace {

/// The bytes that libjpeg has not taken yet. When it hears that there are no more for now, it goes back to the last
/// place from where it can go on, and leaves what comes behind.
class JpegSource : private jpeg_source_mgr {
public:
    JpegSource() : jpeg_source_mgr()
    {
        init_source = [](j_decompress_ptr) {};
        fill_input_buffer = [](j_decompress_ptr) -> boolean { return FALSE; };
        skip_input_data = [](j_decompress_ptr skipping, long count) {
            static_cast<JpegSource*>(skipping->src)->skip(count);
        };
        resync_to_restart = jpeg_resync_to_restart;
        term_source = [](j_decompress_ptr) {};
    }
    JpegSource(const JpegSource&) = delete;
    JpegSource& operator=(const JpegSource&) = delete;
    ~JpegSource() = default;

    void attach_to(jpeg_decompress_struct& codec) { codec.src = this; }

    void append(std::span<const std::byte> arrived, std::size_t known)
    {
        const std::size_t skipped = std::min(arrived.size() - known, to_skip_);
        to_skip_ -= skipped;
        const auto remaining = arrived.subspan(known - bytes_in_buffer + skipped);
        next_input_byte = as_octets(remaining.data());
        bytes_in_buffer = remaining.size();
    }

private:
    void skip(long count)
    {
        if (count <= 0)
            return;
        const std::size_t here = std::min(static_cast<std::size_t>(count), bytes_in_buffer);
        next_input_byte += here;
        bytes_in_buffer -= here;
        to_skip_ += static_cast<std::size_t>(count) - here;
    }

    std::size_t to_skip_ = 0; // of what has not arrived: then nothing remains
};

class JpegPushDecoder final : public PushDecoder {
public:
    JpegPushDecoder(ProgressiveImage& image, const DecodeLimits& limits)
        : image_(image), limits_(limits)
    {
        run(reading_, [this] { prepare(reading_); });
        source_.attach_to(reading_.codec);
    }

    void feed(std::span<const std::byte> arrived, std::size_t known) override
    {
        if (is_done_)
            return;
        source_.append(arrived, known);
        if (pixels_ == nullptr && !begin())
            return;
        run(reading_, [this] { is_done_ = read_pixels(); });
    }

    void finish() override
    {
        if (!is_done_)
            throw NeedsWhole();
    }

private:
    bool begin()
    {
        run(reading_, [this] { has_header_ = read_header(reading_); });
        if (!has_header_)
            return false;
        if (orientation_of(reading_.codec) != Orientation::upright)
            throw NeedsWhole();
        choose_transform(reading_.codec);
        pixels_ = as_octets(image_.begin(blank_image(reading_, limits_)).pixels.data());
        return true;
    }

    /// A step. False as long as bytes are missing. A picture in several scans has no rows before the last one is there.
    bool read_pixels()
    {
        jpeg_decompress_struct& codec = reading_.codec;
        has_started_ = has_started_ || jpeg_start_decompress(&codec) != FALSE;
        if (!has_started_)
            return false;
        while (codec.output_scanline < codec.output_height) {
            JSAMPROW row = next_row(codec, pixels_);
            if (jpeg_read_scanlines(&codec, &row, 1) == 0)
                return false;
            image_.publish(static_cast<int>(codec.output_scanline));
        }
        return jpeg_finish_decompress(&codec) != FALSE;
    }

    ProgressiveImage& image_;
    const DecodeLimits& limits_;
    JpegSource source_;
    JpegReading reading_;
    unsigned char* pixels_ = nullptr;
    bool has_header_ = false;
    bool has_started_ = false;
    bool is_done_ = false;
};

} // namespace

std::unique_ptr<PushDecoder> push_decode_jpeg(ProgressiveImage& image, const DecodeLimits& limits)
{
    return std::make_unique<JpegPushDecoder>(image, limits);
}

} // namespace venice_gimp
