#pragma once
// Expected failures: a code for programs and two sentences for people (what is wrong; what to do).

#include <expected>
#include <string>

namespace promenade::base {

struct Error {
  std::string code;     // stable, lower-case words joined by '-', e.g. "ticket-already-redeemed"
  std::string message;  // what is wrong and where, one sentence
  std::string advice;   // what to do, one sentence; may be empty where the message says it

  // "MESSAGE ADVICE", as printed to a person.
  std::string text() const { return advice.empty() ? message : message + " " + advice; }
  friend bool operator==(const Error&, const Error&) = default;
};

template <class T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(std::string code, std::string message, std::string advice = {}) {
  return std::unexpected(Error{std::move(code), std::move(message), std::move(advice)});
}

}  // namespace promenade::base
