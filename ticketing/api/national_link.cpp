#include "ticketing/api/national_link.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "ticketing/core/json_fields.h"
#include "tracking/base/http/client.h"
#include "tracking/base/text_file.h"

namespace promenade::ticketing::api {
namespace {

using nlohmann::json;

// ---------------------------------------------------------------- a folder

class FolderLink final : public NationalLink {
 public:
  explicit FolderLink(std::string folder) : folder_(std::move(folder)) {}

  base::Result<NationalReceived> hand_in(const NationalBatch& batch) override {
    std::string day = batch.date.text();
    std::erase(day, '-');
    const std::string path = folder_ + "/" + batch.cinema_code + "-" + day + ".jsonl";
    if (path != path_) {
      if (auto done = load(path); !done) return std::unexpected(done.error());
    }
    NationalReceived out;
    out.reference = batch.cinema_code + "-" + day;
    std::string lines;
    std::map<std::string, json> fresh;
    for (const NationalRecord& record : batch.records) {
      json text = to_json(record, batch.cinema_code, batch.date);
      const std::string id = text["record"];
      const auto there = written_.find(id);
      if (there != written_.end() && there->second != text) {
        out.refused.emplace_back(record.number, path + " holds this record with other content");
        continue;
      }
      out.numbers.push_back(record.number);
      if (there != written_.end()) continue;
      lines += canonical_text({{"entry", to_text(batch.entry)}, {"record", text}}) + "\n";
      fresh.emplace(id, std::move(text));
    }
    if (auto done = append(path, lines); !done) return std::unexpected(done.error());
    written_.merge(fresh);
    return out;
  }

 private:
  static std::unexpected<base::Error> failure(const std::string& path, int error) {
    return base::fail(error == ENOSPC || error == EDQUOT ? "disk-full" : "environment", "Cannot write " + path + ": " + std::strerror(error) + ".",
                      "Free space or fix the folder's owner.");
  }

  // A last line without its end was cut short by a crash and is taken away: nobody was told that it is there.
  base::Result<void> load(const std::string& path) {
    constexpr std::size_t kMost = std::size_t{1} << 30;
    path_.clear();
    written_.clear();
    std::error_code error;
    if (!std::filesystem::exists(path, error)) {
      path_ = path;
      end_ = 0;
      return {};
    }
    const auto text = base::read_text_file(path, kMost);
    if (!text) return base::fail("environment", "Cannot read " + path + ": " + text.error() + ".", "Fix the file's owner.");
    std::size_t at = 0;
    for (std::size_t end = text->find('\n'); end != std::string::npos; end = text->find('\n', at)) {
      const json line = json::parse(text->substr(at, end - at), nullptr, false);
      const bool fine = line.is_object() && line.contains("record") && line["record"].is_object() && line["record"].contains("record") && line["record"]["record"].is_string();
      if (!fine) return base::fail("environment", path + " is not a file of national records.", "Move it away; its records are then written anew.");
      written_.emplace(line["record"]["record"].get<std::string>(), line["record"]);
      at = end + 1;
    }
    path_ = path;
    end_ = static_cast<off_t>(at);
    return {};
  }

  base::Result<void> append(const std::string& path, const std::string& lines) {
    if (lines.empty()) return {};
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0640);
    if (file < 0) return failure(path, errno);
    errno = ENOSPC;  // what a write that stops short without an error of its own means
    const bool done = ::ftruncate(file, end_) == 0 && ::pwrite(file, lines.data(), lines.size(), end_) == static_cast<ssize_t>(lines.size()) && ::fsync(file) == 0;
    const int error = errno;
    ::close(file);
    if (!done) return failure(path, error);
    if (end_ == 0) {
      if (auto kept = keep_name(); !kept) return kept;
    }
    end_ += static_cast<off_t>(lines.size());
    return {};
  }

  base::Result<void> keep_name() {
    const int folder = ::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return failure(folder_, errno);
    const bool done = ::fsync(folder) == 0;
    const int error = errno;
    ::close(folder);
    return done ? base::Result<void>{} : failure(folder_, error);
  }

