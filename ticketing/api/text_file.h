#pragma once
// Small files of the box office's folder that must never be there by half. Rim.

#include <sys/types.h>

#include <string>
#include <string_view>

#include "tracking/base/result.h"

namespace promenade::ticketing::api {

// Puts TEXT under PATH as one step, durable on return: whoever reads sees the old text or the new, also after a power
// cut or on a full disk. Errors: "disk-full", "environment".
base::Result<void> replace_file(const std::string& path, std::string_view text, mode_t mode);

}  // namespace promenade::ticketing::api
