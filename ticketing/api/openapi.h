#pragma once
// The API's own description: one table of operations that the server's routes are made from, and the OpenAPI 3.1
// document that is written from the same table. Pure.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "ticketing/api/key_ring.h"

namespace promenade::ticketing::api {

struct Operation {
  std::string_view id;          // operationId, e.g. "sell"
  std::string_view method, path;
  std::string_view summary;
  std::vector<Scope> scopes;    // any one of them; empty: open to all
  std::string_view request;     // name of the body's schema; empty: no body
  std::string_view answer;      // name of the JSON answer's schema; empty: not JSON
  std::string_view media;       // of an answer that is not JSON
  int status = 200;             // of success
  std::vector<std::string_view> query;  // names of query parameters, described in the schemas' parameter table
};

const std::vector<Operation>& operations();
const nlohmann::json& schemas();  // name -> JSON Schema (2020-12)
nlohmann::json openapi_document(std::string_view server_url);

}  // namespace promenade::ticketing::api
