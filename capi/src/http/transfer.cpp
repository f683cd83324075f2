// SPDX-License-Identifier: MIT
#include "http/transfer.hpp"

#include <poll.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <exception>
#include <new>
#include <string_view>

#include "response/error_response.hpp"
#include "support/text.hpp"

namespace venice {
namespace {

template <typename Value>
void set(CURL* easy, CURLoption option, Value value) {
    const CURLcode code = curl_easy_setopt(easy, option, value);
    if (code == CURLE_OUT_OF_MEMORY) {
        throw std::bad_alloc();
    }
    if (code != CURLE_OK) {
        throw Error(VENICE_ERROR_INTERNAL, std::string("libcurl refused an option: ") + curl_easy_strerror(code) + ".");
    }
}

std::string host_of(const std::string& url) {
    const std::size_t start = url.find("://") + 3;
    return url.substr(start, url.find('/', start) - start);
}

// libcurl's text then holds the whole URL, and with it the password.
bool is_about_proxy_url(std::string_view curl_message) { return curl_message.starts_with("Unsupported proxy"); }

// Far more than any answer has; curl itself bounds a single line only. Interim answers count too, so that they cannot go on for ever.
constexpr std::size_t most_header_bytes = std::size_t{256} << 10;

// The least that curl takes, and what it takes by itself, which it allocates and fills with zeros for each request: that costs more than the rest of a
// small one.
constexpr long small_upload_buffer = 16L * 1024L;
constexpr long usual_upload_buffer = 64L * 1024L;

// Since 8.22 libcurl looks only once a second whether a connection that it keeps is still open. Older ones look each time, and do not tell the socket of a
// transfer that is not over.
bool libcurl_may_reuse_what_is_closed() {
    static const bool may = curl_version_info(CURLVERSION_NOW)->version_num >= 0x081600;
    return may;
}

bool is_closed_by_peer(curl_socket_t socket) {
#ifdef POLLRDHUP
    constexpr short asked = POLLRDHUP;
#else
    constexpr short asked = POLLIN;  // some systems tell POLLHUP to those only who ask for something
#endif
    constexpr short closed = (asked & ~POLLIN) | POLLHUP | POLLERR;
    pollfd state{socket, asked, 0};
    return poll(&state, 1, 0) > 0 && (state.revents & closed) != 0;
}

// Within the time for all tries too, which the worker watches: libcurl divides it among the addresses of the server.
long connect_timeout_ms(const HttpSettings& settings) {
    const std::int64_t total = settings.total_timeout_ms;
    return static_cast<long>(total > 0 ? std::min(total, settings.connect_timeout_ms) : settings.connect_timeout_ms);
}

struct Meaning {
    venice_status status;
    const char* what;
    const char* remedy;
};

Meaning meaning_of(CURLcode code) {
    switch (code) {
        case CURLE_COULDNT_RESOLVE_HOST:
        case CURLE_COULDNT_RESOLVE_PROXY:
            return {VENICE_ERROR_RESOLVE, "The server's name could not be looked up", "Check the network connection and base_url."};
        case CURLE_COULDNT_CONNECT:
            return {VENICE_ERROR_CONNECT, "The server cannot be reached", "Check the network connection, then try again."};
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CERTPROBLEM:
        case CURLE_SSL_CIPHER:
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_SSL_ISSUER_ERROR:
        case CURLE_SSL_CRL_BADFILE:
        case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
        case CURLE_USE_SSL_FAILED:
            return {VENICE_ERROR_TLS, "The encrypted connection could not be set up or verified",
                    "Check the clock and the network: something may stand between this machine and the server."};
        case CURLE_PROXY:
            return {VENICE_ERROR_PROXY, "The proxy refused the connection", "Check the proxy settings."};
        case CURLE_OPERATION_TIMEDOUT:
            return {VENICE_ERROR_TIMEOUT, "The server did not answer in time", "Try again later."};
        case CURLE_PARTIAL_FILE:
            return {VENICE_ERROR_INCOMPLETE_RESPONSE, "The server's answer ended too early", "Try again later."};
        case CURLE_WEIRD_SERVER_REPLY:
        case CURLE_UNSUPPORTED_PROTOCOL:  // HTTP/0.9, which is to say no HTTP at all
            return {VENICE_ERROR_MALFORMED_RESPONSE, "The server's answer is not HTTP", "Check base_url."};
        case CURLE_BAD_CONTENT_ENCODING:
            return {VENICE_ERROR_MALFORMED_RESPONSE, "The server's answer could not be decompressed", "Try again later."};
        default:
            return {VENICE_ERROR_NETWORK, "The connection broke", "Try again."};
    }
}

}  // namespace

Transfer::Transfer() : easy_(curl_easy_init()) {
    if (!easy_) {
        throw std::bad_alloc();
    }
}

void Transfer::begin(std::shared_ptr<HttpReceiver> receiver, Connection connection) {
    receiver_ = std::move(receiver);
    run_ = {};
    set_up_handle(receiver_->http_request().settings);
    set_request_options(connection);
}

Transfer& Transfer::of(CURL* easy) {
    void* user = nullptr;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &user);
    return in_callback(user);
}

