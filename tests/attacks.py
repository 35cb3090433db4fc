#!/usr/bin/env python3
"""Honest logs with keys of their own, and attacks on them, each sealed again as an attacker would.

Written by the author of notebooks/verify_draw.py, with that program's primitives, from docs/PROTOCOL.md alone.
`attacks.py OUT` writes every case to OUT/<number>/b<n>/… with its keys file, and OUT/cases.json: name, the rules that
may refuse it (none for an honest one), the number of witnesses asked for. tests/verifiers.rs puts them to all three.
"""
import base64, copy, datetime, hashlib, json, os, pathlib, struct, sys, tempfile, zlib
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "notebooks"))
import verify_draw as v

# ------------------------------------------------------------- signer
def mul(s, p):
    t = v.NEUTRAL
    while s:
        if s & 1: t = v.point_add(t, p)
        p = v.point_double(p); s >>= 1
    return t
B = v.BASE_TABLE[1]
def expand(seed):
    h = hashlib.sha512(seed).digest()
    a = int.from_bytes(h[:32], "little") & (2**254 - 8) | 2**254
    return a, h[32:]
def public(seed): return v.encode_point(mul(expand(seed)[0], B))
def sign(seed, msg):
    a, prefix = expand(seed); A = public(seed)
    r = int.from_bytes(hashlib.sha512(prefix + msg).digest(), "little") % v.ORDER
    R = v.encode_point(mul(r, B))
    k = int.from_bytes(hashlib.sha512(R + A + msg).digest(), "little") % v.ORDER
    return R + ((r + k * a) % v.ORDER).to_bytes(32, "little")
def seed(name): return hashlib.sha256(name.encode()).digest()
def sha(text): return hashlib.sha256(text.encode()).hexdigest()
def b64(x): return base64.b64encode(x).decode()
def vkey(name, kind, pub):
    return f"{name}+{hashlib.sha256(name.encode()+bytes([10,kind])+pub).digest()[:4].hex()}+{b64(bytes([kind])+pub)}"
