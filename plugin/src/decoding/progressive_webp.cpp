// SPDX-License-Identifier: MIT
#include "decoding/format_decoders.hpp"
#include "decoding/webp_reading.hpp"

#include <vector>

namespace venice_gimp {

namespace {

struct DeleteIncremental {
    void operator()(WebPIDecoder* decoder) const { WebPIDelete(decoder); }
};

/// Padding, and what encoders write to flush. A frame that was done much earlier has wrong sizes of its parts: libwebp
/// goes on with what was there when it first saw them, where its decoder of whole frames finds the damage.
constexpr std::size_t most_bytes_unused = 16;

class WebpPushDecoder final : public PushDecoder {
public:
    WebpPushDecoder(ProgressiveImage& image, const DecodeLimits& limits) : image_(image), limits_(limits) {}

    /// Keeps all bytes: libwebp goes back in them, and the end of the container says whether its beginning was right.
    void feed(std::span<const std::byte> bytes) override
    {
        bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
        if (is_done_)
            return;
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
        const WebPIterator& frame = first.get();
        if (!first.is_there() || frame.complete == 0 || frame.fragment.size - decoded_size_ > most_bytes_unused)
            throw NeedsWhole();
        const DecodedImage& picture = *image_.picture();
        const bool has_same_profile = profile_of(demuxer.get(), picture.channels) == picture.icc_profile;
        if (!has_same_profile || is_turned(demuxer.get()))
            throw NeedsWhole();
    }

private:
    WebPData data() const { return {as_octets(bytes_.data()), bytes_.size()}; }

    static bool is_turned(const WebPDemuxer* demuxer) { return orientation_of(demuxer) != Orientation::upright; }

    /// False if the frame's header is not there yet.
    bool begin(const WebPDemuxer* demuxer, const WebPIterator& frame)
    {
        WebPBitstreamFeatures features = {};
        if (WebPGetFeatures(frame.fragment.bytes, frame.fragment.size, &features) == VP8_STATUS_NOT_ENOUGH_DATA)
            return false;
        if (is_turned(demuxer))
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
        const VP8StatusCode status = WebPIUpdate(decoder_.get(), fragment.bytes, fragment.size);
        if (status != VP8_STATUS_OK && status != VP8_STATUS_SUSPENDED)
            throw NeedsWhole();
        int rows = 0;
        if (WebPIDecGetRGB(decoder_.get(), &rows, nullptr, nullptr, nullptr) != nullptr)
            image_.publish(rows);
        is_done_ = status == VP8_STATUS_OK;
        decoded_size_ = fragment.size;
    }

    ProgressiveImage& image_;
    const DecodeLimits& limits_;
    std::vector<std::byte> bytes_;
    WebPDecoderConfig config_ = {}; // the decoder keeps pointers to it
    std::unique_ptr<WebPIDecoder, DeleteIncremental> decoder_;
    std::size_t decoded_size_ = 0; ///< of the frame's bytes
    bool is_done_ = false;
};

} // namespace

std::unique_ptr<PushDecoder> push_decode_webp(ProgressiveImage& image, const DecodeLimits& limits)
{
    return std::make_unique<WebpPushDecoder>(image, limits);
}

} // namespace venice_gimp
