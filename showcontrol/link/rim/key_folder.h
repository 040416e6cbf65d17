#pragma once
// The link's keys on disk. Rim: reads and writes files; blocks; for start-up, command lines and a watching thread, never for a
// loop. Every folder has mode 0700 and every file 0600; what others could read or change is refused, with what to do.
//
// A device's folder holds `root.pem`, `own.pem` and `own.key`. A hall's holds these for itself and besides: `root.key`, which
// signs; `issued/SERIAL.pem`, each certificate ever signed; `issued/SERIAL.next`, the one that it was renewed by; `revoked.txt`,
// the signed list of those that count no more; `lock`, which whoever changes a hall's folder holds meanwhile.
// A file is replaced as a whole, so that a crash leaves the old one or the new one.

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "showcontrol/link/session.h"

namespace promenade::link {

// The system's random numbers, for those that need a source that outlives everything. It has no state.
RandomSource& system_random();

// Codes of all: "key-folder-missing" (with how to get one), "key-folder-open" (its modes), "file-unwritable", and those of
// certificate.h and session.h.

// A device's folder, and a hall's own part of its.
base::Result<Credentials> load_credentials(const std::string& folder);
base::Result<void> save_credentials(const std::string& folder, const Credentials& credentials);
// The settings of a device whose folder that is.
base::Result<std::shared_ptr<const SessionSettings>> device_settings(const std::string& folder);

class HallKeys {
 public:
  // Opens a hall's folder; makes it, with a new root, where there is none.
  static base::Result<HallKeys> open_or_make(const std::string& folder, std::string_view venue, base::UtcTime now);
  // As above, but code "key-folder-missing" where there is none.
  static base::Result<HallKeys> open(const std::string& folder);

  const Authority& authority() const { return authority_; }
  const std::string& folder() const { return folder_; }
  // The hall's own settings, with a certificate that is renewed when less than kRenewBefore of it is left; null where it is the one
  // with that serial, which is in use already: of several that use one folder only one renews, and all take what it has made.
  base::Result<std::shared_ptr<const SessionSettings>> own_settings(base::UtcTime now, std::string_view in_use = {}) const;
  bool own_needs_renewal(base::UtcTime now) const;

  // A certificate for a device, noted as issued before it is returned. As Authority has them.
  base::Result<Credentials> issue(Role role, std::string_view name, base::UtcTime now) const;
  base::Result<std::string> certify(Role role, std::string_view name, std::string_view public_key, base::UtcTime now) const;
  // The same device's next certificate, for the same key; asked again, the same one as long as it need not be renewed itself.
  // Codes as certify; "too-early": more than kRenewBefore is left; "revoked".
  base::Result<std::string> renew(const Identity& identity, base::UtcTime now) const;
  std::vector<Identity> issued() const;  // all of them, also those that have expired; unreadable files are left out

  // An empty list where there is none yet.
  base::Result<RevocationList> revoked() const;
  // Adds every certificate of that device that has not expired; how many. Code "never-enrolled" where there is none.
  base::Result<std::size_t> revoke(Role role, std::string_view name, base::UtcTime now) const;

 private:
  HallKeys(std::string folder, Authority authority) : folder_(std::move(folder)), authority_(std::move(authority)) {}
  base::Result<void> note(const std::string& certificate) const;
  base::Result<Credentials> issue_locked(Role role, std::string_view name, base::UtcTime now) const;
  base::Result<std::string> certify_locked(Role role, std::string_view name, std::string_view public_key, base::UtcTime now) const;
  std::optional<std::string> next_of(const Identity& identity, const RevocationList& list, base::UtcTime now) const;

  std::string folder_;
  Authority authority_;
};

}  // namespace promenade::link
