#pragma once
// A device's own renewal: over the link, with the certificate it still has. Rim; blocks for at most five seconds.

#include <cstdint>
#include <string>

#include "tracking/base/result.h"

namespace promenade::link {

// Asks the hall for the next certificate of the device whose folder that is, when less than kRenewBefore is left of this one,
// and puts it in its place. The key stays, so that a crash leaves one that fits. True: renewed; false: not due yet. Codes
// "renewal-failed" (the hall did not answer or refused), and those of key_folder.h.
base::Result<bool> renew_if_due(const std::string& folder, const std::string& host, std::uint16_t port);

}  // namespace promenade::link