  std::string folder_, path_;
  std::map<std::string, json> written_;  // records of path_ by id
  off_t end_ = 0;                        // of the whole lines
};

// ---------------------------------------------------------------- an address

class HttpNational final : public NationalLink {
 public:
  HttpNational(base::http::Client client, std::string target) : client_(std::move(client)), target_(std::move(target)) {}

  base::Result<NationalReceived> hand_in(const NationalBatch& batch) override {
    json records = json::array();
    std::map<std::string, int> numbers;
    for (const NationalRecord& record : batch.records) {
      records.push_back(to_json(record, batch.cinema_code, batch.date));
      numbers.emplace(records.back()["record"].get<std::string>(), record.number);
    }
    json body{{"format", "promenade-national-1"}, {"cinema_code", batch.cinema_code}, {"business_date", batch.date.text()}, {"entry", to_text(batch.entry)}, {"records", std::move(records)}};
    if (!batch.approval.empty()) body["approval"] = batch.approval;
    const auto response = client_.post(target_, canonical_text(body), "application/json");
    if (!response) return std::unexpected(response.error());
    if (response->status != 200) {
      return base::fail("national-refused", "The national system at " + client_.base_url() + target_ + " answered with status " + std::to_string(response->status) + ": " + response->body.substr(0, 200),
                        "The records are handed in again by themselves; ask its operator where this lasts.");
    }
    return read_answer(response->body, numbers);
  }
  void cancel() override { client_.cancel(); }

 private:
  base::Result<NationalReceived> read_answer(const std::string& text, const std::map<std::string, int>& numbers) const {
    const json body = json::parse(text, nullptr, false);
    const auto bad = [&](const char* what) {
      return base::fail("national-answer", "The answer of the national system at " + client_.base_url() + target_ + " " + what + ".", "Check the address, and the receiver's version.");
    };
    if (!body.is_object() || !body.contains("received") || !body["received"].is_array()) return bad("has no list \"received\"");
    NationalReceived out;
    if (body.contains("reference") && body["reference"].is_string()) out.reference = body["reference"].get<std::string>().substr(0, 80);
    if (!is_utf8(out.reference)) out.reference.clear();  // cut within a letter
    for (const json& id : body["received"]) {
      const auto known = id.is_string() ? numbers.find(id.get<std::string>()) : numbers.end();
      if (known == numbers.end()) return bad("names a record that it was not handed");
      out.numbers.push_back(known->second);
    }
    for (const json& one : body.value("refused", json::array())) {
      const auto known = one.is_object() && one.contains("record") && one["record"].is_string() ? numbers.find(one["record"].get<std::string>()) : numbers.end();
      if (known == numbers.end()) return bad("refuses a record that it was not handed");
      const bool says = one.contains("reason") && one["reason"].is_string();
      out.refused.emplace_back(known->second, says ? one["reason"].get<std::string>().substr(0, 200) : std::string("no reason given"));
    }
    std::ranges::sort(out.numbers);
    out.numbers.erase(std::ranges::unique(out.numbers).begin(), out.numbers.end());
    return out;
  }

  base::http::Client client_;
  std::string target_;
};

}  // namespace

base::Result<std::unique_ptr<NationalLink>> open_national(const std::string& place, const std::string& key) {
  if (place.starts_with("http://") || place.starts_with("https://")) {
    const std::size_t path = place.find('/', place.find("//") + 2);
    base::http::Headers headers;
    if (!key.empty()) headers["Authorization"] = "Bearer " + key;
    auto client = base::http::Client::open({.base_url = place.substr(0, path), .max_answer_bytes = 1U << 20, .headers = headers});
    if (!client) return std::unexpected(client.error());
    return std::make_unique<HttpNational>(std::move(*client), path == std::string::npos ? "/" : place.substr(path));
  }
  std::error_code error;
  std::filesystem::create_directories(place, error);
  if (error) return base::fail("environment", "Cannot make the folder " + place + ": " + error.message() + ".", "Choose another with --report-to.");
  return std::make_unique<FolderLink>(place);
}

}  // namespace promenade::ticketing::api
