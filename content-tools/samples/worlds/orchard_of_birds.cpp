#include "content-tools/samples/worlds/worlds.h"
namespace promenade::samples::worlds { World orchard_of_birds() { return {}; } }
