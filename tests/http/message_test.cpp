#include "tracking/base/http/message.h"

#include <catch2/catch_test_macros.hpp>

using namespace promenade::base::http;

TEST_CASE("header names compare without regard to case") {
  Request request;
  request.headers["Idempotency-Key"] = "a";
  CHECK(request.header("idempotency-key") == "a");
  CHECK(request.header("IDEMPOTENCY-KEY") == "a");
  CHECK_FALSE(request.header("idempotency").has_value());
}

TEST_CASE("query parameters are exact") {
  Request request;
  request.query["after"] = "7";
  CHECK(request.param("after") == "7");
  CHECK_FALSE(request.param("After").has_value());
}

TEST_CASE("percent encoding keeps only unreserved characters") {
  CHECK(url_encode("aZ09-._~") == "aZ09-._~");
  CHECK(url_encode("a b/c?d=e&f") == "a%20b%2Fc%3Fd%3De%26f");
  CHECK(url_encode("票") == "%E7%A5%A8");
}
