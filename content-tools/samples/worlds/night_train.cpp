#include "content-tools/samples/worlds/worlds.h"
namespace promenade::samples::worlds { World night_train() { return {}; } }
