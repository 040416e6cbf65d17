#pragma once
// What a day's rehearsal reads from disk, and the passing folder that its ledger lives in. Rim.

#include <string>

#include "showcontrol/rehearsal/day_run.h"
#include "tracking/base/result.h"

namespace promenade::rehearsal {

struct DayFiles {
  std::string venue, films, box_office;
  double film_scale = 0.0;               // on dwells; 0: chosen, and set by load_day
};

// Options with venue, films and box office filled in, the date set, and the rest as by default.
// Codes "venue-unusable", "films-unusable", "box-office-unusable": the message lists the findings.
base::Result<DayOptions> load_day(DayFiles& files);
// The factor on dwells with which the films last `mean_length_s` on average.
double film_scale_for(const FilmSet& films, double mean_length_s);

// A new folder; removed at the end unless it was named. Prefers memory over disk: its content need not last.
class PrivateFolder {
 public:
  explicit PrivateFolder(const std::string& named = {});
  ~PrivateFolder();
  PrivateFolder(const PrivateFolder&) = delete;
  PrivateFolder& operator=(const PrivateFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  bool keep_ = false;
};

}  // namespace promenade::rehearsal
