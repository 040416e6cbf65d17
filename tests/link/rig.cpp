#include "tests/link/rig.h"

#include <algorithm>
#include <stdexcept>

namespace promenade::link::testing {

namespace {
constexpr Address kHall{0x0a000001, 9560};
protocol::ImpairmentSettings at_least_a_millisecond(protocol::ImpairmentSettings settings) {
  settings.delay_min = std::max(settings.delay_min, base::Duration{1'000});
  settings.delay_max = std::max(settings.delay_max, settings.delay_min);
  return settings;
}
}  // namespace

base::Bytes text(std::string_view words) {
  const auto bytes = base::as_bytes(words);
  return {bytes.begin(), bytes.end()};
}

std::shared_ptr<const SessionSettings> settings_of(SessionSettings::End end, const Credentials& credentials, RandomSource& random) {
  auto made = SessionSettings::make(end, credentials, random);
  if (!made) throw std::runtime_error(made.error().text());
  return *made;
}

Rig::Rig(HallEndLimits limits, protocol::ImpairmentSettings network, std::uint64_t seed)
    : random(base::Random(seed)), authority(Authority::make("test hall", kNow, random)),
      hall(settings_of(SessionSettings::End::hall, *authority.issue(Role::hall, "hall", kNow, random), random), limits),
      air_(at_least_a_millisecond(std::move(network)), base::Random(seed).fork("air")) {}

Credentials Rig::credentials(Role role, std::string_view name, base::UtcTime from, std::chrono::seconds lasts) {
  return *authority.issue(role, name, from, random, lasts);
}

Device& Rig::add(const Credentials& credentials) {
  auto device = std::make_unique<Device>();
  device->address = {0x0a000100u + static_cast<std::uint32_t>(devices.size()), 40000};
  device->credentials = credentials;
  device->end = std::make_unique<DeviceEnd>(settings_of(SessionSettings::End::device, credentials, random));
  devices.push_back(std::move(device));
  return *devices.back();
}

const Device* Rig::device_at(Address address) const {
  const auto found = std::ranges::find_if(devices, [&](const auto& d) { return d->address == address; });
  return found == devices.end() ? nullptr : found->get();
}

void Rig::send(Flying flying) {
  if (tap) tap(flying);
  const std::size_t size = flying.bytes.size();
  air_.push(std::move(flying), size, steady);
}

void Rig::step() {
  steady += base::Duration{1'000};
  while (auto flying = air_.pop(steady)) {
    if (flying->to_hall) {
      hall.receive(flying->from, flying->bytes, now());
    } else if (const Device* device = device_at(flying->to)) {
      device->end->receive(flying->bytes, now());
    }
  }
  hall.tick(now());
  while (auto work = hall.take_work(now())) {
    work->run();
    hall.give_back(std::move(*work), now());
  }
  for (Outgoing& one : hall.outgoing()) send({false, kHall, one.to, std::move(one.bytes)});
  hall.outgoing().clear();
  std::ranges::move(hall.delivered(), std::back_inserter(heard));
  hall.delivered().clear();
  std::ranges::move(hall.changes(), std::back_inserter(happened));
  hall.changes().clear();
  for (const auto& device : devices) {
    device->end->tick(now());
    for (base::Bytes& bytes : device->end->outgoing()) send({true, device->address, kHall, std::move(bytes)});
    device->end->outgoing().clear();
    std::ranges::move(device->end->delivered(), std::back_inserter(device->heard));
    device->end->delivered().clear();
  }
}

bool Rig::until(const std::function<bool()>& done, int milliseconds) {
  for (int i = 0; i < milliseconds && !done(); ++i) step();
  return done();
}

bool Rig::all_open() {
  return until([&] { return std::ranges::all_of(devices, [](const auto& d) { return d->end->state() == Session::State::open; }) && hall.connections() == devices.size(); });
}

}  // namespace promenade::link::testing
