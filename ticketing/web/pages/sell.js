// Selling: a film, a start window, so many tickets of each kind, paid. Keys: 1-9 film, arrows window, + and - tickets, Enter
// sells, Esc begins anew. What nobody knows the outcome of is asked again under its own key until it is known.
'use strict';

(() => {
  const {root, say, either, other, el, now, stamp, newKey, ask, post, setCurrency, minor, decimal, money, setZone, time, span, countdown, spaced, watchScanner, message, typing} = Promenade;
  const kRefresh_ms = 4000;
  const kMost = 50;
  const kRecent = 30;

  let shop = null;     // the counter as last told
  let etag = '';
  let stale = null;    // why the last refresh failed
  let order = fresh();
  let busy = false;

  function fresh() {
    return {film: '', screening: '', counts: {}, codes: {}, reason: '', name: '', reservation: null, implicit: false, sold: [], total: 0, error: null, unknown: false, pending: null, keeping: false, done: false, more: false};
  }

  // ---------------------------------------------------------------- what is for sale

  const film = () => shop.films.find((f) => f.film === order.film);
  const tickets = () => Object.values(order.counts).reduce((a, b) => a + b, 0);

  // Every kind of ticket, with the price of one in minor units.
  function tariffs(f) {
    const list = minor(f.price);
    const out = [{id: 'full', zh: '全价', en: 'Full price', price: list, off: 0, body: {}}];
    for (const d of shop.discounts) {
      const off = Math.floor((list * d.percent) / 100);
      out.push({id: 'discount:' + d.id, zh: d.name_zh, en: d.name_en, note: '−' + d.percent + ' %', price: list - off, off, body: {discount: d.id}});
    }
    for (const v of shop.vouchers) {
      const off = v.value === null ? list : Math.min(minor(v.value), list);
      out.push({id: 'voucher:' + v.id, zh: v.name_zh, en: v.name_en, note: v.value === null ? say('一张票', 'one ticket') : '−' + v.value, price: list - off, off, voucher: v, body: {voucher: v.id}});
    }
    out.push({id: 'comp', zh: '赠票', en: 'Comp', price: 0, off: 0, free: true, body: {ticket_kind: 'comp'}});
    out.push({id: 'staff', zh: '员工票', en: 'Staff', price: 0, off: 0, free: true, rare: true, body: {ticket_kind: 'staff'}});
    out.push({id: 'test', zh: '测试票', en: 'Test', price: 0, off: 0, free: true, rare: true, body: {ticket_kind: 'test'}});
    return out;
  }
  const lines = () => (film() ? tariffs(film()).filter((t) => order.counts[t.id] > 0) : []);
  const screenings = () => film().screenings.filter((s) => Date.parse(s.window_until) > now());

  // The one that the clerk chose while it lasts, else the first with places for all.
  function screening() {
    if (!film()) return null;
    const chosen = screenings().find((s) => s.screening === order.screening);
    return chosen || screenings().find((s) => s.left >= Math.max(1, tickets())) || screenings().find((s) => s.left > 0) || screenings()[0] || null;
  }

  // ---------------------------------------------------------------- asking the box office

  async function refresh() {
    try {
      const answer = await ask('GET', '/v1/counter', null, etag ? {'If-None-Match': etag} : {});
      if (!answer.unchanged) {
        shop = answer.body;
        etag = answer.etag || '';
        setCurrency(shop.currency, shop.currency_digits);
        setZone(shop.time_zone);
      }
      const was = stale;
      stale = null;
      if (!answer.unchanged || was) draw();
    } catch (error) {
      stale = error;
      draw();
    }
  }

  // A request goes out under a key of its own and stays pending until its answer is known. What nobody knows the outcome of is
  // asked again word for word, whatever has changed on the page meanwhile: so it never happens twice.
  async function send(path, body, then) {
    order.pending = {path, request: {...body, idempotency_key: newKey(), device_ts: stamp()}, then};
    await settlePending();
  }
  async function settlePending() {
    const {path, request, then} = order.pending;
    const answer = await post(path, request);
    order.pending = null;
    order.unknown = false;
    then(answer);
  }

  async function reserve(implicit) {
    const at = screening();
    const body = {film: order.film, screening: at.screening, count: tickets()};
    if (order.name.trim() && !implicit) body.name = order.name.trim();
    await send('/v1/reservations', body, (kept) => reserved(kept, implicit));
  }
  function reserved(kept, implicit) {
    order.reservation = {reservation: kept.reservation, screening: kept.screening, expires: kept.expires, places: kept.slots.length, window_from: kept.window_from, window_until: kept.window_until};
    order.screening = kept.screening;
    order.implicit = implicit;
  }

  function lineBody(line) {
    const count = order.counts[line.id];
    const body = {film: order.film, screening: order.reservation ? order.reservation.screening : screening().screening, count, price: decimal(line.price), ...line.body};
    if (line.free) body.reason = order.reason.trim();
    if (line.voucher) body.voucher_codes = (order.codes[line.id] || []).slice(0, count).map((c) => c.toUpperCase().replace(/[\s-]/g, ''));
    if (order.reservation) body.reservation = order.reservation.reservation;
    return body;
  }

  async function guarded(work) {
    if (busy) return;
    busy = true;
    order.error = null;
    draw();
    try {
      await work();
      order.unknown = false;
    } catch (error) {
      if (!error.code) throw error;
      order.error = error;
      order.unknown = error.code === 'unreachable' && order.pending !== null;
      if (!order.unknown) {
        order.pending = null;
        order.keeping = false;
      }
      if (order.unknown) order.error = {code: error.code, message: say('连不上票房系统：不知道是否已办成。', 'The box office cannot be reached: nobody knows whether this was done.')};
      if (error.code === 'reservation-over') order.reservation = null;
    } finally {
      busy = false;
      await refresh();
      draw();
      focusError();
    }
  }

  const sell = () => guarded(async () => {
    if (order.pending) await settlePending();
    if (order.keeping) return void (order = fresh());
    // Several kinds of ticket together: their places are kept first, so that a group gets all of them or none.
    if (!order.reservation && lines().length > 1) await reserve(true);
    for (const line of lines()) {
      await send('/v1/sales', lineBody(line), (answer) => sold(line, answer));
    }
    order.done = true;
    remember(order.sold);
  });
  function sold(line, answer) {
    order.sold.push(...answer.tickets.map((t) => ({...t, tariff: say(line.zh, line.en), price: line.price, answer})));
    order.total += minor(answer.total);
    order.counts[line.id] = 0;
    if (order.reservation) order.reservation.places -= answer.tickets.length;
  }
  const keepPlaces = () => guarded(async () => {
    order.keeping = true;
    await reserve(false);
    order = fresh();
  });
  // Asked again it is refused as over already, which is as good.
  const release = (id) => guarded(() => post('/v1/reservations/release', {reservation: id, idempotency_key: newKey(), device_ts: stamp()}));

  // What was sold of the order is shown before anything new begins; places that were kept on the way are given up.
  async function clear() {
    const left = order.implicit && order.reservation && order.reservation.places > 0 ? order.reservation.reservation : '';
    if (order.sold.length > 0 && !order.done) {
      order.done = true;
      remember(order.sold);
    } else {
      order = fresh();
    }
    draw();
    if (left) await release(left);
  }

  function takeUp(kept) {
    order = fresh();
    order.film = kept.film;
    order.screening = kept.screening;
    order.reservation = {...kept};
    order.name = kept.name;
    order.counts.full = kept.places;
    draw();
  }

  function remember(sold) {
    const f = shop.films.find((one) => one.film === sold[0].answer.film);
    const list = JSON.parse(localStorage.getItem('promenade-recent') || '[]');
    list.unshift(...sold.map((t) => ({code: t.code, title_zh: f.title_zh, title_en: f.title_en, at: stamp(), tariff: t.tariff})));
    localStorage.setItem('promenade-recent', JSON.stringify(list.slice(0, kRecent)));
  }

  // ---------------------------------------------------------------- drawing

  function windowText(s) {
    return Date.parse(s.window_from) <= now() ? [say('现在–', 'now–'), el('b', {}, time(s.window_until))] : [el('b', {}, time(s.window_from)), '–' + time(s.window_until)];
  }
  const placesText = (s) => (s.left > 0 ? say('余 ' + s.left, s.left + ' left') : say('已满', 'full'));

  // A bound that nineteen of twenty keep, as the headset tells it; a minute and less is said as a minute.
  function waitText(f) {
    if (f.wait_s === null) return say('等候时间未知', 'wait unknown');
    const minutes = Math.max(1, Math.ceil(f.wait_s / 60));
    return say('现在选片，' + minutes + ' 分钟内开始', 'starts within ' + minutes + ' min');
  }

  function filmCard(f, i) {
    const next = f.screenings.find((s) => s.left > 0 && Date.parse(s.window_until) > now()) || f.screenings[0];
    return el('button', {type: 'button', class: 'film' + (f.film === order.film ? ' chosen' : '') + (next && next.left > 0 ? '' : ' shut'), 'aria-pressed': f.film === order.film, 'data-film': f.film,
                         disabled: order.unknown || busy || order.reservation !== null, onclick: () => choose(f.film)},
              el('span', {class: 'top-line'}, i < 9 ? el('kbd', {}, i + 1) : null, el('span', {class: 'title'}, either(f, 'title')), el('span', {class: 'price'}, f.price)),
              el('span', {class: 'soft'}, other(f, 'title'), ' · ', f.kind === 'seated' ? say('坐观式', 'seated') : say('行进式', 'walking'), ' · ', span(f.length_s)),
              el('span', {class: 'next'}, next ? [el('span', {}, windowText(next)), el('span', {class: next.left > 5 ? 'left' : next.left > 0 ? 'left few' : 'left none'}, placesText(next))]
                                               : el('span', {class: 'left none'}, say('今日已无场次', 'no more screenings today'))),
              el('span', {class: 'soft wait'}, waitText(f)));
  }

  function choose(id) {
    if (order.unknown || order.reservation) return;
    if (order.film !== id) order.screening = '';
    order.film = id;
    order.error = null;
    if (tickets() === 0) order.counts.full = 1;
    draw();
  }

  function count(id, by) {
    const most = order.reservation ? order.reservation.places : kMost;
    const wanted = (order.counts[id] || 0) + by;
    if (wanted < 0 || tickets() + by > most) return;
    order.counts[id] = wanted;
    order.error = null;
    draw();
  }

  function tariffRow(t) {
    const n = order.counts[t.id] || 0;
    const name = say(t.zh, t.en);
    return el('div', {class: 'tariff' + (n > 0 ? ' has' : ''), 'data-tariff': t.id},
              el('span', {class: 'name'}, name, t.note ? el('small', {}, t.note) : null), el('span', {class: 'unit'}, decimal(t.price)),
              el('span', {class: 'steps'},
                 el('button', {type: 'button', class: 'step', 'aria-label': say('减少：', 'Fewer: ') + name, disabled: n === 0, onclick: () => count(t.id, -1)}, '−'),
                 el('output', {'aria-label': name}, n),
                 el('button', {type: 'button', class: 'step', 'aria-label': say('增加：', 'More: ') + name, onclick: () => count(t.id, 1)}, '+')),
              t.voucher && n > 0 ? voucherFields(t, n) : null);
  }

  function voucherFields(t, n) {
    const codes = (order.codes[t.id] = order.codes[t.id] || []);
    return el('span', {class: 'vouchers'}, Array.from({length: n}, (_, i) => el('input', {
      type: 'text', autocomplete: 'off', id: 'voucher-' + t.voucher.id + '-' + i, value: codes[i] || '', 'data-field': 'voucher_codes', maxlength: 80,
      placeholder: say('第 ' + (i + 1) + ' 张券码', 'Code of voucher ' + (i + 1)), 'aria-label': say('第 ' + (i + 1) + ' 张券码', 'Code of voucher ' + (i + 1)),
      oninput: (e) => { codes[i] = e.target.value; },
      onkeydown: (e) => {  // a scanner ends with Enter: on to the next code, and never on to the sale
        if (e.key !== 'Enter') return;
        e.preventDefault();
        const next = [...root.querySelectorAll('[data-field=voucher_codes]')].find((n) => n.value === '');
        if (next) next.focus();
      }})));
  }

  function field(id, label, value, set, more) {
    return el('label', {class: 'field'}, el('span', {}, label), el('input', {type: 'text', autocomplete: 'off', id, value, oninput: (e) => set(e.target.value), ...more}));
  }

  function windows() {
    if (order.reservation) {
      return el('div', {class: 'kept'}, el('span', {}, el('b', {}, time(order.reservation.window_from) + '–' + time(order.reservation.window_until)),
                                           say('　已留 ' + order.reservation.places + ' 位', ' · ' + order.reservation.places + ' kept')),
                el('span', {class: 'count', 'data-until': order.reservation.expires}, countdown(order.reservation.expires)));
    }
    const chosen = screening();
    const lanes = new Set(screenings().map((s) => s.lane));
    const lane = (s) => (lanes.size > 1 ? el('small', {class: 'lane'}, say('银幕 ', 'screen ') + s.lane.slice(-4)) : null);
    return el('div', {class: 'windows', role: 'radiogroup', 'aria-label': say('入场时间', 'Start window')}, screenings().map((s) => el('button', {
      type: 'button', role: 'radio', class: 'window', 'aria-checked': chosen === s, 'data-screening': s.screening, disabled: s.left === 0,
      onclick: () => { order.screening = s.screening; draw(); }}, el('span', {}, windowText(s)), lane(s), el('small', {class: s.left > 5 ? '' : 'few'}, placesText(s)))));
  }

  function sums() {
    const list = film() ? minor(film().price) : 0;
    let pay = 0, discounts = 0, vouchers = 0;
    for (const line of lines()) {
      const n = order.counts[line.id];
      pay += n * line.price;
      if (line.voucher) vouchers += n * line.off;
      else discounts += n * line.off;
    }
    return {list, pay, discounts, vouchers};
  }

  function totals() {
    const s = sums();
    return el('div', {class: 'sum'},
              s.discounts ? el('p', {class: 'soft'}, el('span', {}, say('优惠', 'Discounts')), el('span', {}, '−' + decimal(s.discounts))) : null,
              s.vouchers ? el('p', {class: 'soft'}, el('span', {}, say('券抵', 'Vouchers')), el('span', {}, '−' + decimal(s.vouchers))) : null,
              el('p', {class: 'pay'}, el('span', {}, say('应收', 'To pay')), el('strong', {id: 'pay'}, money(s.pay))));
  }

  function orderPanel() {
    const f = film();
    if (!f) return el('div', {class: 'panel empty'}, el('p', {}, say('选择一部影片开始售票', 'Choose a film to begin')),
                      el('dl', {class: 'soft keys'}, [[['1–9'], '影片', 'film'], [['←', '→'], '场次', 'start window'], [['+', '−'], '张数', 'tickets'], [['⏎'], '出票', 'sell'], [['Esc'], '重来', 'begin anew']]
                         .map(([keys, zh, en]) => [el('dt', {}, keys.map((k) => el('kbd', {}, k))), el('dd', {}, say(zh, en))])));
    const all = tariffs(f);
    const rare = all.filter((t) => t.rare);
    const free = lines().some((t) => t.free);
    const shut = !order.reservation && !screening();
    return el('form', {class: 'panel', onsubmit: (e) => { e.preventDefault(); sell(); }},
              el('div', {class: 'chosen-film'}, el('h2', {}, either(f, 'title')), el('p', {class: 'soft'}, other(f, 'title')),
                 order.unknown ? null : el('button', {type: 'button', id: 'clear', disabled: busy, 'aria-label': say('重来', 'Begin anew'), onclick: clear}, '×')),
              order.error ? message(order.error) : null,
              el('div', {class: 'lines', inert: busy || order.unknown}, windows(),
                 el('div', {class: 'tariffs'}, all.filter((t) => !t.rare || order.more || order.counts[t.id] > 0).map(tariffRow),
                    order.more ? null : el('button', {type: 'button', class: 'link', onclick: () => { order.more = true; draw(); }}, say('更多票种', 'More kinds: ') + (Promenade.language === 'en' ? rare.map((t) => t.en.toLowerCase()).join(', ') : ''))),
                 free ? field('reason', say('免费的原因（必填）', 'Why it costs nothing (needed)'), order.reason, (v) => { order.reason = v; }, {'data-field': 'reason', maxlength: 200}) : null),
              totals(),
              order.unknown
                ? el('button', {class: 'primary wide', id: 'again', type: 'submit', disabled: busy}, say('再问一次是否已办成', 'Ask again whether it was done'))
                : el('button', {class: 'primary wide', id: 'sell', type: 'submit', disabled: busy || shut || tickets() === 0},
                     say('出票 ' + tickets() + ' 张', tickets() === 1 ? 'Sell 1 ticket' : 'Sell ' + tickets() + ' tickets')),
              order.unknown || order.reservation ? null : el('div', {class: 'second-line'},
                field('name', say('留座：姓名或团体（可选）', 'Keep places for (optional)'), order.name, (v) => { order.name = v; }, {maxlength: 80, onkeydown: (e) => {
                  if (e.key !== 'Enter') return;
                  e.preventDefault();
                  if (tickets() > 0) keepPlaces();
                }}),
                el('button', {type: 'button', id: 'keep', disabled: busy || shut || tickets() === 0, onclick: keepPlaces}, say('留座', 'Keep places'))));
  }

  function keptList() {
    const kept = shop.reservations.filter((r) => !order.reservation || r.reservation !== order.reservation.reservation);
    if (kept.length === 0) return null;
    return el('div', {class: 'panel slim'}, el('h2', {}, say('已留座位', 'Kept places')), el('ul', {class: 'kept-list'}, kept.map((r) => {
      const f = shop.films.find((one) => one.film === r.film);
      return el('li', {'data-reservation': r.reservation}, el('span', {class: 'who'}, el('b', {}, r.name || say('未具名', 'no name')), el('small', {}, (f ? either(f, 'title') : r.film) + ' · ' + time(r.window_from) + ' · ' + say(r.places + ' 位', r.places + (r.places === 1 ? ' place' : ' places')))),
                el('span', {class: 'count', 'data-until': r.expires}, countdown(r.expires)),
                el('button', {type: 'button', class: 'take', disabled: busy || order.unknown, onclick: () => takeUp(r)}, say('出票', 'Sell')),
                el('button', {type: 'button', class: 'free', disabled: busy || order.unknown, onclick: () => release(r.reservation)}, say('放开', 'Release')));
    })));
  }

  function soldView() {
    const f = shop.films.find((one) => one.film === order.sold[0].answer.film);
    const codes = order.sold.map((t) => t.code).join(',');
    const first = order.sold[0].answer;
    return el('section', {class: 'sold', 'aria-live': 'polite'},
              el('div', {class: 'headline'}, el('div', {}, el('p', {class: 'eyebrow'}, say('已出票 · ', 'Sold · ') + either(f, 'title') + ' · ' + time(first.window_from) + '–' + time(first.window_until)),
                 el('h2', {class: 'big'}, say(order.sold.length + ' 张，收 ', order.sold.length + (order.sold.length === 1 ? ' ticket, ' : ' tickets, ')), el('span', {id: 'taken'}, money(order.total)))),
                 el('p', {class: 'actions'}, el('a', {class: 'button', id: 'print', href: '/print?lang=' + Promenade.language + '&codes=' + codes, target: '_blank', rel: 'noopener'}, say('打印', 'Print')),
                    el('button', {class: 'primary', id: 'next', type: 'button', onclick: () => { order = fresh(); draw(); }}, say('下一笔', 'Next sale'), el('kbd', {}, '⏎')))),
              el('div', {class: 'stubs'}, order.sold.map((t) => el('figure', {'data-code': t.code},
                 el('img', {src: '/tickets/' + t.code + '/qr.svg', alt: say('影票二维码 ', 'QR code of ticket ') + t.code, width: 220, height: 220}),
                 el('figcaption', {}, el('b', {class: 'code'}, spaced(t.code)), el('span', {class: 'soft'}, say('座位 ' + t.slot, 'Slot ' + t.slot) + ' · ' + t.tariff + ' · ' + decimal(t.price)))))));
  }

  function notices() {
    return [stale ? message(stale, 'notice') : null,
            shop.evacuated_open > 0 ? el('p', {class: 'message notice'}, say(shop.evacuated_open + ' 位疏散观众等待处理。', 'After the evacuation ' + shop.evacuated_open + (shop.evacuated_open === 1 ? ' viewer waits' : ' viewers wait') + ' for an answer. '),
              el('a', {href: '/evacuations?lang=' + Promenade.language}, say('疏散善后 →', 'After an evacuation →'))) : null];
  }

  // Drawn whole each time, with the focus and the caret where they were.
  let composing = false;  // a Chinese word is being put together in a field, which must not be drawn anew meanwhile
  root.addEventListener('compositionstart', () => { composing = true; });
  root.addEventListener('compositionend', () => { composing = false; });

  function draw() {
    if (composing) return;
    if (!shop) {
      if (stale) root.replaceChildren(message(stale));
      return;
    }
    const focused = document.activeElement;
    const id = focused && focused.id;
    const label = focused && focused.getAttribute && focused.getAttribute('aria-label');
    const caret = focused && 'selectionStart' in focused ? focused.selectionStart : null;
    const scroll = window.scrollY;
    const lines_at = (root.querySelector('.lines') || {scrollTop: 0}).scrollTop;
    const body = order.done ? [soldView()] : [el('div', {class: 'desk'}, el('div', {class: 'films', role: 'group', 'aria-label': say('影片', 'Films')}, shop.films.map(filmCard)), el('aside', {}, orderPanel(), keptList()))];
    root.replaceChildren(...notices().filter(Boolean), ...body);
    const again = (id && document.getElementById(id)) || (label && [...root.querySelectorAll('[aria-label]')].find((n) => n.getAttribute('aria-label') === label));
    if (again) {
      again.focus({preventScroll: true});
      if (caret !== null && 'selectionStart' in again) again.setSelectionRange(caret, caret);
    } else if (order.done) {
      document.getElementById('next').focus();
    }
    window.scrollTo(0, scroll);
    const lines_ = root.querySelector('.lines');
    if (lines_) lines_.scrollTop = lines_at;
    const chosen = root.querySelector('.window[aria-checked=true]');
    if (chosen) chosen.parentNode.scrollLeft = chosen.offsetLeft - chosen.parentNode.firstChild.offsetLeft;
  }

  function focusError() {
    if (!order.error) return;
    const wrong = {'reason-needed': '[data-field=reason]', 'voucher-used': '[data-field=voucher_codes]', 'voucher-malformed': '[data-field=voucher_codes]'}[order.error.code] ||
                  (order.error.field ? '[data-field=' + order.error.field + ']' : '');
    const at = wrong && root.querySelector(wrong);
    if (at) at.focus();
  }

  // ---------------------------------------------------------------- keys and the clock

  const scanning = watchScanner((text) => location.assign('/tickets?lang=' + Promenade.language + '&code=' + Promenade.codeOfToken(text)));

  function moveWindow(by) {
    if (!film() || order.reservation) return;
    const open = screenings().filter((s) => s.left > 0);
    const at = open.indexOf(screening());
    if (open[at + by]) order.screening = open[at + by].screening;
    draw();
  }

  window.addEventListener('keydown', (event) => {
    if (!shop || busy || event.ctrlKey || event.altKey || event.metaKey || scanning()) return;
    if (event.key === 'Escape' && !order.unknown) return void clear();
    if (typing() || order.unknown) return;
    if (order.done) return;  // Enter is the button's that has the focus
    if (/^[1-9]$/.test(event.key) && shop.films[event.key - 1]) return void choose(shop.films[event.key - 1].film);
    if (!order.film) return;
    if (event.key === '+' || event.key === '=') count('full', 1);
    else if (event.key === '-') count('full', -1);
    else if (event.key === 'ArrowRight') moveWindow(1);
    else if (event.key === 'ArrowLeft') moveWindow(-1);
    else if (event.key === 'Enter' && document.activeElement.tagName !== 'BUTTON' && tickets() > 0) sell();
    else return;
    event.preventDefault();
  });

  // Counting down, and what is over is said at once.
  setInterval(() => {
    for (const node of root.querySelectorAll('[data-until]')) node.textContent = countdown(node.dataset.until);
    if (order.reservation && Date.parse(order.reservation.expires) <= now() && !busy && !order.unknown) {
      order.reservation = null;
      order.error = {code: 'reservation-over', message: say('预留已结束，座位已放开。', 'The places were kept until now and are free again.')};
      refresh();
    }
  }, 500);
  setInterval(() => { if (!busy && !order.done) refresh(); }, kRefresh_ms);
  refresh();
})();
