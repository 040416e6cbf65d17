#pragma once
// The way to the national ticketing system: replaceable, because the text of its standard (DY/T 10-2025) is not public. NOT
// CERTIFIED: what is written here follows what public adapters show, and a venue puts its vendor's certified adapter in this
// place, or behind one of the two that there are. Blocking; one thread. Rim.
//
// A record is known by its id (`record`, national.h): whoever is handed one a second time has it already, and says so. So
// nothing about a call needs to be remembered, and a call whose answer was lost is simply made again.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ticketing/core/national_day.h"

namespace promenade::ticketing::api {

struct NationalReceived {
  std::vector<int> numbers;                           // of the batch's records; received now or before
  std::vector<std::pair<int, std::string>> refused;   // with the receiver's reason
  std::string reference;                              // of the receiver's answer; may be empty
};

class NationalLink {
 public:
  virtual ~NationalLink() = default;
  // What is in neither list was not received. An error: nobody knows.
  virtual base::Result<NationalReceived> hand_in(const NationalBatch& batch) = 0;
  virtual void cancel() {}  // ends a call that is under way; thread-safe
};

// PLACE is a folder, or an address "http://HOST[:PORT][/PATH]".
// A folder: one file for each business date, CINEMA-YYYYMMDD.jsonl, a line {"entry","record":{..}} for each record, durable before
// it counts as received. An address: POST of {"format":"promenade-national-1","cinema_code","business_date","entry","approval",
// "records":[..]}, KEY as bearer; answered with 200 {"received":["ID"..],"refused":[{"record":"ID","reason":".."}],"reference":".."}.
// Errors of hand_in: "national-refused" (another status), "national-answer", "disk-full", "environment", those of the client.
base::Result<std::unique_ptr<NationalLink>> open_national(const std::string& place, const std::string& key);

}  // namespace promenade::ticketing::api
