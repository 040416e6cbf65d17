#include "runtime/ui/words.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "tracking/base/formatted.h"

namespace promenade::ui {
namespace {

constexpr Words kChinese{
    .name = "Promenade", .at_rest = "请交给工作人员", .at_rest_hint = "本机已清洁，可以使用", .no_hall = "正在连接影厅……", .battery = "电量", .battery_unknown = "电量未知", .clock_off = "时钟误差可达", .no_sound = "没有声音",
    .films_faulty = "部影片无法放映", .film_faulty = "部影片无法放映", .please_wait = "请稍候", .please_wait_hint = "工作人员正在为您准备。请站在原地。",
    .mark_first = "工作人员：把手柄放在地面标记的第一点上，按菜单键", .mark_second = "再把手柄放在第二点上，按菜单键",
    .mark_other = "扳机：换一对标记", .marks_done = "位置已校准", .marks_failed = "两点不符，请从第一点重新开始",
    .marks_swapped = "两个标记碰反了：先碰标记 1，再碰标记 2",
    .welcome = "欢迎", .warning_1 = "您将在真实的影厅里行走。画面会提示墙壁和他人；看见“停”，请立刻站住。",
    .warning_2 = "头晕、恶心或想停下时：按手柄菜单键，或低头看脚下的“不舒服？”。",
    .warning_3 = "怀孕、癫痫、心脏病患者及身体不适者，请先告诉工作人员。", .go_on = "我已了解，继续",
    .menu = "选一部影片", .menu_hint = "指向影片，扣动扳机", .walking = "行进式", .seated = "坐观式", .minutes = "分钟", .for_all = "适合所有人",
    .age_from = "岁以上", .calm = "平缓", .moderate = "有些晃动", .intense = "晃动强烈", .spoken = "语言", .captions = "字幕",
    .ai_assisted = "AI 辅助制作", .ai_generated = "AI 生成", .starts_now = "现在就能开始", .starts_in = "内开始", .not_now = "暂不开放",
    .soonest = "开始最早", .recommended = "推荐", .choose = "就看这部", .asked = "正在安排……", .broken = "本机无法放映", .page_next = "下一页", .page_before = "上一页",
    .your_film = "您的影片", .about_to_start = "即将开始", .stay_here = "请留在原地。轮到您时，地上会出现一条光路。", .wait_known = "预计还要等",
    .thanks = "谢谢观看", .how_was_it = "这部影片怎么样？", .rated = "谢谢您的评价", .hand_back = "请把头显交还工作人员。",
    .which_way = "往哪边走？", .which_way_hint = "指向或一直看着一条路；{} 秒后走第一条", .way_taken = "走这条路",
    .stand_still = "请站住不动", .place_lost = "头显正在重新找到您的位置。", .hall_lost = "正在重新连接影厅。", .film_missing = "本机没有这部影片。",
    .film_damaged = "影片文件已损坏。", .film_newer = "影片需要更新版本的程序。", .calm_hint = "工作人员马上就来。",
    .lift_off = "请摘下头显", .staff_come = "请听从工作人员指引。",
    .leave = "请从出口离开", .leave_by_entrance = "请从入口离开", .door_exit = "出口", .door_entrance = "入口", .walk_calmly = "您看到的是真实的影厅。请慢走，听从工作人员指引。",
    .film_ended = "影片已停止", .wait_for_staff = "您看到的是真实的影厅。请站住，工作人员马上来。", .lift_1 = "请站住。", .lift_2 = "双手握住头显，向前上方摘下。",
    .lift_3_leave = "从出口离开，工作人员会引路。", .lift_3_entrance = "从入口离开，工作人员会引路。", .lift_3_wait = "工作人员马上来到您身边。",
    .hold = "稍等片刻", .hold_hint = "前面的路很快就通。", .at_stop = "请在圆圈里稍等", .at_stop_hint = "路一通，光路就会往前延伸。",
    .loading = "影片正在打开", .loading_hint = "请稍候。", .walk_on = "跟着地上的光走", .walk_on_hint = "走到圆圈里，故事就开始。",
    .way_out = "影片结束了", .way_out_hint = "跟着地上的光走到出口。", .paused = "暂停", .pause_wall = "离墙太近了", .pause_body = "有人离您很近",
    .pause_stray = "您离开了路线", .pause_lost = "头显找不到位置", .pause_posture = "请站起来，或等工作人员", .pause_running = "请不要跑",
    .pause_worn = "请戴好头显", .pause_staff = "工作人员暂停了影片", .pause_other = "请稍候", .pause_panic = "已经停下，工作人员马上来",
    .follow_arrow = "站住，然后慢慢顺着箭头走。",
    .warn_wall = "墙就在附近", .warn_body = "有人靠近", .warn_stale = "附近可能有人", .warn_stray = "您在离开路线", .warn_lost = "头显快找不到位置了", .warn_other = "请留意周围",
    .slow_down = "请慢一点", .back_to_path = "请回到路线上", .unwell = "不舒服？", .help = "需要停下来吗？", .help_hint = "停下后画面会变暗，工作人员会来到您身边。",
    .stop_and_call = "停下，叫工作人员", .close = "没事，继续"};

constexpr Words kEnglish{
    .name = "Promenade", .at_rest = "With our staff, please", .at_rest_hint = "Cleaned and ready", .no_hall = "Looking for the hall...", .battery = "Battery", .battery_unknown = "Battery not known", .clock_off = "Clock off by up to", .no_sound = "No sound",
    .films_faulty = "films cannot be shown", .film_faulty = "film cannot be shown", .please_wait = "One moment", .please_wait_hint = "Our staff are getting you ready. Please stay where you are.",
    .mark_first = "Staff: lay a controller on the first point of the floor mark and press menu", .mark_second = "Now lay it on the second point and press menu",
    .mark_other = "Trigger: another pair of marks", .marks_done = "Position calibrated", .marks_failed = "The points do not agree; begin again with the first",
    .marks_swapped = "The two marks were touched the wrong way round: touch mark 1 first, then mark 2",
    .welcome = "Welcome", .warning_1 = "You will walk in a real hall. The picture warns you of walls and people: when you see STOP, stand still at once.",
    .warning_2 = "Dizzy, sick, or want to stop? Press menu on the controller, or look down at \"Unwell?\" before your feet.",
    .warning_3 = "If you are pregnant, have epilepsy or a heart condition, or feel unwell, please tell our staff first.", .go_on = "I understand, go on",
    .menu = "Choose a film", .menu_hint = "Point at a film and pull the trigger", .walking = "Walking", .seated = "Seated", .minutes = "min", .for_all = "for everybody",
    .age_from = "and over", .calm = "Calm", .moderate = "Some motion", .intense = "Strong motion", .spoken = "Languages", .captions = "captions",
    .ai_assisted = "Made with AI help", .ai_generated = "Made by AI", .starts_now = "Starts now", .starts_in = "Within", .not_now = "Not at present",
    .soonest = "starts soonest", .recommended = "Our tip", .choose = "Watch this film", .asked = "Asking the hall...", .broken = "Not on this headset", .page_next = "Next", .page_before = "Back",
    .your_film = "Your film", .about_to_start = "About to begin", .stay_here = "Stay where you are. When it is your turn, a path of light will appear on the floor.", .wait_known = "Expected wait",
    .thanks = "Thank you for watching", .how_was_it = "How was the film?", .rated = "Thank you for your rating", .hand_back = "Please hand the headset back to our staff.",
    .which_way = "Which way?", .which_way_hint = "Point at one or keep looking at it; in {} s it is the first", .way_taken = "This way",
    .stand_still = "Please stand still", .place_lost = "The headset is finding your place again.", .hall_lost = "Connecting to the hall again.", .film_missing = "This film is not on the headset.",
    .film_damaged = "The film's file is damaged.", .film_newer = "This film needs a newer program.", .calm_hint = "Our staff will be with you at once.",
    .lift_off = "Lift off your headset", .staff_come = "Please do as our staff say.",
    .leave = "Leave by the exit", .leave_by_entrance = "Leave by the entrance", .door_exit = "Exit", .door_entrance = "Entrance door", .walk_calmly = "You see the real hall. Walk, do not run, and do as our staff say.",
    .film_ended = "The film has ended", .wait_for_staff = "You see the real hall. Stay where you are; our staff are coming.", .lift_1 = "Stand still.", .lift_2 = "Take it in both hands and lift it up and forward.",
    .lift_3_leave = "Leave by the exit; our staff show you the way.", .lift_3_entrance = "Leave by the entrance; our staff show you the way.", .lift_3_wait = "Our staff will be with you at once.",
    .hold = "A short pause", .hold_hint = "The way ahead will be free in a moment.", .at_stop = "Wait in the circle", .at_stop_hint = "When the way is free, the light will lead on.",
    .loading = "Opening the film", .loading_hint = "One moment, please.", .walk_on = "Follow the light on the floor", .walk_on_hint = "The story begins when you stand in the circle.",
    .way_out = "The film is over", .way_out_hint = "Follow the light on the floor to the exit.", .paused = "Paused", .pause_wall = "Too near the wall", .pause_body = "Somebody is very near",
    .pause_stray = "You have left the path", .pause_lost = "The headset has lost its place", .pause_posture = "Please stand up, or wait for staff", .pause_running = "Please do not run",
    .pause_worn = "Please put the headset on well", .pause_staff = "Our staff have paused the film", .pause_other = "One moment, please", .pause_panic = "Stopped; our staff are coming",
    .follow_arrow = "Stand still, then slowly follow the arrow.",
    .warn_wall = "A wall is near", .warn_body = "Somebody is near", .warn_stale = "Somebody may be near", .warn_stray = "You are leaving the path", .warn_lost = "The headset is losing its place", .warn_other = "Please take care",
    .slow_down = "Slow down, please", .back_to_path = "Go back to the path, please", .unwell = "Unwell?", .help = "Would you like to stop?", .help_hint = "The picture will go dark and our staff will come to you.",
    .stop_and_call = "Stop and call staff", .close = "I am fine, go on"};

}  // namespace

Language language_of(std::string_view tag) { return tag == "zh" || tag.starts_with("zh-") ? Language::zh : Language::en; }
std::string_view tag_of(Language language) { return language == Language::zh ? "zh" : "en"; }
const Words& words(Language language) { return language == Language::zh ? kChinese : kEnglish; }

std::string minutes_text(Language language, double length_s) {
  return base::formatted("{} {}", std::max(1L, std::lround(length_s / 60.0)), words(language).minutes);
}

std::string wait_text(Language language, double wait_s) {
  const Words& w = words(language);
  if (wait_s < 20.0) return std::string(w.starts_now);
  const long minutes = static_cast<long>(std::ceil(wait_s / 60.0));
  return language == Language::zh ? base::formatted("{} 分钟{}", minutes, w.starts_in) : base::formatted("{} {} min", w.starts_in, minutes);
}

std::string faulty_text(Language language, std::size_t films) {
  const Words& w = words(language);
  return base::formatted("{} {}", films, films == 1 ? w.film_faulty : w.films_faulty);
}

std::string_view marks_refused_text(Language language, std::string_view code) {
  const Words& w = words(language);
  return code == "calibration-swapped" ? w.marks_swapped : w.marks_failed;
}

std::string clock_text(int seconds) { return base::formatted("{}:{:02}", seconds / 60, seconds % 60); }

std::string age_text(Language language, int years) {
  const Words& w = words(language);
  if (years <= 0) return std::string(w.for_all);
  return language == Language::zh ? base::formatted("{} {}", years, w.age_from) : base::formatted("age {} {}", years, w.age_from);
}

std::string languages_text(Language language, const FilmCard& film) {
  std::string all;
  for (const std::string& tag : film.languages) {
    all += all.empty() ? "" : language == Language::zh ? "、" : ", ";
    all += tag.starts_with("zh") ? (language == Language::zh ? "中文" : "Chinese") : tag.starts_with("en") ? (language == Language::zh ? "英文" : "English") : tag;
  }
  if (film.captions) all += base::formatted("{}{}", language == Language::zh ? "，" : ", ", words(language).captions);
  return all;
}

std::string_view comfort_text(Language language, package::Comfort comfort) {
  const Words& w = words(language);
  return comfort == package::Comfort::calm ? w.calm : comfort == package::Comfort::moderate ? w.moderate : w.intense;
}

std::pair<std::string_view, std::string_view> pause_text(Language language, tracking::Cause cause, bool arrow) {
  const Words& w = words(language);
  const std::string_view then = arrow ? w.follow_arrow : w.stand_still;
  switch (cause) {
    case tracking::Cause::wall: return {w.pause_wall, then};
    case tracking::Cause::body:
    case tracking::Cause::stale: return {w.pause_body, then};
    case tracking::Cause::stray: return {w.pause_stray, then};
    case tracking::Cause::tracking_lost: return {w.pause_lost, w.stand_still};
    case tracking::Cause::posture: return {w.pause_posture, w.calm_hint};
    case tracking::Cause::running: return {w.pause_running, w.stand_still};
    case tracking::Cause::not_worn: return {w.pause_worn, w.stand_still};
    case tracking::Cause::operator_command: return {w.pause_staff, w.stand_still};
    case tracking::Cause::panic: return {w.pause_panic, w.stand_still};
    default: return {w.pause_other, w.stand_still};
  }
}

std::pair<std::string_view, std::string_view> warn_text(Language language, tracking::Cause cause, std::optional<int> danger_eighth) {
  static constexpr std::array<std::string_view, 8> kWhereZh{"就在前方", "在右前方", "在右边", "在右后方", "就在身后", "在左后方", "在左边", "在左前方"};
  static constexpr std::array<std::string_view, 8> kWhereEn{"straight ahead",     "ahead, to the right", "on the right", "behind, to the right",
                                                            "right behind you", "behind, to the left", "on the left",  "ahead, to the left"};
  const Words& w = words(language);
  std::string_view then = w.slow_down;
  if (danger_eighth) then = (language == Language::zh ? kWhereZh : kWhereEn)[static_cast<std::size_t>(*danger_eighth) % 8];
  switch (cause) {
    case tracking::Cause::wall: return {w.warn_wall, then};
    case tracking::Cause::body: return {w.warn_body, then};
    case tracking::Cause::stale: return {w.warn_stale, then};
    case tracking::Cause::stray: return {w.warn_stray, w.back_to_path};
    case tracking::Cause::tracking_lost: return {w.warn_lost, w.slow_down};
    default: return {w.warn_other, then};
  }
}

}  // namespace promenade::ui
