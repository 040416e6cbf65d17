#pragma once
// Errors as RFC 9457 problem documents: the one table from error codes to HTTP status. Pure.

#include <cstdint>
#include <string>
#include <string_view>

#include "tracking/base/http/message.h"
#include "tracking/base/result.h"

namespace promenade::ticketing::api {

// A code that is not in the table is 409: the ledger understood the request and refused it.
int status_of(std::string_view error_code);

// type "urn:promenade:problem:CODE", title, status, detail, detail_zh (the common ones), advice and, for bad input, `field`.
base::http::Response problem(const base::Error& error, std::string_view field = {});
base::http::Response problem(int status, const base::Error& error, std::string_view field = {});

// To ask again after so many seconds.
base::http::Response too_often(std::int64_t wait_s);

}  // namespace promenade::ticketing::api
