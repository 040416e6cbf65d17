#pragma once
// The OpenSSL side of tls.h, for server.cpp. Internal to tracking/base/http.

#include <openssl/ssl.h>

#include <string>

#include "tracking/base/http/tls.h"

namespace promenade::base::http {

Result<void> set_up(SSL_CTX& context, const ServerTls& tls);  // error "tls-unusable" that names the file
std::string peer_fingerprint(const SSL* ssl);                 // empty: no TLS, or no certificate

}  // namespace promenade::base::http
