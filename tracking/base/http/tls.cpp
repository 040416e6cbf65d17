#include "tracking/base/http/tls.h"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <fstream>
#include <memory>

#include "tracking/base/http/tls_context.h"

namespace promenade::base::http {

std::string fingerprint_of(const X509* certificate) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  if (certificate == nullptr || X509_digest(certificate, EVP_sha256(), digest, &size) != 1) return {};
  constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  for (unsigned int i = 0; i < size; ++i) {
    out += kHex[digest[i] >> 4];
    out += kHex[digest[i] & 15];
  }
  return out;
}

std::string peer_fingerprint(const SSL* ssl) {
  if (ssl == nullptr) return {};
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(SSL_get1_peer_certificate(ssl), &X509_free);
  return fingerprint_of(certificate.get());
}

Result<void> set_up(SSL_CTX& context, const ServerTls& tls) {
  SSL_CTX_set_min_proto_version(&context, TLS1_2_VERSION);
  // No session outlives its connection: whoever was let in before is looked at again.
  SSL_CTX_set_options(&context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_session_cache_mode(&context, SSL_SESS_CACHE_OFF);
  const auto unusable = [](const std::string& file, const std::string& why) { return fail("tls-unusable", file + " " + why + ".", "Give PEM files that this user may read."); };
  for (const std::string* file : {&tls.certificate_file, &tls.key_file, &tls.client_ca_file})
    if (!file->empty() && !std::ifstream(*file)) return unusable(*file, "cannot be read");
  if (SSL_CTX_use_certificate_chain_file(&context, tls.certificate_file.c_str()) != 1) return unusable(tls.certificate_file, "is not a certificate that can be used");
  if (SSL_CTX_use_PrivateKey_file(&context, tls.key_file.c_str(), SSL_FILETYPE_PEM) != 1 || SSL_CTX_check_private_key(&context) != 1)
    return unusable(tls.key_file, "is not the key of the certificate " + tls.certificate_file);
  if (tls.client_ca_file.empty()) return {};
  if (SSL_CTX_load_verify_locations(&context, tls.client_ca_file.c_str(), nullptr) != 1) return unusable(tls.client_ca_file, "is not a CA's certificate that can be used");
  SSL_CTX_set_verify(&context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  return {};
}

Result<std::string> certificate_fingerprint(std::string_view pem) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> text(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(text ? PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr) : nullptr, &X509_free);
  const std::string fingerprint = fingerprint_of(certificate.get());
  if (fingerprint.empty()) return fail("certificate-malformed", "This is not a certificate in PEM form.", "Give the file that begins with -----BEGIN CERTIFICATE-----.");
  return fingerprint;
}

}  // namespace promenade::base::http
