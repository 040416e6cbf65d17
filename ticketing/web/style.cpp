#include "ticketing/web/html.h"

namespace promenade::ticketing::web {

std::string_view style_sheet() {
  return R"css(
:root{--ink:#1d1b19;--soft:#625d57;--faint:#8b857d;--line:#e3dfd8;--paper:#faf8f5;--card:#fff;--accent:#9c2f24;
--accent-ink:#7f241b;--good:#2c6a49;--good-bg:#e9f3ec;--warn:#8a5a00;--warn-bg:#fbf1dc;--bad:#a3241c;--bad-bg:#fbe9e6;--unknown:#f0ede8}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 "Noto Sans","Helvetica Neue",Arial,"Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif;font-variant-numeric:tabular-nums}
.inner{max-width:1120px;margin:0 auto;padding:0 32px}
.top{background:var(--card);border-bottom:1px solid var(--line)}
.top .inner{display:flex;align-items:center;justify-content:space-between;min-height:64px;gap:24px;flex-wrap:wrap}
.brand{margin:0;display:flex;align-items:baseline;gap:12px}
.brand strong{font-weight:700;letter-spacing:.01em;color:var(--accent)}
.brand span{color:var(--soft);font-size:14px}
nav{display:flex;gap:4px;align-items:center}
nav a{color:var(--soft);text-decoration:none;padding:8px 14px;border-radius:8px;font-size:15px}
nav a:hover{background:var(--unknown);color:var(--ink)}
nav a[aria-current]{color:var(--ink);font-weight:600;background:var(--unknown)}
nav a.lang{margin-left:12px;font-size:14px;border:1px solid var(--line)}
main.inner{padding-top:40px;padding-bottom:72px}
h1{font-size:32px;line-height:1.25;margin:0;font-weight:700;letter-spacing:-.01em}
h2{font-size:19px;line-height:1.35;margin:48px 0 14px;font-weight:650}
h2 small{font-size:14px;font-weight:400;color:var(--soft);margin-left:10px}
p{margin:0 0 12px;max-width:68ch}
a{color:var(--accent-ink)}
.eyebrow{color:var(--soft);font-size:15px;margin:0 0 4px}
.headline{display:flex;justify-content:space-between;align-items:flex-end;gap:24px;flex-wrap:wrap}
.actions{display:flex;gap:10px;flex-wrap:wrap}
.state{display:flex;gap:10px 28px;flex-wrap:wrap;margin:18px 0 0;color:var(--soft);font-size:15px;align-items:center}
.state b{color:var(--ink);font-weight:600}
.tag{display:inline-block;padding:2px 12px;border-radius:999px;font-size:14px;font-weight:600;line-height:1.7;white-space:nowrap}
.tag.good{background:var(--good-bg);color:var(--good)}.tag.warn{background:var(--warn-bg);color:var(--warn)}
.tag.bad{background:var(--bad-bg);color:var(--bad)}.tag.plain{background:var(--unknown);color:var(--soft)}
.counts{display:grid;grid-template-columns:repeat(4,1fr);background:var(--card);border:1px solid var(--line);border-radius:14px;margin-top:28px;overflow:hidden}
.counts>div{padding:22px 26px 20px;border-left:1px solid var(--line)}
.counts>div:first-child{border-left:0}
.counts dt{color:var(--soft);font-size:15px}
.counts dd{margin:2px 0 0;font-size:52px;line-height:1.1;font-weight:650;letter-spacing:-.02em}
.counts dd.none{color:var(--faint);font-size:30px;line-height:57px;font-weight:500}
.counts p{margin:6px 0 0;color:var(--soft);font-size:14px;line-height:1.45}
.money{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:18px 32px;margin:24px 0 0;padding:0 26px}
.money dt{color:var(--soft);font-size:14px}.money dd{margin:0;font-size:21px;font-weight:600}
.scroll{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:14px}
table{border-collapse:collapse;width:100%;font-size:15px}
th,td{padding:11px 16px;text-align:right;border-top:1px solid var(--line);vertical-align:baseline;white-space:nowrap}
thead th{border-top:0;font-size:13.5px;font-weight:500;color:var(--soft);vertical-align:bottom}
th:first-child,td:first-child,.left{text-align:left}
th:first-child,td:first-child{padding-left:26px}th:last-child,td:last-child{padding-right:26px}
tbody th{font-weight:400}
tr.film th{font-weight:650;padding-top:16px}tr.film td{font-weight:650;padding-top:16px}
tr.screening th{padding-left:42px;color:var(--soft)}tr.screening th,tr.screening td{border-top:0;padding-top:3px;padding-bottom:6px}
tfoot td,tfoot th{font-weight:700;border-top:2px solid var(--ink)}
td.zero{color:var(--faint)}td.unknown{color:var(--faint)}td.off{color:var(--bad);font-weight:650}
td.wrap{white-space:normal;min-width:260px;text-align:left}
.grid td{text-align:center}.grid td.has{color:var(--good)}.grid td.lacks{color:var(--warn);font-weight:600}
td.text.wrap{min-width:300px;padding-top:9px}details summary{cursor:pointer;color:var(--accent-ink);font-size:14px;margin-top:4px}details a{font-size:14px;margin-right:6px}
.verdicts th b{font-weight:600;margin-right:8px}.ledger th[scope=row]{font-weight:600}
.notes{list-style:none;margin:0;padding:0;background:var(--card);border:1px solid var(--line);border-radius:14px}
.notes li{padding:16px 26px;border-top:1px solid var(--line);display:grid;grid-template-columns:190px 1fr;gap:4px 20px;align-items:baseline}
.notes li:first-child{border-top:0}
.notes .what{font-weight:600}.notes .where{color:var(--soft);font-size:14px;margin:0}
.notes p{margin:0}
.calm{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:20px 26px;color:var(--soft);margin:0;max-width:none}
footer.fine{margin-top:48px;color:var(--faint);font-size:13.5px;overflow-wrap:anywhere}
footer.fine code{font-family:"Noto Sans Mono","DejaVu Sans Mono",monospace;font-size:12.5px}
.button,button{font:inherit;font-weight:600;border-radius:10px;border:1px solid var(--line);background:var(--card);color:var(--ink);padding:10px 18px;text-decoration:none;cursor:pointer;line-height:1.4;display:inline-block}
.button:hover,button:hover{border-color:var(--faint)}
button.primary{background:var(--accent);border-color:var(--accent);color:#fff;padding:14px 30px;font-size:18px}
button.primary:hover{background:var(--accent-ink)}
:focus-visible{outline:3px solid #d59a92;outline-offset:2px}
fieldset{border:0;margin:0;padding:0}legend{font-size:16px;color:var(--soft);padding:6px 0 18px}
.films{display:grid;grid-template-columns:repeat(auto-fill,minmax(300px,1fr));gap:16px}
.films label{display:block;position:relative;cursor:pointer}
.films input{position:absolute;opacity:0;width:100%;height:100%;margin:0;cursor:pointer}
.film-card{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:20px 22px 16px;display:flex;flex-direction:column;min-height:172px;height:100%}
.films input:checked+.film-card{border-color:var(--accent);box-shadow:inset 0 0 0 1.5px var(--accent)}
.films input:focus-visible+.film-card{outline:3px solid #d59a92;outline-offset:2px}
.films input:disabled+.film-card{opacity:.55;cursor:default}
.film-card .kind{font-size:14px;color:var(--soft);margin:0}
.film-card h3{margin:2px 0 0;font-size:22px;line-height:1.3;font-weight:650}
.film-card .second{color:var(--soft);margin:0;font-size:15px}
.film-card .foot{margin-top:auto;padding-top:16px;display:flex;justify-content:space-between;align-items:baseline;gap:12px}
.film-card .when{font-size:15px}.film-card .when b{font-size:19px;font-weight:650}
.film-card .left-over{font-size:14px;color:var(--soft)}.film-card .left-over.few{color:var(--warn);font-weight:600}
.film-card .price{font-size:19px;font-weight:650;white-space:nowrap}.film-card .price small{font-size:13px;font-weight:400;color:var(--soft);margin-left:4px}
.order{position:sticky;bottom:16px;z-index:1;box-shadow:0 6px 24px rgba(60,50,40,.12);display:flex;gap:32px;align-items:flex-end;flex-wrap:wrap;margin-top:32px;padding:22px 26px;background:var(--card);border:1px solid var(--line);border-radius:14px}
.order .grow{flex:1}
.field{display:block}.field span{display:block;font-size:14px;color:var(--soft);margin-bottom:5px}
input[type=number],input[type=text],input[type=password],input[type=date],select{font:inherit;padding:11px 14px;border:1px solid #cfc9c0;border-radius:10px;background:#fff;color:var(--ink);min-width:96px}
.stepper{display:inline-flex;border:1px solid #cfc9c0;border-radius:10px;overflow:hidden}
.stepper label{position:relative;cursor:pointer;border-left:1px solid var(--line)}.stepper label:first-child{border-left:0}
.stepper input{position:absolute;opacity:0}
.stepper b{display:block;padding:11px 0;width:52px;text-align:center;font-weight:600}
.stepper input:checked+b{background:var(--ink);color:#fff}
.message{border-radius:14px;padding:16px 22px;margin:0 0 24px;background:var(--bad-bg);color:var(--bad);max-width:none}
.message b{display:block}
.message.notice{background:var(--warn-bg);color:var(--warn)}.message.done{background:var(--good-bg);color:var(--good)}.message a{color:inherit;font-weight:600}
.settle{display:flex;gap:8px;justify-content:flex-end}.settle button{padding:10px 14px;font-size:15px;min-height:44px}
td.small{white-space:normal;color:var(--soft);font-size:14px;text-align:left}td.text{text-align:left}td.text small{display:block;color:var(--soft);font-size:13.5px}
.bulk{position:static;align-items:center;margin:20px 0 0}.bulk button{min-height:48px}.bulk p{margin:0;flex:1;max-width:none;color:var(--soft)}.bulk p b{color:var(--ink);font-size:19px}
.narrow{max-width:460px;margin:32px auto}
.tickets{display:grid;grid-template-columns:repeat(auto-fill,minmax(320px,1fr));gap:24px;margin-top:28px}
.ticket{background:var(--card);border:1px solid var(--line);border-radius:16px;overflow:hidden;break-inside:avoid}
.ticket .face{padding:24px 26px 20px}.ticket h3{font-size:25px;margin:0;line-height:1.25}
.ticket .second{color:var(--soft);margin:2px 0 0}
.ticket dl{display:grid;grid-template-columns:auto 1fr;gap:4px 18px;margin:18px 0 0;font-size:15px}
.ticket dt{color:var(--soft)}.ticket dd{margin:0;text-align:right;font-weight:600}
.ticket .stub{border-top:2px dashed var(--line);padding:20px 26px 24px;text-align:center}
.qr{width:100%;max-width:260px;height:auto;display:block;margin:0 auto}
.code{font-size:21px;font-weight:600;letter-spacing:.06em;margin:10px auto 0}
.facts{list-style:none;margin:0;padding:0;background:var(--card);border:1px solid var(--line);border-radius:14px}
.facts li{display:grid;grid-template-columns:210px 1fr;padding:12px 26px;border-top:1px solid var(--line)}
.facts li:first-child{border-top:0}.facts span{color:var(--soft)}
.vis{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.beside{display:grid;grid-template-columns:minmax(0,1fr) 340px;gap:8px 40px;align-items:start}.beside .tickets{margin-top:48px;grid-template-columns:1fr}
@media (max-width:760px){.order{position:static}.beside{grid-template-columns:1fr}.beside .tickets{margin-top:0}.top .inner{padding-top:12px;padding-bottom:10px;gap:8px}
.scroll th:first-child{position:sticky;left:0;background:var(--card)}.code16{display:none}h2 small{display:block;margin:2px 0 0}th,td{padding-left:10px;padding-right:10px}th:first-child{padding-left:18px}tr.screening th{padding-left:24px}
.inner{padding:0 18px}main.inner{padding-top:26px}h1{font-size:26px}.counts{grid-template-columns:1fr 1fr}
.counts>div{padding:16px 18px}.counts>div:nth-child(3){border-left:0}.counts>div:nth-child(n+3){border-top:1px solid var(--line)}
.cases thead{display:none}.cases tr{display:flex;flex-wrap:wrap;gap:2px 18px;padding:14px 18px;border-top:1px solid var(--line)}.cases td,.cases td:first-child,.cases td:last-child{border:0;padding:0}
.cases td:first-child{width:100%}.cases td:last-child{width:100%}.cases .settle{justify-content:flex-start;margin-top:8px}
.counts dd{font-size:40px}.money{padding:0 4px}.notes li,.facts li{grid-template-columns:1fr}nav a{padding:8px 10px}.order{gap:20px}}
@media print{@page{margin:14mm}body{background:#fff;font-size:11pt}.top nav,.actions,.noprint{display:none!important}.top{border:0}
.inner{max-width:none;padding:0}main.inner{padding:8px 0 0}.counts,.scroll,.notes,.ticket,.calm{border-color:#bbb}.scroll{overflow:visible}
table{font-size:9.5pt}th,td{padding:5px 8px}h2{margin:22px 0 8px;break-after:avoid}.counts dd{font-size:28pt}tr{break-inside:avoid}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
)css";
}

}  // namespace promenade::ticketing::web
