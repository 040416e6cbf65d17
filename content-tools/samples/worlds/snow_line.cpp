#include "content-tools/samples/worlds/worlds.h"
namespace promenade::samples::worlds { World snow_line() { return {}; } }
