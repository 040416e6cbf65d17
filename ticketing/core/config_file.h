#pragma once
// Reads boxoffice.toml: unknown keys, missing keys, wrong types and wrong values become findings with key and line.

#include <optional>
#include <string>
#include <string_view>

#include "ticketing/core/config.h"

namespace promenade::ticketing {

struct ConfigReading {
  std::optional<Config> config;  // set only when no finding is an error
  base::Findings findings;
};

ConfigReading parse_config(std::string_view toml_text, const std::string& file_name);  // pure
ConfigReading read_config_file(const std::string& path);                               // rim

}  // namespace promenade::ticketing
