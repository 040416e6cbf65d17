#pragma once
// A folder that goes with the test, and raw SQL on a file as a meddler would use it.

#include <sqlite3.h>

#include <filesystem>
#include <string>

#include "tests/ticketing_core/fixtures.h"
#include "ticketing/store/box_office.h"

namespace promenade::ticketing::store::test {

inline const base::VenueId kVenue{"test-venue"};

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "promenade-store-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

inline int meddle(const std::string& path, const std::string& sql) {
  sqlite3* connection = nullptr;
  sqlite3_open(path.c_str(), &connection);
  const int code = sqlite3_exec(connection, sql.c_str(), nullptr, nullptr, nullptr);
  sqlite3_close(connection);
  return code;
}

inline base::KeyPair log_key(std::uint8_t number = 1) {
  base::KeySeed seed{};
  seed.fill(number);
  return base::KeyPair::from_seed(seed);
}

// With a log key, so that it signs checkpoints.
inline base::Result<BoxOffice> open_signing_office(const std::string& path, std::uint8_t key = 1, const FileOptions& options = {}) {
  return BoxOffice::open(path, ticketing::test::small_config(), OfficeKeys(ticketing::test::fixed_key(), log_key(key)), ticketing::test::noon(),
                         std::make_unique<SeededIdSource>(1), options);
}

inline base::Result<BoxOffice> open_office(const std::string& path, const FileOptions& options = {}, std::uint64_t seed = 1) {
  return BoxOffice::open(path, ticketing::test::small_config(), ticketing::test::fixed_key(), ticketing::test::noon(),
                         std::make_unique<SeededIdSource>(seed), options);
}

}  // namespace promenade::ticketing::store::test
