// One ticket looked up by scan or number: what has happened to it, its QR code again, refund by the rules, change of film.
'use strict';

(() => {
  const {root, say, either, other, el, now, stamp, newKey, get, post, setCurrency, minor, decimal, money, setZone, time, dayTime, spaced, codeOf, watchScanner, message} = Promenade;

  let shop = null;
  let facts = null;
  let asking = '';     // 'refund' or 'change': which of the two is open
  let form = {};
  let error = null;
  let done = null;     // what was done last, in words
  let busy = false;
  let typed = '';

  const filmOf = (id) => shop.films.find((f) => f.film === id);
  const titleOf = (id) => (filmOf(id) ? either(filmOf(id), 'title') : id);

  async function look(text) {
    const code = codeOf(text);
    error = null;
    done = null;
    asking = '';
    form = {};
    if (!code) {
      error = {code: 'ticket-malformed', message: say('请扫描影票，或输入 16 位票号。', 'Scan a ticket, or type its 16 digits.')};
      facts = null;
      return draw();
    }
    await load(code);
    history.replaceState(null, '', '/tickets?lang=' + Promenade.language + '&code=' + code);
  }

  async function load(code) {
    try {
      facts = await get('/v1/tickets/' + code);
      typed = '';
    } catch (problem) {
      if (!problem.code) throw problem;
      facts = null;
      error = problem;
    }
    draw();
  }

  const redeemed = () => facts.redemptions.some((r) => !r.revoked && !r.conflict);
  const watched = () => facts.plays.some((p) => p.completed);

  function state() {
    if (facts.changed_to) return ['plain', say('已改片', 'Changed')];
    if (facts.refunded) return ['plain', say('已退票', 'Refunded')];
    if (watched()) return ['good', say('已观看', 'Watched')];
    if (redeemed()) return ['good', say('已检票', 'Redeemed')];
    if (Date.parse(facts.valid_until) <= now()) return ['bad', say('已过期', 'Expired')];
    return ['good', say('有效', 'Valid')];
  }
  const live = () => !facts.refunded && !facts.changed_to;
  const opens = () => live() && !redeemed() && Date.parse(facts.valid_until) > now();

  async function act(work) {
    if (busy) return;
    busy = true;
    error = null;
    draw();
    try {
      await work();
      asking = '';
      form = {};
    } catch (problem) {
      if (!problem.code) throw problem;
      error = problem;
    }
    busy = false;
    draw();
    const at = error && error.code === 'supervisor-needed' && [...root.querySelectorAll('#reason, #supervisor')].find((n) => n.value === '');
    if (at) at.focus();
  }

  // Kept until it is done, so that asking once more does not pay twice.
  const keyed = (body) => {
    const text = JSON.stringify(body);
    form.keys = form.keys || new Map();
    if (!form.keys.has(text)) form.keys.set(text, {...body, idempotency_key: newKey(), device_ts: stamp()});
    return form.keys.get(text);
  };

  const refund = () => act(async () => {
    const body = {ticket: facts.ticket};
    if ((form.reason || '').trim()) body.reason = form.reason.trim();
    if ((form.supervisor || '').trim()) body.supervisor = form.supervisor.trim();
    const answer = await post('/v1/refunds', keyed(body));
    facts = await get('/v1/tickets/' + facts.ticket);
    done = say('已退票，退还 ', 'Refunded, given back: ') + money(minor(answer.amount)) + (facts.voucher ? say('；券可再用', '; the voucher may be used again') : '');
  });

  function newPrice(f) {
    return facts.ticket_kind === 'paid' ? minor(f.price) - Math.min(minor(f.price), facts.off ? minor(facts.off) : 0) : 0;
  }

  const change = () => act(async () => {
    const f = filmOf(form.film);
    const price = newPrice(f);
    const before = minor(facts.price);
    const answer = await post('/v1/changes', keyed({ticket: facts.ticket, film: f.film, screening: form.screening, price: decimal(price)}));
    facts = await get('/v1/tickets/' + answer.ticket.code);
    done = say('已改片。', 'Changed. ') + difference(price - before);
    shop = await get('/v1/counter');
  });
  const difference = (d) => (d > 0 ? say('补收 ', 'Collect ') + money(d) : d < 0 ? say('退还 ', 'Give back ') + money(-d) : say('无差额', 'No difference'));

  // ---------------------------------------------------------------- drawing

  function history_() {
    const out = [[facts.sold_at, say('售出', 'Sold'), facts.sale]];
    for (const r of facts.redemptions) {
      out.push([r.at, r.revoked ? say('检票（已撤销）', 'Redeemed (revoked)') : r.conflict ? say('检票冲突', 'Redemption in conflict') : say('检票', 'Redeemed'),
                r.hall + (r.headset ? say(' · 头显 ', ' · headset ') + r.headset : '')]);
    }
    for (const p of facts.plays) {
      out.push([p.start, say('放映开始', 'Play started'), say('头显 ', 'headset ') + p.headset]);
      if (p.ended) out.push([p.end, p.completed ? say('放映完成', 'Play completed') : say('放映中断', 'Play ended early'), p.completed ? '' : p.reason]);
    }
    if (facts.refunded) out.push([facts.given_back_at, say('退票', 'Refunded'), money(minor(facts.price))]);
    if (facts.changed_to) out.push([facts.given_back_at, say('改为', 'Changed to'), el('a', {href: '/tickets?lang=' + Promenade.language + '&code=' + facts.changed_to}, spaced(facts.changed_to))]);
    return el('ol', {class: 'facts'}, out.map(([at, what, more]) => el('li', {}, el('span', {}, at ? dayTime(at) : ''), el('div', {}, what, more ? [' · ', more] : null))));
  }

  function input(id, label, hint) {
    return el('label', {class: 'field'}, el('span', {}, label), el('input', {type: 'text', id, autocomplete: 'off', maxlength: id === 'reason' ? 200 : 80, value: form[id] || '', placeholder: hint || '',
                                                                            oninput: (e) => { form[id] = e.target.value; }}));
  }

  function refundForm() {
    const needed = redeemed();
    return el('form', {class: 'panel', id: 'refund-form', onsubmit: (e) => { e.preventDefault(); refund(); }},
              el('h2', {}, say('退票', 'Refund')),
              needed ? el('p', {class: 'soft'}, watched() || facts.plays.length ? say('此票已检票并已放映：入场人次保留，净额为零。', 'This ticket was redeemed and its film has played: the admission stays, with zero net.')
                                                                               : say('此票已检票：退票后不能再观看。', 'This ticket was redeemed: refunded, its film cannot be watched any more.')) : null,
              needed ? [input('reason', say('原因（必填）', 'Reason (needed)')), input('supervisor', say('主管姓名（必填）', 'Supervisor (needed)'))]
                     : input('reason', say('原因（可选）', 'Reason (optional)')),
              el('p', {class: 'actions'}, el('button', {class: 'primary', id: 'refund', type: 'submit', disabled: busy}, say('退还 ', 'Give back ') + money(minor(facts.price))),
                 el('button', {type: 'button', onclick: () => { asking = ''; error = null; draw(); }}, say('取消', 'Cancel'))));
  }

  function changeForm() {
    const f = form.film ? filmOf(form.film) : null;
    const windows = f ? f.screenings.filter((s) => Date.parse(s.window_until) > now() && s.left > 0 && s.screening !== facts.screening) : [];
    if (f && !windows.some((s) => s.screening === form.screening)) form.screening = windows.length ? windows[0].screening : '';
    return el('form', {class: 'panel', id: 'change-form', onsubmit: (e) => { e.preventDefault(); change(); }},
              el('h2', {}, say('改片或改场次', 'Change film or window')),
              el('label', {class: 'field'}, el('span', {}, say('影片', 'Film')), el('select', {id: 'film', onchange: (e) => { form.film = e.target.value; form.screening = ''; draw(); }},
                 el('option', {value: ''}, say('请选择', 'Choose')), shop.films.map((one) => { const o = el('option', {value: one.film}, either(one, 'title') + ' · ' + one.price); o.selected = one.film === form.film; return o; }))),
              f ? el('div', {class: 'windows', role: 'radiogroup'}, windows.slice(0, 6).map((s) => el('button', {type: 'button', role: 'radio', class: 'window', 'aria-checked': s.screening === form.screening,
                 onclick: () => { form.screening = s.screening; draw(); }}, el('span', {}, el('b', {}, time(s.window_from)), '–' + time(s.window_until)), el('small', {}, say('余 ' + s.left, s.left + ' left'))))) : null,
              f && windows.length === 0 ? el('p', {class: 'message notice'}, say('没有可改的场次。', 'There is no window to change to.')) : null,
              f && form.screening ? el('p', {class: 'pay'}, el('strong', {}, difference(newPrice(f) - minor(facts.price)))) : null,
              el('p', {class: 'actions'}, el('button', {class: 'primary', id: 'change', type: 'submit', disabled: busy || !f || !form.screening}, say('改票', 'Change')),
                 el('button', {type: 'button', onclick: () => { asking = ''; error = null; draw(); }}, say('取消', 'Cancel'))));
  }

  function concession() {
    const of = (list, id) => { const found = list.find((one) => one.id === id); return found ? either(found, 'name') : id; };
    if (facts.discount) return of(shop.discounts, facts.discount) + ' −' + facts.off;
    if (facts.voucher) return of(shop.vouchers, facts.voucher) + ' −' + facts.off;
    return '';
  }

  function ticketView() {
    const [css, words] = state();
    const kinds = {paid: say('售出票', 'Paid'), comp: say('赠票', 'Comp'), staff: say('员工票', 'Staff'), test: say('测试票', 'Test')};
    const line = (name, value) => (value ? [el('dt', {}, name), el('dd', {}, value)] : null);
    const f = filmOf(facts.film);
    return el('section', {class: 'found', 'data-ticket': facts.ticket},
              el('article', {class: 'ticket'}, el('div', {class: 'face'}, el('h3', {}, titleOf(facts.film)), el('p', {class: 'second'}, f ? other(f, 'title') : ''),
                 el('p', {class: 'state'}, el('span', {class: 'tag ' + css, id: 'state'}, words)),
                 el('dl', {}, line(say('营业日', 'Date'), facts.business_date), line(say('可入场', 'Opens the door'), time(facts.valid_from) + '–' + time(facts.valid_until)), line(say('座位', 'Slot'), String(facts.slot)),
                    line(say('票种', 'Kind'), kinds[facts.ticket_kind]), line(say('优惠', 'Concession'), concession()), line(say('实收', 'Paid'), money(minor(facts.price))))),
                 el('div', {class: 'stub'}, opens() ? el('img', {class: 'qr', id: 'qr', src: '/tickets/' + facts.ticket + '/qr.svg', alt: say('影票二维码', 'Ticket QR code')}) : el('p', {class: 'soft'}, say('二维码已失效，不再显示。', 'Its QR code opens no door any more.')),
                    el('p', {class: 'code'}, spaced(facts.ticket)))),
              el('div', {class: 'beside-ticket'}, done ? el('p', {class: 'message done', role: 'status', id: 'done'}, done) : null, error ? message(error) : null,
                 asking === 'refund' ? refundForm() : asking === 'change' ? changeForm() : live() ? el('p', {class: 'actions'},
                   opens() ? el('a', {class: 'button', id: 'reprint', href: '/print?lang=' + Promenade.language + '&codes=' + facts.ticket, target: '_blank', rel: 'noopener'}, say('补打', 'Reprint')) : null,
                   el('button', {type: 'button', id: 'ask-refund', onclick: () => { asking = 'refund'; done = null; draw(); }}, say('退票', 'Refund')),
                   watched() ? null : el('button', {type: 'button', id: 'ask-change', onclick: () => { asking = 'change'; done = null; draw(); }}, say('改片或改场次', 'Change film or window'))) : null,
                 el('h2', {}, say('记录', 'What happened')), history_()));
  }

  function recent() {
    const list = JSON.parse(localStorage.getItem('promenade-recent') || '[]');
    if (list.length === 0) return null;
    return [el('h2', {}, say('本机最近售出', 'Sold here lately')), el('ul', {class: 'recent'}, list.slice(0, 12).map((t) => el('li', {},
      el('a', {href: '/tickets?lang=' + Promenade.language + '&code=' + encodeURIComponent(t.code)}, spaced(String(t.code))), el('span', {}, either(t, 'title')), el('span', {class: 'soft'}, t.tariff), el('span', {class: 'soft'}, dayTime(t.at)))))];
  }

  function draw() {
    const id = document.activeElement && document.activeElement.id;
    root.replaceChildren(el('form', {class: 'search', onsubmit: (e) => { e.preventDefault(); look(typed); }},
                            el('label', {class: 'field grow'}, el('span', {}, say('扫描影票或输入票号', 'Scan a ticket or type its number')), el('input', {
                              type: 'text', id: 'find', autocomplete: 'off', inputmode: 'numeric', value: typed, oninput: (e) => { typed = e.target.value; }, placeholder: '0000 0000 0000 0000'})),
                            el('button', {class: 'primary', type: 'submit'}, say('查询', 'Look up')),
                            el('a', {class: 'button', href: '/evacuations?lang=' + Promenade.language}, say('疏散善后', 'After an evacuation'))),
                         ...(facts ? [ticketView()] : [error ? message(error) : null, ...(recent() || [])].filter(Boolean)));
    const again = id && document.getElementById(id);
    if (again) again.focus();
    else if (!facts) document.getElementById('find').focus();
  }

  watchScanner(look);
  (async () => {
    try {
      shop = await get('/v1/counter');
    } catch (problem) {
      if (!problem.code) throw problem;
      return root.replaceChildren(message(problem));
    }
    setCurrency(shop.currency, shop.currency_digits);
    setZone(shop.time_zone);
    const code = new URLSearchParams(location.search).get('code');
    if (code) await look(code);
    else draw();
  })();
})();
