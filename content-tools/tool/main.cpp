// promenade-film: pack, inspect, verify and draw film packages. Wiring only; commands.h has the work.

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>
#include <vector>

#include "content-tools/tool/commands.h"

int main(int argc, char** argv) {
  namespace tool = promenade::film_tool;
  CLI::App app{"Film packages of Promenade.", "promenade-film"};
  app.require_subcommand(1);
  app.footer("Exit codes: 0 right, 1 not a valid film, 2 unusable input, 3 disk full or another trouble of this machine.");
  std::string input, out, key, language = "en";
  bool json = false, keep = false;
  std::vector<std::string> trusted;

  CLI::App* pack = app.add_subcommand("pack", "Pack a film's folder (film.toml, subtitles, media) into a signed .prom file");
  pack->add_option("FOLDER", input, "Folder with film.toml")->required();
  pack->add_option("--out", out, "The package to write")->required();
  pack->add_option("--key", key, "The distributor's secret key, made by keygen")->required();

  CLI::App* inspect = app.add_subcommand("inspect", "Show what a package says about its film");
  inspect->add_option("FILE", input, "A .prom file")->required();
  inspect->add_flag("--json", json, "The signed manifest itself");

  CLI::App* verify = app.add_subcommand("verify", "Check signature, every hash and every size of a package");
  verify->add_option("FILE", input, "A .prom file")->required();
  verify->add_option("--trust", trusted, "Public key that may sign: 64 hex digits or a .pub file; may be given again")
      ->allow_extra_args(false);

  CLI::App* route = app.add_subcommand("route", "Draw a film's route to scale");
  route->add_option("FILE", input, "A .prom file")->required();
  route->add_option("--svg", out, "The drawing to write")->required();
  route->add_option("--language", language, "Language of the title")->capture_default_str();

  CLI::App* keygen = app.add_subcommand("keygen", "Make a signing key: FILE (secret) and FILE.pub");
  keygen->add_option("FILE", input, "Where to write it")->required();
  keygen->add_flag("--keep", keep, "Use the key that is there, if there is one");

  try {
    app.parse(argc, argv);
    int code = 0;
    if (pack->parsed()) code = tool::pack(input, out, key);
    else if (inspect->parsed()) code = tool::inspect(input, json);
    else if (verify->parsed()) code = tool::verify(input, trusted);
    else if (route->parsed()) code = tool::draw_route(input, out, language);
    else code = tool::make_key(input, keep);
    if (std::fflush(stdout) != 0) throw std::runtime_error("the output cannot be written; the disk may be full.");
    return code;
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "promenade-film: %s\n", error.what());
    return 3;
  }
}
