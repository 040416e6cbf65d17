#pragma once
// Certificates for tests, made by the openssl program, which shares no code with what is tested: a CA, and whoever it vouches for.

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "tracking/base/http/tls.h"

namespace promenade::base::http::tests {

class TestCa {
 public:
  // In FOLDER, which must exist; NAME tells several apart.
  TestCa(std::string folder, const std::string& name) : stem_(std::move(folder) + "/" + name) {
    run("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj '/CN=" + name + "' -keyout " + stem_ + ".key -out " + stem_ + ".pem");
    std::ofstream(stem_ + ".ext") << "subjectAltName=IP:127.0.0.1\n";
  }
  std::string file() const { return stem_ + ".pem"; }

  struct Pair {
    std::string certificate, key;  // files
    std::string pem() const {
      std::ifstream in(certificate);
      return {std::istreambuf_iterator<char>(in), {}};
    }
  };
  Pair issue(const std::string& name) const {
    const std::string own = stem_ + "-" + name;
    run("req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj '/CN=" + name + "' -keyout " + own + ".key -out " + own + ".csr");
    run("x509 -req -in " + own + ".csr -CA " + stem_ + ".pem -CAkey " + stem_ + ".key -CAcreateserial -days 2 -extfile " + stem_ + ".ext -out " + own + ".pem");
    return {own + ".pem", own + ".key"};
  }
  ServerTls server(const Pair& own) const { return {own.certificate, own.key, file()}; }
  ClientTls client(const Pair& own) const { return {own.certificate, own.key, file()}; }

 private:
  static void run(const std::string& words) {
    if (std::system(("openssl " + words + " 2>/dev/null").c_str()) != 0) throw std::runtime_error("openssl " + words + " failed");
  }
  std::string stem_;
};

}  // namespace promenade::base::http::tests
