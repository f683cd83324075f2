// SPDX-License-Identifier: MIT
#include "decoding/format_decoders.hpp"
#include "decoding/webp_reading.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace venice_gimp {

namespace {

struct DeleteIncremental {
    void operator()(WebPIDecoder* decoder) const { WebPIDelete(decoder); }
};

std::uint32_t little_endian_24(std::span<const std::uint8_t> bytes, std::size_t at)
{
    return bytes[at] | static_cast<std::uint32_t>(bytes[at + 1]) << 8U | static_cast<std::uint32_t>(bytes[at + 2]) << 16U;
}

/// A lossy frame (RFC 6386, 9): a header of 10 bytes, the partition with the modes, whose size the header begins with,
/// and 1, 2, 4 or 8 partitions with the coefficients, before which stand the sizes of all but the last, 3 bytes each.
class LossyFrame {
public:
    explicit LossyFrame(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

    /// Whether a byte that no encoder writes there stands where the last partition may begin. From such a byte on, the
    /// arithmetic decoder is out of its range, and what it reads depends on how many bytes had arrived. As the number
    /// of partitions is coded arithmetically, too, each is taken for possible: of sound pictures with several
    /// partitions one in some hundred is refused.
    bool may_begin_impossibly() const
    {
        constexpr std::size_t counts[] = {1, 2, 4, 8};
        return std::ranges::any_of(counts, [this](std::size_t count) {
            const std::optional<std::size_t> begin = last_partition(count);
            return begin && bytes_[*begin] == impossible;
        });
    }

private:
    static constexpr std::size_t header_size = 10;
    static constexpr std::uint8_t impossible = 0xff; // the coder's range begins at 255, and its value is below

    /// Where it begins, if there are so many; nullopt if that has not arrived.
    std::optional<std::size_t> last_partition(std::size_t count) const
    {
        if (bytes_.size() < header_size)
            return std::nullopt;
        const std::size_t sizes = header_size + (little_endian_24(bytes_, 0) >> 5U);
        std::size_t begin = sizes + 3 * (count - 1);
        if (begin >= bytes_.size())
            return std::nullopt;
        for (std::size_t i = 0; i + 1 < count; ++i)
            begin += little_endian_24(bytes_, sizes + 3 * i);
        return begin < bytes_.size() ? std::optional(begin) : std::nullopt;
    }

    std::span<const std::uint8_t> bytes_;
};

/// Profiles and the like come before the frame. Whatever has more than this there may have millions of empty chunks, and
/// the container is read anew with each piece.
constexpr std::size_t most_bytes_before_frame = std::size_t{4} << 20;

/// Lossy pictures without alpha, the usual ones. For those, libwebp's incremental decoder reads the same from the same
/// bytes as its decoder of whole frames, unless a partition begins impossibly: both have the same arithmetic decoder,
/// and where bytes are missing the one goes back to the last place from where it can go on.
class WebpPushDecoder final : public PushDecoder {
public:
    WebpPushDecoder(ProgressiveImage& image, const DecodeLimits& limits) : image_(image), limits_(limits) {}

    /// libwebp goes back in the bytes, and the end of the container says whether its beginning was right.
    void feed(std::span<const std::byte> arrived, std::size_t known) override
    {
        bytes_ = arrived;
        if (is_done_)
            return;
        if (!decoder_ && known > most_bytes_before_frame)
            throw NeedsWhole();
        const WebPData file = data();
        WebPDemuxState state = WEBP_DEMUX_PARSE_ERROR;
        const Demuxer demuxer(WebPDemuxPartial(&file, &state));
        if (state == WEBP_DEMUX_PARSE_ERROR)
            throw NeedsWhole();
        if (!demuxer)
            return;
        if ((WebPDemuxGetI(demuxer.get(), WEBP_FF_FORMAT_FLAGS) & ANIMATION_FLAG) != 0)
            throw NeedsWhole();
        const FirstFrame first(demuxer.get());
        if (first.is_there() && (decoder_ || begin(demuxer.get(), first.get())))
            decode(first.get().fragment);
    }

    void finish() override
    {
        if (!is_done_)
            throw NeedsWhole();
        // As decode_webp() sees it.
        const Demuxer demuxer = open_container(data(), limits_);
        const FirstFrame first(demuxer.get());
        if (!first.is_there() || first.get().complete == 0 || is_turned(demuxer.get()))
            throw NeedsWhole();
        const DecodedImage& picture = *image_.picture();
        if (profile_of(demuxer.get(), picture.channels) != picture.icc_profile)
            throw NeedsWhole();
    }

private:
    WebPData data() const { return {as_octets(bytes_.data()), bytes_.size()}; }

    static bool is_turned(const WebPDemuxer* demuxer) { return orientation_of(demuxer) != Orientation::upright; }

    /// False if the frame's header is not there yet.
    bool begin(const WebPDemuxer* demuxer, const WebPIterator& frame)
    {
        WebPBitstreamFeatures features = {};
        const VP8StatusCode status = WebPGetFeatures(frame.fragment.bytes, frame.fragment.size, &features);
        if (status == VP8_STATUS_NOT_ENOUGH_DATA)
            return false;
        constexpr int lossy = 1;
        if (status != VP8_STATUS_OK || features.format != lossy || features.has_alpha != 0 || is_turned(demuxer))
            throw NeedsWhole();
        DecodedImage& picture = image_.begin(blank_image(demuxer, frame, limits_));
        config_ = config_for(frame, picture);
        decoder_.reset(WebPIDecode(nullptr, 0, &config_));
        if (!decoder_)
            throw NeedsWhole();
        return true;
    }

    void decode(const WebPData& fragment)
    {
        constexpr std::size_t chunk_header_size = 8;
        if (LossyFrame(std::span(fragment.bytes, fragment.size).subspan(chunk_header_size)).may_begin_impossibly())
            throw NeedsWhole();
        const VP8StatusCode status = WebPIUpdate(decoder_.get(), fragment.bytes, fragment.size);
        if (status != VP8_STATUS_OK && status != VP8_STATUS_SUSPENDED)
            throw NeedsWhole();
        int rows = 0;
        if (WebPIDecGetRGB(decoder_.get(), &rows, nullptr, nullptr, nullptr) != nullptr)
            image_.publish(rows);
        is_done_ = status == VP8_STATUS_OK;
    }

    ProgressiveImage& image_;
    const DecodeLimits& limits_;
    std::span<const std::byte> bytes_; // all that have arrived
    WebPDecoderConfig config_ = {}; // the decoder keeps pointers to it
    std::unique_ptr<WebPIDecoder, DeleteIncremental> decoder_;
    bool is_done_ = false;
};

} // namespace

std::unique_ptr<PushDecoder> push_decode_webp(ProgressiveImage& image, const DecodeLimits& limits)
{
    return std::make_unique<WebpPushDecoder>(image, limits);
}

} // namespace venice_gimp
