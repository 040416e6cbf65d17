#pragma once
// A bad network in words, as an option of programs has it: `loss=10,delay=20,jitter=10,seed=7`, in any order, each word once.
// Both directions get the same. Pure.
//
//   loss, duplicate, reorder   percent of the datagrams, 0 to 100; what is reordered comes 10 ms later than else
//   delay, jitter              ms, 0 to 10,000: each datagram takes `delay` and up to `jitter` more, by chance
//   rate                       kbit/s each way, 1 to 1,000,000; what would wait longer than 200 ms for it is lost
//   outage                     FROM-UNTIL, seconds from the beginning, 0 to 86,400: nothing passes; may be given again, later ones
//                              behind
//   seed                       0 to 2^64 - 1; 1 where left out

#include <string_view>

#include "showcontrol/protocol/impairment.h"
#include "tracking/base/result.h"

namespace promenade::protocol {

// Code "impairment-invalid". An empty text is no impairment.
base::Result<LinkImpairment> read_impairment(std::string_view text);

// The same for a socket that is opened so long after the beginning: outages come so much earlier, and those that are over never.
LinkImpairment opened_after(LinkImpairment impairment, base::Duration after);

}  // namespace promenade::protocol
