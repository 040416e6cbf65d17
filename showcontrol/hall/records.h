#pragma once
// The hall's state records as JSON text and back. Pure. Readers give nothing for text that is not theirs.
// Times are hall time in microseconds; lengths metres; numbers round trip exactly.

#include <optional>

#include "showcontrol/hall/state.h"

namespace promenade::hall {

base::Bytes to_record(const Visit& visit);
base::Bytes to_record(const Course& course, const planning::SavedPlay* saved);  // saved: none when nobody walks it
base::Bytes to_record(const SchoolClass& c);
std::optional<SchoolClass> class_from(base::ByteView record);
base::Bytes to_record(const OtherBody& body);
base::Bytes to_record(const Mode& mode);
struct ShelfRecord {
  Phase phase = Phase::idle;
  ViewerId visit;
  std::uint8_t wanted_revision = 0;
};
base::Bytes to_record(const ShelfRecord& shelf);

struct CourseRecord {
  Course course;  // `shown` is left null
  std::optional<planning::SavedPlay> saved;
};
std::optional<Visit> visit_from(base::ByteView record);
std::optional<CourseRecord> course_from(base::ByteView record);
std::optional<OtherBody> body_from(base::ByteView record);
std::optional<Mode> mode_from(base::ByteView record);
std::optional<ShelfRecord> shelf_from(base::ByteView record);

}  // namespace promenade::hall
