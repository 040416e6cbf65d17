#pragma once
// Which device is which gate of the venue. A ticket is for one gate by its number, so two devices under one number could let
// it in twice while neither reaches the box office: a number is one device's, and another is refused it as soon as it asks.
// A device becomes a gate only here, that is while it reaches the box office, and stays it until it gives the number up or
// somebody takes it over by name; silence frees nothing, because a gate that is cut off is silent. Thread-safe. Rim: keeps
// what changes in a file, so that a restart forgets nothing.
//
// What it cannot know: two devices that send the same device name; and of a gate that is cut off, that it was taken over.

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "ticketing/core/business_date.h"
#include "tracking/base/result.h"

namespace promenade::ticketing::api {

struct GateHolder {
  std::string device;
  base::UtcTime heard;  // last; kept in memory only, but for when it became the gate
};

class GateBoard {
 public:
  // FILE: empty keeps it in memory only. A file that cannot be read is told by the first call ("environment").
  explicit GateBoard(std::string file) : file_(std::move(file)) {}

  // DEVICE is, or becomes, gate NUMBER, and gives up any other. TAKE: also where another device is it. Errors: "gate-taken", which
  // names that device and when it was last heard; those of the file.
  base::Result<GateHolder> claim(int number, const std::string& device, base::UtcTime now, bool take);
  base::Result<void> release(const std::string& device);
  std::optional<GateHolder> holder(int number);

 private:
  base::Result<void> load();  // with mutex_ held
  base::Result<void> save(std::map<int, GateHolder> next);
  std::mutex mutex_;
  std::string file_;
  bool loaded_ = false;
  std::map<int, GateHolder> gates_;
};

}  // namespace promenade::ticketing::api
