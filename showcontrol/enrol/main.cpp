// promenade-enrol: who may speak on a hall's link. Options and wiring only.

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <print>

#include "showcontrol/enrol/network.h"
#include "showcontrol/link/rim/key_folder.h"
#include "showcontrol/link/rim/udp_socket.h"

namespace {

using namespace promenade;
using namespace promenade::link;
using enrol::kDone, enrol::kRefused, enrol::kSurroundings, enrol::kUsage;

struct Options {
  std::string link, role, name, out, venue;
  enrol::OpenOptions open;
  enrol::JoinOptions join;
};

int fail(const base::Error& error) {
  std::println(stderr, "promenade-enrol: {}", error.text());
  return error.code == "file-unwritable" ? kSurroundings : error.code == "never-enrolled" ? kRefused : kUsage;
}

Role role_of(const Options& options) { return *role_from(options.role); }

int init(const Options& options) {
  const auto keys = HallKeys::open_or_make(options.link, options.venue, system_moment().utc);
  if (!keys) return fail(keys.error());
  std::println("root of venue {}, fingerprint {}", keys->authority().venue(), base::to_hex(fingerprint(keys->authority().root()).value()));
  return kDone;
}

int issue(const Options& options) {
  const auto keys = HallKeys::open(options.link);
  if (!keys) return fail(keys.error());
  const auto made = keys->issue(role_of(options), options.name, system_moment().utc);
  if (!made) return fail(made.error());
  if (const auto saved = save_credentials(options.out, *made); !saved) return fail(saved.error());
  std::println("{} {} is enrolled: {} goes to it, and to nobody else", options.role, options.name, options.out);
  return kDone;
}

int list(const Options& options) {
  const auto keys = HallKeys::open(options.link);
  if (!keys) return fail(keys.error());
  const auto revoked = keys->revoked();
  if (!revoked) return fail(revoked.error());
  const base::UtcTime now = system_moment().utc;
  for (const Identity& one : keys->issued()) {
    const char* state = revoked->serials.contains(one.serial) ? "revoked" : one.not_after <= now ? "expired" : "valid";
    std::println("{:8} {:20} {:8} until {:%F}  {}", to_string(one.subject.role), one.subject.name, state, one.not_after, one.serial);
  }
  std::println("revocation list number {}", revoked->number);
  return kDone;
}

int revoke(const Options& options) {
  const auto keys = HallKeys::open(options.link);
  if (!keys) return fail(keys.error());
  const auto done = keys->revoke(role_of(options), options.name, system_moment().utc);
  if (!done) return fail(done.error());
  std::println("{} {} is locked out: {} certificate{} revoked, and a running hall knows within a second", options.role, options.name, *done, *done == 1 ? "" : "s");
  return kDone;
}

int open_invitation(const Options& options) {
  enrol::OpenOptions made = options.open;
  made.link = options.link;
  made.role = options.role;
  made.name = options.name;
  return enrol::open(made);
}

int join_hall(const Options& options) {
  enrol::JoinOptions made = options.join;
  made.out = options.out;
  return enrol::join(made);
}

using Command = int (*)(const Options&);

void add_commands(CLI::App& app, Options& options, Command& chosen) {
  const auto add = [&](const char* name, const char* what, Command command) {
    CLI::App* sub = app.add_subcommand(name, what);
    sub->add_option("--link", options.link, "The hall's link folder (DATA/link of promenade hall)")->required();
    sub->callback([&chosen, command] { chosen = command; });
    return sub;
  };
  const auto add_device = [&](CLI::App* sub) {
    sub->add_option("role", options.role, "headset or staff")->required()->check(CLI::IsMember({"headset", "staff"}));
    sub->add_option("name", options.name, "The headset's number, or the staff device's name")->required();
    return sub;
  };
  add("init", "Make the venue's root key, where there is none; a hall does so by itself", init)->add_option("--venue", options.venue, "The venue's code")->required();
  CLI::App* open = add_device(add("open", "Invite one device: shows a QR code, and waits ten minutes for it", open_invitation));
  open->add_option("--address", options.open.address, "This machine's address as the device reaches it")->required();
  open->add_option("--bind", options.open.bind, "IPv4 address to listen at")->capture_default_str();
  open->add_option("--port", options.open.port, "UDP port; 0: the system picks")->capture_default_str();
  CLI::App* join = app.add_subcommand("join", "At the device: accept an invitation");
  auto* how = join->add_option_group("how")->require_option(1);
  how->add_option("--invitation", options.join.invitation, "What the QR code holds (promenade://...)");
  how->add_option("--hall", options.join.hall, "HOST:PORT where promenade enrol open waits, to compare six digits");
  join->add_option("--out", options.out, "Where the certificate and its key go")->required();
  join->callback([&chosen] { chosen = join_hall; });
  add_device(add("issue", "A certificate with its key for a device, into a folder that is carried to it", issue))
      ->add_option("--out", options.out, "The device's folder")->required();
  add("list", "Every certificate ever issued, and whether it counts", list);
  add_device(add("revoke", "Lock a lost device out", revoke));
  app.require_subcommand(1);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Who may speak on a hall's link: certificates of headsets and staff devices.", "promenade-enrol");
  app.footer("Exit codes: 0 done, 1 refused, 2 wrong usage or input, 3 surroundings (disk, network).");
  Options options;
  Command chosen = nullptr;
  add_commands(app, options, chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kUsage;
  }
  try {
    return chosen(options);
  } catch (const std::exception& error) {
    std::println(stderr, "promenade-enrol: {}", error.what());
    return kSurroundings;
  }
}
