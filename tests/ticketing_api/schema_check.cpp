#include "tests/ticketing_api/schema_check.h"

#include <regex>

#include "ticketing/api/openapi.h"

namespace promenade::ticketing::tests {
namespace {

using nlohmann::json;

bool has_type(const json& value, const std::string& type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "integer") return value.is_number_integer();
  if (type == "number") return value.is_number();
  if (type == "boolean") return value.is_boolean();
  return type == "null" && value.is_null();
}

std::string object_error(const json& value, const json& schema, const json& schemas, const std::string& where) {
  for (const auto& name : schema.value("required", json::array()))
    if (!value.contains(name.get<std::string>())) return where + " lacks " + name.get<std::string>();
  const json properties = schema.value("properties", json::object());
  for (const auto& [name, child] : value.items()) {
    if (properties.contains(name)) {
      const auto error = schema_error(child, properties[name], schemas, where + "." + name);
      if (!error.empty()) return error;
    } else if (schema.value("additionalProperties", true) == false) {
      return where + " has " + name + ", which is not described";
    }
  }
  return {};
}

}  // namespace

std::string schema_error(const json& value, const json& schema, const json& schemas, const std::string& where) {
  if (schema.contains("$ref")) {
    const std::string ref = schema["$ref"];
    return schema_error(value, schemas.at(ref.substr(ref.rfind('/') + 1)), schemas, where);
  }
  for (const char* choice : {"oneOf", "anyOf"}) {
    if (!schema.contains(choice)) continue;
    std::string errors;
    for (const auto& option : schema[choice]) {
      const auto error = schema_error(value, option, schemas, where);
      if (error.empty()) return {};
      errors += error + "; ";
    }
    return errors;
  }
  if (schema.contains("const") && value != schema["const"]) return where + " is not " + schema["const"].dump();
  if (schema.contains("enum") && std::ranges::find(schema["enum"], value) == schema["enum"].end()) return where + " is none of " + schema["enum"].dump();
  if (schema.contains("type") && !has_type(value, schema["type"])) return where + " is no " + schema["type"].get<std::string>();
  if (schema.contains("pattern") && !std::regex_search(value.get<std::string>(), std::regex(schema["pattern"].get<std::string>())))
    return where + " " + value.dump() + " does not match " + schema["pattern"].get<std::string>();
  if (schema.contains("minimum") && value.get<double>() < schema["minimum"].get<double>()) return where + " is too small";
  if (schema.contains("maximum") && value.get<double>() > schema["maximum"].get<double>()) return where + " is too large";
  if (value.is_object()) return object_error(value, schema, schemas, where);
  if (value.is_array() && schema.contains("items"))
    for (std::size_t i = 0; i < value.size(); ++i) {
      const auto error = schema_error(value[i], schema["items"], schemas, where + "[" + std::to_string(i) + "]");
      if (!error.empty()) return error;
    }
  return {};
}

std::string check(const nlohmann::json& value, const char* schema) { return schema_error(value, api::schemas().at(schema), api::schemas()); }

}  // namespace promenade::ticketing::tests
