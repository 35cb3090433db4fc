/* Hashes, signatures and records of the protocol, in plain script: an office's intranet has no TLS, so the browser's own
   crypto.subtle isn't there. Every function is held against published vectors before the page may use it (`check`).
   Keys and nonces stay in this tab: nothing here sends anything. */
(function (root) {
  'use strict';

  // ---- Bytes

  function toHex(bytes) {
    let text = '';
    for (const byte of bytes) text += (byte < 16 ? '0' : '') + byte.toString(16);
    return text;
  }

  /** Exactly `length` bytes in lower-case hexadecimal, or null. */
  function fromHex(text, length) {
    if (text.length !== 2 * length || !/^[0-9a-f]*$/.test(text)) return null;
    const bytes = new Uint8Array(length);
    for (let i = 0; i < length; i++) bytes[i] = parseInt(text.slice(2 * i, 2 * i + 2), 16);
    return bytes;
  }

  function join(parts) {
    const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) { bytes.set(part, at); at += part.length; }
    return bytes;
  }

  function utf8(text) { return new TextEncoder().encode(text); }

  /** The length of a part in four bytes, then the part. */
  function lp(part) {
    const n = part.length;
    return join([Uint8Array.of(n >>> 24, n >>> 16 & 255, n >>> 8 & 255, n & 255), part]);
  }

  // ---- SHA-2: the constants are the first bits of the roots of primes

  function primes(count) {
    const found = [];
    for (let n = 2; found.length < count; n++) if (found.every(p => n % p !== 0)) found.push(n);
    return found;
  }

  /** The first 64 bits of the fraction of the `degree`-th root of n. */
  function rootBits(n, degree) {
    const target = BigInt(n) << BigInt(64 * degree);
    let low = 0n, high = 1n << 70n;
    while (high - low > 1n) {
      const middle = (low + high) >> 1n;
      let power = middle;
      for (let i = 1; i < degree; i++) power *= middle;
      if (power <= target) low = middle; else high = middle;
    }
    return BigInt.asUintN(64, low);
  }

  const K512 = primes(80).map(p => rootBits(p, 3));
  const H512 = primes(8).map(p => rootBits(p, 2));
  const K256 = K512.slice(0, 64).map(k => Number(k >> 32n));
  const H256 = H512.map(h => Number(h >> 32n));

  /** The message with a one bit, zeros and its length in bits, in whole blocks. */
  function padded(message, block, lengthBytes) {
    const blocks = Math.ceil((message.length + 1 + lengthBytes) / block);
    const bytes = new Uint8Array(blocks * block);
    bytes.set(message);
    bytes[message.length] = 0x80;
    let bits = message.length * 8;
    for (let at = bytes.length - 1; bits > 0; at--) { bytes[at] = bits % 256; bits = Math.floor(bits / 256); }
    return bytes;
  }

  function sha256(message) {
    const bytes = padded(message, 64, 8), h = H256.slice(), w = new Int32Array(64);
    const turn = (x, n) => x >>> n | x << (32 - n);
    for (let from = 0; from < bytes.length; from += 64) {
      for (let i = 0; i < 16; i++) {
        const at = from + 4 * i;
        w[i] = bytes[at] << 24 | bytes[at + 1] << 16 | bytes[at + 2] << 8 | bytes[at + 3];
      }
      for (let i = 16; i < 64; i++) {
        const a = w[i - 15], b = w[i - 2];
        w[i] = w[i - 16] + (turn(a, 7) ^ turn(a, 18) ^ a >>> 3) + w[i - 7] + (turn(b, 17) ^ turn(b, 19) ^ b >>> 10) | 0;
      }
      let [a, b, c, d, e, f, g, k] = h;
      for (let i = 0; i < 64; i++) {
        const one = k + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + (e & f ^ ~e & g) + K256[i] + w[i] | 0;
        const two = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + (a & b ^ a & c ^ b & c) | 0;
        k = g; g = f; f = e; e = d + one | 0; d = c; c = b; b = a; a = one + two | 0;
      }
      [a, b, c, d, e, f, g, k].forEach((value, i) => { h[i] = h[i] + value | 0; });
    }
    const out = new Uint8Array(32);
    h.forEach((value, i) => { for (let j = 0; j < 4; j++) out[4 * i + j] = value >>> (24 - 8 * j) & 255; });
    return out;
  }

  function sha512(message) {
    const bytes = padded(message, 128, 16), h = H512.slice(), w = new Array(80);
    const cut = x => BigInt.asUintN(64, x), turn = (x, n) => cut(x >> n | x << (64n - n));
    for (let from = 0; from < bytes.length; from += 128) {
      for (let i = 0; i < 16; i++) {
        let word = 0n;
        for (let j = 0; j < 8; j++) word = word << 8n | BigInt(bytes[from + 8 * i + j]);
        w[i] = word;
      }
      for (let i = 16; i < 80; i++) {
        const a = w[i - 15], b = w[i - 2];
        w[i] = cut(w[i - 16] + (turn(a, 1n) ^ turn(a, 8n) ^ a >> 7n) + w[i - 7] + (turn(b, 19n) ^ turn(b, 61n) ^ b >> 6n));
      }
      let [a, b, c, d, e, f, g, k] = h;
      for (let i = 0; i < 80; i++) {
        const one = k + (turn(e, 14n) ^ turn(e, 18n) ^ turn(e, 41n)) + (e & f ^ cut(~e) & g) + K512[i] + w[i];
        const two = (turn(a, 28n) ^ turn(a, 34n) ^ turn(a, 39n)) + (a & b ^ a & c ^ b & c);
        k = g; g = f; f = e; e = cut(d + one); d = c; c = b; b = a; a = cut(one + two);
      }
      [a, b, c, d, e, f, g, k].forEach((value, i) => { h[i] = cut(h[i] + value); });
    }
    const out = new Uint8Array(64);
    h.forEach((value, i) => { for (let j = 0; j < 8; j++) out[8 * i + j] = Number(value >> BigInt(56 - 8 * j) & 255n); });
    return out;
  }

  // ---- Ed25519 (RFC 8032), points in extended coordinates

  const P = (1n << 255n) - 19n;
  const L = (1n << 252n) + 27742317777372353535851937790883648493n;

  function mod(x, m) { const r = x % m; return r < 0n ? r + m : r; }

  function power(base, exponent) {
    let result = 1n, b = mod(base, P);
    for (let e = exponent; e > 0n; e >>= 1n) {
      if (e & 1n) result = result * b % P;
      b = b * b % P;
    }
    return result;
  }

  const D = mod(-121665n * power(121666n, P - 2n), P);
  const ROOT = power(2n, (P - 1n) / 4n);
  const NEUTRAL = [0n, 1n, 1n, 0n];

  function add([x1, y1, z1, t1], [x2, y2, z2, t2]) {
    const a = mod((y1 - x1) * (y2 - x2), P), b = (y1 + x1) * (y2 + x2) % P, c = 2n * t1 * t2 % P * D % P, d = 2n * z1 * z2 % P;
    const e = b - a, f = d - c, g = d + c, h = b + a;
    return [mod(e * f, P), mod(g * h, P), mod(f * g, P), mod(e * h, P)];
  }

  function times(point, scalar) {
    let result = NEUTRAL, doubled = point;
    for (let s = scalar; s > 0n; s >>= 1n) {
      if (s & 1n) result = add(result, doubled);
      doubled = add(doubled, doubled);
    }
    return result;
  }

  function same([x1, y1, z1], [x2, y2, z2]) { return mod(x1 * z2 - x2 * z1, P) === 0n && mod(y1 * z2 - y2 * z1, P) === 0n; }

  /** x of a point with that y, even or odd; null where there is none. */
  function xOf(y, odd) {
    const u = mod(y * y - 1n, P), v = mod(D * y % P * y + 1n, P);
    let x = u * power(v, 3n) % P * power(u * power(v, 7n) % P, (P - 5n) / 8n) % P;
    const square = v * x % P * x % P;
    if (square === mod(-u, P)) x = x * ROOT % P; else if (square !== u) return null;
    if (x === 0n && odd) return null;
    return (x & 1n) === (odd ? 1n : 0n) ? x : P - x;
  }

  const BASE_Y = 4n * power(5n, P - 2n) % P;
  const BASE_X = xOf(BASE_Y, false);
  const BASE = [BASE_X, BASE_Y, 1n, BASE_X * BASE_Y % P];

  function fromLittle(bytes) {
    let n = 0n;
    for (let i = bytes.length - 1; i >= 0; i--) n = n << 8n | BigInt(bytes[i]);
    return n;
  }

  function toLittle(n) {
    const bytes = new Uint8Array(32);
    for (let i = 0; i < 32; i++) { bytes[i] = Number(n & 255n); n >>= 8n; }
    return bytes;
  }

  function encode([x, y, z]) {
    const inverse = power(z, P - 2n), bytes = toLittle(y * inverse % P);
    if (x * inverse % P & 1n) bytes[31] |= 0x80;
    return bytes;
  }

  /** A point in its one encoding, not of small order; else null. */
  function decode(bytes) {
    const plain = bytes.slice();
    plain[31] &= 0x7F;
    const y = fromLittle(plain);
    const x = y < P ? xOf(y, (bytes[31] & 0x80) !== 0) : null;
    if (x === null) return null;
    const point = [x, y, 1n, x * y % P];
    return same(times(point, 8n), NEUTRAL) ? null : point;
  }

  function expand(secret) {
    const hash = sha512(secret), scalar = hash.slice(0, 32);
    scalar[0] &= 248; scalar[31] &= 127; scalar[31] |= 64;
    return { scalar: fromLittle(scalar), prefix: hash.slice(32) };
  }

  function publicKey(secret) { return encode(times(BASE, expand(secret).scalar)); }

  function sign(secret, message) {
    const { scalar, prefix } = expand(secret), key = encode(times(BASE, scalar));
    const r = mod(fromLittle(sha512(join([prefix, message]))), L), point = encode(times(BASE, r));
    const k = mod(fromLittle(sha512(join([point, key, message]))), L);
    return join([point, toLittle(mod(r + k * scalar, L))]);
  }

  function verify(key, message, signature) {
    const a = decode(key), r = decode(signature.slice(0, 32)), s = fromLittle(signature.slice(32));
    if (a === null || r === null || s >= L) return false;
    const k = mod(fromLittle(sha512(join([signature.slice(0, 32), key, message]))), L);
    return same(times(BASE, s), add(r, times(a, k)));
  }

  // ---- Records

  /** RFC 8785 for what records hold: strings, whole numbers, true, false, null, lists, objects with ASCII keys. */
  function canonical(value) {
    if (value === null || typeof value === 'boolean') return String(value);
    if (typeof value === 'number') {
      if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw new Error('number');
      return String(value);
    }
    if (typeof value === 'string') {
      if (/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?:[^\uD800-\uDBFF]|^)[\uDC00-\uDFFF]/.test(value)) throw new Error('text');
      return JSON.stringify(value);
    }
    if (Array.isArray(value)) return '[' + value.map(canonical).join(',') + ']';
    return '{' + Object.keys(value).sort().map(key => JSON.stringify(key) + ':' + canonical(value[key])).join(',') + '}';
  }

  /** H(tag, parts…): the protocol's hash. */
  function tagged(tag, parts) { return sha256(join([utf8('mingchou/1/' + tag + '\n')].concat(parts))); }

  function commitment(plan, party, nonce) { return tagged('commit', [plan, lp(utf8(party)), nonce]); }

  function seal(salt, text) { return tagged('sealed', [salt, lp(utf8(text))]); }

  function random() { return root.crypto.getRandomValues(new Uint8Array(32)); }

  /** How many throws are wanted where these are too few or no digits; 0 where they do. */
  function throwsWanted(dice) {
    const wanted = /^[1-6]*$/.test(dice) ? 100 : 78;
    return dice.length < wanted || !/^[0-9]+$/.test(dice) ? wanted : 0;
  }

  /** A nonce: random, or random mixed with throws of dice, or of dice alone. */
  function makeNonce(dice, isDiceOnly, own) {
    if (dice === '') return own;
    return tagged(isDiceOnly ? 'dice nonce' : 'mixed nonce', (isDiceOnly ? [] : [own]).concat([lp(utf8(dice))]));
  }

  /** What is signed of an act. */
  function message(record) { return utf8('mingchou/1/act\n' + record); }

  /** An act's file, as `mingchou sign` writes it. */
  function actFile(record, opening, signatures) {
    const sorted = {};
    Object.keys(signatures).sort().forEach(party => { sorted[party] = signatures[party]; });
    const hidden = opening === null ? null : { salt: opening.salt, text: opening.text };
    return JSON.stringify({ act: record, opening: hidden, signatures: sorted }, null, 2) + '\n';
  }

  /** Signs a record for a party; signatures that are there stay. */
  function signed(record, opening, party, secret, signatures) {
    const all = Object.assign({}, signatures || {});
    all[party] = toHex(sign(secret, message(record)));
    return actFile(record, opening, all);
  }

  // ---- The vectors, at every load

  /** Whether this browser computes what the standards say. */
  function check() {
    const abc = utf8('abc');
    const long = utf8('abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu');
    const is = (bytes, hex) => toHex(bytes) === hex;
    // FIPS 180-4 / RFC 6234.
    const hashes = is(sha256(abc), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
      && is(sha256(long), 'cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1')
      && is(sha512(abc), 'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f')
      && is(sha512(long), '8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018501d289e4900f7e4331b99dec4b5433ac7d329eeb6dd26545e96e55b874be909');
    // RFC 8032, 7.1, tests 1 and 3.
    const vectors = [
      ['9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a', '',
        'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b'],
      ['c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7', 'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025', 'af82',
        '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a'],
    ];
    return hashes && vectors.every(([secret, key, text, signature]) => {
      const s = fromHex(secret, 32), m = fromHex(text, text.length / 2), k = fromHex(key, 32), made = sign(s, m);
      const other = made.slice();
      other[40] ^= 1;
      return is(publicKey(s), key) && is(made, signature) && verify(k, m, made) && !verify(k, m, other);
    });
  }

  const all = {
    toHex, fromHex, utf8, lp, sha256, sha512, publicKey, sign, verify, canonical, tagged, commitment, seal, random, throwsWanted, makeNonce,
    message, actFile, signed, check,
  };
  if (typeof module !== 'undefined' && module.exports) module.exports = all; else root.mingchouCrypto = all;
}(typeof self !== 'undefined' ? self : this));
