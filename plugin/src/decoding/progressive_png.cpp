// SPDX-License-Identifier: MIT
#include "decoding/exif_orientation.hpp"
#include "decoding/format_decoders.hpp"
#include "decoding/png_reading.hpp"

#include <algorithm>
#include <cstring>

namespace venice_gimp {

namespace {

/// It is not known yet how long the file is; whoever has a larger profile gets it from the whole file.
constexpr std::size_t largest_chunk = 1 << 20;

/// What libpng's callbacks see. They are parts of steps: see long_jump.hpp.
struct PngArriving {
    explicit PngArriving(ProgressiveImage& arriving) : image(arriving) {}

    PngReading reading;
    ProgressiveImage& image;
    unsigned char* pixels = nullptr;
    std::size_t unprocessed = 0; ///< of the bytes that were fed, when the header has been read
    bool has_header = false;
    bool has_exif = false;
    Orientation orientation = Orientation::upright;
    bool has_end = false;
};

PngArriving& arriving_in(png_structp png)
{
    return *static_cast<PngArriving*>(png_get_progressive_ptr(png));
}

/// Stops there, so that memory for the pixels can be had outside of libpng.
void on_header(png_structp png, png_infop)
{
    PngArriving& png_arriving = arriving_in(png);
    if (png_arriving.has_header)
        png_error(png, "there are pixels in two places");
    png_arriving.has_header = true;
    take_header(png_arriving.reading);
    png_arriving.reading.has_warned = false; // about the header, where decode_png takes no notice
    png_arriving.unprocessed = png_process_data_pause(png, 0);
}

void on_row(png_structp png, png_bytep row, png_uint_32 number, int)
{
    PngArriving& png_arriving = arriving_in(png);
    const std::size_t size = png_arriving.reading.row_size;
    std::memcpy(png_arriving.pixels + number * size, row, size);
    png_arriving.image.publish(static_cast<int>(number) + 1);
}

void on_end(png_structp png, png_infop)
{
    arriving_in(png).has_end = true;
}

/// Letters, the third one a capital. libpng's other reader checks that by itself.
bool is_chunk_name(std::span<const png_byte, 4> name)
{
    constexpr int small = 0x20;
    return (name[2] & small) == 0 && std::all_of(name.begin(), name.end(), [](png_byte octet) {
        const int capital = octet & ~small;
        return capital >= 'A' && capital <= 'Z';
    });
}

bool has_name(const png_unknown_chunk& chunk, const char* name)
{
    return std::memcmp(chunk.name, name, 4) == 0;
}

/// Some libpngs know animations, and hand out the rows of all frames.
bool is_of_animation(const png_unknown_chunk& chunk)
{
    return has_name(chunk, "acTL") || has_name(chunk, "fcTL") || has_name(chunk, "fdAT");
}

/// Gets what libpng does not know or was told not to know: negative is an error, positive is well.
int on_unknown_chunk(png_structp png, png_unknown_chunkp chunk)
{
    auto& png_arriving = *static_cast<PngArriving*>(png_get_user_chunk_ptr(png));
    constexpr unsigned int ancillary = 0x20;
    if (!is_chunk_name(std::span(chunk->name).first<4>()) || (chunk->name[0] & ancillary) == 0 || is_of_animation(*chunk))
        return -1;
    if (has_name(*chunk, "eXIf") && !png_arriving.has_exif) {
        png_arriving.has_exif = true;
        png_arriving.orientation = exif_orientation(as_byte_span(chunk->data, chunk->size));
    }
    return 1;
}

class PngPushDecoder final : public PushDecoder {
public:
    PngPushDecoder(ProgressiveImage& image, const DecodeLimits& limits) : arriving_(image), limits_(limits)
    {
        open(arriving_.reading);
        run(arriving_.reading, [this] {
            PngReading& reading = arriving_.reading;
            prepare(reading, limits_, largest_chunk);
            const png_byte looked_at[] = "eXIf\0acTL\0fcTL\0fdAT";
            png_set_keep_unknown_chunks(reading.png, PNG_HANDLE_CHUNK_ALWAYS, looked_at, 4);
            png_set_read_user_chunk_fn(reading.png, &arriving_, on_unknown_chunk);
            png_set_progressive_read_fn(reading.png, &arriving_, on_header, on_row, on_end);
        });
    }

    void feed(std::span<const std::byte> arrived, std::size_t known) override
    {
        process(arrived.subspan(known));
        if (arriving_.has_header && arriving_.pixels == nullptr) {
            begin();
            process(arrived.last(arriving_.unprocessed));
        }
    }

    void finish() override
    {
        // A file with an oddity behind the header may still be whole, but that is for libpng's other reader to say.
        const bool has_all_rows = arriving_.has_header && arriving_.image.published_rows() == rows();
        if (!arriving_.has_end || !has_all_rows || arriving_.reading.has_warned || is_turned())
            throw NeedsWhole();
    }

private:
    void process(std::span<const std::byte> bytes)
    {
        // libpng only reads from there.
        auto* const octets = const_cast<png_bytep>(as_octets(bytes.data()));
        run(arriving_.reading, [&] { png_process_data(arriving_.reading.png, arriving_.reading.info, octets, bytes.size()); });
    }

    void begin()
    {
        if (arriving_.reading.passes > 1 || is_turned())
            throw NeedsWhole();
        DecodedImage& picture = arriving_.image.begin(blank_image(arriving_.reading, limits_));
        arriving_.pixels = as_octets(picture.pixels.data());
    }

    bool is_turned() const { return arriving_.orientation != Orientation::upright; }
    int rows() const { return static_cast<int>(arriving_.reading.height); }

    PngArriving arriving_;
    const DecodeLimits& limits_;
};

} // namespace

std::unique_ptr<PushDecoder> push_decode_png(ProgressiveImage& image, const DecodeLimits& limits)
{
    return std::make_unique<PngPushDecoder>(image, limits);
}

} // namespace venice_gimp