SMALL = [bytes.fromhex(x) for x in (
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "0100000000000000000000000000000000000000000000000000000000000080",  # x=0, sign 1
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",  # y=p+1
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]  # y=p

# ------------------------------------------------------------- honest world
class World: pass
WEEK = "2026-W20"  # Monday 2026-05-11
def T(day, hm): return f"2026-05-{day:02}T{hm}:00+08:00"

def leafspec(w, at, kind, signers=(), **keys):
    spec = {"leaf": {"at": at, "kind": kind, **keys}, "signers": dict(signers)}
    w.specs.append(spec)
    return len(w.specs) - 1

def honest(hooks=None, nonce=0, origin="test.example/log", week=WEEK, dayshift=0):
    h = hooks or {}
    w = World(); w.specs, w.openings, w.origin = [], {}, origin
    w.k = {p: seed(p) for p in ("bureau", "discipline", "province")}
    w.logseed = seed("log"); w.wit = {"notary": [("w.notary", seed("wn"))], "discipline": [("w.disc", seed("wd"))], "province": [("w.prov", seed("wp"))]}
    for p in ("bureau", "discipline", "province"):
        leafspec(w, T(1, "09:00"), "key", {p: w.k[p]}, party=p, value=public(w.k[p]).hex())
    def sub(at, county, period, version, n=""):
        return leafspec(w, at, "submission", county=county, period=period, rows=5, sealed=sha(county + period + str(version) + n), version=version)
    sub(T(2, "09:00"), "C3", "2026-W18", 1)
    sub(T(7, "09:00"), "C1", "2026-W19", 1)
    sub(T(7, "10:00"), "C2", "2026-W19", 1)
    w.c1 = sub(T(8, "09:00"), "C1", "2026-W19", 2)
    if "presubs" in h: h["presubs"](w, sub)
    # files
    units = []
    for i in range(14):
        s = "S1" if i < 8 else "S2"
        units.append({"certain": i == 2, "facts": sha(f"f{i}"), "size": [300, 420, 77, 950, 510, 610, 222, 333][i % 8], "stratum": s, "unit": f"{s}-{i:03}"})
    if "frame" in h: h["frame"](units)
    roster = {"bureau": ["B1", "B2", "B3", "B4"], "discipline": ["D1", "D2"],
              "recusals": sorted([["B1", u["unit"]] for u in units[:6]] + [["B2", u["unit"]] for u in units[:3]] + [["B1", u["unit"]] for u in units[9:12]])}
    if "roster" in h: h["roster"](roster)
    files = {"frame.jsonl": b"".join(v.canonical(u) + b"\n" for u in units), "frame.key": sha("fk").encode(), "roster.json": v.canonical(roster)}
    fk = bytes.fromhex(sha("fk"))
    tree = v.Tree(v.leaf_hash(v.digest("unit", v.digest("salt", fk, v.lp(u["unit"])), v.lp(v.canonical(u)))) for u in units)
    strata = {}
    for u in units: strata.setdefault(u["stratum"], []).append(u)
    b = v.Bundle("", None)
    def make_plan(attempt, after, source, draw, frozen):
        plan = {"attempt": attempt, "certain_limit": 2, "entropy": {"after": after, "draw": draw, "source": source},
            "frame": {"root": tree.root().hex(), "units": len(units)}, "frozen_at": frozen, "kind": "weekly", "min_per_stratum": 1,
            "model": {"name": "m", "sha256": sha("m")}, "parties": ["bureau", "discipline"], "period": WEEK, "protocol": "mingchou/1",
            "reporting": [{"county": "C1", "submission": raw_hash(w, w.c1)}, {"county": "C2", "submission": raw_hash(w, 5)}, {"county": "C3", "submission": None}, {"county": "C4", "submission": None}],
            "reserves_per_stratum": 3, "roster": hashlib.sha256(files["roster.json"]).hexdigest(), "strata": [],
            "teams": {"bureau_per_team": 2, "count": 1, "discipline_per_team": 1}, "title": "测试", "visits": 6, "window": ["2026-05-11", "2026-05-17"]}
        b.plan = plan; b.units = [v.Unit(u["unit"], u["size"], u["certain"], u["stratum"]) for u in units]
        b.strata = {}
        for u in b.units: b.strata.setdefault(u.stratum, []).append(u)
        b.strata = dict(sorted(b.strata.items()))
        if "preplan" in h: h["preplan"](plan)
        try: given = v.allocate(b)
        except v.Refused: given = [1] * len(b.strata)
        plan["strata"] = [{"size": sum(u.size for u in us), "stratum": c, "units": len(us), "visits": g} for (c, us), g in zip(b.strata.items(), given)]
        if "plan" in h: h["plan"](plan)
        return plan
    plan1 = make_plan(1, T(9, "21:30"), "ssq", "2026050", T(8, "18:00"))
    h1 = v.digest("plan", v.lp(v.canonical(plan1)))
    both = lambda: {"bureau": w.k["bureau"], "discipline": w.k["discipline"]}
    d1 = dict(draw="weekly", period=WEEK, attempt=1, plan=h1.hex())
    def planleaf(at, plan, d): return leafspec(w, at, "plan", entropy=plan["entropy"], frozen_at=plan["frozen_at"], parties=plan["parties"], window=plan["window"], **d)
    w.plan1 = planleaf(T(8, "18:10"), plan1, d1)
    w.com1 = leafspec(w, T(8, "18:20"), "commitment", {"bureau": w.k["bureau"]}, party="bureau", value=sha("c"), **d1)
    w.void1 = leafspec(w, T(8, "18:30"), "void", both(), reason="名单有误", **d1)
    plan = make_plan(2, T(10, "21:30"), "dlt", "26051", T(8, "19:00"))
    plan_hash = v.digest("plan", v.lp(v.canonical(plan)))
    w.plan_hash = plan_hash
    w.d = d = dict(draw="weekly", period=WEEK, attempt=2, plan=plan_hash.hex())
    w.plan2 = planleaf(T(8, "19:10"), plan, d)
    nonces = {p: sha(f"nonce {p} {nonce}") for p in plan["parties"]}
    entropy = h.get("entropy", "dlt/26051/01 05 17 22 35+03 11")
    ceremony = {"commitments": {p: v.digest("commit", plan_hash, v.lp(p), bytes.fromhex(n)).hex() for p, n in nonces.items()}, "entropy": entropy, "nonces": nonces}
    w.com = {}
    for i, p in enumerate(plan["parties"]):
        w.com[p] = leafspec(w, T(8, f"19:2{i}"), "commitment", {p: w.k.get(p, seed(p))}, party=p, value=ceremony["commitments"][p], **d)
    w.sub_between = sub(T(9, "09:00"), "C2", "2026-W19", 2)
    w.entropy = leafspec(w, T(10, "22:00"), "entropy", both(), text=entropy, **d)
    w.reveal = {"bureau": leafspec(w, T(10, "22:01"), "reveal", {"bureau": w.k["bureau"]}, party="bureau", **{"from": "bureau"}, sealed="", **d),
                "discipline": leafspec(w, T(10, "22:02"), "reveal", {"bureau": w.k["bureau"]}, party="discipline", **{"from": "bureau"}, sealed="", **d)}
    for p, i in w.reveal.items(): w.openings[i] = nonces[p]
    b.plan_hash, b.roster, b.recused = plan_hash, roster, {}
    for a, u, *_ in roster["recusals"]: b.recused.setdefault(u, set()).add(a)
    b.seed = v.digest("seed", plan_hash, *[bytes.fromhex(nonces[p]) for p in plan["parties"]], v.lp(entropy))
    b.ceremony = ceremony
    if "ceremony" in h: h["ceremony"](ceremony)
    try: transcript, _ = v.draw_again(b)
    except Exception: transcript = {"assignments": [], "strata": [], "teams": []}
    w.transcript = copy.deepcopy(transcript)
    if "transcript" in h: h["transcript"](transcript)
    b.transcript = w.transcript
    files.update({"plan.json": v.canonical(plan), "ceremony.json": v.canonical(ceremony), "transcript.json": v.canonical(transcript)})
    w.files, w.plan, w.b = files, plan, b
    w.draw = leafspec(w, T(10, "22:10"), "draw", sealed="", **d)
    w.openings[w.draw] = None
    visits = v.Visits(b) if transcript["teams"] else None
    w.visits = visits
    if visits: acts(w)
    b2 = seed("bureau2"); d2 = seed("discipline2")
    w.keychange = leafspec(w, T(13, "09:00"), "key", {"bureau": w.k["bureau"]}, party="bureau", value=public(b2).hex())
    w.keylost = leafspec(w, T(13, "10:00"), "key", {"bureau": b2}, party="discipline", value=public(d2).hex())
    w.k2 = {"bureau": b2, "discipline": d2, "province": w.k["province"]}
    w.provlost = leafspec(w, T(13, "11:00"), "key", {"bureau": b2, "discipline": d2}, party="province", value=public(seed("province2")).hex())
    w.k2["province"] = seed("province2")
    sp = dict(draw="special-1", period=WEEK, attempt=1, plan=sha("special"))
    w.special = leafspec(w, T(14, "09:00"), "plan", entropy={"after": T(14, "21:30"), "draw": "2026130", "source": "kl8"}, frozen_at=T(14, "08:00"), parties=["bureau", "province"], window=["2026-05-15", "2026-05-20"], **sp)
    w.spcom = leafspec(w, T(14, "10:00"), "commitment", {"province": w.k2["province"]}, party="province", value=sha("x"), **sp)
    w.pub = leafspec(w, T(18, "09:00"), "publication", bundle="", **d)
    w.cosigs = {"notary": unix(T(18, "10:00")), "discipline": unix(T(18, "10:01"))}
    w.wsize, w.wcosigs = w.com["discipline"] + 1, {"notary": unix(T(9, "10:00")), "discipline": unix(T(9, "11:00"))}
    w.post = []
    return w

def acts(w):
    """A borrowed team and a chain of substitutions, as the draw allows."""
    t = w.visits
    both = {"bureau": w.k["bureau"], "discipline": w.k["discipline"]}
    w.acts = []
    def act(at, kind, text):
        i = leafspec(w, at, kind, both, sealed="", **w.d); w.openings[i] = text; w.acts.append(i)
    lacking = [u for u in sorted(t.present) if t.lacks_team(u)]
    having = [u for u in sorted(t.present) if not t.lacks_team(u)]
    w.lacking, w.having = lacking, having
    if lacking: act(T(11, "08:00"), "borrowed", {"from": "新乡市", "people": ["X1", "X2", "X3"], "unit": lacking[0]})
    first = having[0] if having else sorted(t.present)[0]
    s = t.home[first]; r = list(reversed(t.reserves[s])); w.chain = [first] + r
    at = first
    for n, (reason, to) in enumerate(zip(("cancelled", "moved", "ended", "force-majeure"), r + [None])):
        act(T(11, f"0{9 if n > 0 else 8}:{30 if n==0 else 10*n:02}"), "substitution", {"evidence": sha("e"), "from": at, "reason": reason, "to": to})
        if to is None: break
        at = to

def unix(t): return v.instant(t) - v.EPOCH
def raw_hash(w, index): return v.leaf_hash(v.canonical(w.specs[index]["leaf"])).hex()

def note(w, leaves, size, cosigs, root=None, extra=()):
    root = root or v.Tree(v.leaf_hash(l) for l in leaves[:size]).root()
    text = f"{w.origin}\n{size}\n{b64(root)}\n".encode()
    def line(name, kid, data): return f"\u2014 {name} {b64(kid + data)}\n".encode()
    kid = lambda name, kind, pub: hashlib.sha256(name.encode() + bytes([10, kind]) + pub).digest()[:4]
    out = text + b"\n" + line(w.origin, kid(w.origin, 1, public(w.logseed)), sign(w.logseed, text))
    for owner, t in cosigs.items():
        name, s = w.wit[owner][0]
        msg = b"cosignature/v1\ntime %d\n" % t + text
        out += line(name, kid(name, 4, public(s)), struct.pack(">Q", t) + sign(s, msg))
    return out

def seal(w):
    """Signatures, seals, publication hash, checkpoint: the files of the bundle."""
    texts = {}
    for i, text in w.openings.items():
        data = w.files["transcript.json"] if text is None else (v.canonical(text) if isinstance(text, (dict, list)) else text.encode())
        salt = sha(f"salt{i}")
        texts[str(i)] = {"salt": salt} if text is None else {"salt": salt, "text": data.decode()}
        if not w.specs[i].get("keepseal"):
            w.specs[i]["leaf"]["sealed"] = v.digest("sealed", bytes.fromhex(salt), v.lp(data)).hex()
    for f in w.post: f(w, texts)
    parts = [p for n in v.DRAW_FILES for p in (v.lp(n), v.lp(w.files[n]))]
    pubs = [s for s in w.specs if s["leaf"]["kind"] == "publication" and s["leaf"]["bundle"] == ""]
    for s in pubs: s["leaf"]["bundle"] = v.digest("bundle", *parts).hex()
    leaves = []
    for s in w.specs:
        leaf = dict(s["leaf"])
        if s["signers"] or s.get("signed"):
            msg = v.act_message(leaf)
            leaf["signatures"] = {p: (x.hex() if len(x) == 64 else sign(x, msg).hex()) for p, x in s["signers"].items()}
        leaves.append(v.canonical(leaf))
    w.leaves = leaves
    files = dict(w.files)
    files["log/leaves.jsonl"] = b"".join(l + b"\n" for l in leaves)
    files["log/openings.json"] = v.canonical(texts)
    files["log/keys.json"] = v.canonical({"log": vkey(w.origin, 1, public(w.logseed)), "witnesses": {o: [vkey(n, 4, public(s)) for n, s in ks] for o, ks in w.wit.items()}})
    files["log/checkpoint"] = note(w, leaves, getattr(w, "csize", len(leaves)), w.cosigs)
    files["log/witnessed"] = note(w, leaves, w.wsize, w.wcosigs) if w.wcosigs is not None else b""
    for f in getattr(w, "final", []): f(files, w)
    return files

def trusted(w, **change):
    t = {"log": vkey(w.origin, 1, public(w.logseed)), "parties": {p: public(seed(p)).hex() for p in ("bureau", "discipline", "province")},
         "witnesses": {o: [vkey(n, 4, public(s)) for n, s in ks] for o, ks in w.wit.items()}}
    t.update(change)
    return v.canonical(t)

def insert(w, at, spec):
    """Insert a leaf; indices after it move."""
    w.specs.insert(at, spec)
    move = lambda i: i + 1 if i >= at else i
    w.openings = {move(i): t for i, t in w.openings.items()}
    for name in ("plan1", "com1", "void1", "plan2", "sub_between", "entropy", "draw", "keychange", "keylost", "provlost", "special", "spcom", "pub"):
        setattr(w, name, move(getattr(w, name)))
    w.com = {p: move(i) for p, i in w.com.items()}; w.reveal = {p: move(i) for p, i in w.reveal.items()}
    w.acts = [move(i) for i in w.acts]
    w.wsize = w.com["discipline"] + 1

def remove(w, at):
    """Remove a leaf; indices after it move."""
    spec = w.specs.pop(at)
    move = lambda i: i - 1 if i > at else i
    w.openings = {move(i): t for i, t in w.openings.items() if i != at}
    for name in ("plan1", "com1", "void1", "plan2", "sub_between", "entropy", "draw", "keychange", "keylost", "provlost", "special", "spcom", "pub"):
        setattr(w, name, move(getattr(w, name)))
    w.com = {p: move(i) for p, i in w.com.items()}; w.reveal = {p: move(i) for p, i in w.reveal.items()}
    w.acts = [move(i) for i in w.acts if i != at]
    return spec

def swap(w, i, j):
    """Two leaves change places, keeping the times of the places."""
    a, b = w.specs[i], w.specs[j]
    a["leaf"]["at"], b["leaf"]["at"] = b["leaf"]["at"], a["leaf"]["at"]
    w.specs[i], w.specs[j] = b, a
    w.openings = {(j if k == i else i if k == j else k): t for k, t in w.openings.items()}

NONCE = next(n for n in range(500) if (lambda w: w.lacking and w.having and len(w.chain) == 4 and w.chain[0] in w.having
             and any(w.visits.b.recused.get(r) and w.visits.b.recused[r] & w.visits.people[1] for r in w.chain[1:]))(honest(nonce=n)))

ATTACKS = []
def attack(rules, hooks=None, **options):
    def add(f):
        ATTACKS.append((f.__name__, rules.split(), f, hooks or {}, options)); return f
    return add
def simple(name, rules, change, hooks=None, **options):
    ATTACKS.append((name, rules.split(), change, hooks or {}, options))
def setleaf(which, **keys):
    def f(w):
        i = which(w) if callable(which) else getattr(w, which)
        w.specs[i]["leaf"].update(keys)
    return f
def signers(which, make):
    def f(w):
        i = which(w) if callable(which) else getattr(w, which)
        w.specs[i]["signers"] = make(w)
    return f

# ---- honest variants (must be accepted) -------------------------------------------------
simple("honest", "OK", lambda w: None)
simple("honest, no witnessed", "OK", lambda w: setattr(w, "wcosigs", None))
simple("honest, no cosignature", "OK", lambda w: setattr(w, "cosigs", {}))
simple("honest, reserve's borrowed team", "OK", lambda w: insert(w, w.acts[-1] + 1, {"leaf": {"at": T(12, "08:00"), "kind": "borrowed", "sealed": "", **w.d}, "signers": {"bureau": w.k["bureau"], "discipline": w.k["discipline"]}}) or w.openings.update({w.acts[-1] + 1: {"from": "新乡市", "people": ["X1", "X2", "X3"], "unit": [r for r in w.chain[1:] if w.visits.b.recused.get(r, set()) & w.visits.people[1]][0]}}))
simple("honest, old cosignature named only", "OK", lambda w: w.cosigs.update(notary=unix(T(18, "08:59"))))
simple("honest, T far in the future", "OK", lambda w: w.cosigs.update(notary=2**63 - 1))
simple("honest, void after draw", "OK", lambda w: insert(w, w.pub, {"leaf": {"at": T(18, "08:00"), "kind": "void", "reason": "x", **w.d}, "signers": {"bureau": w.k2["bureau"], "discipline": w.k2["discipline"]}}))
simple("honest, equal times", "OK", setleaf("keylost", at=T(13, "09:00")))
simple("honest, T of witnessed at the bounds", "OK", lambda w: w.wcosigs.update(notary=unix(T(10, "21:30")) - 1))
simple("honest, T of witnessed at the lower bound", "OK", lambda w: w.wcosigs.update(notary=unix(T(8, "19:21"))))
simple("honest, witnessed up to the entropy leaf", "OK", lambda w: setattr(w, "wsize", w.entropy))
simple("honest, commitment signed by new key after change", "OK", lambda w: None)
# Two public keys with one name and one key id (24cc6a23), found by trying; nobody needs their private halves here.
TWINS = [bytes.fromhex("47996b8418b6a27d6800bc46b61925336b54df28c3f990ca1ecd4fe20ac1fa3f"),
         bytes.fromhex("742a540fc97f5caa2d58bd25df728feea7cf0d69ddd4d184c07e7d5cbbd1122a")]
def twins(files, w):
    keys = v.record(files["log/keys.json"], "keys")
    keys["witnesses"]["twin"] = [vkey("w.twin", 4, key) for key in TWINS]
    files["log/keys.json"] = v.canonical(keys)
simple("two keys of one name and id", "K4", lambda w: setattr(w, "final", [twins]))
simple("honest, 2 witnesses", "OK", lambda w: None, witnesses=2)
simple("honest, keys", "OK", lambda w: None, keys=trusted)
simple("honest, publication the day after", "OK", setleaf("pub", at=T(18, "00:00")))
simple("honest, T equal to last at", "OK", lambda w: w.cosigs.update(notary=unix(T(18, "09:00"))), witnesses=2)

# ---- 9.2, L1, L4-L6 keys -----------------------------------------------------------------
simple("first key signed by another's key", "L5", signers(0, lambda w: {"bureau": w.k["discipline"]}) if False else (lambda w: w.specs[0].update(signers={"bureau": w.k["discipline"]})))
simple("first key signed by other party too", "L5", lambda w: w.specs[1].update(signers={"bureau": w.k["bureau"], "discipline": w.k["discipline"]}))
simple("first key signed by others only", "L5", lambda w: w.specs[1].update(signers={"bureau": w.k["bureau"]}))
simple("changed key signed with itself", "L5", signers("keychange", lambda w: {"bureau": w.k2["bureau"]}))
simple("lost key: replaced by wrong holder's key", "L6", signers("keylost", lambda w: {"bureau": w.k["bureau"]}))
simple("lost key: discipline replaced by province", "L6", signers("keylost", lambda w: {"province": w.k["province"]}))
simple("lost key: bureau and discipline both", "L6", signers("keylost", lambda w: {"bureau": w.k2["bureau"], "discipline": w.k["discipline"]}))
simple("lost key of province: bureau alone", "L6", signers("provlost", lambda w: {"bureau": w.k2["bureau"]}))
simple("lost key of province: old key of discipline", "L6", signers("provlost", lambda w: {"bureau": w.k2["bureau"], "discipline": w.k["discipline"]}))
simple("lost key: nobody signs", "L1 L6", lambda w: w.specs[w.keylost].update(signers={}, signed=True))
simple("key leaf without signatures", "L1", lambda w: w.specs[w.keylost].update(signers={}))
def reuse(w):
    w.specs[w.keylost]["leaf"]["value"] = public(w.k["discipline"]).hex()
simple("key value repeated (own)", "L4", reuse)
simple("key value repeated (another party's)", "L4", lambda w: w.specs[w.keylost]["leaf"].update(value=public(w.k2["bureau"]).hex()))
for n, s in enumerate(SMALL):
    simple(f"small or noncanonical key {n} as first key", "9.2", lambda w, s=s: insert(w, 3, {"leaf": {"at": T(1, "09:00"), "kind": "key", "party": "town", "value": s.hex()}, "signers": {"town": s + bytes(32)}}))
simple("not a point as key", "9.2", lambda w: insert(w, 3, {"leaf": {"at": T(1, "09:00"), "kind": "key", "party": "town", "value": "02" + "00" * 31}, "signers": {"town": bytes(64)}}))
for n, s in enumerate(SMALL[:2]):
    simple(f"R of small order {n}", "L1 L5 9.2", lambda w, s=s: w.specs[w.com["bureau"]].update(signers={"bureau": s + bytes(32)}))
def small_R(w):  # R the neutral element, S = k a: holds algebraically, refused as small order
    s = w.specs[w.com["bureau"]]; m = v.act_message(s["leaf"]); a, _ = expand(w.k["bureau"]); A = public(w.k["bureau"])
    R = SMALL[0]; k = int.from_bytes(hashlib.sha512(R + A + m).digest(), "little") % v.ORDER
    s["signers"] = {"bureau": R + (k * a % v.ORDER).to_bytes(32, "little")}
simple("R neutral with right S", "L1 9.2", small_R)
def high_S(w):
    s = w.specs[w.com["bureau"]]; sig = sign(w.k["bureau"], v.act_message(s["leaf"]))
    S = int.from_bytes(sig[32:], "little") + v.ORDER
    s["signers"] = {"bureau": sig[:32] + S.to_bytes(32, "little")}
simple("S + L", "L1 9.2", high_S)
def cofactor(w):  # R + small torsion: passes only the cofactored equation
    s = w.specs[w.com["bureau"]]; m = v.act_message(s["leaf"]); a, _ = expand(w.k["bureau"]); A = public(w.k["bureau"])
    P8 = decode_any(SMALL[6]); r = 12345
    R = v.encode_point(v.point_add(mul(r, B), P8)); k = int.from_bytes(hashlib.sha512(R + A + m).digest(), "little") % v.ORDER
    s["signers"] = {"bureau": R + ((r + k * a) % v.ORDER).to_bytes(32, "little")}
def decode_any(data):
    keep = v.is_small; v.is_small = lambda p: False
    try: return v.decode_point(data)
    finally: v.is_small = keep
simple("cofactored only", "L1 9.2", cofactor)
simple("commitment by another party's key", "L1", signers(lambda w: w.com["bureau"], lambda w: {"bureau": w.k["discipline"]}))
simple("commitment signed by another party", "L1", signers(lambda w: w.com["bureau"], lambda w: {"discipline": w.k["discipline"]}))
simple("entropy lacks a signer", "L1", signers("entropy", lambda w: {"bureau": w.k["bureau"]}))
simple("entropy has a signer too many", "L1", signers("entropy", lambda w: dict(w.k)))
simple("reveal signed by party rather than from", "L1", signers(lambda w: w.reveal["discipline"], lambda w: {"discipline": w.k["discipline"]}))
simple("substitution signed by bureau alone", "L1", signers(lambda w: w.acts[1], lambda w: {"bureau": w.k["bureau"]}))
simple("borrowed signed by bureau alone", "L1", signers(lambda w: w.acts[0], lambda w: {"bureau": w.k["bureau"]}))
simple("void signed by bureau alone", "L1", signers("void1", lambda w: {"bureau": w.k["bureau"]}))
simple("void with empty signatures", "L1", lambda w: w.specs[w.void1].update(signers={}, signed=True))
simple("void without signatures", "L1", lambda w: w.specs[w.void1].update(signers={}))
simple("draw with signatures", "L1", signers("draw", lambda w: {"bureau": w.k["bureau"]}))
simple("plan with signatures", "L1", signers("plan2", lambda w: {"bureau": w.k["bureau"]}))
simple("submission with signatures", "L1", lambda w: w.specs[w.c1].update(signers={"bureau": w.k["bureau"]}), {})
simple("signer with an old key", "L1", signers("spcom", lambda w: {"province": seed("province")}))
simple("signer with a key not yet logged", "L1", lambda w: w.specs[w.acts[1]].update(signers={"bureau": seed("bureau2"), "discipline": w.k["discipline"]}))
def keyless(w):
    p = w.specs[w.special]["leaf"]; p["parties"] = ["bureau", "town"]; s = w.specs[w.spcom]; s["leaf"]["party"] = "town"; s["signers"] = {"town": seed("town")}
simple("signer without a key", "9.2", keyless)
def moved(w):  # a signature moved to another leaf of the same form
    s = w.specs[w.com1]; other = w.specs[w.com["bureau"]]; other["signers"] = {"bureau": sign(w.k["bureau"], v.act_message(s["leaf"]))}
simple("signature of attempt 1 used in attempt 2", "L1", moved)

# ---- L1-L3 -------------------------------------------------------------------------------
simple("unknown kind", "L1", setleaf("keylost", kind="notice"))
simple("extra key", "L1", setleaf("void1", note="x"))
simple("missing key", "L1", lambda w: w.specs[w.void1]["leaf"].pop("reason"))
simple("attempt 0", "L1", setleaf("special", attempt=0))
simple("attempt 100", "L1", setleaf("special", attempt=100))
simple("time goes back", "L2", setleaf("keychange", at=T(10, "09:00")))
simple("time in UTC", "L1", setleaf("keychange", at="2026-05-13T01:00:00Z"))
simple("30 February", "L1", setleaf("keychange", at="2026-02-30T01:00:00+08:00"))
simple("second 60", "L1", setleaf("keychange", at="2026-05-13T01:00:60+08:00"))
simple("version skipped", "L3", setleaf("sub_between", version=3))
simple("version repeated", "L3", setleaf("sub_between", version=1))
simple("version 0", "L1", lambda w: w.specs[w.sub_between]["leaf"].update(county="C9", version=0))
simple("week 54", "L1", setleaf("sub_between", period="2026-W54"))
simple("week 53 of a short year", "L1", setleaf("sub_between", period="2025-W53"))
simple("rows too many", "L1", setleaf("sub_between", rows=1_000_001))
simple("reason with NFD", "L1", setleaf("void1", reason="e\u0301"))
simple("reason empty", "L1", setleaf("void1", reason=""))
simple("reason of 201", "L1", setleaf("void1", reason="字" * 201))

# ---- L10-L14 with the open special -------------------------------------------------------
sp = lambda **k: setleaf("special", **k)
def both_sp(**k):
    def f(w):
        for i in (w.special, w.spcom): w.specs[i]["leaf"].update(k)
    return f
simple("P2 special-0", "P2", both_sp(draw="special-0"))
simple("P2 special-01", "P2", both_sp(draw="special-01"))
simple("P2 special-10000", "P2", both_sp(draw="special-10000"))
simple("L14 special-2 first", "L14", both_sp(draw="special-2"))
simple("P4 three dates", "P4", sp(window=["2026-05-15", "2026-05-16", "2026-05-20"]))
simple("P4 one date", "P4", sp(window=["2026-05-15"]))
simple("P4 no date", "L1", sp(window=["2026-05-15", "2026-05-32"]))
simple("P6 32 days", "P6", sp(window=["2026-05-15", "2026-06-15"]))
simple("P6 31 days", "OK", sp(window=["2026-05-15", "2026-06-14"]))
simple("P6 backwards", "P6", sp(window=["2026-05-16", "2026-05-15"]))
simple("P6 other week", "P6", sp(window=["2026-05-18", "2026-05-20"]))
simple("P7 not ascending", "P7", sp(parties=["province", "bureau"]))
simple("P7 twice", "P7", sp(parties=["bureau", "bureau"]))
simple("P7 none", "P7 P8", sp(parties=[]))
simple("P7 six", "P7", sp(parties=["a", "b", "bureau", "c", "d", "province"]))
simple("P8 no bureau", "P8", sp(parties=["discipline", "province"]))
simple("P9 frozen too early", "P9", sp(frozen_at="2026-04-30T23:59:59+08:00"))
simple("P9 frozen at the bound", "OK", sp(frozen_at="2026-05-01T00:00:00+08:00"))
simple("P9 frozen at after", "P9", sp(frozen_at=T(14, "21:30")))
simple("L10 frozen after logged", "L10", sp(frozen_at=T(14, "09:01")))
simple("P10 after too late", "P10", sp(entropy={"after": "2026-05-15T00:00:01+08:00", "draw": "2026130", "source": "kl8"}))
simple("P10 after at the bound", "OK", sp(entropy={"after": "2026-05-15T00:00:00+08:00", "draw": "2026130", "source": "kl8"}))
simple("P11 unknown source", "P11", sp(entropy={"after": T(14, "21:30"), "draw": "2026130", "source": "pick3"}))
for draw, source, rule in (("2025130", "kl8", "P12"), ("2027001", "kl8", "OK"), ("2028001", "ssq", "P12"), ("26130", "kl8", "P12"), ("2026130 ", "kl8", "P12"),
        ("２０２６１３０", "kl8", "P12"), ("26130", "dlt", "OK"), ("27001", "dlt", "OK"), ("25001", "dlt", "P12"), ("2026130", "dlt", "P12"), ("-dice", "dice", "P12"), ("DICE.1", "dice", "OK"),
        ("0", "drand", "P12"), ("01", "drand", "P12"), ("9007199254740993", "drand", "P12"), ("9007199254740992", "drand", "OK"), ("28653478", "drand", None)):
    r = draw
    if rule is None:
        first = -(-(unix(T(14, "21:30")) - 1692803367) // 3) + 1
        simple("P12 drand first allowed round", "OK", sp(entropy={"after": T(14, "21:30"), "draw": str(first), "source": "drand"}))
        simple("P12 drand round before", "P12", sp(entropy={"after": T(14, "21:30"), "draw": str(first - 1), "source": "drand"}))
    else:
        simple(f"P12 {source} {draw}", rule, sp(entropy={"after": T(14, "21:30"), "draw": draw, "source": source}))
simple("L11 attempt 2 first", "L11", both_sp(attempt=2))
def again(w, **k):
    s = copy.deepcopy(w.specs[w.special]); s["leaf"].update(at=T(14, "11:00")); s["leaf"].update(k); insert(w, w.spcom + 1, s)
simple("L11 plan twice", "L11", again)
simple("L12 second attempt without void", "L12", lambda w: again(w, attempt=2, entropy={"after": T(15, "21:30"), "draw": "2026131", "source": "kl8"}, plan=sha("y")))
def voided(w, **k):
    spd = {x: w.specs[w.special]["leaf"][x] for x in ("draw", "period", "attempt", "plan")}
    insert(w, w.spcom + 1, {"leaf": {"at": T(14, "10:30"), "kind": "void", "reason": "x", **spd}, "signers": {"bureau": w.k2["bureau"], "province": w.k2["province"]}})
    s = copy.deepcopy(w.specs[w.special]); s["leaf"].update({"at": T(14, "11:00"), "attempt": 2, "plan": sha("y"), "entropy": {"after": T(15, "21:30"), "draw": "2026131", "source": "kl8"}}); s["leaf"].update(k)
    insert(w, w.spcom + 2, s)
simple("honest second attempt of the special", "OK", voided)
simple("L12 other parties", "L12", lambda w: voided(w, parties=["bureau"]))
simple("L12 same after", "L12", lambda w: voided(w, entropy={"after": T(14, "21:30"), "draw": "2026131", "source": "kl8"}))
simple("L13 same draw", "L13", lambda w: voided(w, entropy={"after": T(15, "21:30"), "draw": "2026130", "source": "kl8"}))
simple("L13 smaller draw", "L13", lambda w: voided(w, entropy={"after": T(15, "21:30"), "draw": "2026129", "source": "kl8"}))
simple("L13 other source", "OK", lambda w: voided(w, entropy={"after": T(15, "21:30"), "draw": "2026001", "source": "ssq"}))
def third(w, draw):  # kl8 130, void, ssq, void, kl8 again
    voided(w, entropy={"after": T(15, "20:30"), "draw": "2026001", "source": "ssq"})
    i = w.spcom + 3; second = w.specs[w.spcom + 2]["leaf"]; spd = {x: second[x] for x in ("draw", "period", "attempt", "plan")}
    insert(w, i, {"leaf": {"at": T(14, "12:00"), "kind": "void", "reason": "x", **spd}, "signers": {"bureau": w.k2["bureau"], "province": w.k2["province"]}})
    s = copy.deepcopy(w.specs[w.special]); s["leaf"].update({"at": T(14, "13:00"), "attempt": 3, "plan": sha("z"), "entropy": {"after": T(15, "21:30"), "draw": draw, "source": "kl8"}})
    insert(w, i + 1, s)
simple("L13 third attempt again at the first's draw", "L13", lambda w: third(w, "2026130"))
simple("L13 third attempt later", "OK", lambda w: third(w, "2026131"))
simple("L14 same number other period", "L14", lambda w: again(w, period="2026-W21", window=["2026-05-18", "2026-05-20"], plan=sha("q")))
simple("L14 special-3 after 1", "L14", lambda w: again(w, draw="special-3", plan=sha("q")))
simple("L14 special-2 after 1", "OK", lambda w: again(w, draw="special-2", plan=sha("q")))
def newyear(w, draw):  # the log goes on into the next ISO year
    insert(w, len(w.specs), {"leaf": {"at": "2027-01-09T09:00:00+08:00", "kind": "plan", "draw": draw, "period": "2027-W02", "attempt": 1, "plan": sha("q"), "entropy": {"after": "2027-01-10T21:30:00+08:00", "draw": "2027010", "source": "kl8"}, "frozen_at": "2027-01-09T08:00:00+08:00", "parties": ["bureau"], "window": ["2027-01-11", "2027-01-20"]}, "signers": {}})
simple("L14 special-1 of another ISO year", "OK", lambda w: newyear(w, "special-1"))
simple("L14 special-2 first in another ISO year", "L14", lambda w: newyear(w, "special-2"))

# ---- L15-L19 ------------------------------------------------------------------------------
simple("L15 plan hash differs", "L15", setleaf("void1", plan=sha("zz")))
simple("L15 no such attempt", "L15", setleaf("spcom", attempt=2))
simple("L15 before its plan", "L15", lambda w: swap(w, w.special, w.spcom))
simple("L16 second commitment", "L16", lambda w: insert(w, w.com["discipline"] + 1, dict(copy.deepcopy(w.specs[w.com["bureau"]]), leaf={**w.specs[w.com["bureau"]]["leaf"], "at": T(8, "19:30"), "value": sha("v")})))
simple("L16 second reveal", "L16", lambda w: insert(w, w.reveal["discipline"] + 1, {"leaf": {**w.specs[w.reveal["bureau"]]["leaf"], "at": T(10, "22:03"), "sealed": sha("q")}, "signers": {"bureau": w.k["bureau"]}}))
simple("L16 commitment by a stranger", "L16", lambda w: insert(w, w.com["discipline"] + 1, {"leaf": {**w.specs[w.com["bureau"]]["leaf"], "at": T(8, "19:30"), "party": "province"}, "signers": {"province": w.k["province"]}}))
simple("L16 reveal from a stranger", "L16", lambda w: w.specs[w.reveal["discipline"]].update(leaf={**w.specs[w.reveal["discipline"]]["leaf"], "from": "province"}, signers={"province": w.k["province"]}))
simple("L16 second entropy", "L16 L17", lambda w: insert(w, w.entropy + 1, copy.deepcopy(w.specs[w.entropy])))
simple("L16 second draw", "L16 L17", lambda w: insert(w, w.draw + 1, dict(leaf={**w.specs[w.draw]["leaf"], "sealed": sha("q")}, signers={})))
simple("L16 second publication", "L16 L17", lambda w: insert(w, w.pub + 1, copy.deepcopy(w.specs[w.pub])))
simple("E entropy leaf of another draw", "5.2", setleaf("entropy", text="dlt/26052/01 05 17 22 35+03 11"))
for text, rule in (("05 01 17 22 35+03 11", "E3"), ("01 05 17 22 36+03 11", "E3"), ("01 05 17 22 35+03 13", "E3"), ("00 05 17 22 35+03 11", "E3"), ("01 05 17 22 35 +03 11", "E3"),
                   ("01 05 17 22 35+03 11 ", "E3"), ("1 05 17 22 35+03 11", "E3"), ("01 05 17 22+03 11", "E3"), ("01 05 17 22 35+03+11", "E3"), ("01 05 05 22 35+03 11", "E3"), ("０１ 05 17 22 35+03 11", "E3")):
    simple(f"E3 {text}", rule, setleaf("entropy", text="dlt/26051/" + text))
    simple(f"E3 {text} in the ceremony too", rule, lambda w: None, {"entropy": "dlt/26051/" + text})
simple("L17 entropy before a commitment", "L17", lambda w: remove(w, w.com["discipline"]) and None)
simple("L17 commitment after entropy", "L17 L19", lambda w: swap(w, w.com["discipline"], w.entropy))
simple("L17 reveal before entropy", "L17", lambda w: swap(w, w.entropy, w.reveal["bureau"]))
simple("L17 draw before a reveal", "L17", lambda w: swap(w, w.reveal["discipline"], w.draw))
simple("L17 draw without a reveal", "L17", lambda w: remove(w, w.reveal["discipline"]) and None)
simple("L17 substitution before draw", "L17", lambda w: swap(w, w.draw, w.acts[1]))
simple("L17 publication before draw", "L17", lambda w: insert(w, w.entropy, {"leaf": {"at": T(9, "09:00"), "kind": "publication", "bundle": sha("b"), **w.d}, "signers": {}}))
simple("L17 substitution after publication", "L17 L19", lambda w: insert(w, w.pub + 1, {"leaf": {**w.specs[w.acts[1]]["leaf"], "at": T(18, "09:00"), "sealed": sha("q")}, "signers": dict(bureau=w.k2["bureau"], discipline=w.k2["discipline"])}))
simple("L17 void after publication", "L17 L18", lambda w: insert(w, w.pub + 1, {"leaf": {"at": T(18, "09:00"), "kind": "void", "reason": "x", **w.d}, "signers": dict(bureau=w.k2["bureau"], discipline=w.k2["discipline"])}))
simple("L18 void between entropy and draw", "L18", lambda w: insert(w, w.draw, {"leaf": {"at": T(10, "22:05"), "kind": "void", "reason": "x", **w.d}, "signers": dict(bureau=w.k["bureau"], discipline=w.k["discipline"])}))
simple("L18 commitment after void", "L18", lambda w: swap(w, w.com1, w.void1))
simple("L18 substitution after void", "L18", lambda w: insert(w, w.acts[1], {"leaf": {"at": T(11, "08:00"), "kind": "void", "reason": "x", **w.d}, "signers": dict(bureau=w.k["bureau"], discipline=w.k["discipline"])}))
simple("L17 publication of an undrawn void", "L17", lambda w: insert(w, w.pub, {"leaf": {"at": T(18, "09:00"), "kind": "publication", "bundle": sha("b"), **{k: w.specs[w.void1]["leaf"][k] for k in ("draw", "period", "attempt", "plan")}}, "signers": {}}))
simple("L19 commitment at entropy.after", "L19", lambda w: [s["leaf"].update(at=T(10, "21:30")) for s in w.specs[w.com["discipline"]:w.sub_between + 1]] and None)
simple("L19 entropy before after", "L19", lambda w: [w.specs[i]["leaf"].update(at=T(10, "21:29")) for i in (w.entropy,)] and None)
simple("L19 entropy at after", "OK", setleaf("entropy", at=T(10, "21:30")))
simple("L19 substitution after the window", "L19", lambda w: [s["leaf"].update(at=T(18, "00:00")) for s in w.specs[w.acts[-1]:w.pub]] and None)
simple("L19 substitution at the last second", "L2", lambda w: w.specs[w.acts[-1]]["leaf"].update(at="2026-05-17T23:59:59+08:00"))
simple("L19 publication on the last day", "L19", setleaf("pub", at="2026-05-17T23:59:59+08:00"))

# ---- D rules ------------------------------------------------------------------------------
simple("D1 no plan leaf (attempt 2 hidden)", "D1 L15", lambda w: [remove(w, i) for i in sorted([w.pub] + w.acts + [w.draw, *w.reveal.values(), w.entropy, *w.com.values(), w.plan2], reverse=True)] and setattr(w, "wcosigs", None))
simple("D1 frozen_at differs in leaf", "D1", setleaf("plan2", frozen_at=T(8, "18:30")))
simple("D1 draw number differs in leaf", "D1 5.2", setleaf("plan2", entropy={"after": T(10, "21:30"), "draw": "26052", "source": "dlt"}))
simple("D1 after differs in leaf", "D1", setleaf("plan2", entropy={"after": T(10, "21:00"), "draw": "26051", "source": "dlt"}))
def other_plan(w):
    for s in w.specs:
        if s["leaf"].get("attempt") == 2 and s["leaf"].get("draw") == "weekly": s["leaf"]["plan"] = sha("other")
simple("D1 another plan hash throughout the log", "D1", other_plan)
simple("D1 commitment in log differs", "D1", setleaf(lambda w: w.com["bureau"], value=sha("other")))
simple("D1 entropy in log differs", "D1", setleaf("entropy", text="dlt/26051/01 05 17 22 34+03 11"))
simple("D2 no publication", "D2", lambda w: remove(w, w.pub) and None)
simple("D2 publication hash", "D2", setleaf("pub", bundle=sha("b")))
def edit_file(name, old, new):
    def f(files, w): assert old in files[name]; files[name] = files[name].replace(old, new, 1)
    return lambda w: setattr(w, "final", [f])
simple("D2 frame.key of another", "P16", lambda w: w.files.update({"frame.key": sha("other").encode()}))
def strip_draw(w):
    for i in sorted([w.pub, w.draw] + w.acts, reverse=True): remove(w, i)
    insert(w, len(w.specs), {"leaf": {"at": T(18, "09:00"), "kind": "submission", "county": "C7", "period": "2026-W20", "rows": 1, "sealed": sha("7"), "version": 1}, "signers": {}})
simple("D2 neither draw nor publication", "D2", strip_draw)
def hidden(w, sub): sub(T(8, "10:00"), "C5", "2026-W10", 1)
simple("D3 county with an old submission not named", "D3", lambda w: None, {"presubs": hidden})
def rep(change):
    def f(plan): change(plan["reporting"])
    return {"plan": f}
simple("D3 county unnamed", "D3", lambda w: None, rep(lambda r: r.pop(2)))
simple("D3 older version taken", "D3", lambda w: None, rep(lambda r: r[0].update(submission=sha("old"))))
simple("D3 submission ignored", "D3", lambda w: None, rep(lambda r: r[1].update(submission=None)))
simple("D3 invented submission", "D3", lambda w: None, rep(lambda r: r[3].update(submission=sha("inv"))))
def late(w, sub): sub(T(8, "18:05"), "C2", "2026-W19", 2)
simple("D3 later than frozen_at does not count (but attempt 2 freezes later)", "D3", lambda w: remove(w, w.sub_between) and None, {"presubs": late})
simple("D3 order", "P13", lambda w: None, rep(lambda r: r.reverse()))
simple("D3 duplicate", "P13", lambda w: None, rep(lambda r: r.append(r[3])))
simple("D4 opening missing", "D4", lambda w: w.post.append(lambda w, t: t.pop(str(w.acts[0]))))
simple("D4 opening of another leaf", "D4", lambda w: w.post.append(lambda w, t: t.update({"0": {"salt": sha("s"), "text": ""}})))
simple("D4 salt wrong", "D4", lambda w: w.post.append(lambda w, t: t[str(w.acts[0])].update(salt=sha("s"))))
simple("D4 text wrong", "D4", lambda w: w.post.append(lambda w, t: t[str(w.acts[0])].update(text="x")))
simple("D4 draw with text", "D4", lambda w: w.post.append(lambda w, t: t[str(w.draw)].update(text="x")))
simple("D4 act without text", "D4", lambda w: w.post.append(lambda w, t: t[str(w.acts[0])].pop("text")))
simple("D4 key with zero", "D4", lambda w: w.post.append(lambda w, t: t.update({"0" + str(w.acts[0]): t.pop(str(w.acts[0]))})))
simple("D4 sealed transcript differs", "D4", lambda w: w.specs[w.draw].update(keepseal=True) or w.specs[w.draw]["leaf"].update(sealed=sha("q")))
simple("D5 revealed nonce differs", "D5", lambda w: w.openings.update({w.reveal["discipline"]: sha("q")}))
simple("D5 nonces exchanged", "D5", lambda w: w.openings.update({w.reveal["discipline"]: w.openings[w.reveal["bureau"]], w.reveal["bureau"]: w.openings[w.reveal["discipline"]]}))
def setact(n, **k): return lambda w: w.openings[w.acts[n]].update({a: (b(w) if callable(b) else b) for a, b in k.items()})
simple("D5 substitution with extra key", "D5", setact(1, note="x"))
simple("D5 substitution not canonical", "B4", lambda w: w.openings.update({w.acts[1]: v.canonical(w.openings[w.acts[1]]).decode() + " "}))
simple("D5 substitution no JSON", "B3", lambda w: w.openings.update({w.acts[1]: "hello"}))
simple("D5 evidence too short", "D5", setact(1, evidence="00"))
simple("D5 borrowed people as string", "D5", setact(0, people="X1"))
simple("D5 borrowed from empty", "D5", setact(0, **{"from": ""}))
simple("D6 reason not listed", "D6", setact(1, reason="inconvenient"))
simple("D6 reserve skipped", "D6", setact(1, to=lambda w: w.chain[2]))
simple("D6 null though reserves are left", "D6", setact(1, to=None))
simple("D6 to a unit that is no reserve", "D6", setact(1, to=lambda w: w.having[1] if len(w.having) > 1 else w.lacking[0]))
simple("D6 from an absent visit", "D6", setact(2, **{"from": lambda w: w.chain[0]}))
simple("D6 from a reserve not taken", "D6", setact(1, **{"from": lambda w: w.chain[1]}))
simple("D6 from an unknown unit", "D6", setact(1, **{"from": "S9-999"}))
simple("D6 reserve of another stratum", "D6", setact(1, to=lambda w: next(r[-1] for s, r in w.visits.reserves.items() if s != w.visits.home[w.chain[0]])))
simple("D6 a reserve taken twice", "D6", setact(2, to=lambda w: w.chain[1]))
simple("D6 to after the last reserve", "D6", setact(-1, to=lambda w: w.chain[1]))
simple("D6 substitutions in other order", "D6", lambda w: swap(w, w.acts[1], w.acts[2]))
simple("D9 borrowed for a visit with a team", "D9", setact(0, unit=lambda w: w.having[0]))
simple("D9 borrowed for an unknown unit", "D9", setact(0, unit="S9-999"))
simple("D9 borrowed for a reserve not taken", "D9", setact(0, unit=lambda w: [r for r in w.chain[1:] if w.visits.b.recused.get(r, set()) & w.visits.people[1]][0]))
simple("D9 people too few", "D9", setact(0, people=["X1", "X2"]))
simple("D9 people not ascending", "D9", setact(0, people=["X2", "X1", "X3"]))
simple("D9 people twice", "D9", setact(0, people=["X1", "X1", "X3"]))
simple("D9 people on the roster", "D9", setact(0, people=["D2", "X1", "X3"]))
simple("D9 recused bureau person lent", "D9", setact(0, people=["B1", "X1", "X3"]))
simple("D9 second borrowed team for a unit", "D9", lambda w: insert(w, w.acts[0] + 1, {"leaf": {**w.specs[w.acts[0]]["leaf"]}, "signers": dict(w.specs[w.acts[0]]["signers"])}) or w.openings.update({w.acts[0] + 1: dict(w.openings[w.acts[0]])}))

# ---- K rules ------------------------------------------------------------------------------
def final(f): return lambda w: setattr(w, "final", [f])
def rekey(change):
    def f(files, w):
        keys = v.record(files["log/keys.json"], "k"); change(keys, w); files["log/keys.json"] = v.canonical(keys)
    return final(f)
simple("K1 log key of type 4", "K1", rekey(lambda k, w: k.update(log=vkey(w.origin, 4, public(w.logseed)))))
simple("K1 witness of type 1", "K1", rekey(lambda k, w: k["witnesses"].update(x=[vkey("x", 1, public(seed("x")))])))
simple("K2 id", "K2", rekey(lambda k, w: k["witnesses"].update(x=["x+00000000+" + vkey("x", 4, public(seed("x"))).split("+", 2)[2]])))
simple("K2 upper case id", "10.1", rekey(lambda k, w: k["witnesses"].update(x=["x+" + vkey("x", 4, public(seed("x"))).split("+", 2)[1].upper() + "+" + vkey("x", 4, public(seed("x"))).split("+", 2)[2]])))
simple("10.1 name with plus", "10.1", rekey(lambda k, w: k["witnesses"].update(x=[vkey("x+y", 4, public(seed("x")))])))
simple("10.1 name with space", "10.1", rekey(lambda k, w: k["witnesses"].update(x=[vkey("x y", 4, public(seed("x")))])))
simple("10.1 name in Chinese", "10.1", rekey(lambda k, w: k["witnesses"].update(x=[vkey("见", 4, public(seed("x")))])))
simple("10.1 base64 not canonical", "10.1", rekey(lambda k, w: k["witnesses"].update(x=[vkey("x", 4, public(seed("x")))[:-1] + "="])))
def noncanon64(k, w):
    t = vkey("x", 4, public(seed("x")) + b"\0"); k["witnesses"].update(x=[t])
simple("10.1 key too long", "10.1", rekey(noncanon64))
for n, s in enumerate(SMALL):
    simple(f"9.2 small witness key {n}", "9.2", rekey(lambda k, w, s=s: k["witnesses"].update(x=[vkey("x", 4, s)])))
simple("K3 extra key", "K3", rekey(lambda k, w: k.update(x=1)))
simple("K3 owner no code", "K3", rekey(lambda k, w: k["witnesses"].update({"x y": []})))
simple("K3 empty owner list", "OK", rekey(lambda k, w: k["witnesses"].update(x=[])))
simple("K4 key under two owners", "K4", rekey(lambda k, w: k["witnesses"].update(x=[vkey("w.other", 4, public(seed("wn")))])))
simple("K4 log key as witness", "K4", rekey(lambda k, w: k["witnesses"].update(x=[vkey("w.other", 4, public(w.logseed))])))
simple("K4 party's key as witness", "K4", rekey(lambda k, w: k["witnesses"].update(x=[vkey("w.other", 4, public(w.k["discipline"]))])))
simple("K4 party's later key as witness", "K4", rekey(lambda k, w: k["witnesses"].update(x=[vkey("w.other", 4, public(w.k2["discipline"]))])))
def party_log(w): w.logseed = w.k["bureau"]
simple("K4 party's key as log key", "K4", party_log)
def renote(change, name="log/checkpoint"):
    def f(files, w): files[name] = change(files[name], w)
    return final(f)
simple("K5 extension line", "K5", renote(lambda n, w: n.replace(b"\n\n", b"\next\n\n", 1)))
simple("K5 origin", "K5", renote(lambda n, w: n.replace(w.origin.encode(), b"other.example", 1)))
simple("K5 CR", "K5 10.2", renote(lambda n, w: n.replace(b"\n", b"\r\n")))
simple("K5 no end", "K5", renote(lambda n, w: n[:-1]))
simple("K5 after the end", "K5 K6 10.2", renote(lambda n, w: n + b"\n"))
simple("10.2 ASCII dash", "10.2", renote(lambda n, w: n.replace("\u2014".encode(), b"-")))
simple("K10 size with zero", "10.2 K10", renote(lambda n, w: n.replace(b"\n", b"\n0", 1)))
simple("K6 line twice", "K6", renote(lambda n, w: n + n.split(b"\n")[4] + b"\n"))
simple("K6 line of a stranger", "K6", lambda w: (w.wit.update(x=[("w.x", seed("x"))]), w.cosigs.update(x=unix(T(18, "10:00"))), rekey(lambda k, w: k["witnesses"].pop("x"))(w)) and None)
simple("K6 right name, other id", "K6", renote(lambda n, w: n.replace(b64(v.vkey(vkey("w.notary", 4, public(seed("wn"))), "o", "").id + b"\0\0")[:5].encode(), b"AAAAA")))
simple("K7 no log line", "K7", renote(lambda n, w: b"\n".join(l for l in n.split(b"\n") if not l.startswith(("\u2014 " + w.origin).encode()))))
simple("K5 no signature line at all", "K5 K7", renote(lambda n, w: b"\n".join(n.split(b"\n")[:4]) + b"\n"))
def badlog(w):
    real = w.logseed
    def f(files, w):
        w.logseed = seed("evil"); n = note(w, w.leaves, len(w.leaves), {}); w.logseed = real
        line = n.split(b"\n")[4].decode().split(" ")
        good = files["log/checkpoint"].split(b"\n")
        kid = base64.b64decode(good[4].decode().split(" ")[2])[:4]
        good[4] = f"\u2014 {w.origin} {b64(kid + base64.b64decode(line[2])[4:])}".encode()
        files["log/checkpoint"] = b"\n".join(good)
    w.final = [f]
simple("K9 log's signature by another key", "K9", badlog)
def short_sig(n, w):
    l = n.split(b"\n"); d = base64.b64decode(l[4].decode().split(" ")[2]); l[4] = f"\u2014 {w.origin} {b64(d[:-1])}".encode(); return b"\n".join(l)
simple("K7 log line too short", "K7", renote(short_sig))
def edit_wit(f):
    def g(n, w):
        l = n.split(b"\n"); name, d = l[5].decode().split(" ")[1:]; d = base64.b64decode(d); l[5] = f"\u2014 {name} {b64(f(d))}".encode(); return b"\n".join(l)
    return renote(g)
simple("K8 T changed", "K9", edit_wit(lambda d: d[:11] + bytes([d[11] ^ 1]) + d[12:]))
simple("K8 T over 2^63", "K8", edit_wit(lambda d: d[:4] + b"\xff" + d[5:]))
simple("K8 too long", "K8", edit_wit(lambda d: d + b"\0"))
simple("K8 without T", "K8", edit_wit(lambda d: d[:4] + d[12:]))
simple("K9 witness's signature flipped", "K9", edit_wit(lambda d: d[:-1] + bytes([d[-1] ^ 1])))
simple("K10 smaller tree", "K10", lambda w: setattr(w, "csize", len(w.specs) - 1))
simple("K10 a leaf more than the checkpoint", "K10", final(lambda f, w: f.update({"log/leaves.jsonl": f["log/leaves.jsonl"] + w.leaves[3].replace(b"C3", b"C8").replace(b"05-02", b"05-19") + b"\n"})))
simple("K10 root of another log", "K10", final(lambda f, w: f.update({"log/checkpoint": note(w, w.leaves, len(w.leaves), {}, root=hashlib.sha256(b"x").digest())})))
simple("K12 one leaf too few", "K12", lambda w: setattr(w, "wsize", w.com["discipline"]))
simple("K12 covers the entropy leaf", "K12", lambda w: setattr(w, "wsize", w.entropy + 1))
simple("K12 root of another", "K12", final(lambda f, w: f.update({"log/witnessed": note(w, w.leaves, w.wsize, w.wcosigs, root=hashlib.sha256(b"x").digest())})))
simple("K12 only a party's witness", "K12", lambda w: w.wcosigs.pop("notary") and None)
simple("K12 no cosignature", "K12", lambda w: w.wcosigs.clear())
simple("K12 cosigned at after", "K12", lambda w: w.wcosigs.update(notary=unix(T(10, "21:30"))))
simple("K12 cosigned before the last commitment", "K12", lambda w: w.wcosigs.update(notary=unix(T(8, "19:21")) - 1))
simple("K12 province is outside", "OK", lambda w: (w.wcosigs.pop("notary"), w.wcosigs.update(province=unix(T(9, "10:00")))) and None)
simple("K12 cosignature broken", "K9", renote(lambda n, w: n[:-10] + b"AAAA" + n[-6:], "log/witnessed"))
simple("K9 witnessed: a cosignature that would not count is broken", "K9", lambda w: setattr(w, "final", [lambda f, w: (lambda n: f.update({"log/witnessed": n}))(swap_sig(f["log/witnessed"], w))]))
def swap_sig(n, w):
    l = n.split(b"\n"); a, b = l[5].split(b" "), l[6].split(b" ")
    d = base64.b64decode(b[2]); b[2] = base64.b64encode(d[:-1] + bytes([d[-1] ^ 1])); l[6] = b" ".join(b); return b"\n".join(l)

# ---- 12.2 ---------------------------------------------------------------------------------
simple("keys: other log key", "12.2", lambda w: None, keys=lambda w: trusted(w, log=vkey(w.origin, 1, public(seed("evil")))))
simple("keys: party missing", "12.2", lambda w: None, keys=lambda w: trusted(w, parties={p: public(seed(p)).hex() for p in ("bureau", "discipline")}))
simple("keys: first key differs", "12.2", lambda w: None, keys=lambda w: trusted(w, parties={**{p: public(seed(p)).hex() for p in ("bureau", "discipline")}, "province": public(seed("evil")).hex()}))
simple("keys: party's later key instead of its first", "12.2", lambda w: None, keys=lambda w: trusted(w, parties={**{p: public(seed(p)).hex() for p in ("province", "discipline")}, "bureau": public(w.k2["bureau"]).hex()}))
simple("keys: party more", "OK", lambda w: None, keys=lambda w: trusted(w, parties={p: public(seed(p)).hex() for p in ("bureau", "discipline", "province", "town")}))
simple("keys: a key twice (party, witness)", "12.2", lambda w: None, keys=lambda w: trusted(w, witnesses={"notary": [vkey("w.notary", 4, public(seed("bureau")))]}))
simple("keys: a key twice (two witnesses)", "12.2", lambda w: None, keys=lambda w: trusted(w, witnesses={"a": [vkey("w.notary", 4, public(seed("wn")))], "b": [vkey("w.notary2", 4, public(seed("wn")))]}))
simple("keys: a key twice (two parties)", "12.2", lambda w: None, keys=lambda w: trusted(w, parties={**{p: public(seed(p)).hex() for p in ("bureau", "discipline", "province")}, "town": public(seed("bureau")).hex()}))
simple("keys: log key as witness", "12.2", lambda w: None, keys=lambda w: trusted(w, witnesses={"a": [vkey("n", 4, public(w.logseed))]}))
simple("keys: small-order party", "9.2", lambda w: None, keys=lambda w: trusted(w, parties={**{p: public(seed(p)).hex() for p in ("bureau", "discipline", "province")}, "town": SMALL[4].hex()}))
simple("keys: not canonical", "B4", lambda w: None, keys=lambda w: trusted(w) + b"\n")
simple("keys: extra key", "12.2", lambda w: None, keys=lambda w: trusted(w, x=1))
simple("keys: empty", "B3", lambda w: None, keys=lambda w: b"")
simple("keys: K12 outside witness unknown to FILE", "K12", lambda w: None, keys=lambda w: trusted(w, witnesses={"discipline": [vkey("w.disc", 4, public(seed("wd")))]}))
simple("keys: K12 FILE says the outside witness is discipline's", "K12", lambda w: None, keys=lambda w: trusted(w, witnesses={"discipline": [vkey("w.notary", 4, public(seed("wn"))), vkey("w.disc", 4, public(seed("wd")))]}))
simple("keys: K12 bundle calls notary a party's, FILE an outside", "OK", lambda w: (w.wit.update(discipline=[w.wit["notary"][0], w.wit["discipline"][0]]), w.wit.pop("notary"), w.cosigs.clear(), w.wcosigs.clear(), w.wcosigs.update(discipline=unix(T(9, "10:00")))) and None,
       keys=lambda w: trusted(w, witnesses={"notary": [vkey("w.notary", 4, public(seed("wn")))]}))
simple("keys: --witnesses 2 with one in FILE", "12.2", lambda w: None, witnesses=2, keys=lambda w: trusted(w, witnesses={"notary": [vkey("w.notary", 4, public(seed("wn")))]}))
simple("keys: same public key under another name does not count", "K12 12.2", lambda w: None, witnesses=2, keys=lambda w: trusted(w, witnesses={"notary": [vkey("other.name", 4, public(seed("wn")))], "discipline": [vkey("w.disc", 4, public(seed("wd")))]}))
simple("--witnesses 3", "12.2", lambda w: None, witnesses=3)
simple("--witnesses 2, one old", "12.2", lambda w: w.cosigs.update(notary=unix(T(18, "08:59"))), witnesses=2)
def two_keys(w):
    w.wit["notary"].append(("w.notary2", seed("wn2"))); w.wit["n2"] = [("w.notary2", seed("wn2"))]
    w.cosigs = {"notary": unix(T(18, "10:00")), "n2": unix(T(18, "10:00"))}
    rekey(lambda k, w: k["witnesses"].pop("n2"))(w)
simple("--witnesses 2 with two keys of one owner", "12.2", two_keys, witnesses=2)

# ---- draw level, all hashes right -----------------------------------------------------------
def plan(**k): return {"plan": lambda p: p.update(k)}
simple("P15 certain_limit over half", "P15", lambda w: None, plan(certain_limit=4))
simple("P15 certain over limit", "P15", lambda w: None, plan(certain_limit=0))
simple("A1 visits moved between strata", "P16/A3", lambda w: None, {"plan": lambda p: (p["strata"][0].update(visits=p["strata"][0]["visits"] + 1), p["strata"][1].update(visits=p["strata"][1]["visits"] - 1))})
simple("P16 size", "P16/A3", lambda w: None, {"plan": lambda p: p["strata"][0].update(size=p["strata"][0]["size"] + 1)})
simple("P16 a stratum more", "P16", lambda w: None, {"plan": lambda p: p["strata"].append({"size": 1, "stratum": "S3", "units": 1, "visits": 0})})
simple("A2 too few visits", "A2 P16/A3", lambda w: None, {"preplan": lambda p: p.update(visits=2, certain_limit=1)})
simple("units", "P16", lambda w: None, {"plan": lambda p: p["frame"].update(units=15)})
simple("root", "P16", lambda w: None, {"plan": lambda p: p["frame"].update(root=sha("r"))})
simple("R3 roster", "R3", lambda w: None, plan(roster=sha("r")))
simple("P14 teams", "P14", lambda w: None, {"preplan": lambda p: p["teams"].update(count=3)})
simple("R4", "R4", lambda w: None, {"roster": lambda r: r.update(recusals=sorted(r["recusals"] + [["B3", "S1-000"]]))})
simple("R1 both", "R1", lambda w: None, {"roster": lambda r: r["discipline"].insert(0, "B4")})
simple("R2 unknown unit", "R2", lambda w: None, {"roster": lambda r: r["recusals"].append(["B4", "S9-000"])})
simple("R2 unknown person", "R2", lambda w: None, {"roster": lambda r: r["recusals"].append(["X4", "S1-000"])})
simple("R2 triple", "R2", lambda w: None, {"roster": lambda r: r["recusals"].append(["B4", "S2-013", "S2-013"])})
simple("C1 nonce", "C1", lambda w: None, {"ceremony": lambda c: c["nonces"].update(bureau=sha("n"))})
simple("C1 party more", "C1", lambda w: None, {"ceremony": lambda c: (c["nonces"].update(x=sha("n")), c["commitments"].update(x=sha("m")))})
simple("X2 another team", "X2", lambda w: None, {"transcript": lambda t: t["assignments"][0].update(team=None if t["assignments"][0]["team"] else 1)})
simple("X2 reserves swapped", "X2", lambda w: None, {"transcript": lambda t: t["strata"][0]["reserve"].reverse()})
simple("X2 selected swapped", "X2", lambda w: None, {"transcript": lambda t: t["strata"][0]["selected"].reverse()})
simple("X2 true for 1", "X2", lambda w: None, {"transcript": lambda t: t["teams"][0].update(team=True)})
simple("U2 order", "U2", lambda w: None, {"frame": lambda u: u.reverse()})
simple("U2 twice", "U2", lambda w: None, {"frame": lambda u: u.append(u[-1])})
simple("U size 0", "B4", lambda w: None, {"frame": lambda u: u[3].update(size=0)})
simple("U size over", "B4", lambda w: None, {"frame": lambda u: u[3].update(size=1_000_001)})
simple("P10 for attempt 1 in plan", "P10", lambda w: None, {"plan": lambda p: p["attempt"] == 1 and p["entropy"].update(after=T(12, "00:00"))})
simple("P5 window", "P5", lambda w: None, plan(window=["2026-05-11", "2026-05-18"]))
simple("B7 title", "B4", lambda w: None, plan(title="cafe\u0301"))
simple("protocol", "3.3", lambda w: None, plan(protocol="mingchou/2"))
simple("attempt true", "B4", lambda w: None, {"plan": lambda p: p["attempt"] == 2 and p.update(attempt=True)})

CASES, OUT = [], pathlib.Path(sys.argv[1])

def write(name, rules, bundles, witnesses=0, keys=None):
    """Writes one case; nothing in it is verified here."""
    folder = OUT / f"{len(CASES):04}"
    for number, files in enumerate(bundles):
        for file, data in files.items():
            path = folder / f"b{number}" / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(bytes(data))
    if keys is not None:
        (folder / "keys.json").write_bytes(keys)
    honest = rules == ["OK"]
    CASES.append({"bundles": len(bundles), "keys": keys is not None, "name": name, "rules": [] if honest else list(rules), "witnesses": witnesses})

def one(name, rules, change, hooks, options):
    w = honest(hooks, NONCE)
    change(w)
    keys = options.get("keys")
    write(name, rules, [seal(w)], options.get("witnesses", 0), keys(w) if keys else None)

# ---- several bundles ------------------------------------------------------------------------
def together():
    def check(name, wanted, *bundles): write(name, [wanted], list(bundles))
    a = honest(nonce=NONCE); fa = seal(a)
    def longer(extra, **attrs):
        w = honest(nonce=NONCE); 
        for k, x in attrs.items(): setattr(w, k, x)
        insert(w, len(w.specs), {"leaf": {"at": T(18, "09:30"), "kind": "submission", "county": extra, "period": "2026-W20", "rows": 1, "sealed": sha("7"), "version": 1}, "signers": {}})
        w.cosigs = {}
        return w
    fb = seal(longer("C1")); fc = seal(longer("C2"))
    check("the same twice", "OK", fa, fa)
    check("longer", "OK", fa, fb)
    check("longer first", "OK", fb, fa)
    check("fork of equal length", "M1", fb, fc)
    check("fork with a third, shorter", "M1", fa, fb, fc)
    w = longer("C1"); w.logseed = seed("log2"); check("same origin, other key", "M1", fa, seal(w))
    def other(origin):
        w = honest(nonce=NONCE, origin=origin); w.logseed = seed("log2"); return w
    check("another origin, same draw", "M2", fa, seal(other("other.example/log")))
    # other origin whose only common pair is the open special
    w = other("other.example/log")
    check("another origin of the same, reversed", "M2", seal(w), fa)
    w = honest(nonce=NONCE); w.wit.pop("province"); check("witness keys differ", "OK", fa, seal(w))
    # fork early, equal-length
    w = honest(nonce=NONCE); setleaf("spcom", value=sha("y"))(w); check("fork at one leaf", "M1", fa, seal(w))

if __name__ == "__main__":
    for job in ATTACKS:
        if job is not None:
            one(*job)
    together()
    (OUT / "cases.json").write_text(json.dumps(CASES, ensure_ascii=False))
