/* Makes and signs a party's acts in the browser. A key or nonce is read from a file into this tab and goes nowhere: what
   is sent is the signed act alone, which for a reveal contains the nonce, and for a commitment only its hash.
   Each form is a row of stages: one question, one button at a time. */
(function () {
  'use strict';
  const crypto = window.mingchouCrypto, words = document.getElementById('words');
  if (!crypto || !words) return;

  const said = {};
  words.querySelectorAll('[data-word]').forEach(item => { said[item.getAttribute('data-word')] = item.textContent; });

  /** A sentence with its values. */
  function say(code, values) {
    return (said[code] || code).replace(/\{(\w+)\}/g, (whole, name) => values && name in values ? values[name] : whole);
  }

  function partyName(code) { return said['party_' + code] || code; }

  /** What a person has to be told, as opposed to a fault of the script. */
  class Wrong extends Error {}
  function wrong(code, values) { throw new Wrong(say(code, values)); }

  // ---- Files

  function read(file) {
    return new Promise((done, failed) => {
      const reader = new FileReader();
      reader.onload = () => done(reader.result);
      reader.onerror = () => failed(new Wrong(say('js_failed', { value: file.name })));
      reader.readAsText(file);
    });
  }

  function download(name, text) {
    const link = document.createElement('a'), url = URL.createObjectURL(new Blob([text], { type: 'application/octet-stream' }));
    link.href = url;
    link.download = name;
    document.body.appendChild(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(url), 60000);
  }

  function secretOf(text, code) { return crypto.fromHex(text.trim(), 32) || wrong(code); }

  /** A hash in groups of four, so that it can be compared by eye. */
  function grouped(hex) { return hex.match(/.{4}/g).join(' '); }

  // ---- Acts

  /** The draw as the slip names it, without what a plan has besides. */
  function drawOf() {
    const slip = JSON.parse(words.getAttribute('data-slip'));
    return { slip, draw: { attempt: slip.attempt, draw: slip.draw, period: slip.period, plan: slip.plan } };
  }

  function ofDraw(kind, more) { return crypto.canonical(Object.assign({ kind }, drawOf().draw, more)); }

  function keyAct(form, state) {
    const value = crypto.toHex(crypto.publicKey(state.newKey)), party = form.party;
    return { record: crypto.canonical({ kind: 'key', party, value }), says: [say('sign_key', { party: partyName(party), value })] };
  }

  function commitmentAct(form, state) {
    const party = form.party;
    return { record: ofDraw('commitment', { party, value: state.commitment }), says: [say('sign_commitment', { party: partyName(party), value: state.commitment })] };
  }

  function hiding(text, make) {
    const salt = crypto.random();
    return { record: make(crypto.toHex(crypto.seal(salt, text))), opening: { salt: crypto.toHex(salt), text } };
  }

  function revealAct(party, from, nonce, expected) {
    const hex = crypto.toHex(nonce), found = crypto.toHex(crypto.commitment(crypto.fromHex(drawOf().draw.plan, 32), party, nonce));
    if (found !== expected) wrong('js_nonce_other', { value: expected, found });
    const act = hiding(hex, sealed => ofDraw('reveal', { party, from, sealed }));
    act.says = [say(party === from ? 'sign_reveal' : 'sign_envelope', { party: partyName(party), owner: partyName(from) })];
    return act;
  }

  /** Numbers of a lottery as the protocol writes them, from however they were typed; null where they don't fit. */
  function numbers(text, count, highest) {
    const found = (text.match(/\d+/g) || []).map(Number).sort((a, b) => a - b);
    const fits = found.length === count && found.every((n, i) => n >= 1 && n <= highest && (i === 0 || n > found[i - 1]));
    return fits ? found.map(n => (n < 10 ? '0' : '') + n).join(' ') : null;
  }

  function two(text, first, second) {
    const parts = text.split(/[+＋|]/);
    if (parts.length !== 2) return null;
    const one = numbers(parts[0], first[0], first[1]), other = numbers(parts[1], second[0], second[1]);
    return one === null || other === null ? null : one + '+' + other;
  }

  function lotteryText(source, text) {
    const plain = text.replace(/[０-９]/g, digit => String.fromCharCode(digit.charCodeAt(0) - 0xFEE0)).trim();
    switch (source) {
      case 'kl8': return numbers(plain, 20, 80);
      case 'ssq': return two(plain, [6, 33], [1, 16]);
      case 'dlt': return two(plain, [5, 35], [2, 12]);
      case 'dice': { const digits = plain.replace(/\s/g, ''); return /^\d{39,400}$/.test(digits) ? digits : null; }
      case 'drand': { const hex = plain.toLowerCase().replace(/\s/g, ''); return /^[0-9a-f]{96}$/.test(hex) ? hex : null; }
      default: return null;
    }
  }

  function entropyAct(input) {
    const source = input.getAttribute('data-source'), value = lotteryText(source, input.value);
    if (value === null) wrong('js_value_bad', { value: input.value });
    const text = source + '/' + input.getAttribute('data-draw') + '/' + value;
    return { record: ofDraw('entropy', { text }), says: [say('sign_entropy', { value: text })] };
  }

  function voidAct(input) {
    const reason = input.value.trim();
    if (!/^[\u0020-\u007e\u00b7\u2014\u2018\u2019\u201c\u201d\u2026\u3001-\u3029\u3400-\u4dbf\u4e00-\u9fff\uff01-\uff5e]{1,200}$/.test(reason)) wrong('js_reason_bad');
    return { record: ofDraw('void', { reason }), says: [say('sign_void', { reason })] };
  }

  /** An act that somebody else made: what it hides must be what its hash says. */
  function readAct(text) {
    let file;
    try { file = JSON.parse(text); } catch (error) { wrong('js_act_bad'); }
    const record = file && typeof file.act === 'string' ? file.act : wrong('js_act_bad');
    let act;
    try { act = JSON.parse(record); } catch (error) { wrong('js_act_bad'); }
    if (crypto.canonical(act) !== record || typeof act.kind !== 'string') wrong('js_act_bad');
    const opening = file.opening || null;
    if ((typeof act.sealed === 'string') !== (opening !== null)) wrong('js_act_bad');
    if (opening) {
      const salt = crypto.fromHex(String(opening.salt), 32);
      if (salt === null || crypto.toHex(crypto.seal(salt, String(opening.text))) !== act.sealed) wrong('js_act_bad');
    }
    return { record, opening, act };
  }

  /** An act out of a file, shown as it stands: record and what it hides. */
  function fileAct(text) {
    const { record, opening } = readAct(text);
    return { record, opening, says: [record].concat(opening ? [opening.text] : []), isRaw: true };
  }

  // ---- A form and its stages

  class Form {
    constructor(element) {
      this.element = element;
      this.kind = element.getAttribute('data-kind');
      this.party = element.getAttribute('data-party');
      this.key = element.getAttribute('data-key');
      this.stages = Array.from(element.querySelectorAll('.stage'));
      this.state = {};
      element.hidden = false;
      element.addEventListener('change', event => this.run(() => this.changed(event.target)));
      element.addEventListener('click', event => {
        const button = event.target.closest('[data-do]');
        if (button) this.run(() => this.pressed(button.getAttribute('data-do')));
      });
      element.addEventListener('keydown', event => {
        // Enter goes on to the next stage; only the last one hands in.
        if (event.key !== 'Enter' || event.target.tagName !== 'INPUT' || this.at.getAttribute('data-stage') === 'sign') return;
        event.preventDefault();
        if (event.target.hasAttribute('data-value')) this.run(() => this.pressed('next'));
      });
      element.addEventListener('submit', event => this.submit(event));
      this.show(0);
    }

    show(index) {
      this.at = this.stages[index];
      this.stages.forEach(stage => { stage.hidden = stage !== this.at; });
      this.complain('');
      this.tick();
      const first = this.at.querySelector('.says, input, textarea, button');
      // The page as it opens keeps its focus; afterwards it follows the stages.
      if (index > 0 && first) first.focus();
    }

    next() { this.show(this.stages.indexOf(this.at) + 1); }

    complain(text) {
      const place = this.element.querySelector('.says-wrong');
      place.textContent = text;
      place.hidden = text === '';
    }

    run(work) {
      Promise.resolve().then(work).catch(error => {
        this.complain(error instanceof Wrong ? error.message : say('js_failed', { value: String(error) }));
      });
    }

    /** A button waits for the boxes before it. */
    tick() {
      const boxes = Array.from(this.at.querySelectorAll('[data-needed]')), button = this.at.querySelector('[data-do="next"]');
      if (button) button.disabled = !boxes.every(box => box.checked);
    }

    async changed(target) {
      this.complain('');
      this.tick();
      const what = target.getAttribute('data-file');
      if (!what || target.files.length === 0) return;
      const text = await read(target.files[0]);
      if (what === 'key') this.takeKey(text);
      if (what === 'nonce') this.sign(revealAct(this.party, this.party, secretOf(text, 'js_nonce_bad'), words.getAttribute('data-commitment')));
      if (what === 'act') this.sign(fileAct(text));
    }

    takeKey(text) {
      const key = secretOf(text, 'js_key_bad'), value = crypto.toHex(crypto.publicKey(key));
      if (value !== this.key) wrong('js_key_other', { value });
      this.state.key = key;
      if (this.kind === 'cosign') this.sign(this.cosigned()); else this.next();
    }

    cosigned() {
      const { record, opening } = readAct(this.element.querySelector('[data-act]').value);
      // Its sentences stand above the form already.
      return { record, opening, says: [] };
    }

    pressed(what) {
      this.complain('');
      switch (what) {
        case 'makekey': return this.makeKey();
        case 'makenonce': return this.makeNonce();
        case 'again': return download(this.state.file[0], this.state.file[1]);
        case 'print': return window.print();
        case 'next': return this.sign(this.made());
      }
    }

    /** What the stage before the last has made ready. */
    made() {
      const input = this.at.querySelector('[data-value]');
      switch (this.kind) {
        case 'key': case 'rekey': return keyAct(this, this.state);
        case 'commitment': return commitmentAct(this, this.state);
        case 'entropy': return entropyAct(input);
        case 'void': return voidAct(input);
        default: return this.envelope(input);
      }
    }

    envelope(input) {
      const other = this.element.querySelector('[data-other]'), nonce = secretOf(input.value.replace(/\s/g, '').toLowerCase(), 'js_nonce_bad');
      return revealAct(other.getAttribute('data-other'), this.party, nonce, other.getAttribute('data-commitment'));
    }

    save(name, secret, code) {
      this.state.file = [name, crypto.toHex(secret) + '\n'];
      download(name, this.state.file[1]);
      this.next();
      this.at.querySelector('.saved').textContent = say(code, { file: name });
    }

    makeKey() {
      this.state.newKey = crypto.random();
      if (this.kind === 'key') this.state.key = this.state.newKey;
      const now = new Date(), day = now.getFullYear() * 10000 + (now.getMonth() + 1) * 100 + now.getDate();
      this.save(this.party + (this.kind === 'rekey' ? '-' + day : '') + '.key', this.state.newKey, 'js_key_save');
    }

    makeNonce() {
      const dice = this.element.querySelector('[data-dice]').value.replace(/\s/g, ''), isOnly = this.element.querySelector('[data-dice-only]').checked;
      const wanted = dice === '' ? 0 : crypto.throwsWanted(dice);
      if (wanted > 0 || isOnly && dice === '') wrong('js_dice_short', { value: wanted || 78 });
      const plan = drawOf().draw.plan, nonce = crypto.makeNonce(dice, isOnly, crypto.random());
      this.state.commitment = crypto.toHex(crypto.commitment(crypto.fromHex(plan, 32), this.party, nonce));
      const fill = (name, hex) => { document.querySelector('[data-sheet="' + name + '"]').textContent = grouped(hex); };
      fill('plan', plan);
      fill('commitment', this.state.commitment);
      fill('nonce', crypto.toHex(nonce));
      document.body.classList.add('has-sheet');
      this.element.querySelector('[data-plan]').textContent = grouped(plan);
      this.save(words.getAttribute('data-file') + '.nonce', nonce, 'js_nonce_save');
    }

    /** The last stage: what is signed, in words. */
    sign(act) {
      this.state.act = act;
      const place = this.element.querySelector('.says');
      place.textContent = '';
      act.says.forEach(sentence => {
        const line = document.createElement('p');
        line.textContent = sentence;
        if (act.isRaw) line.className = 'mono';
        place.appendChild(line);
      });
      this.show(this.stages.length - 1);
    }

    submit(event) {
      const { act, key } = this.state;
      if (!act || !key || this.at.getAttribute('data-stage') !== 'sign') return event.preventDefault();
      document.body.classList.remove('has-sheet');
      this.element.querySelector('[name="act"]').value = crypto.signed(act.record, act.opening || null, this.party, key);
    }
  }

  const forms = Array.from(document.querySelectorAll('form.sign'));
  if (crypto.check()) {
    forms.forEach(form => new Form(form));
  } else if (forms.length > 0) {
    const text = document.createElement('p');
    text.className = 'refusal';
    text.setAttribute('role', 'alert');
    text.textContent = say('js_broken');
    forms[0].parentNode.insertBefore(text, forms[0]);
  }
}());
