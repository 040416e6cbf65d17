#include "content-tools/samples/worlds/worlds.h"
namespace promenade::samples::worlds { World clockmakers_yard() { return {}; } }
