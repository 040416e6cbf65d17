#pragma once
// The thread named "link keys" of a hall: looks every quarter of a second whether the revocation list has changed, every
// minute whether the hall's own certificate wants renewal or has been renewed by somebody else, and renews those of devices
// that ask, so that no loop touches the disk. Rim.

#include <functional>
#include <thread>

#include "showcontrol/link/hall_end.h"
#include "showcontrol/link/rim/key_folder.h"
#include "tracking/base/bounded_queue.h"

namespace promenade::link {

class KeyWatch {
 public:
  // `in_use`: serial of the hall's own certificate. `complain` is called on the watching thread, once for each kind of failure, with
  // a sentence for a person.
  KeyWatch(HallKeys keys, std::string in_use, std::function<void(std::string)> complain);
  // The newest of each since it was taken last; for one thread.
  std::optional<RevocationList> take_revoked() { return revoked_.try_pop(); }
  std::optional<std::shared_ptr<const SessionSettings>> take_settings() { return settings_.try_pop(); }

  // A device on that connection asks for its next certificate. False: it cannot be queued.
  struct Renewal { ConnectionNumber connection; Identity peer; base::Bytes certificate; };  // DER, when it is done
  bool ask(Renewal renewal) { return asked_.push(std::move(renewal)); }
  std::optional<Renewal> take_renewed() { return renewed_.try_pop(); }

 private:
  void run(std::stop_token stop);

  HallKeys keys_;
  std::string in_use_;
  std::function<void(std::string)> complain_;
  base::BoundedQueue<RevocationList> revoked_{1, base::Overflow::drop_oldest};
  base::BoundedQueue<std::shared_ptr<const SessionSettings>> settings_{1, base::Overflow::drop_oldest};
  base::BoundedQueue<Renewal> asked_{64, base::Overflow::refuse_newest}, renewed_{64, base::Overflow::refuse_newest};
  std::jthread thread_;
};

}  // namespace promenade::link
