#include "ticketing/web/names.h"

#include <array>

namespace promenade::ticketing::web {
namespace {

struct Name {
  std::string_view code, zh, en;
};

constexpr std::array<Name, 15> kDiscrepancies{{
    {"unticketed-entry", "无票入场", "Unticketed entry"},
    {"door-counter-error", "计数器误差", "Door counter error"},
    {"fewer-bodies", "入场人数偏少", "Fewer bodies"},
    {"bodies-unknown", "入场人数未知", "Bodies unknown"},
    {"plays-exceed-redeemed", "放映多于检票", "Plays exceed redeemed"},
    {"play-without-grant", "无授权放映", "Play without grant"},
    {"film-mismatch", "影片不符", "Film mismatch"},
    {"ghost-screening", "虚假场次", "Ghost screening"},
    {"play-missing", "检票未放映", "Play missing"},
    {"play-not-watched", "放映未观看", "Play not watched"},
    {"play-interrupted", "放映中断", "Play interrupted"},
    {"play-open-at-close", "结账时未结束", "Open at close"},
    {"refunded-after-play", "观影后退票", "Refunded after play"},
    {"double-redemption", "重复检票", "Double redemption"},
    {"no-show", "未到场", "No-show"},
}};

}  // namespace

std::string_view either(const Wording& say, std::string_view zh, std::string_view en) {
  if (zh.empty()) return en;
  if (en.empty()) return zh;
  return say(zh, en);
}

std::string_view discrepancy_name(std::string_view code, const Wording& say) {
  for (const Name& name : kDiscrepancies)
    if (name.code == code) return say(name.zh, name.en);
  return code;
}

}  // namespace promenade::ticketing::web
