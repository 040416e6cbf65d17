#include "content-tools/samples/worlds/worlds.h"
namespace promenade::samples::worlds { World tide_caves() { return {}; } }
