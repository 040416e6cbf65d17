#include "tests/bench/filament_peer.h"

namespace promenade::bench {

std::unique_ptr<FilamentPeer> FilamentPeer::create(base::ByteView, const PeerView&, std::string& why) {
  why = "Filament is not here: promenade setup --all, then promenade build release programs";
  return nullptr;
}

}  // namespace promenade::bench
