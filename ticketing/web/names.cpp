#include "ticketing/web/names.h"

#include <array>

namespace promenade::ticketing::web {
namespace {

struct Name {
  std::string_view code, zh, en;
};

constexpr std::array<Name, 19> kDiscrepancies{{
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
    {"double-redemption", "失效影票被使用", "Void ticket used"},
    {"no-show", "未到场", "No-show"},
    {"evacuated", "疏散中断", "Evacuated"},
    {"evacuation-open", "疏散待处理", "Evacuation open"},
    {"evacuation-unused", "疏散后未返场", "Did not come back"},
    {"evacuation-reentry", "疏散后再入场", "Came in again"},
}};

struct Refusal {
  std::string_view code, zh;
};

constexpr std::array<Refusal, 18> kRefusals{{
    {"sold-out", "余位不足。请改选较晚场次、其他影片，或减少张数。"},
    {"venue-closed", "该影片今日已无可售场次。"},
    {"screening-over", "该场次已停止入场，请选择较晚场次。"},
    {"day-final", "当日已结账，不能再出票或退票。"},
    {"reason-needed", "非全价票必须填写原因。"},
    {"film-unknown", "本影院没有这部影片。"},
    {"price-other", "票价已变更，请重新载入本页。"},
    {"ticket-unknown", "没有这张票，请核对 16 位票号。"},
    {"request-malformed", "表单不完整：请选择影片和张数。"},
    {"idempotency-mismatch", "这张表单已用于另一笔出票，请重新载入本页。"},
    {"evacuation-settled", "此票已这样处理，无需再办。"},
    {"evacuation-used", "观众已再次入场，无需再办。"},
    {"evacuation-not-inside", "此票未检票，观众当时不在场内。"},
    {"evacuation-not-ended", "此票的放映不是因疏散结束的，请按普通退票办理。"},
    {"supervisor-needed", "退款须填写主管姓名。"},
    {"ticket-already-refunded", "此票已退。"},
    {"busy", "系统繁忙，请稍候再试。"},
    {"disk-full", "磁盘已满，未出票。请联系技术人员。"},
}};

}  // namespace

std::string refusal_text(const base::Error& error, const Wording& say) {
  if (say.language() == Language::zh)
    for (const Refusal& refusal : kRefusals)
      if (refusal.code == error.code) return std::string(refusal.zh);
  return error.text();
}

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
