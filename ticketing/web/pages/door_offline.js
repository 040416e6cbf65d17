// The door while the box office cannot be reached: a ticket is let in by its signature, each once, and only by the gate that it
// is for, so that no two gates let in the same one. What was let in is kept in the browser, and told when the box office
// answers again. Without a gate number of its own, or without a browser that checks Ed25519, a door lets nobody in so.
'use strict';

const OfflineDoor = (() => {
  const {post, newKey, stamp, now, say} = Promenade;
  const kUsed = 'promenade-door-used';    // code -> end of the ticket's time, ms
  const kQueue = 'promenade-door-queue';  // what the box office has yet to be told
  const read = (name, empty) => JSON.parse(localStorage.getItem(name) || empty);
  const write = (name, value) => localStorage.setItem(name, JSON.stringify(value));
  const bytesOf = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));
  const digits = (number, size) => number.toString().padStart(size, '0');
  const gateOf = (code, gates) => Number(BigInt(code) % BigInt(gates)) + 1;

  // As ticketing/core/ticket.cpp writes it.
  function parse(token) {
    const match = /^PMT1\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)$/.exec(token);
    if (!match) return null;
    try {
      const payload = bytesOf(match[1]);
      const view = new DataView(payload.buffer);
      const text = (at) => new TextDecoder().decode(payload.subarray(at + 2, at + 2 + view.getUint16(at, true)));
      const venue = text(1);
      let at = 3 + view.getUint16(1, true);
      const next = (size) => { const value = view.getBigUint64(at, true); at += 8; return digits(value, size); };
      const ticket = {payload, signature: bytesOf(match[2]), venue, code: next(16), film: next(12), lane: next(16), screening: next(16)};
      ticket.slot = view.getUint16(at, true);
      ticket.from_ms = Number(view.getBigInt64(at + 6, true)) * 1000;
      ticket.until_ms = Number(view.getBigInt64(at + 14, true)) * 1000;
      return ticket;
    } catch {
      return null;
    }
  }

  async function signed(ticket, keys) {
    const domain = new TextEncoder().encode('promenade-ticket-1\0');
    const message = new Uint8Array(domain.length + ticket.payload.length);
    message.set(domain);
    message.set(ticket.payload, domain.length);
    for (const key of keys) {
      const raw = Uint8Array.from(key.match(/../g), (pair) => parseInt(pair, 16));
      const imported = await crypto.subtle.importKey('raw', raw, {name: 'Ed25519'}, false, ['verify']);
      if (await crypto.subtle.verify('Ed25519', imported, ticket.signature, message)) return true;
    }
    return false;
  }

  const no = (problem, words) => ({ok: false, problem, words});

  // Whether to let TOKEN in; ASKED are the requests that the box office did not answer, the last one of now. Kept before
  // anybody is let in.
  async function admit(token, asked, venue, gate) {
    const request = asked[asked.length - 1];
    if (!gate) return no('no-gate', say('连不上票房系统，此设备未设检票口，不能离线检票。', 'The box office cannot be reached, and this device is no gate: it lets nobody in on its own.'));
    if (!window.isSecureContext || !crypto.subtle) return no('no-crypto', say('连不上票房系统，且本页不是 HTTPS，不能核对签名。', 'The box office cannot be reached, and without HTTPS this page cannot check signatures.'));
    const ticket = parse(token);
    if (!ticket) return no('ticket-malformed', say('这不是本系统的影票。', 'This is not a ticket of this system.'));
    try {
      if (ticket.venue !== venue.venue || !(await signed(ticket, venue.ticket_keys))) return no('ticket-forged', say('签名不符，不可入场。', 'The signature is not this venue\'s.'));
    } catch {
      return no('no-crypto', say('这个浏览器不能核对签名（没有 Ed25519）。', 'This browser cannot check signatures (it has no Ed25519).'));
    }
    const mine = gateOf(ticket.code, venue.gates);
    if (mine !== gate) return no('ticket-other-gate', say('此票属于 ' + mine + ' 号检票口。', 'The ticket is for gate ' + mine + '.'));
    const lane = venue.lanes.find((one) => one.lane === ticket.lane);
    if (!lane || lane.hall !== request.hall) return no('ticket-other-hall', say('此票属于另一影厅。', 'The ticket is for another hall.'));
    if (now() < ticket.from_ms) return no('ticket-not-yet-valid', say('还没到此票的入场时间。', 'The ticket\'s time has not come.'));
    if (now() >= ticket.until_ms) return no('ticket-expired', say('此票的入场时间已过。', 'The ticket\'s time is over.'));
    const used = read(kUsed, '{}');
    if (used[ticket.code]) return no('ticket-already-redeemed', say('此票在本检票口已用过。', 'The ticket has been used at this gate.'));
    noteUsed(ticket.code, ticket.until_ms);
    write(kQueue, [...read(kQueue, '[]'), {asked, late: {...request, idempotency_key: newKey(), device_ts: stamp(), offline: true}}]);
    return {ok: true, ticket};
  }

  // Also what the box office redeemed at this gate, so that it is known when it cannot be reached any more.
  function noteUsed(code, until_ms) {
    const used = read(kUsed, '{}');
    for (const [old, end] of Object.entries(used)) if (end < now() - 3600e3) delete used[old];
    used[code] = until_ms;
    write(kUsed, used);
  }

  const kLater = ['unreachable', 'busy', 'stopping', 'rate-limited', 'disk-full', 'ledger-write-failed'];
  async function unlessRefused(request) {
    try {
      return await post('/v1/redemptions', request);
    } catch (problem) {
      if (!problem.code || kLater.includes(problem.code)) throw problem;
      return null;
    }
  }

  let telling = false;
  // Tells what is kept, in order; gives what the box office found wrong with it. The requests that it did not answer go first: one
  // may have been booked all the same, and asked again it is the same.
  async function tell() {
    const wrong = [];
    if (telling) return wrong;
    telling = true;
    try {
      for (let queue = read(kQueue, '[]'); queue.length > 0; queue = read(kQueue, '[]')) {
        const {asked, late} = queue[0];
        let answer = null;
        for (const request of asked) answer = answer || (await unlessRefused(request));
        if (!answer) {
          try {
            answer = await post('/v1/redemptions', late);
            if (answer.conflict) wrong.push({code: answer.ticket, words: say('离线放入的票已在别处使用。', 'Let in while cut off, and used elsewhere.')});
          } catch (problem) {
            if (!problem.code || kLater.includes(problem.code)) throw problem;
            wrong.push({code: '', words: problem.message});
          }
        }
        write(kQueue, read(kQueue, '[]').slice(1));
      }
    } catch (problem) {
      if (!problem.code) throw problem;
    } finally {
      telling = false;
    }
    return wrong;
  }

  return {admit, tell, noteUsed, parse, waiting: () => read(kQueue, '[]').length,
          isWaiting: (code) => code !== '' && read(kQueue, '[]').some((one) => parse(one.late.token).code === code)};
})();
