#include "ticketing/web/names.h"

#include <algorithm>
#include <array>
#include <span>

#include "tracking/base/formatted.h"

namespace promenade::ticketing::web {
namespace {

struct Name {
  std::string_view code, zh, en;
};

constexpr std::array<Name, 21> kDiscrepancies{{
    {"unticketed-entry", "无票入场", "Unticketed entry"},
    {"door-counter-error", "计数器误差", "Door counter error"},
    {"fewer-bodies", "入场人数偏少", "Fewer bodies"},
    {"screening-disagrees", "场次人数不符", "Screening disagrees"},
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
    {"gate-shared", "检票口重号", "Gate used twice"},
    {"no-show", "未到场", "No-show"},
    {"evacuated", "疏散中断", "Evacuated"},
    {"evacuation-open", "疏散待处理", "Evacuation open"},
    {"evacuation-unused", "疏散后未返场", "Did not come back"},
    {"evacuation-reentry", "疏散后再入场", "Came in again"},
}};

constexpr std::array<Name, 10> kEvents{{
    {"sale", "出票", "Sold"},
    {"change", "改片", "Film changed"},
    {"refund", "退票", "Refunded"},
    {"redemption", "检票", "Redeemed"},
    {"grant", "放映授权", "Play granted"},
    {"play_started", "放映开始", "Play started"},
    {"play_ended", "放映结束", "Play ended"},
    {"headset_swap", "更换头显", "Headset swapped"},
    {"evacuation_settlement", "疏散处理", "Evacuation settled"},
    {"correction", "更正", "Correction"},
}};

std::string_view name_in(std::span<const Name> names, std::string_view code, const Wording& say) {
  const auto at = std::ranges::find(names, code, &Name::code);
  return at == names.end() ? code : say(at->zh, at->en);
}

struct Refusal {
  std::string_view code, zh;
};

constexpr std::array<Refusal, 62> kRefusals{{
    {"sold-out", "余位不足。请改选较晚场次、其他影片，或减少张数。"},
    {"venue-closed", "该影片今日已无可售场次。"},
    {"screening-over", "该场次已停止入场，请选择较晚场次。"},
    {"date-too-far", "日期超出可办理的范围：最多提前 56 天。"},
    {"date-too-early", "日期早于 2020 年，请核对日期或时钟。"},
    {"clock-wrong", "票房主机的时钟不正确，请先校时。"},
    {"day-final", "当日已结账，不能再出票或退票。"},
    {"reason-needed", "非全价票必须填写原因。"},
    {"film-unknown", "本影院没有这部影片。"},
    {"price-other", "票价已变更，请重新载入本页。"},
    {"ticket-unknown", "没有这张票，请核对 16 位票号。"},
    {"request-malformed", "填写不完整或不正确，请检查。"},
    {"idempotency-mismatch", "这张表单已用于另一笔出票，请重新载入本页。"},
    {"evacuation-settled", "此票已这样处理，无需再办。"},
    {"evacuation-used", "观众已再次入场，无需再办。"},
    {"evacuation-not-inside", "此票未检票，观众当时不在场内。"},
    {"evacuation-not-ended", "此票的放映不是因疏散结束的，请按普通退票办理。"},
    {"supervisor-needed", "此票已检票：退票须填写原因和主管姓名。"},
    {"ticket-already-refunded", "此票已退。"},
    {"busy", "系统繁忙，请稍候再试。"},
    {"disk-full", "磁盘已满，未出票。请联系技术人员。"},
    {"film-other-class", "票价等级不同：请按新票价结算差额。"},
    {"ticket-granted", "影片已授权或已放映，不能再改片。"},
    {"free-choice-off", "本影院检票后不能改片。"},
    {"change-nothing", "此票已是这一场次。"},
    {"change-other-day", "不能改到另一营业日，请退票后重新出票。"},
    {"screening-unknown", "没有这个场次，请重新选择。"},
    {"screening-other-film", "该场次放映的是另一部影片。"},
    {"ticket-changed", "此票已改片，请使用新票。"},
    {"ticket-refunded", "此票已退，不可入场。"},
    {"ticket-already-redeemed", "此票已检过，不可再次入场。"},
    {"ticket-other-gate", "此票属于另一检票口，请按票面所示前往。"},
    {"ticket-other-hall", "此票属于另一影厅。"},
    {"ticket-other-day", "此票不是今天的。"},
    {"ticket-not-yet-valid", "还没到此票的入场时间。"},
    {"ticket-expired", "此票的入场时间已过，可到票房改签或退票。"},
    {"ticket-forged", "签名不符：此票不是本影院售出的，或被改动过。请叫值班经理。"},
    {"ticket-other-venue", "此票属于另一家影院。"},
    {"ticket-malformed", "这不是本系统的影票，请重新扫描，或按票号查询。"},
    {"play-in-progress", "影片正在放映，请先结束放映。"},
    {"discount-unknown", "本影院没有这种优惠。"},
    {"voucher-unknown", "本影院不收这种券。"},
    {"voucher-malformed", "券码位数不对，请重新输入或扫描。"},
    {"voucher-used", "此券已使用过。请换一张，或按原价出票。"},
    {"reservation-unknown", "没有这笔预留。"},
    {"reservation-over", "预留已结束，座位已放开。请查看余位后出票，或重新预留。"},
    {"reservation-other", "预留的是另一部影片或另一场次。"},
    {"reservation-smaller", "预留的座位不够这么多。"},
    {"gate-taken", "这个检票口号已由另一台设备使用，请另选。若那台设备已停用，可在此接管。"},
    {"gate-unknown", "本影院没有这个检票口。"},
    {"late-entry-closed", "免批补登期已过。请向主管部门申请批准，登记后 48 小时内补登。"},
    {"late-entry-free", "尚在免批补登期内，无需批准，可直接上报。"},
    {"approval-over", "该批准已过 48 小时，失效。请重新申请。"},
    {"approval-from-future", "批准时间晚于现在，请核对。"},
    {"national-not-reported", "本影院不向国家票务系统上报。"},
    {"hall-unknown", "本影院没有这个影厅。"},
    {"key-missing", "请重新登录。"},
    {"key-wrong", "密钥不正确或已停用，请重新登录。"},
    {"scope-missing", "您的密钥不允许这项操作。"},
    {"stopping", "票房系统正在关闭，请稍候再试。"},
    {"rate-limited", "请求太多，请稍候再试。"},
    {"ledger-write-failed", "账本无法写入，未办理。请联系技术人员。"},
}};

}  // namespace

std::string_view refusal_zh(std::string_view code) {
  for (const Refusal& refusal : kRefusals)
    if (refusal.code == code) return refusal.zh;
  return {};
}

std::string refusal_text(const base::Error& error, const Wording& say) {
  const std::string_view zh = refusal_zh(error.code);
  return say.language() == Language::zh && !zh.empty() ? std::string(zh) : error.text();
}

std::string_view either(const Wording& say, std::string_view zh, std::string_view en) {
  if (zh.empty()) return en;
  if (en.empty()) return zh;
  return say(zh, en);
}

std::string_view discrepancy_name(std::string_view code, const Wording& say) {
  return name_in(kDiscrepancies, code, say);
}

std::string bodies_reason(const std::string& reason, const Wording& say) {
  if (say.language() != Language::zh) return reason;
  if (reason == "the hall has no door counter") return "该影厅没有门口计数器";
  if (reason == "the door counter counts the hall, not the screening") return "门口计数器只计影厅人数，不分场次";
  // "door counter SENSOR" and what is wrong with it. No regular expression: a day's page says it some hundred times.
  static constexpr std::string_view kSensor = "door counter ", kNothing = " has not reported", kNoReport = " has no report for ", kMany = "'s interval from ",
                                    kHolds = " holds ", kScreenings = " screenings", kOut = " was out from ", kWhy = ": ";
  const std::string_view text = reason;
  if (!text.starts_with(kSensor)) return reason;
  const std::string_view rest = text.substr(kSensor.size());
  if (rest.ends_with(kNothing)) return base::formatted("门口计数器 {} 尚未上报", rest.substr(0, rest.size() - kNothing.size()));
  if (const auto at = rest.find(kNoReport); at != rest.npos) return base::formatted("门口计数器 {} 没有 {} 的记录", rest.substr(0, at), rest.substr(at + kNoReport.size()));
  if (const auto at = rest.find(kMany); at != rest.npos && rest.ends_with(kScreenings)) {
    const auto holds = rest.rfind(kHolds), from = at + kMany.size(), count = holds + kHolds.size();
    if (holds != rest.npos && holds > from)
      return base::formatted("门口计数器 {} 自 {} 起的一段记录含 {} 个场次", rest.substr(0, at), rest.substr(from, holds - from), rest.substr(count, rest.size() - kScreenings.size() - count));
  }
  if (const auto at = rest.find(kOut); at != rest.npos) {
    const auto from = at + kOut.size(), why = rest.find(kWhy, from);
    if (why != rest.npos) return base::formatted("门口计数器 {} 自 {} 起停用：{}", rest.substr(0, at), rest.substr(from, why - from), rest.substr(why + kWhy.size()));
  }
  return reason;
}

std::string explanation(const std::string& zh, const std::string& en, const Wording& say) {
  static constexpr std::string_view kBefore = "人数未知：", kAfter = "。";
  const std::string shown(either(say, zh, en));
  if (!shown.starts_with(kBefore) || !shown.ends_with(kAfter)) return shown;
  return std::string(kBefore) + bodies_reason(shown.substr(kBefore.size(), shown.size() - kBefore.size() - kAfter.size()), say) + std::string(kAfter);
}

std::string_view event_name(std::string_view kind, const Wording& say) { return name_in(kEvents, kind, say); }

}  // namespace promenade::ticketing::web
