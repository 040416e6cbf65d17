// promenade-plan: does a film fit a hall, what does the hall carry in a week, what a network must carry, is a venue file right, its marks on paper.
// Exit code 0: yes; 1: no (findings are printed); 2: unusable input or wrong use.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <string>

#include "showcontrol/marks/sheets.h"
#include "showcontrol/planning/airtime.h"
#include "showcontrol/planning/fit_command.h"
#include "showcontrol/planning/week_command.h"
#include "tracking/venue_file.h"

namespace promenade::planning {
namespace {

constexpr int kYes = 0;
constexpr int kNo = 1;
constexpr int kUnusable = 2;

struct MarksOptions {
  std::string venue;
  std::string out;
  std::string paper = "A4";
  std::string family = "tag36h11";
};

int print_marks(const MarksOptions& options) {
  const auto venue = tracking::load_venue(options.venue);
  if (!venue) {
    std::fputs(base::to_string(venue.error()).c_str(), stderr);
    return kUnusable;
  }
  const auto layout = marks::lay_out(*venue, *marks::paper(options.paper), *marks::tag_family(options.family));
  if (!layout) {
    std::fprintf(stderr, "%s\n", layout.error().text().c_str());
    return kUnusable;
  }
  const auto pdf = marks::sheets_pdf(*layout);
  if (!pdf) {
    std::fprintf(stderr, "%s\n", pdf.error().text().c_str());
    return kUnusable;
  }
  std::ofstream file(options.out, std::ios::binary);
  file.write(pdf->data(), static_cast<std::streamsize>(pdf->size()));
  file.flush();
  if (!file) {
    std::fprintf(stderr, "%s: cannot be written. Give a path that you may write.\n", options.out.c_str());
    return kUnusable;
  }
  const bool tiled = std::ranges::any_of(layout->pages, [](const marks::Page& page) { return page.columns > 1 || page.rows > 1; });
  std::printf("%s: %zu pages of %s: the plan of hall %s, %zu marks, %zu more tags (%s).\n", options.out.c_str(), layout->pages.size(), options.paper.c_str(),
              venue->hall.value().c_str(), 2 * venue->marks.size(), venue->tags.size() - 2 * venue->marks.size(), options.family.c_str());
  if (tiled) std::printf("Some sheets are larger than the paper and come in parts: cut at the red lines and glue them, or print on larger paper.\n");
  std::printf("Print at 100 %%, then measure the ruler on every page: exactly 100 mm.\n");
  return kYes;
}

struct NetworkOptions {
  AirtimeInput air;
  std::string venue;        // of which the number of headsets is taken; empty: they are given
  int headsets = 0;         // 0: the venue's
  int access_points = 0;    // 0: as many as are needed
};

int network(const NetworkOptions& options) {
  AirtimeInput input = options.air;
  input.headsets = options.headsets;
  if (!options.venue.empty()) {
    const auto venue = tracking::load_venue(options.venue);
    if (!venue) {
      std::fputs(base::to_string(venue.error()).c_str(), stderr);
      return kUnusable;
    }
    if (input.headsets == 0) input.headsets = venue->capacity.viewers;
    std::printf("hall:        %s, %.0f m2, %d headsets%s\n", venue->hall.value().c_str(), tracking::signed_area_m2(venue->boundary), input.headsets,
                options.headsets == 0 ? " in use at once ([capacity] viewers)" : ", as given");
  }
  if (input.headsets == 0) {
    std::fprintf(stderr, "promenade-plan network: how many headsets? Give --venue VENUE.toml, whose [capacity] says it, or --headsets N.\n");
    return kUnusable;
  }
  for (const double number : {input.packets_per_s, input.up_bytes, input.down_bytes.value_or(0.0), input.rate_mbps}) {
    if (!std::isnan(number)) continue;
    std::fprintf(stderr, "promenade-plan network: --packets, --up-bytes, --down-bytes and --rate want numbers.\n");
    return kUnusable;
  }
  input.access_points = std::max(1, options.access_points);
  Airtime sum = airtime(input);
  if (options.access_points == 0 && sum.access_points_needed > 0) {
    input.access_points = sum.access_points_needed;
    sum = airtime(input);
  }
  std::printf("each packet: %.1f us of waiting, preamble and acknowledgement\n", sum.fixed_us);
  std::printf("up:          %.0f + %.0f bytes at %.0f Mbit/s: %.1f us in all\n", input.up_bytes, kPacketOverhead_bytes, input.rate_mbps, sum.up_us);
  std::printf("down:        %.0f + %.0f bytes at %.0f Mbit/s: %.1f us in all\n", sum.down_bytes, kPacketOverhead_bytes, input.rate_mbps, sum.down_us);
  std::printf("airtime:     %d headsets x %.0f /s x (%.1f + %.1f) us / %d access point(s) = %.0f %% of a channel\n", input.headsets, input.packets_per_s,
              sum.up_us, sum.down_us, input.access_points, sum.share * 100.0);
  if (sum.access_points_needed == 0) {
    std::printf("needed:      no number of access points is enough: one headset alone takes more than %.0f %% of a channel. Send fewer or smaller packets, or find a higher rate.\n", kAirtimeLimit * 100.0);
    return kNo;
  }
  std::printf("needed:      %d access point%s of at most %d headsets, each on its own channel, to stay under %.0f %%\n", sum.access_points_needed, sum.access_points_needed == 1 ? "" : "s",
              sum.headsets_each, kAirtimeLimit * 100.0);
  return input.access_points >= sum.access_points_needed ? kYes : kNo;
}

int check(const std::string& path) {
  const auto venue = tracking::load_venue(path);
  if (!venue) {
    const bool unreadable = std::ranges::any_of(venue.error(), [](const base::Finding& one) { return one.code == "file-unreadable"; });
    std::fputs(base::to_string(venue.error()).c_str(), unreadable ? stderr : stdout);
    return unreadable ? kUnusable : kNo;
  }
  std::printf("%s: right. Hall %s, %.0f m2, separation %.2f m, %zu seats, %d viewers.\n", path.c_str(), venue->hall.value().c_str(),
              tracking::signed_area_m2(venue->boundary), venue->separation_m, venue->seats.size(), venue->capacity.viewers);
  return kYes;
}

int run(int argc, char** argv) {
  CLI::App app{"Plans for a hall: does a film fit, what does the hall carry in a week, what must the network carry, is the venue file right; its marks on paper.\nExit code 0: yes; 1: no, with findings; 2: unusable input."};
  app.name("promenade-plan");
  app.require_subcommand(1);
  FitOptions fit_options;
  CLI::App* fit_command = add_fit_command(app, fit_options);
  WeekOptions week_options;
  CLI::App* week_command = add_week_command(app, week_options);
  NetworkOptions network_options;
  AirtimeInput& input = network_options.air;
  CLI::App* network_command = app.add_subcommand("network", "The sum of Wi-Fi airtime for a hall's headsets, and how many access points carry them");
  network_command->add_option("--venue", network_options.venue, "Venue file (venue.toml): its hall's headsets");
  network_command->add_option("--headsets", network_options.headsets, "Headsets in use at once, instead of the venue's")->check(CLI::Range(1, 1000));
  network_command->add_option("--access-points", network_options.access_points, "Are so many enough? Each is on its own channel")->check(CLI::Range(1, 100));
  network_command->add_option("--packets", input.packets_per_s, "Packets a second, each way and headset")->check(CLI::Range(1.0, 200.0))->capture_default_str();
  network_command->add_option("--up-bytes", input.up_bytes, "Bytes of one packet up")->check(CLI::Range(1.0, 1200.0))->capture_default_str();
  network_command->add_option("--down-bytes", input.down_bytes, "Bytes of one packet down; without it: a frame with all others of the hall as neighbours, at most 32")->check(CLI::Range(1.0, 1200.0));
  network_command->add_option("--rate", input.rate_mbps, "Physical rate in Mbit/s where it is worst")->check(CLI::Range(6.0, 2400.0))->capture_default_str();
  std::string venue;
  CLI::App* check_command = app.add_subcommand("check", "All that is wrong with a venue file");
  check_command->add_option("venue", venue, "Venue file (venue.toml)")->required();
  MarksOptions marks_options;
  CLI::App* marks_command = app.add_subcommand("marks", "Print the floor marks and tags of a hall, to scale, as PDF");
  marks_command->add_option("--venue", marks_options.venue, "Venue file (venue.toml)")->required();
  marks_command->add_option("--out", marks_options.out, "PDF to write")->required();
  marks_command->add_option("--paper", marks_options.paper, "Paper that it is printed on")->check(CLI::IsMember({"A4", "A3", "A2"}))->capture_default_str();
  marks_command->add_option("--family", marks_options.family, "Tags: the first is what headsets find")->check(CLI::IsMember({"tag36h11", "tagStandard41h12"}))->capture_default_str();
  if (argc > 1 && argv[1][0] != '-' && std::ranges::none_of(app.get_subcommands([](const CLI::App*) { return true; }), [&](const CLI::App* one) { return one->check_name(argv[1]); })) {
    std::fprintf(stderr, "promenade-plan: there is no command '%s'. Commands: fit, week, network, check, marks.\n", argv[1]);
    return kUnusable;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kYes : kUnusable;
  }
  if (*fit_command) return fit(fit_options);
  if (*week_command) return week(week_options);
  if (*network_command) return network(network_options);
  if (*marks_command) return print_marks(marks_options);
  return check(venue);
}

}  // namespace
}  // namespace promenade::planning

int main(int argc, char** argv) {
  try {
    return promenade::planning::run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "promenade-plan: %s\n", error.what());
    return 2;
  }
}
