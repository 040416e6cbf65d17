// promenade-film as a person uses it, through its command line.
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>

#include "tests/command/run.h"
#include "tests/film_tool/samples.h"
#include "tests/package/temporary_folder.h"

using promenade::command_test::Outcome;
using promenade::film_tool::testing::sample_folder;
using promenade::package::testing::TemporaryFolder;

namespace {

Outcome run(const std::string& arguments, const std::string& before = "") { return promenade::command_test::run("promenade-film", arguments, before); }

const std::string kSample = sample_folder("night-train");

std::string content(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// A folder with a key and a packed film.
struct Packed : TemporaryFolder {
  Packed() {
    REQUIRE(run("keygen " + file("key")).code == 0);
    const Outcome packed = run("pack " + kSample + " --out " + film + " --key " + file("key"));
    INFO(packed.text);
    REQUIRE(packed.code == 0);
  }
  const std::string film = file("f.prom");
};

}  // namespace

TEST_CASE("a film is packed, shown, verified and drawn") {
  const Packed at;
  const Outcome inspected = run("inspect " + at.film);
  CHECK(inspected.code == 0);
  CHECK(inspected.text.contains("夜行列车 · Night Train"));
  const Outcome json = run("inspect --json " + at.film);
  CHECK(json.code == 0);
  CHECK(json.text.starts_with("{\"accessibility\""));
  const Outcome verified = run("verify " + at.film + " --trust " + at.file("key.pub"));
  CHECK(verified.code == 0);
  CHECK(verified.text.contains("trusted"));
  CHECK(run("route " + at.film + " --svg " + at.file("r.svg")).code == 0);
  CHECK(content(at.file("r.svg")).starts_with("<svg "));
}

TEST_CASE("packing twice gives the same bytes") {
  const Packed at;
  REQUIRE(run("pack " + kSample + " --out " + at.file("g.prom") + " --key " + at.file("key")).code == 0);
  CHECK(content(at.film) == content(at.file("g.prom")));
}

TEST_CASE("a damaged film is not valid, and says why") {
  const Packed at;
  const std::string whole = content(at.film);
  at.write("cut.prom", whole.substr(0, whole.size() / 2));
  std::string flipped = whole;
  flipped[whole.size() - 5] ^= 1;
  at.write("flipped.prom", flipped);
  std::string forged = whole;
  forged[60] ^= 1;
  at.write("forged.prom", forged);
  const auto check = [&](const std::string& name, const std::string& code) {
    const Outcome outcome = run("verify " + at.file(name));
    INFO(outcome.text);
    CHECK(outcome.code == 1);
    CHECK(outcome.text.contains("error[" + code + "]"));
  };
  check("cut.prom", "package-cut-short");
  check("flipped.prom", "segment-damaged");
  check("forged.prom", "signature-wrong");
  CHECK(run("keygen " + at.file("other")).code == 0);
  const Outcome stranger = run("verify " + at.film + " --trust " + at.file("other.pub"));
  CHECK(stranger.code == 1);
  CHECK(stranger.text.contains("error[signer-not-trusted]"));
}

TEST_CASE("a film that is not right is not packed") {
  const Packed at;
  std::string toml = content(kSample + "/film.toml");
  toml.replace(toml.find("length_s"), 8, "lenght_s");
  at.write("film.toml", toml);
  const Outcome outcome = run("pack " + at.path() + " --out " + at.file("bad.prom") + " --key " + at.file("key"));
  CHECK(outcome.code == 1);
  CHECK(outcome.text.contains("film.toml:6: error[key-unknown] lenght_s"));
  CHECK_FALSE(std::filesystem::exists(at.file("bad.prom")));
}

TEST_CASE("unusable input and usage are code 2") {
  const Packed at;
  CHECK(run("").code == 2);
  CHECK(run("pack").code == 2);
  CHECK(run("verify " + at.file("none.prom")).code == 2);
  CHECK(run("verify " + at.film + " --trust 12").code == 2);
  CHECK(run("pack " + at.file("none") + " --out " + at.file("x") + " --key " + at.file("key")).code == 2);
  CHECK(run("pack " + kSample + " --out " + at.file("x") + " --key " + at.file("none")).code == 2);
  CHECK(run("keygen " + at.file("key")).code == 2);
  CHECK(run("keygen --keep " + at.file("key")).code == 0);
  CHECK(run("--help").code == 0);
  CHECK(run("pack --help").code == 0);
}

TEST_CASE("without room nothing is left behind, and the old film stays") {
  const Packed at;
  const std::string before = content(at.film);
  const std::size_t entries = at.entries();
  // A file size limit stands in for a full disk: the write fails after 4 KiB.
  const Outcome outcome = run("pack " + kSample + " --out " + at.film + " --key " + at.file("key"), "trap '' XFSZ; ulimit -f 8; ");
  INFO(outcome.text);
  CHECK(outcome.code == 3);
  CHECK(outcome.text.contains("error["));
  CHECK(content(at.film) == before);
  CHECK(at.entries() == entries);
  CHECK(run("inspect " + at.film + " >/dev/full").code == 3);
  CHECK(run("pack " + kSample + " --out /proc/none/f.prom --key " + at.file("key")).code == 3);
}
