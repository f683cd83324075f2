// SPDX-License-Identifier: MIT
#include "client/certificates.hpp"

#include <curl/curl.h>

#include <cstdint>

#include "http/transfer.hpp"
#include "support/error.hpp"
#include "support/read_file.hpp"
#include "support/text.hpp"

namespace venice {
namespace {

// The largest bundles have a few hundred kilobytes.
constexpr std::uintmax_t largest_file = std::uintmax_t{16} << 20;

// Where libcurl was told to look when it was built; a folder beside it stays in use by itself.
std::string system_certificates() {
    const CurlEasy easy(curl_easy_init());
    char* path = nullptr;
    if (!easy) {
        throw std::bad_alloc();
    }
    if (curl_easy_getinfo(easy.get(), CURLINFO_CAINFO, &path) != CURLE_OK || path == nullptr) {
        return {};
    }
    try {
        return read_file(path, largest_file).value_or("");
    } catch (const Error&) {
        return {};  // libcurl would not have any either
    }
}

}  // namespace

std::shared_ptr<const std::string> trusted_certificates(const std::string& path) {
    const auto own = read_file(path, largest_file);
    if (!own || own->find("-----BEGIN CERTIFICATE-----") == std::string::npos) {
        throw Error(VENICE_ERROR_FILE, "ca_file: " + displayable(path, 300) + " holds no certificate in PEM form. Choose a file with the certificates of the authorities to be trusted too.");
    }
    return std::make_shared<const std::string>(system_certificates() + "\n" + *own);
}

}  // namespace venice
