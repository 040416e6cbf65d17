#include "runtime/xr/space_changes.h"

#include <catch2/catch_test_macros.hpp>

using promenade::xr::SpaceChanges;

namespace {

XrEventDataReferenceSpaceChangePending change(XrReferenceSpaceType type, XrTime when) {
  XrEventDataReferenceSpaceChangePending event{XR_TYPE_EVENT_DATA_REFERENCE_SPACE_CHANGE_PENDING, nullptr, XR_NULL_HANDLE, type, when, XR_FALSE, {}};
  return event;
}

}  // namespace

TEST_CASE("A change acts at its time, once, and only if the space is ours") {
  SpaceChanges changes;
  changes.watch(XR_REFERENCE_SPACE_TYPE_STAGE);
  changes.announced(change(XR_REFERENCE_SPACE_TYPE_LOCAL, 100));
  CHECK(!changes.due(200));
  changes.announced(change(XR_REFERENCE_SPACE_TYPE_STAGE, 300));
  CHECK(!changes.due(299));
  CHECK(changes.due(300));
  CHECK(!changes.due(301));
}

TEST_CASE("Several announcements of one re-centre act as one where they have come due together") {
  SpaceChanges changes;
  changes.watch(XR_REFERENCE_SPACE_TYPE_STAGE);
  for (const XrTime when : {100, 101, 102}) changes.announced(change(XR_REFERENCE_SPACE_TYPE_STAGE, when));
  CHECK(changes.due(150));
  CHECK(!changes.due(160));
  changes.announced(change(XR_REFERENCE_SPACE_TYPE_STAGE, 200));
  changes.announced(change(XR_REFERENCE_SPACE_TYPE_STAGE, 300));
  CHECK(changes.due(250));
  CHECK(!changes.due(260));
  CHECK(changes.due(300));
  CHECK(!changes.due(400));
}

TEST_CASE("Where events were lost, the room is taken to have moved; a new session forgets all of it") {
  SpaceChanges changes;
  changes.watch(XR_REFERENCE_SPACE_TYPE_STAGE);
  changes.events_lost();
  CHECK(changes.due(5));
  CHECK(!changes.due(6));
  changes.announced(change(XR_REFERENCE_SPACE_TYPE_STAGE, 10));
  changes.watch(XR_REFERENCE_SPACE_TYPE_LOCAL_FLOOR);
  CHECK(!changes.due(20));
}
