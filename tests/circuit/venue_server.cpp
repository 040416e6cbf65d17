#include "tests/circuit/venue_server.h"

#include <fcntl.h>
#include <unistd.h>

#include <mutex>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace promenade::ticketing::tests {
namespace {

using Asked = base::http::Request;
using base::http::Response;

Response problem(int status, const std::string& code) {
  return {.status = status, .content_type = "application/problem+json", .headers = {}, .body = nlohmann::json{{"code", code}, {"detail", "A made venue says " + code + "."}}.dump()};
}

Response json_answer(const nlohmann::json& body) { return {.status = 200, .content_type = "application/json", .headers = {}, .body = body.dump()}; }

std::uint64_t number(const Asked& request, std::string_view name, std::uint64_t otherwise) {
  const auto text = request.param(name);
  return text ? std::stoull(std::string(*text)) : otherwise;
}

}  // namespace

ServedVenue served(const MadeLedger& ledger) {
  ServedVenue out;
  out.venue = ledger.venue;
  out.hashes = ledger.hashes;
  out.checkpoints = ledger.checkpoints;
  out.reports = ledger.reports;
  base::Bytes stream;
  out.offsets.push_back(0);
  for (const auto& stored : ledger.stored) {
    append_export_event(stream, stored);
    out.offsets.push_back(stream.size());
  }
  out.stream = base::as_text(stream);
  return out;
}

VenueServer::VenueServer(base::http::ServerOptions options) : server_(std::move(options)) {
  route("/{venue}/v1/checkpoints/latest", [](const ServedVenue& v, const Asked&) { return v.checkpoints.empty() ? problem(404, "checkpoint-none") : json_answer(to_json(v.checkpoints.back())); });
  route("/{venue}/v1/checkpoints", [](const ServedVenue& v, const Asked& request) {
    const auto after = number(request, "after", 0), limit = number(request, "limit", 500);
    nlohmann::json list = nlohmann::json::array();
    for (const auto& checkpoint : v.checkpoints)
      if (checkpoint.size > after && list.size() < limit) list.push_back(to_json(checkpoint));
    return json_answer({{"venue", v.venue.value()}, {"head_seq", v.head()}, {"checkpoints", list}});
  });
  route("/{venue}/v1/events", [this](const ServedVenue& v, const Asked& request) {
    const auto after = number(request, "after", 0), limit = number(request, "limit", 500);
    if (after > v.head()) return problem(409, "cursor-beyond-head");
    const std::uint64_t last = std::min(v.head(), after + limit);
    ExportHeader header{v.venue, after + 1, last, {}};
    if (last > 0) header.head_hash = v.hashes[last - 1];
    return Response{.status = 200, .content_type = "application/vnd.promenade.events", .headers = {}, .body = events(v, after, last, encode_export_header(header))};
  });
  route("/{venue}/v1/reports/days/{date}", [](const ServedVenue& v, const Asked& request) {
    const auto date = BusinessDate::from_text(request.path_params.at("date"));
    const auto found = date ? v.reports.find({*date, static_cast<int>(number(request, "revision", 1))}) : v.reports.end();
    if (found == v.reports.end()) return problem(404, "revision-unknown");
    return Response{.status = 200, .content_type = "application/json", .headers = {}, .body = found->second};
  });
}

VenueServer::~VenueServer() {
  stop();
  if (file_ >= 0) ::close(file_);
}

void VenueServer::route(const std::string& path, Answer answer) {
  server_.route("GET", path, [this, answer = std::move(answer)](const Asked& request) {
    ++requests_;
    std::shared_ptr<const ServedVenue> venue;
    {
      const std::shared_lock lock(mutex_);
      const auto at = venues_.find(request.path_params.at("venue"));
      if (at != venues_.end()) venue = at->second;
    }
    if (!venue) return problem(404, "not-found");
    if (venue->before_answer) venue->before_answer();
    if (venue->status != 200) return problem(venue->status, "unavailable");
    return answer(*venue, request);
  });
}

void VenueServer::keep_in(const std::string& file) {
  file_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file_ < 0) throw std::runtime_error("cannot write " + file);
}

void VenueServer::put(ServedVenue venue, bool in_file) {
  std::uint64_t begin = 0;
  {
    const std::unique_lock lock(mutex_);
    begin = file_end_;
    if (in_file) file_end_ += venue.stream.size();
  }
  if (in_file) {
    venue.file_begin = begin;
    for (std::size_t done = 0; done < venue.stream.size();) {
      const auto wrote = ::pwrite(file_, venue.stream.data() + done, venue.stream.size() - done, static_cast<off_t>(begin + done));
      if (wrote <= 0) throw std::runtime_error("the disk is full");
      done += static_cast<std::size_t>(wrote);
    }
    venue.stream = {};
  }
  const std::string name = venue.venue.value();
  const std::unique_lock lock(mutex_);
  venues_[name] = std::make_shared<const ServedVenue>(std::move(venue));
}

void VenueServer::change(const base::VenueId& venue, const std::function<void(ServedVenue&)>& deed) {
  const std::unique_lock lock(mutex_);
  auto& at = venues_.at(venue.value());
  ServedVenue changed = *at;
  deed(changed);
  at = std::make_shared<const ServedVenue>(std::move(changed));
}

std::string VenueServer::events(const ServedVenue& v, std::uint64_t after, std::uint64_t last, std::string header) const {
  const std::uint64_t from = v.offsets[after], size = v.offsets[last] - from;
  if (!v.stream.empty() || size == 0) return header.append(v.stream, from, size);
  const std::size_t front = header.size();
  bool read = true;
  header.resize_and_overwrite(front + size, [&](char* out, std::size_t all) {
    for (std::size_t done = 0; read && done < size;) {
      const auto got = ::pread(file_, out + front + done, size - done, static_cast<off_t>(v.file_begin + from + done));
      read = got > 0;
      done += read ? static_cast<std::size_t>(got) : 0;
    }
    return read ? all : front;
  });
  if (!read) throw std::runtime_error("the venues' file cannot be read");
  return header;
}

}  // namespace promenade::ticketing::tests
