#include "runtime/headset/notable.h"

#include <utility>

#include "tracking/base/formatted.h"

namespace promenade::headset {

using std::chrono::milliseconds;

std::vector<std::string> Notable::step(base::HeadsetTime now, const Showing& showing) {
  std::vector<std::pair<std::string, milliseconds>> seen;  // and how long each is to have stood
  if (showing.menu) seen.emplace_back("menu", milliseconds(600));
  if (showing.marks) seen.emplace_back("marks", milliseconds(1500));
  if (showing.guide) seen.emplace_back("guide", milliseconds(600));
  if (showing.rate) seen.emplace_back("rate", milliseconds(600));
  if (!showing.film.empty()) seen.emplace_back(base::formatted("film-{}-{}", showing.film, showing.scene), milliseconds(2500));
  if (showing.ghost) seen.emplace_back("ghost", milliseconds(250));
  if (showing.stop) seen.emplace_back("stop", milliseconds(500));
  if (showing.pause) seen.emplace_back("pause", milliseconds(900));

  std::map<std::string, base::HeadsetTime> since;
  std::vector<std::string> due;
  for (auto& [name, settled] : seen) {
    const auto before = since_.find(name);
    const base::HeadsetTime began = before == since_.end() ? now : before->second;
    since.emplace(name, began);
    if (now - began >= settled && taken_.insert(name).second) due.push_back(name);
  }
  since_ = std::move(since);
  return due;
}

}  // namespace promenade::headset
