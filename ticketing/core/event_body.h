#pragma once
// The bodies of events as JSON: what decide() writes and apply() reads. Pure; internal to ticketing/core.
//
// An event that a request asked for has {"answer", "digest", "request"} and, where a ticket is issued,
// "price_class". Tokens are secrets and never stored: the answer's tokens are empty, and the token that a
// redemption request carried is replaced by its hash, and so are the codes of vouchers; "digest" is of the request as it came.

#include <nlohmann/json.hpp>
#include <string>

#include "ticketing/core/answers.h"
#include "ticketing/core/screenings.h"

namespace promenade::ticketing {

inline constexpr std::string_view kVenueSetUp = "venue_set_up";
inline constexpr const char* kCorrupt = "ledger-inconsistent";  // code of every error of reading events
inline constexpr std::string_view kEvacuationRefund = "evacuation";  // the reason of a refund that settles an evacuation
inline constexpr std::string_view kScreeningOpened = "screening_opened";

struct BookedRequest {
  Request request;
  Answer answer;
  base::Hash digest{};
  std::string price_class;  // sale and change
};

std::string hash_of_secret(const std::string& secret);  // hex of BLAKE2b, as the ledger keeps it
// How the state names a voucher of a kind, by the hash of its code.
inline std::string voucher_key(const std::string& kind, const std::string& code_hash) { return kind + "/" + code_hash; }
std::string body_text(const BookedRequest& booked);
// The same of its parts; REQUEST is what booked_request_text gave.
std::string body_text(const std::string& request, const Answer& answer, const base::Hash& digest, const std::string& price_class);
std::string booked_request_text(nlohmann::json request);
base::Result<BookedRequest> booked_from_text(const std::string& body);

std::string screening_text(const Screening& screening);
base::Result<Screening> screening_from_text(const std::string& body);

}  // namespace promenade::ticketing
