// What the clerk's pages share: the language, requests with problems told in words, money in whole minor units, the box
// office's clock, elements made from text. Text from data becomes text nodes only, never markup.
'use strict';

const Promenade = (() => {
  const root = document.getElementById('app');
  const language = root.dataset.language;
  const say = (zh, en) => (language === 'zh' ? zh : en);
  const either = (thing, name) => say(thing[name + '_zh'] || thing[name + '_en'], thing[name + '_en'] || thing[name + '_zh']);
  const other = (thing, name) => say(thing[name + '_en'], thing[name + '_zh']);

  // el('p', {class: 'x', onclick: f}, 'text', child, ...): children that are no nodes become text.
  function el(tag, attributes, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (name.startsWith('aria-') && value !== undefined) node.setAttribute(name, String(value));
      if (name.startsWith('aria-') || value === undefined || value === null || value === false) continue;
      if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
      else if (name === 'value' || name === 'checked' || name === 'disabled') node[name] = value;
      else node.setAttribute(name, value === true ? '' : String(value));
    }
    node.append(...children.flat(Infinity).filter((c) => c !== null && c !== undefined && c !== false).map((c) => (c instanceof Node ? c : document.createTextNode(String(c)))));
    return node;
  }

  // ---------------------------------------------------------------- requests

  class Problem extends Error {
    constructor(body) {
      super(say(body.detail_zh, null) || [body.detail, body.advice].filter(Boolean).join(' '));
      this.code = body.code;
      this.field = body.field;
    }
  }
  // Nobody knows whether the box office acted: the same request, asked again, tells.
  class Unreachable extends Error {
    constructor() {
      super(say('连不上票房系统。', 'The box office cannot be reached.'));
      this.code = 'unreachable';
    }
  }

  let ahead_ms = 0;  // of the box office's clock before this device's
  const now = () => Date.now() + ahead_ms;
  const stamp = () => new Date(now()).toISOString();
  const newKey = () => 'page-' + Array.from(crypto.getRandomValues(new Uint8Array(12)), (b) => b.toString(16).padStart(2, '0')).join('');

  async function ask(method, path, body, headers, patience_ms) {
    let response;
    try {
      response = await fetch(path, {method, headers: {'Promenade-Page': '1', ...(body ? {'Content-Type': 'application/json'} : {}), ...headers},
                                    body: body ? JSON.stringify(body) : undefined, cache: 'no-store', signal: AbortSignal.timeout(patience_ms || 12000)});
    } catch {
      throw new Unreachable();
    }
    const told = Date.parse(response.headers.get('Promenade-Now') || '');
    if (!Number.isNaN(told)) ahead_ms = told - Date.now();
    if (response.status === 304) return {unchanged: true};
    let answer = null;
    try {
      answer = await response.json();
    } catch {
      throw response.ok ? new Unreachable() : new Problem({code: 'http-' + response.status, detail: 'HTTP ' + response.status});
    }
    if (response.status === 401) location.assign('/sign-in?next=' + encodeURIComponent(location.pathname + location.search));
    if (!response.ok) throw new Problem(answer);
    return {body: answer, etag: response.headers.get('ETag')};
  }
  const get = async (path) => (await ask('GET', path)).body;
  const post = async (path, body, patience_ms) => (await ask('POST', path, body, {}, patience_ms)).body;

  // ---------------------------------------------------------------- money, in whole minor units

  let digits = 2;
  let currency = '';
  const setCurrency = (code, places) => { currency = code; digits = places; };
  function minor(text) {
    const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
    if (!match || (match[3] || '').length > digits) throw new Error('not money: ' + text);
    return Number(match[1] + match[2] + (match[3] || '').padEnd(digits, '0'));
  }
  function decimal(value) {
    const text = String(Math.abs(value)).padStart(digits + 1, '0');
    return (value < 0 ? '-' : '') + (digits === 0 ? text : text.slice(0, -digits) + '.' + text.slice(-digits));
  }
  const money = (value) => decimal(value) + ' ' + currency;

  // ---------------------------------------------------------------- times

  let clock = null;
  let dayClock = null;
  function setZone(zone) {
    clock = new Intl.DateTimeFormat('en-GB', {hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone});
    dayClock = new Intl.DateTimeFormat(say('zh-CN', 'en-GB'), {month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone});
  }
  const time = (text) => clock.format(new Date(text));
  const dayTime = (text) => dayClock.format(new Date(text));
  function span(seconds) {
    const minutes = Math.floor(seconds / 60);
    const rest = Math.floor(seconds % 60);
    if (minutes === 0) return say(rest + ' 秒', rest + ' s');
    return say(minutes + ' 分' + (rest ? ' ' + rest + ' 秒' : '钟'), minutes + ' min' + (rest ? ' ' + rest + ' s' : ''));
  }
  function countdown(until) {
    const left = Math.max(0, Math.ceil((Date.parse(until) - now()) / 1000));
    return Math.floor(left / 60) + ':' + String(left % 60).padStart(2, '0');
  }

  const spaced = (code) => code.replace(/(\d{4})(?=\d)/g, '$1 ');

  // The number in a ticket's QR text, without checking its signature; '' where it is none.
  function codeOfToken(text) {
    const match = /^PMT1\.([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]+$/.exec(text);
    if (!match) return '';
    try {
      const bytes = Uint8Array.from(atob(match[1].replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));
      const view = new DataView(bytes.buffer);
      return view.getBigUint64(3 + view.getUint16(1, true), true).toString().padStart(16, '0');
    } catch {
      return '';
    }
  }
  const codeOf = (text) => codeOfToken(text.trim()) || (/^\d{16}$/.test(text.replace(/\s/g, '')) ? text.replace(/\s/g, '') : '');

  // Keys that follow one another faster than a hand types come from a scanner: they are no shortcuts.
  const kScannerGap_ms = 45;
  const kTicket = 'PMT1.';
  function takeOut(field) {  // its first letters, all but the one that comes just now
    if (!field || !/^(INPUT|TEXTAREA)$/.test(field.tagName) || !field.value.endsWith(kTicket.slice(0, -1))) return;
    field.value = field.value.slice(0, 1 - kTicket.length);
    field.dispatchEvent(new Event('input', {bubbles: true}));
  }
  function watchScanner(onScan) {
    let text = '';
    let last = -1e9;
    window.addEventListener('keydown', (event) => {
      const begins = text.lastIndexOf(kTicket);
      if (event.key === 'Enter' && begins >= 0) {
        event.preventDefault();
        event.stopImmediatePropagation();
        const scanned = text.slice(begins);
        text = '';
        onScan(scanned);
        return;
      }
      if (event.key.length !== 1) return;
      if (event.timeStamp - last >= kScannerGap_ms) text = '';
      text += event.key;
      last = event.timeStamp;
      if (text.endsWith(kTicket)) takeOut(document.activeElement);
      if (text.includes(kTicket)) event.preventDefault();  // no ticket ends up in the field that has the focus by chance
    }, true);
    return () => text.length > 1;
  }

  const message = (error, css) => el('p', {class: 'message ' + (css || ''), role: 'alert', 'data-code': error.code}, error.message);
  const typing = () => /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement && document.activeElement.tagName);

  return {root, language, say, either, other, el, Problem, Unreachable, now, stamp, newKey, ask, get, post, setCurrency, minor, decimal, money,
          setZone, time, dayTime, span, countdown, spaced, codeOfToken, codeOf, watchScanner, message, typing};
})();
