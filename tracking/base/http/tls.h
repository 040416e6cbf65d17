#pragma once
// Certificates on both ends of HTTP (mutual TLS): who serves shows one, and so does who asks. TLS 1.2 or later; PEM files.
// With server.h and client.h, the one home of OpenSSL.

#include <string>
#include <string_view>

#include "tracking/base/result.h"

namespace promenade::base::http {

// A server that talks TLS only; with a CLIENT_CA_FILE only to whoever shows a certificate that a CA there has issued.
struct ServerTls {
  std::string certificate_file;  // with its chain
  std::string key_file;
  std::string client_ca_file = {};  // empty: clients need no certificate
};

// What a client of "https://" shows, and whom it believes.
struct ClientTls {
  std::string certificate_file, key_file;  // both empty: none
  std::string ca_file;                     // empty: the system's CAs
};

// SHA-256 of a certificate's DER, 64 hex digits: what it is known by. Of the first certificate in PEM. Error
// "certificate-malformed".
Result<std::string> certificate_fingerprint(std::string_view pem);

}  // namespace promenade::base::http
