// The door: scan, and a colour says whether to let the viewer in. By a scanner that types, or by the camera where the browser
// reads codes. A ticket's number alone opens no door: it is the QR code's signature that does.
'use strict';

(() => {
  const {root, say, either, el, stamp, now, newKey, get, post, setZone, time, codeOfToken, spaced, watchScanner, message} = Promenade;
  const kShown = 8;
  const kSame_ms = 4000;  // the same code before the camera is one scan

  let venue = null;
  let films = [];
  let hall = '';
  let gate = 0;        // this device's number among the venue's gates; 0: none, and then it never lets anybody in on its own
  let gateProblem = null;  // why this device is not the gate that it was to be: {code, words, wanted}
  let cut_off = false;
  let headset = '';
  let busy = false;
  let last = null;
  let seen = [];
  let camera = null;  // {stream, video} while it runs
  let cameraWords = '';
  const kDevice = 'promenade-door-device';
  if (!localStorage.getItem(kDevice)) localStorage.setItem(kDevice, 'door-' + newKey().slice(-8));
  const device = localStorage.getItem(kDevice);
  const unknown = new Map();  // token -> the requests about it whose outcome nobody knows, to be asked again
  const kTell_ms = 4000;
  const kGate_ms = 30000;  // so often a gate says that it is one
  const kAnswer_ms = 3000;  // so long a viewer at the door waits for the box office

  const titleOf = (id) => { const f = films.find((one) => one.film === id); return f ? either(f, 'title') : id; };
  const kinds = {paid: '', comp: say('赠票', 'comp'), staff: say('员工票', 'staff'), test: say('测试票', 'test')};

  // A browser shakes only for a page that was touched before.
  const shake = (pattern) => { if (navigator.vibrate && navigator.userActivation && navigator.userActivation.hasBeenActive) navigator.vibrate(pattern); };

  function setGate(number) {
    gate = number;
    localStorage.setItem('promenade-gate', gate);
  }

  // A gate's number is one device's: the box office knows whose. A device becomes a gate only while it reaches it, so that two
  // which are cut off are never one gate.
  async function claimGate(number, take, quiet) {
    const was = gate;
    const before = gateProblem;
    try {
      await post('/v1/gates', {gate: number, device, ...(take ? {take: true} : {})}, kAnswer_ms);
      setGate(number);
      gateProblem = null;
    } catch (problem) {
      if (!problem.code) throw problem;
      if (number === 0) setGate(0);
      else if (problem.code !== 'unreachable') loseGate(number, problem);
      else if (number !== gate) gateProblem = {code: problem.code, wanted: number, words: say('连不上票房系统：检票口须在联机时设定，以免两台设备同号。', 'The box office cannot be reached: a gate is set while it can be, so that no two devices are one.')};
    }
    if (!quiet || gate !== was || gateProblem !== before) draw();  // what somebody types meanwhile stays
  }
  function loseGate(number, problem) {
    if (gate === number) setGate(0);
    gateProblem = {code: problem.code, wanted: number, words: problem.message};
  }

  async function redeem(text) {
    const token = text.trim();
    if (!token || busy) return;
    if (OfflineDoor.isWaiting(codeOfToken(token))) {  // let in here while cut off, and not told yet: nothing to ask
      last = {ok: false, code: codeOfToken(token), problem: 'ticket-already-redeemed', words: say('此票在本检票口已用过。', 'The ticket has been used at this gate.'), at: now()};
      seen = [last, ...seen].slice(0, kShown);
      return draw();
    }
    if (headset && !/^[1-9]\d{0,4}$/.test(headset)) {
      last = {ok: false, code: '', problem: 'headset', words: say('头显号应为 1 到 65535 的数字。', 'A headset has a number from 1 to 65535.'), at: now()};
      return draw();
    }
    busy = true;
    draw();
    const asked = unknown.get(token) || [];
    const same = asked.find((one) => (one.gate || 0) === gate && one.hall === hall);
    const body = same || {token, hall, door: true, device, ...(gate ? {gate} : {}), ...(headset ? {headset: Number(headset)} : {}), idempotency_key: newKey(), device_ts: stamp()};
    try {
      const answer = await post('/v1/redemptions', body, kAnswer_ms);
      cut_off = false;
      unknown.delete(token);
      const ticket = OfflineDoor.parse(token);
      if (ticket) OfflineDoor.noteUsed(ticket.code, ticket.until_ms);
      last = {ok: true, code: answer.ticket, title: titleOf(answer.film), more: [say('座位 ' + answer.slot, 'Slot ' + answer.slot), kinds[answer.ticket_kind], headset ? say('头显 ', 'headset ') + headset : ''].filter(Boolean).join(' · ')};
      headset = '';
      shake(60);
    } catch (problem) {
      if (!problem.code) throw problem;
      cut_off = problem.code === 'unreachable';
      last = {ok: false, code: codeOfToken(token), words: problem.message, problem: problem.code};
      if (problem.code === 'gate-taken') loseGate(gate || 1, problem);
      if (cut_off) await decideAlone(token, same ? asked : [...asked, body]);
      else unknown.delete(token);
      shake(last.ok ? 60 : [200, 80, 200]);
    }
    last.at = now();
    seen = [last, ...seen].slice(0, kShown);
    busy = false;
    draw();
  }

  async function decideAlone(token, asked) {
    unknown.set(token, asked);
    const alone = await OfflineDoor.admit(token, asked, venue, gate);
    if (alone.ok) {
      unknown.delete(token);
      headset = '';
      last = {ok: true, alone: true, code: alone.ticket.code, title: titleOf(alone.ticket.film), more: say('座位 ' + alone.ticket.slot, 'Slot ' + alone.ticket.slot)};
    } else {
      last = {...last, words: alone.words, problem: alone.problem, again: alone.problem === 'no-gate' || alone.problem === 'no-crypto'};
    }
  }

  // ---------------------------------------------------------------- camera

  async function startCamera() {
    const stop = (words) => { cameraWords = words; draw(); };
    if (!window.isSecureContext) return stop(say('浏览器只在 HTTPS 或本机地址下允许使用摄像头。请用扫码枪。', 'A browser gives the camera to HTTPS or this machine\'s own address only. Use a scanner.'));
    if (!('BarcodeDetector' in window)) return stop(say('这个浏览器不能识别二维码（没有 BarcodeDetector）。请用扫码枪，或换用安卓 Chrome。', 'This browser reads no codes (it has no BarcodeDetector). Use a scanner, or Chrome on Android.'));
    if (!navigator.mediaDevices) return stop(say('这台设备没有摄像头。', 'This device has no camera.'));
    try {
      const detector = new BarcodeDetector({formats: ['qr_code']});
      const stream = await navigator.mediaDevices.getUserMedia({video: {facingMode: 'environment'}});
      const video = el('video', {autoplay: true, playsinline: true, muted: true, class: 'camera'});
      video.srcObject = stream;
      await video.play();
      camera = {stream, video};
      cameraWords = '';
      draw();
      let same = '';
      let at = 0;
      while (camera) {
        const codes = await detector.detect(video).catch(() => []);
        const text = codes.length ? codes[0].rawValue : '';
        if (text && (text !== same || Date.now() - at > kSame_ms)) await redeem(text);
        if (text) { same = text; at = Date.now(); }
        await new Promise((done) => setTimeout(done, 150));
      }
    } catch (problem) {
      stopCamera();
      stop(say('摄像头不能使用：', 'The camera cannot be used: ') + problem.message);
    }
  }
  function stopCamera() {
    if (camera) for (const track of camera.stream.getTracks()) track.stop();
    camera = null;
    draw();
  }

  // ---------------------------------------------------------------- drawing

  function verdict() {
    if (busy) return el('section', {class: 'verdict wait'}, el('strong', {}, '…'));
    if (!last) return el('section', {class: 'verdict'}, el('strong', {}, say('请扫码', 'Scan a ticket')), el('p', {}, say('扫码枪对准二维码即可，无需点击。', 'A scanner needs no click; point it at the QR code.')));
    if (last.ok) return el('section', {class: 'verdict yes', role: 'status', 'data-code': last.code}, el('strong', {}, say('请入场', 'Let in')), el('p', {class: 'film-name'}, last.title), el('p', {}, last.more), last.alone ? el('p', {class: 'alone'}, say('离线：凭签名放入', 'Cut off: by its signature')) : null, el('p', {class: 'code'}, spaced(last.code)));
    return el('section', {class: 'verdict no', role: 'alert', 'data-problem': last.problem}, el('strong', {}, last.again ? say('未知，请再扫一次', 'Unknown: scan again') : say('不可入场', 'Do not let in')), el('p', {}, last.words), last.code ? el('p', {class: 'code'}, spaced(last.code)) : null);
  }

  function draw() {
    const id = document.activeElement && document.activeElement.id;
    const halls = venue.halls;
    root.replaceChildren(el('div', {class: 'door'}, verdict(),
      el('div', {class: 'door-side'},
         el('form', {class: 'panel', onsubmit: (e) => { e.preventDefault(); const input = document.getElementById('token'); const text = input.value; input.value = ''; redeem(text); }},
            el('label', {class: 'field'}, el('span', {}, say('二维码内容', 'Text of the QR code')), el('input', {type: 'text', id: 'token', autocomplete: 'off', spellcheck: 'false', placeholder: 'PMT1.…'})),
            el('label', {class: 'field'}, el('span', {}, say('头显号（可选，稍后也可在场内绑定）', 'Headset (optional; it can be bound inside as well)')), el('input', {type: 'text', id: 'headset', pattern: '[0-9]{1,5}', maxlength: 16, autocomplete: 'off', inputmode: 'numeric', value: headset, oninput: (e) => { headset = e.target.value.trim(); }})),
            halls.length > 1 ? el('label', {class: 'field'}, el('span', {}, say('影厅', 'Hall')), el('select', {id: 'hall', onchange: (e) => { hall = e.target.value; localStorage.setItem('promenade-hall', hall); }},
              halls.map((h) => { const o = el('option', {value: h.hall}, either(h, 'name')); o.selected = h.hall === hall; return o; }))) : el('p', {class: 'soft'}, say('影厅：', 'Hall: ') + either(halls[0], 'name')),
            el('label', {class: 'field'}, el('span', {}, say('检票口（离线检票用）', 'Gate (to let in while cut off)')), el('select', {id: 'gate', onchange: (e) => claimGate(Number(e.target.value), false)},
              [0, ...Array.from({length: venue.gates}, (_, i) => i + 1)].map((n) => { const o = el('option', {value: n}, n === 0 ? say('未设', 'none') : say(n + ' 号', 'Gate ' + n)); o.selected = n === gate; return o; }))),
            gateProblem ? el('div', {class: 'message gate-problem', id: 'gate-problem', role: 'alert', 'data-code': gateProblem.code}, el('b', {}, say(gateProblem.wanted + ' 号检票口未设定', 'This device is not gate ' + gateProblem.wanted)), gateProblem.words,
              gateProblem.code === 'gate-taken' ? el('p', {class: 'actions'}, el('button', {type: 'button', id: 'take-gate', onclick: () => claimGate(gateProblem.wanted, true)}, say('那台设备已停用，由本机接管', 'That device is out of use: take over'))) : null) : null,
            el('p', {class: 'actions'}, el('button', {class: 'primary', type: 'submit', disabled: busy}, say('检票', 'Redeem')),
               camera ? el('button', {type: 'button', id: 'camera', onclick: stopCamera}, say('关闭摄像头', 'Camera off')) : el('button', {type: 'button', id: 'camera', onclick: startCamera}, say('用摄像头', 'Use the camera')))),
         cut_off || OfflineDoor.waiting() > 0 ? el('p', {class: 'message notice', id: 'cut-off', role: 'status'}, cut_off ? say('连不上票房系统。', 'The box office cannot be reached. ') : '', OfflineDoor.waiting() > 0 ? say(OfflineDoor.waiting() + ' 张票待上报。', OfflineDoor.waiting() + (OfflineDoor.waiting() === 1 ? ' ticket' : ' tickets') + ' to be told.') : '') : null,
         cameraWords ? el('p', {class: 'message notice', id: 'camera-words', role: 'status'}, cameraWords) : null,
         camera ? camera.video : null,
         seen.length ? el('ol', {class: 'facts'}, seen.map((s) => el('li', {}, el('span', {}, time(s.at)), el('div', {}, el('span', {class: 'tag ' + (s.ok ? 'good' : 'bad')}, s.ok ? say('入场', 'in') : say('拒绝', 'no')), ' ', s.ok ? s.title : s.words)))) : null)));
    if (camera && camera.video.paused) camera.video.play();
    const again = document.getElementById(id) || document.getElementById('token');
    again.focus();
  }

  watchScanner(redeem);
  (async () => {
    try {
      venue = await get('/v1/venue');
      films = (await get('/v1/films')).films;
    } catch (problem) {
      if (!problem.code) throw problem;
      return root.replaceChildren(message(problem));
    }
    setZone(venue.time_zone);
    const kept = localStorage.getItem('promenade-hall');
    const number = Number(localStorage.getItem('promenade-gate'));
    gate = number >= 1 && number <= venue.gates ? number : 0;
    hall = venue.halls.some((h) => h.hall === kept) ? kept : venue.halls[0].hall;
    draw();
    if (gate) claimGate(gate, false, true);
    setInterval(() => { if (gate && !busy && !cut_off) claimGate(gate, false, true); }, kGate_ms);
    setInterval(async () => {
      if (busy || (OfflineDoor.waiting() === 0 && !cut_off)) return;
      const before = OfflineDoor.waiting();
      const wrong = await OfflineDoor.tell();
      if (before === 0) cut_off = await get('/healthz').then(() => false, () => true);
      else if (OfflineDoor.waiting() < before) cut_off = false;
      for (const one of wrong) seen = [{ok: false, words: one.words, code: one.code, at: now()}, ...seen].slice(0, kShown);
      if (OfflineDoor.waiting() !== before || !cut_off) draw();
    }, kTell_ms);
  })();
})();
