#pragma once
// The part of JSON Schema 2020-12 that the API's own document uses, as a validator for tests.

#include <nlohmann/json.hpp>
#include <string>

namespace promenade::ticketing::tests {

// Empty when VALUE is valid; else where and why it is not.
std::string schema_error(const nlohmann::json& value, const nlohmann::json& schema, const nlohmann::json& schemas, const std::string& where = "$");

// The same against the API's own schema of that name.
std::string check(const nlohmann::json& value, const char* schema);

}  // namespace promenade::ticketing::tests