// A handle that failed, was ended, or took more than one attempt, is made as if new: what is left in it then may do harm. Before 8.17 libcurl counts for
// good how often it has sent anew over another connection, and gives up after five times.
void Transfer::end() noexcept {
    if (run_.result != CURLE_OK || run_.attempts > 1) {
        curl_easy_reset(easy());
        settings_.reset();
    } else {
        curl_easy_setopt(easy(), CURLOPT_HTTPHEADER, nullptr);  // they may go with this request
    }
    run_.thrown = nullptr;
    receiver_.reset();
}

// For other settings than it was last used for it begins as if new, so that none of those can be left.
void Transfer::set_up_handle(std::shared_ptr<const HttpSettings> settings) {
    if (settings_ == settings) {
        return;
    }
    curl_easy_reset(easy());
    set_url(settings->url);
    set(easy(), CURLOPT_PROTOCOLS_STR, settings->loopback_http ? "http" : "https");
    set(easy(), CURLOPT_FOLLOWLOCATION, 0L);
    set(easy(), CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
    set(easy(), CURLOPT_SSL_VERIFYPEER, 1L);
    set(easy(), CURLOPT_SSL_VERIFYHOST, 2L);
    set(easy(), CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (settings->loopback_http) {
        set(easy(), CURLOPT_NOPROXY, "*");  // a proxy would get the key in plain text
    }
    if (const auto& proxy = settings->proxy) {
        set(easy(), CURLOPT_PROXY, proxy->c_str());
    }
    if (settings->ca_certificates) {
        curl_blob blob{};  // not copied: the handle keeps the settings
        blob.data = const_cast<char*>(settings->ca_certificates->data());
        blob.len = settings->ca_certificates->size();
        blob.flags = CURL_BLOB_NOCOPY;
        set(easy(), CURLOPT_CAINFO_BLOB, &blob);
    }
    set(easy(), CURLOPT_ACCEPT_ENCODING, "");  // undoes all that this libcurl can; asking for it: RequestHeaders
    set(easy(), CURLOPT_USERAGENT, settings->user_agent.c_str());
    set(easy(), CURLOPT_NOSIGNAL, 1L);
    // Otherwise removing a handle waits for a name look-up that is stuck.
    set(easy(), CURLOPT_QUICK_EXIT, 1L);
    set(easy(), CURLOPT_CONNECTTIMEOUT_MS, connect_timeout_ms(*settings));
    set(easy(), CURLOPT_PREREQFUNCTION, &Transfer::on_attempt);
    set(easy(), CURLOPT_HEADERFUNCTION, &Transfer::on_header);
    set(easy(), CURLOPT_WRITEFUNCTION, &Transfer::on_body);
    set(easy(), CURLOPT_BUFFERSIZE, 256L * 1024L);
    // A read callback instead of CURLOPT_POSTFIELDS: see on_seek().
    set(easy(), CURLOPT_READFUNCTION, &Transfer::on_read);
    set(easy(), CURLOPT_SEEKFUNCTION, &Transfer::on_seek);
    // A connection that has been idle for long may be half closed, and then a request is lost that need not be.
    set(easy(), CURLOPT_MAXAGE_CONN, 30L);
    for (const CURLoption data : {CURLOPT_PRIVATE, CURLOPT_PREREQDATA, CURLOPT_HEADERDATA, CURLOPT_WRITEDATA, CURLOPT_READDATA, CURLOPT_SEEKDATA}) {
        set(easy(), data, this);
    }
    set(easy(), CURLOPT_ERRORBUFFER, message_);
    settings_ = std::move(settings);
}

// Taken apart once: of text libcurl would do that for each request.
void Transfer::set_url(const std::string& url) {
    url_.reset(curl_url());
    const CURLUcode code = url_ ? curl_url_set(url_.get(), CURLUPART_URL, url.c_str(), 0) : CURLUE_OUT_OF_MEMORY;
    if (code == CURLUE_OUT_OF_MEMORY) {
        throw std::bad_alloc();
    }
    if (code != CURLUE_OK) {
        throw Error(VENICE_ERROR_INTERNAL, "The request's URL is none.");  // base_url was checked when it was set
    }
    set(easy(), CURLOPT_CURLU, url_.get());
}

// Each of them for every request: nothing is left of the one before.
void Transfer::set_request_options(Connection connection) {
    message_[0] = '\0';
    headers_.clear();
    set(easy(), CURLOPT_HTTPHEADER, receiver_->http_request().headers->list());
    set(easy(), CURLOPT_FRESH_CONNECT, connection == Connection::is_new ? 1L : 0L);
    const auto size = static_cast<curl_off_t>(body().size());
    set(easy(), is_post() ? CURLOPT_POST : CURLOPT_HTTPGET, 1L);
    set(easy(), CURLOPT_POSTFIELDSIZE_LARGE, size);
    set(easy(), CURLOPT_UPLOAD_BUFFERSIZE, size < small_upload_buffer ? small_upload_buffer : usual_upload_buffer);
}

bool Transfer::request_was_sent() const {
    return is_post() && run_.body_read == body().size();
}

// Not CURLOPT_LOW_SPEED_TIME: that looks at the average over several seconds, and so is as many seconds late, or ends a slow answer.
std::chrono::steady_clock::time_point Transfer::idle_deadline() const {
    const auto limit = std::chrono::milliseconds(settings_->idle_timeout_ms);
    const bool connected = run_.phase >= static_cast<int>(HttpPhase::sending);  // before that, the time limit for connecting holds
    return connected && limit.count() > 0 ? run_.last_activity + limit : std::chrono::steady_clock::time_point::max();
}

void Transfer::note_activity(std::chrono::steady_clock::time_point now) {
    const bool is_answered = run_.header_bytes > 0;
    if (!run_.has_moved && !is_answered && now < idle_deadline()) {
        return;
    }
    // As transferred: some of that no callback has seen, because it is being unpacked, or was to be sent.
    curl_off_t downloaded = 0;
    curl_off_t uploaded = 0;
    curl_easy_getinfo(easy(), CURLINFO_SIZE_DOWNLOAD_T, &downloaded);
    curl_easy_getinfo(easy(), CURLINFO_SIZE_UPLOAD_T, &uploaded);
    if (!run_.has_moved && downloaded + uploaded == run_.moved_bytes) {
        return;
    }
    run_.has_moved = false;
    run_.moved_bytes = downloaded + uploaded;
    run_.last_activity = now;
    if (is_answered) {
        curl_off_t total = -1;
        curl_easy_getinfo(easy(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &total);
        receiver_->progressed(downloaded, total);
    }
}

void Transfer::report_phase(HttpPhase phase) {
    run_.has_moved = true;
    if (static_cast<int>(phase) > run_.phase) {
        run_.phase = static_cast<int>(phase);
        receiver_->phase_changed(phase);
    }
}

void Transfer::report_headers() {
    if (!run_.headers_reported) {
        run_.headers_reported = true;
        report_phase(HttpPhase::receiving);
        receiver_->headers_received(http_status(), headers());
    }
}

long Transfer::http_status() const {
    long code = 0;
    curl_easy_getinfo(easy(), CURLINFO_RESPONSE_CODE, &code);
    return code >= 200 ? code : 0;
}

void Transfer::finish(CURLcode code) {
    try {
        if (run_.thrown) {
            std::rethrow_exception(run_.thrown);
        }
        if (code == CURLE_OUT_OF_MEMORY) {
            throw std::bad_alloc();
        }
        // What an error status says counts, even if its text was cut off.
        if (code != CURLE_OK && http_status() < 300) {
            throw transport_error(code);
        }
        report_headers();  // for answers without a body
        receiver_->succeeded(headers());
    } catch (...) {
        fail_with_what_was_thrown(*receiver_, request_was_sent());
    }
}

Error Transfer::transport_error(CURLcode code) const {
    long proxy_status = 0;  // of its answer to CONNECT
    curl_easy_getinfo(easy(), CURLINFO_HTTP_CONNECTCODE, &proxy_status);
    const bool proxy_unusable = is_about_proxy_url(message_);
    const Meaning meaning = meaning_of(proxy_status >= 300 || proxy_unusable ? CURLE_PROXY : code);
    const bool sent = request_was_sent();
    ErrorInfo info;
    info.status = meaning.status;
    info.http_status = static_cast<std::int32_t>(http_status());
    info.may_be_charged = sent;
    const std::string detail = code == CURLE_SEND_FAIL_REWIND ? "the server hung up without an answer"  // see on_seek()
                               : proxy_unusable               ? "the URL of the proxy cannot be used"
                               : run_.time_limit != nullptr   ? run_.time_limit
                               : message_[0] != '\0'          ? message_
                                                              : curl_easy_strerror(code);
    info.message = std::string(meaning.what) + " (" + host_of(receiver_->http_request().settings->url) + ": " + displayable(detail, 300) + "). " +
                   (sent        ? "The request had been sent: the image may still be charged, and cannot be fetched. "
                    : is_post() ? "Nothing was charged. "
                                : "") +
                   meaning.remedy;
    return Error(std::move(info));
}

Error Transfer::too_large(const std::string& what, const std::string& remedy) const {
    ErrorInfo info;
    info.status = VENICE_ERROR_RESPONSE_TOO_LARGE;
    info.http_status = static_cast<std::int32_t>(http_status());
    info.may_be_charged = request_was_sent() && !is_refusal(http_status());
    info.message = what + (info.may_be_charged ? " The image may have been charged. " : " ") + remedy;
    return Error(std::move(info));
}

void Transfer::add_header_line(std::string_view line) {
    run_.header_bytes += line.size();
    if (run_.header_bytes > most_header_bytes) {
        throw too_large("The headers of the server's answer have no end.", "Check base_url: something else than the API may be there.");
    }
    if (run_.headers_reported) {
        return;  // a trailer, behind the body: too late to mean anything
    }
    if (line.starts_with("HTTP/")) {
        headers_.clear();  // an interim answer, or the proxy's, came before
    } else {
        headers_.add_line(line);
    }
}

std::size_t Transfer::on_header(char* data, std::size_t size, std::size_t count, void* user) noexcept {
    Transfer& transfer = in_callback(user);
    const std::string_view line(data, size * count);
    transfer.run_.has_moved = true;
    try {
        transfer.add_header_line(line);
        return line.size();
    } catch (...) {
        transfer.run_.thrown = std::current_exception();
        return 0;
    }
}

// Once connected, before each time that the request is sent: libcurl does it again if a connection that it kept dies before anything comes.
int Transfer::on_attempt(void* user, char*, char*, int, int) noexcept {
    Transfer& transfer = in_callback(user);
    ++transfer.run_.attempts;
    try {
        transfer.report_phase(transfer.is_post() ? HttpPhase::sending : HttpPhase::waiting);
        return CURL_PREREQFUNC_OK;
    } catch (...) {
        transfer.run_.thrown = std::current_exception();
        return CURL_PREREQFUNC_ABORT;
    }
}

std::size_t Transfer::on_body(char* data, std::size_t size, std::size_t count, void* user) noexcept {
    Transfer& transfer = in_callback(user);
    const std::string_view bytes(data, size * count);
    try {
        transfer.report_headers();
        const HttpSettings& settings = *transfer.settings_;
        transfer.run_.has_moved = true;
        transfer.run_.received_bytes += static_cast<std::int64_t>(bytes.size());
        curl_off_t total = -1;
        curl_easy_getinfo(transfer.easy(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &total);
        // Content-Length is of the compressed bytes, the count of the others: either over the limit is too much.
        if (std::max<std::int64_t>(transfer.run_.received_bytes, total) > settings.max_response_bytes) {
            throw transfer.too_large("The server's answer is larger than max_response_bytes, " + std::to_string(settings.max_response_bytes) + " bytes.",
                                     "Raise that option, or ask for fewer or smaller images.");
        }
        transfer.receiver_->body_received(bytes);
        return bytes.size();
    } catch (...) {
        transfer.run_.thrown = std::current_exception();
        return bytes.empty() ? 1 : 0;
    }
}

bool Transfer::found_connection_closed(CURLcode code) const {
    return run_.found_connection_closed && code == CURLE_ABORTED_BY_CALLBACK && run_.body_read == 0 && http_status() == 0;
}

bool Transfer::is_connection_closed() const {
    if (!libcurl_may_reuse_what_is_closed()) {
        return false;
    }
    long new_connections = 1;
    curl_socket_t socket = CURL_SOCKET_BAD;
    curl_easy_getinfo(easy(), CURLINFO_NUM_CONNECTS, &new_connections);
    curl_easy_getinfo(easy(), CURLINFO_ACTIVESOCKET, &socket);
    return new_connections == 0 && socket != CURL_SOCKET_BAD && is_closed_by_peer(socket);
}

std::size_t Transfer::on_read(char* buffer, std::size_t size, std::size_t count, void* user) noexcept {
    Transfer& transfer = in_callback(user);
    if (transfer.run_.body_read == 0 && transfer.is_connection_closed()) {
        transfer.run_.found_connection_closed = true;
        curl_easy_setopt(transfer.easy(), CURLOPT_FORBID_REUSE, 1L);  // else libcurl would keep it, if it is HTTP/2
        return CURL_READFUNC_ABORT;
    }
    try {
        return transfer.read_body({buffer, size * count});
    } catch (...) {
        transfer.run_.thrown = std::current_exception();
        return CURL_READFUNC_ABORT;
    }
}

std::size_t Transfer::read_body(std::span<char> buffer) {
    const std::string_view left = body().substr(run_.body_read);
    const std::size_t piece = std::min(buffer.size(), left.size());
    if (piece == left.size() && !receiver_->may_be_sent()) {
        return CURL_READFUNC_ABORT;
    }
    std::memcpy(buffer.data(), left.data(), piece);  // NOLINT(bugprone-not-null-terminated-result): curl wants no NUL
    run_.body_read += piece;
    report_phase(request_was_sent() ? HttpPhase::waiting : HttpPhase::sending);
    return piece;
}

// curl sends a request again by itself when a kept-open connection dies without an answer. For a POST that costs money that must not happen once the
// whole body has left, and curl rewinds the body before it does so: refusing that is what stops it.
int Transfer::on_seek(void* user, curl_off_t offset, int origin) noexcept {
    Transfer& transfer = in_callback(user);
    if (transfer.request_was_sent() || origin != SEEK_SET || offset != 0) {
        return CURL_SEEKFUNC_FAIL;
    }
    transfer.run_.body_read = 0;
    return CURL_SEEKFUNC_OK;
}

}  // namespace venice
