#pragma once
// Owners of Mbed TLS objects for this folder's sources. Not for others: certificate.h and session.h are what they include.

#include <mbedtls/pk.h>
#include <mbedtls/x509_crt.h>

#include <optional>
#include <span>
#include <string_view>

#include "showcontrol/link/certificate.h"

namespace promenade::link {

template <class T, void (*init)(T*), void (*release)(T*)>
class Owned {
 public:
  Owned() { init(&value_); }
  ~Owned() { release(&value_); }
  Owned(const Owned&) = delete;
  Owned& operator=(const Owned&) = delete;
  T* operator->() { return &value_; }
  const T* operator->() const { return &value_; }
  T* get() { return &value_; }
  const T* get() const { return &value_; }

 private:
  T value_;
};
using X509 = Owned<mbedtls_x509_crt, mbedtls_x509_crt_init, mbedtls_x509_crt_free>;
using PrivateKey = Owned<mbedtls_pk_context, mbedtls_pk_init, mbedtls_pk_free>;

// As Mbed TLS calls for random numbers: `source` is a RandomSource.
int fill_random(void* source, unsigned char* out, std::size_t size);
// "MESSAGE (-0x2700)".
std::string mbed_text(int error);
// PEM wants its terminating zero counted.
bool parse(X509& certificate, std::string_view pem);
bool parse_private(PrivateKey& key, std::string_view pem, RandomSource& random);
std::optional<Identity> identity_of(const mbedtls_x509_crt& certificate);

}  // namespace promenade::link
