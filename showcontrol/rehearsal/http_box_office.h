#pragma once
// The box office over its HTTP API, for people of a live run: requests leave on a thread of their own, in order, so
// that a slow answer never stops the walk. `ask` and `deliver` belong to the rehearsal's thread; the answers' `done`
// are called from `deliver`. At most kWaiting requests wait; one more is answered "box-office-away" at once.

#include <cstddef>
#include <memory>
#include <string>
#include <thread>

#include "showcontrol/rehearsal/ports.h"
#include "tracking/base/bounded_queue.h"
#include "tracking/base/http/client.h"

namespace promenade::rehearsal {

class HttpBoxOffice final : public BoxOfficePort {
 public:
  static constexpr std::size_t kWaiting = 256;
  // `url` without a path; `key` is an API key with the scopes sell and observe.
  static base::Result<std::unique_ptr<HttpBoxOffice>> open(const std::string& url, const std::string& key);
  ~HttpBoxOffice() override;

  void ask(const ticketing::Request& request, Done done) override;
  void deliver();
  std::size_t unanswered() const { return unanswered_; }

 private:
  struct Question {
    ticketing::Request request;
    Done done;
  };
  struct Reply {
    Done done;
    base::Result<ticketing::Answer> answer;
  };
  explicit HttpBoxOffice(base::http::Client client);
  void work(std::stop_token stop);
  base::Result<ticketing::Answer> post(const ticketing::Request& request);

  base::http::Client client_;
  base::BoundedQueue<Question> questions_{kWaiting, base::Overflow::refuse_newest};
  base::BoundedQueue<Reply> replies_{kWaiting + 1, base::Overflow::refuse_newest};
  std::size_t unanswered_ = 0;
  std::jthread worker_;  // last: it uses all above
};

}  // namespace promenade::rehearsal
