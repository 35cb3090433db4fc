#!/usr/bin/env python3
"""Verify bundles of random draws, from docs/PROTOCOL.md (mingchou/1) alone.

A second program, independent of `mingchou verify`: Python 3.9 or later, its standard
library, one file, no network.  Every check names the rules of the document it stands
for; the first words of a check's docstring are those rules.  One thing is not checked:
drand's BLS signature, which rule E6 leaves to those able to do it; the verdict says so.

From a program: `verify_paths(["bundle.zip"])` or `verify_bundle({"plan.json": b"…", …})`.
"""

import argparse
import base64
import datetime
import functools
import hashlib
import heapq
import io
import json
import os
import re
import stat
import struct
import sys
import zlib
from array import array
from collections import namedtuple
from fractions import Fraction

DRAW_FILES = ("ceremony.json", "frame.jsonl", "frame.key", "plan.json", "roster.json", "transcript.json")
LOG_FILES = ("log/checkpoint", "log/keys.json", "log/leaves.jsonl", "log/openings.json", "log/witnessed")
ALL_FILES = DRAW_FILES + LOG_FILES
STREAMED = ("frame.jsonl", "log/leaves.jsonl")  # read line by line, never as a whole
SIZE_LIMITS = {"frame.jsonl": 512_000_000, "log/leaves.jsonl": 2**30}
DAY = 86_400
EPOCH = datetime.date(1970, 1, 1).toordinal() * DAY + 8 * 3600  # 1970 on the clock of +08:00
QUICKNET_GENESIS = 1_692_803_367


class Refused(Exception):
    """A rule does not hold: its number and the difference in Chinese and English."""

    def __init__(self, rule, zh, en, found=None, expected=None):
        super().__init__(f"{rule}: {en}")
        self.rule, self.zh, self.en = rule, zh, en
        self.found, self.expected = found, expected


def need(condition, rule, zh, en, where=""):
    """Refuse the bundle under `rule` unless the condition holds."""
    if not condition:
        raise Refused(rule, f"{where}：{zh}" if where else zh, f"{where}: {en}" if where else en)


def need_same(found, expected, rule, what):
    """Refuse the bundle under `rule` unless two values are the same."""
    if found != expected:
        one, other = short(found), short(expected)
        raise Refused(rule, f"{what}：见 {one}，应为 {other}",
                      f"{what}: found {one}, expected {other}", one, other)


def short(value):
    """A value cut to the length of a message."""
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 160 else text[:157] + "…"


# ---------------------------------------------------------------- 2 bytes

def lp(data):
    """B1: bytes (or a string's UTF-8) with their length before them."""
    data = data.encode() if isinstance(data, str) else data
    return struct.pack(">I", len(data)) + data


def digest(tag, *parts):
    """B2: the tagged SHA-256."""
    return hashlib.sha256(b"mingchou/1/" + tag.encode() + b"\n" + b"".join(parts)).digest()


def no_number(text):
    """B3: refuse a number that is no integer."""
    raise ValueError(f"not an integer: {text[:40]}")


def small_integer(text):
    """B3: an integer; no record of the protocol has one of more than 20 digits."""
    return int(text) if len(text) <= 20 else no_number(text)


def unique(pairs):
    """B4: an object without repeated keys."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("repeated key")
    return found


DECODER = json.JSONDecoder(parse_float=no_number, parse_constant=no_number,
                           parse_int=small_integer, object_pairs_hook=unique)
ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def canonical(value):
    """B3: the canonical form of a record; its keys are ASCII, so their order is that of bytes."""
    return ENCODER.encode(value).encode()


def record(data, what):
    """B3, B4: the value of a record whose bytes are canonical."""
    # A hostile 128 MiB of "[[],[],…" would fill the memory: the largest files section 13
    # allows (roster.json, and keys.json with a million keys) have fewer than 4 000 000 parts.
    need(len(data) < 2**22 or sum(map(data.count, (b",", b"[", b"{"))) < 4_000_000, "13",
         f"{what} 部分过多", f"{what} has too many parts")
    try:
        value = DECODER.decode(data.decode())
        again = canonical(value)
    except (ValueError, RecursionError) as error:
        raise Refused("B3", f"{what} 不是记录：{short(str(error))}",
                      f"{what} is no record: {short(str(error))}") from None
    need_canonical(again, data, what)
    return value


def need_canonical(again, data, what):
    """B4: the bytes found are those of the canonical form."""
    if again != data:
        at = next((i for i, (a, b) in enumerate(zip(again, data)) if a != b), min(len(again), len(data)))
        cut = slice(max(at - 20, 0), at + 20)
        raise Refused("B4", f"{what} 不是规范形式（第 {at} 字节）",
                      f"{what} is not in canonical form (byte {at})",
                      repr(data[cut]), repr(again[cut]))


def is_hex(digits):
    """B5: a predicate for lower-case hex of that many digits."""
    pattern = re.compile(f"[0-9a-f]{{{digits}}}")
    return lambda value: type(value) is str and pattern.fullmatch(value) is not None


def is_int(low, high=None):
    """B4: a predicate for an integer (not a boolean) within bounds."""
    return lambda value: (type(value) is int and value >= low and (high is None or value <= high))


def is_a(kind):
    """B4: a predicate for values of exactly that type."""
    return lambda value: type(value) is kind


is_string, is_bool = is_a(str), is_a(bool)
CODE = re.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def is_code(value):
    """B6: a code."""
    return type(value) is str and CODE.fullmatch(value) is not None


TEXT = re.compile("[\u0020-\u007e\u00b7\u2014\u2018\u2019\u201c\u201d\u2026\u3001-\u3029"
                  "\u3400-\u4dbf\u4e00-\u9fff\uff01-\uff5e]{1,200}")


def is_text(value):
    """B7: a text."""
    return type(value) is str and TEXT.fullmatch(value) is not None


@functools.lru_cache(maxsize=4096)
def day(text):
    """B8: the number of a date, or None."""
    match = re.fullmatch("([0-9]{4})-([0-9]{2})-([0-9]{2})", text)
    try:
        return datetime.date(*map(int, match.groups())).toordinal() if match else None
    except ValueError:
        return None


def instant(text):
    """B8: a time as seconds of its own clock, comparable with day(…) * DAY, or None."""
    match = re.fullmatch(r"(.{10})T([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9])\+08:00", text)
    date = day(match[1]) if match else None
    if date is None:
        return None
    return date * DAY + int(match[2]) * 3600 + int(match[3]) * 60 + int(match[4])


def time_text(seconds):
    """B8: seconds after 1970 as a time, or as they are where no date is so late."""
    date, second = divmod(seconds + EPOCH, DAY)
    if date > datetime.date.max.toordinal():
        return f"1970 + {seconds} s"
    hours = f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
    return f"{datetime.date.fromordinal(date).isoformat()}T{hours}+08:00"


def monday(week):
    """B8: the number of the Monday of a week, or None."""
    match = re.fullmatch("([0-9]{4})-W([0-9]{2})", week)
    try:
        return datetime.date.fromisocalendar(*map(int, match.groups()), 1).toordinal() if match else None
    except (ValueError, OverflowError):
        return None


def is_real(parse):
    """B8: a predicate for a real date, time or week: strings that `parse` can read."""
    return lambda value: type(value) is str and parse(value) is not None


is_date, is_time, is_week = is_real(day), is_real(instant), is_real(monday)
HEX64 = is_hex(64)
Map = namedtuple("Map", "value")  # an object from codes to values


def or_null(predicate):
    """B4: a predicate that also takes null."""
    return lambda value: value is None or predicate(value)


def shape(value, schema, where, rule="B4"):
    """B4–B8: exact keys and types: a dict, a one-element list, a Map or a predicate."""
    if isinstance(schema, dict):
        right = type(value) is dict
        odd = sorted(set(value) ^ set(schema)) if right else []
        need(not odd, rule, f"多或缺键 {short(odd[:1])}", f"key {short(odd[:1])} unknown or missing", where)
        inner = [(key, schema[key]) for key in schema] if right else ()
    elif isinstance(schema, list):
        right = type(value) is list
        inner = ((index, schema[0]) for index in range(len(value))) if right else ()
    elif isinstance(schema, Map):
        right = type(value) is dict and all(map(is_code, value))
        inner = [(key, schema.value) for key in value] if right else ()
    else:
        right, inner = schema(value), ()
    if not right:
        raise Refused(rule, f"{where} 不合格式：{short(value)}",
                      f"{where} has not the form stated: {short(value)}", short(value))
    for key, part in inner:
        shape(value[key], part, f"{where}.{key}", rule)


def ascending(items):
    """Whether a list of strings or of pairs strictly ascends (codes are ASCII, B6)."""
    return all(a < b for a, b in zip(items, items[1:]))


MASK = 0xFFFFFFFF
QUARTERS = ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
            (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14))


def chacha_block(key_words, counter):
    """B9: one block of the ChaCha20 key stream as eight little-endian words of 64 bits."""
    start = [0x61707865, 0x3320646E, 0x79622D32, 0x6B206574, *key_words, counter & MASK, counter >> 32, 0, 0]
    x = list(start)
    for _ in range(10):
        for i, j, k, m in QUARTERS:
            a, b, c, d = x[i], x[j], x[k], x[m]
            a = (a + b) & MASK
            d ^= a
            d = (d << 16 | d >> 16) & MASK
            c = (c + d) & MASK
            b ^= c
            b = (b << 12 | b >> 20) & MASK
            a = (a + b) & MASK
            d ^= a
            d = (d << 8 | d >> 24) & MASK
            c = (c + d) & MASK
            b ^= c
            b = (b << 7 | b >> 25) & MASK
            x[i], x[j], x[k], x[m] = a, b, c, d
    out = [(p + q) & MASK for p, q in zip(x, start)]
    return [out[i] | out[i + 1] << 32 for i in range(0, 16, 2)]


class Rng:
    """B9–B11: random words of a 32-byte key."""

    def __init__(self, key):
        self.key = struct.unpack("<8I", key)
        self.block = 0
        self.words = []

    def word(self):
        """B9: the next word."""
        if not self.words:
            self.words = chacha_block(self.key, self.block)[::-1]
            self.block += 1
        return self.words.pop()

    def below(self, n):
        """B10: an integer from 0 to n - 1."""
        bound = 2**64 - 2**64 % n
        word = self.word()
        while word >= bound:
            word = self.word()
        return word % n

    def shuffle(self, items):
        """B11: a shuffled copy."""
        items = list(items)
        for i in range(len(items) - 1, 0, -1):
            j = self.below(i + 1)
            items[i], items[j] = items[j], items[i]
        return items


def node(left, right):
    """B13: an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def leaf_hash(data):
    """B13: the hash of a leaf."""
    return hashlib.sha256(b"\x00" + data).digest()


class Tree:
    """B13: a root hash over leaf hashes given one by one, by a stack of complete subtrees."""

    def __init__(self, leaf_hashes=()):
        self.size, self.stack = 0, []
        for hashed in leaf_hashes:
            self.add(hashed)

    def add(self, hashed):
        """One more leaf: every 1 at the end of the size's binary digits is a subtree to join."""
        size = self.size
        while size & 1:
            hashed = node(self.stack.pop(), hashed)
            size >>= 1
        self.stack.append(hashed)
        self.size += 1

    def root(self):
        """The root of the leaves so far, at least one."""
        root = self.stack[-1]
        for left in reversed(self.stack[:-1]):
            root = node(left, root)
        return root


# ---------------------------------------------------------------- 9.2 Ed25519

PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
CURVE_D = -121665 * pow(121666, -1, PRIME) % PRIME
ROOT_OF_MINUS_ONE = pow(2, (PRIME - 1) // 4, PRIME)
NEUTRAL = (0, 1, 1, 0)


def point_add(p, q):
    """The sum of two points in extended coordinates (X, Y, Z, XY/Z)."""
    a = (p[1] - p[0]) * (q[1] - q[0]) % PRIME
    b = (p[1] + p[0]) * (q[1] + q[0]) % PRIME
    c = 2 * CURVE_D * p[3] * q[3] % PRIME
    d = 2 * p[2] * q[2] % PRIME
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME


def point_double(p):
    """Twice a point."""
    x, y, z = p[:3]
    a, b = x * x % PRIME, y * y % PRIME
    h, g = a + b, a - b
    e, f = h - (x + y) * (x + y) % PRIME, 2 * z * z + g
    return e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME


def is_small(point):
    """9.2 no. 3: whether eight times the point is the neutral element."""
    x, y, z, _ = point_double(point_double(point_double(point)))
    return x % PRIME == 0 and (y - z) % PRIME == 0


def encode_point(point):
    """The 32 bytes of a point: y, and the lowest bit of x on top."""
    inverse = pow(point[2], -1, PRIME)
    x, y = point[0] * inverse % PRIME, point[1] * inverse % PRIME
    return (y | (x & 1) << 255).to_bytes(32, "little")


def decode_point(data):
    """9.2 no. 2 and 3: a canonical point not of small order, or None."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if len(data) != 32 or y >= PRIME:
        return None
    square = (y * y - 1) * pow(CURVE_D * y * y + 1, -1, PRIME) % PRIME
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if x * x % PRIME != square:
        x = x * ROOT_OF_MINUS_ONE % PRIME
    if x * x % PRIME != square or (x == 0 and sign):
        return None
    x = PRIME - x if x & 1 != sign else x
    point = (x, y, 1, x * y % PRIME)
    return None if is_small(point) else point


def multiples(point):
    """The first sixteen multiples of a point, from 0."""
    table = [NEUTRAL]
    for _ in range(15):
        table.append(point_add(table[-1], point))
    return table


BASE_TABLE = multiples(decode_point((4 * pow(5, -1, PRIME) % PRIME).to_bytes(32, "little")))


@functools.lru_cache(maxsize=256)
def key_table(key):
    """9.2: the multiples of −A for a public key A, or None if it breaks no. 2 or 3."""
    point = decode_point(key)
    return point and multiples((PRIME - point[0], point[1], 1, PRIME - point[3]))


def signature_holds(key, message, signature):
    """9.2: strict Ed25519 verification."""
    table, s = key_table(key), int.from_bytes(signature[32:], "little")
    if table is None or len(signature) != 64 or s >= ORDER:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    total = NEUTRAL
    for shift in range(252, -4, -4):  # [s]B − [k]A, four bits of both at a time
        if total is not NEUTRAL:
            total = point_double(point_double(point_double(point_double(total))))
        total = point_add(total, BASE_TABLE[s >> shift & 15])
        total = point_add(total, table[k >> shift & 15])
    # Equal bytes say that R is canonical (no. 2), and the very point demanded (no. 4).
    return encode_point(total) == signature[:32] and not is_small(total)


# ---------------------------------------------------------------- 11 files and zip

class Source:
    """A file of a bundle: bytes in memory, or a stretch of a file on disk."""

    def __init__(self, name, size, path=None, offset=0, data=None):
        need(size <= SIZE_LIMITS.get(name, 2**27), "F6", f"{name} 过大（{size} 字节）",
             f"{name} is too large ({size} bytes)")
        self.name, self.size, self.path, self.offset, self.data = name, size, path, offset, data

    def open(self):
        """A stream standing at the first byte."""
        if self.data is not None:
            return io.BytesIO(self.data)
        stream = open_regular(self.path)
        stream.seek(self.offset)
        return stream

    def read(self):
        """All bytes."""
        with self.open() as stream:
            data = stream.read(self.size)
        need(len(data) == self.size, "F3", f"{self.name} 在读取时变了", f"{self.name} changed while it was read")
        return data

    def lines(self, limit, rule):
        """The lines with their newlines, each at most `limit` bytes, without holding the file."""
        left, number = self.size, 0
        with self.open() as stream:
            while left:
                line = stream.readline(min(limit + 1, left))
                left -= len(line)
                number += 1
                need(len(line) <= limit, rule, f"{self.name} 第 {number} 行过长",
                     f"line {number} of {self.name} is longer than {limit} bytes")
                need(line.endswith(b"\n"), rule, f"{self.name} 末尾无换行",
                     f"{self.name} does not end its last line")
                yield line


def open_regular(path):
    """A regular file opened for reading; a link put there meanwhile, or a pipe, is refused."""
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0) \
        | getattr(os, "O_NONBLOCK", 0)
    stream = os.fdopen(os.open(path, flags), "rb")
    if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
        stream.close()
        raise OSError(f"not a regular file: {path}")
    return stream


class Bundle:
    """What is known of a bundle while it is checked."""

    def __init__(self, source, options):
        self.source, self.options = source, options  # a path or the files; an Options
        self.files, self.data = {}, {}  # Source by name; bytes of the small files
        self.plan = self.log = None
        self.notes = []

    def note(self, rule, zh, en):
        """12.4: name something that does not change the verdict."""
        self.notes.append((rule, zh, en))


def check_files(b):
    """F1–F4, F6, Z1–Z3, 12.3: exactly the files stated, read from a folder or a zip."""
    if isinstance(b.source, dict):
        for name, data in b.source.items():
            need(name in ALL_FILES, "F3", f"多余的 {short(name)}", f"{short(name)} does not belong here")
            b.files[name] = Source(name, len(data), data=data)
    elif os.path.isdir(b.source):
        read_folder(b)
    else:
        read_zip(b)
    with_log = any(name.startswith("log/") for name in b.files)
    missing = sorted(set(ALL_FILES if with_log else DRAW_FILES) - set(b.files))
    need(not missing, "F3", f"缺 {missing[:1]}", f"{missing[:1]} is missing")
    need(with_log or b.options.without_log, "12.3", "没有 log/，且未给 --without-log",
         "there is no log/ and --without-log was not given")
    need(with_log or not b.options.witnesses, "12.3", "没有 log/，无从核 --witnesses",
         "there is no log/ to count --witnesses in")
    b.data = {name: file.read() for name, file in b.files.items() if name not in STREAMED}


def read_folder(b):
    """F1–F3, F6: the files of a folder, without links."""
    entries = [("", b.source)]
    for prefix, folder in entries:
        with os.scandir(folder) as listing:
            for entry in listing:
                name, mode = prefix + entry.name, os.lstat(entry.path).st_mode
                if name == "log" and stat.S_ISDIR(mode):
                    entries.append(("log/", entry.path))
                    continue
                need(name in ALL_FILES, "F3", f"多余的 {short(name)}", f"{short(name)} does not belong here")
                need(stat.S_ISREG(mode), "F3", f"{name} 不是文件", f"{name} is not a file")
                b.files[name] = Source(name, os.lstat(entry.path).st_size, entry.path)
    need(len(entries) == 1 or any(name.startswith("log/") for name in b.files), "F3",
         "log/ 是空的", "log/ is empty")


def read_zip(b):
    """Z1–Z3: the members of a zip whose bytes are wholly determined by them."""
    path = os.path.realpath(b.source)
    with open_regular(path) as file:
        whole = os.fstat(file.fileno()).st_size
        at, directory, last = 0, b"", ""
        while True:
            file.seek(at)
            head = file.read(30)
            if head[:4] != b"PK\x03\x04":
                break
            need(len(head) == 30, "Z1", "zip 截断", "the zip is cut off")
            size, name_size = struct.unpack_from("<IH", head, 22)
            name = file.read(name_size).decode("latin-1")
            start = at + 30 + name_size
            need(name in ALL_FILES and name > last, "Z1", f"成员 {short(name)} 不该有或次序不对",
                 f"member {short(name)} is unknown or out of order")
            need(start + size <= whole, "Z1", f"成员 {name} 截断", f"member {name} is cut off")
            b.files[name] = Source(name, size, path, start)
            common = struct.pack("<5H3I2H", 20, 0, 0, 0, 33, crc32(file, size), size, size, name_size, 0)
            need_same(head[4:].hex(), common.hex(), "Z1", name)
            directory += (b"PK\x01\x02" + struct.pack("<H", 20) + common
                          + struct.pack("<3H2I", 0, 0, 0, 0, at) + name.encode())
            last, at = name, start + size
        need(b.files, "Z1", "不是 zip", "this is no zip")
        end = b"PK\x05\x06" + struct.pack("<4H2IH", 0, 0, len(b.files), len(b.files), len(directory), at, 0)
        file.seek(at)
        need_same(file.read(len(directory)).hex(), directory.hex(), "Z2", "zip directory")
        need_same(file.read(len(end) + 1).hex(), end.hex(), "Z3", "zip end")


def crc32(file, size):
    """Z1: the CRC-32 of the next bytes of a file."""
    total = 0
    while size:
        part = file.read(min(size, 2**20))
        need(part, "Z1", "zip 截断", "the zip is cut off")
        total = zlib.crc32(part, total)
        size -= len(part)
    return total


# ---------------------------------------------------------------- 3 records

ENTROPY = {"after": is_time, "draw": is_string, "source": is_string}
PLAN = {
    "attempt": is_int(1, 99), "certain_limit": is_int(0), "entropy": ENTROPY,
    "frame": {"root": HEX64, "units": is_int(1, 1_000_000)}, "frozen_at": is_time,
    "kind": is_string, "min_per_stratum": is_int(0, 10_000),
    "model": {"name": is_code, "sha256": HEX64}, "parties": [is_code], "period": is_week,
    "protocol": is_string,
    "reporting": [{"county": is_code, "submission": or_null(HEX64)}],
    "reserves_per_stratum": is_int(0, 10_000), "roster": HEX64,
    "strata": [{"size": is_int(1), "stratum": is_code, "units": is_int(1),
                "visits": is_int(0)}],
    "teams": {"bureau_per_team": is_int(1, 20), "count": is_int(1, 1000),
              "discipline_per_team": is_int(0, 20)},
    "title": is_text, "visits": is_int(1, 100_000), "window": [is_date],
}


def check_plan(b):
    """3.3, B3–B8, P1–P13, P15: the plan’s form and the rules it keeps by itself."""
    data = b.data["plan.json"]
    plan = record(data, "plan.json")
    shape(plan, PLAN, "plan")
    b.plan_hash = digest("plan", lp(data))
    need_same(plan["protocol"], "mingchou/1", "3.3", "plan.protocol")
    check_timing(plan, plan["kind"], "plan.json")
    counties = [entry["county"] for entry in plan["reporting"]]
    need(ascending(counties) and len(counties) <= 10_000, "P13",
         "上报单位过多或未按序", "reporting is not ascending or too long")
    need(plan["certain_limit"] <= plan["visits"] // 2, "P15",
         "certain_limit 超过检查数的一半", "certain_limit exceeds half of the visits")
    need(len(plan["strata"]) <= 5000, "P16", "层过多", "too many strata")
    b.plan = plan


def check_timing(plan, kind, where):
    """P1–P12: kind, period, attempt, parties, window, freeze and public draw."""
    def rule(condition, number, zh, en):
        need(condition, number, zh, en, where)
    special = re.fullmatch("special-[1-9][0-9]{0,3}", kind) is not None
    rule(special or kind == "weekly", "P2", "kind 不合格式", "kind has neither form")
    rule(len(plan["window"]) == 2, "P4", "window 不是两个日期", "window is not two dates")
    first, last = map(day, plan["window"])
    begin = monday(plan["period"])
    if special:
        rule(first <= last <= first + 30 and begin <= first <= begin + 6, "P6",
             "专项检查窗口不合规定", "the special window breaks its bounds")
    else:
        rule((first, last) == (begin, begin + 6), "P5", "窗口不是该周", "the window is not the week")
    parties = plan["parties"]
    rule(1 <= len(parties) <= 5 and ascending(parties), "P7", "参与方不合规定",
         "parties are not 1 to 5 ascending codes")
    rule("bureau" in parties if special else parties == ["bureau", "discipline"], "P8",
         "参与方不合规定", "these parties are not those demanded")
    frozen, after = instant(plan["frozen_at"]), instant(plan["entropy"]["after"])
    rule((first - 14) * DAY <= frozen < after, "P9", "封存时间不合规定", "frozen_at is out of bounds")
    rule(after <= (first if plan["attempt"] == 1 else last) * DAY, "P10",
         "公开随机源过晚", "entropy.after is too late")
    check_draw_number(plan["entropy"], rule)


def check_draw_number(entropy, rule):
    """P11, P12: the source and the form of the draw it names."""
    source, draw, after = entropy["source"], entropy["draw"], entropy["after"]
    year = int(after[:4])
    if source in ("kl8", "ssq"):
        right = re.fullmatch("[0-9]{7}", draw) and int(draw[:4]) in (year, year + 1)
    elif source == "dlt":
        right = (re.fullmatch("[0-9]{5}", draw) and int(draw[:2]) in (year % 100, (year + 1) % 100))
    elif source == "dice":
        right = is_code(draw)
    else:
        rule(source == "drand", "P11", "公开随机源未知", "the source is unknown")
        right = (re.fullmatch("[1-9][0-9]{0,15}", draw) and int(draw) <= 2**53
                 and QUICKNET_GENESIS + 3 * (int(draw) - 1) >= instant(after) - EPOCH)
    rule(bool(right), "P12", f"期号 {short(draw)} 不合规定", f"draw {short(draw)} breaks its form")


Unit = namedtuple("Unit", "unit size certain stratum")
UNIT = {"certain": is_bool, "facts": HEX64, "size": is_int(1, 1_000_000), "stratum": is_code, "unit": is_code}
# The canonical form of a unit's record, whole: a million lines are checked in seconds.
UNIT_LINE = re.compile(
    b'\\{"certain":(true|false),"facts":"[0-9a-f]{64}","size":([1-9][0-9]{0,5}|1000000),'
    b'"stratum":"([A-Za-z0-9][A-Za-z0-9._-]{0,63})","unit":"([A-Za-z0-9][A-Za-z0-9._-]{0,63})"\\}')


def read_unit(line, where):
    """U1, B3–B6: a unit’s record."""
    match = UNIT_LINE.fullmatch(line)
    if match is None:
        shape(record(line, where), UNIT, where)  # says what is wrong
        raise Refused("U1", f"{where} 不合格式", f"{where} has not the form stated")
    certain, size, stratum, unit = match.groups()
    return Unit(unit.decode(), int(size), certain == b"true", sys.intern(stratum.decode()))


def check_frame(b):
    """U1–U5, F5, P16: the frame’s lines, their order, the key and the root over salted leaves."""
    key, file = b.data["frame.key"], b.files["frame.jsonl"]
    need(re.fullmatch(b"[0-9a-f]{64}", key), "U3", "frame.key 不是 64 位十六进制", "frame.key is not 64 hex digits")
    frame_key, tree, last, units = bytes.fromhex(key.decode()), Tree(), "", []
    # D2 hashes the frame among the other files: done here, so that it is read only once.
    b.bundle_hash = hashlib.sha256(b"mingchou/1/bundle\n" + named_file(b, "ceremony.json")
                                   + lp("frame.jsonl") + struct.pack(">I", file.size))
    for line in file.lines(512, "U1"):
        b.bundle_hash.update(line)
        line, where = line[:-1], f"frame.jsonl:{len(units) + 1}"
        unit = read_unit(line, where)
        need(unit.unit > last and len(units) < 1_000_000, "U2", f"{where} 未按序或过多",
             f"{where} is not ascending, or one too many")
        last = unit.unit
        units.append(unit)
        salt = digest("salt", frame_key, lp(last))
        tree.add(leaf_hash(digest("unit", salt, lp(line))))
    need(units, "U2", "没有班期", "there are no units")
    need_same(len(units), b.plan["frame"]["units"], "P16", "frame.units")
    need_same(tree.root().hex(), b.plan["frame"]["root"], "P16", "frame.root")
    b.units = units


def named_file(b, name):
    """D2: a small file’s name and bytes, as they are hashed."""
    return lp(name) + lp(b.data[name])


ROSTER = {"bureau": [is_code], "discipline": [is_code], "recusals": [[is_code]]}


def check_roster(b):
    """R1–R4, P14: the roster, its hash, recusals, and enough people for teams and units."""
    data = b.data["roster.json"]
    need_same(hashlib.sha256(data).hexdigest(), b.plan["roster"], "R3", "SHA-256(roster.json)")
    roster = record(data, "roster.json")
    shape(roster, ROSTER, "roster")
    bureau, discipline, recusals = roster["bureau"], roster["discipline"], roster["recusals"]
    need(ascending(bureau) and ascending(discipline) and len(bureau) <= 20_000
         and len(discipline) <= 20_000 and not set(bureau) & set(discipline), "R1",
         "名录未按序、过长或重复", "the roster is not ascending, too long or has a code twice")
    people, units = set(bureau) | set(discipline), {unit.unit for unit in b.units}
    need(all(len(pair) == 2 and pair[0] in people and pair[1] in units for pair in recusals)
         and ascending(recusals) and len(recusals) <= 500_000, "R2",
         "回避未按序、过多或所指不存在", "recusals are not ascending, too many or name the unknown")
    b.roster, b.recused = roster, {}
    for inspector, unit in recusals:
        b.recused.setdefault(unit, set()).add(inspector)
    check_people(b)


def check_people(b):
    """R4, P14: the people suffice for one team at every unit and for all teams."""
    teams, bureau = b.plan["teams"], set(b.roster["bureau"])
    p, q, everyone = teams["bureau_per_team"], teams["discipline_per_team"], len(b.roster["discipline"])
    need(teams["count"] * p <= len(bureau) and teams["count"] * q <= everyone, "P14",
         "人员不足以组成检查组", "too few people for the teams")
    for unit, away in b.recused.items():
        absent = sum(inspector in bureau for inspector in away)
        need(len(bureau) - absent >= p and everyone - len(away) + absent >= q, "R4",
             f"{unit} 可用人员不足一组", f"too few people are left for {unit}")


# ---------------------------------------------------------------- 4 allocation

def check_allocation(b):
    """P15, P16, A1–A3: certainty units within their limit and the strata as allocated."""
    plan, strata = b.plan, {}
    for unit in b.units:
        strata.setdefault(unit.stratum, []).append(unit)
    b.strata = dict(sorted(strata.items()))
    certain = sum(unit.certain for unit in b.units)
    need(certain <= plan["certain_limit"], "P15",
         f"必查班期 {certain} 个，超过上限", f"{certain} certainty units exceed the limit")
    need(len(b.strata) <= 5000, "P16", "层过多", "too many strata")
    visits = allocate(b)
    expected = [{"size": sum(unit.size for unit in units), "stratum": code,
                 "units": len(units), "visits": visits[index]}
                for index, (code, units) in enumerate(b.strata.items())]
    for index, (found, right) in enumerate(zip(plan["strata"], expected)):
        need_same(found, right, "P16/A3", f"plan.strata[{index}]")
    need_same(len(plan["strata"]), len(expected), "P16", "len(plan.strata)")


def allocate(b):
    """A1–A3: the visits of each stratum, in order of strata."""
    groups, visits = list(b.strata.values()), b.plan["visits"]
    given = [min(len(units), max(b.plan["min_per_stratum"],
                                 sum(unit.certain for unit in units) + 1)) for units in groups]
    total = sum(given)
    need(total <= visits, "A2", f"至少需要 {total} 次检查", f"at least {total} visits are needed")
    sizes = [sum(unit.size for unit in units) for units in groups]
    queue = [(Fraction(-sizes[i], 2 * given[i] + 1), i)
             for i in range(len(groups)) if given[i] < len(groups[i])]
    heapq.heapify(queue)  # greatest average first; of equal ones the smaller code, that is i
    while total < min(visits, len(b.units)):
        i = queue[0][1]
        given[i] += 1
        total += 1
        if given[i] < len(groups[i]):
            heapq.heapreplace(queue, (Fraction(-sizes[i], 2 * given[i] + 1), i))
        else:
            heapq.heappop(queue)
    return given


# ---------------------------------------------------------------- 5 ceremony

def check_ceremony(b):
    """C1–C3, E1–E6: commitments, nonces, the public value and the seed."""
    ceremony = record(b.data["ceremony.json"], "ceremony.json")
    shape(ceremony, {"commitments": Map(HEX64), "entropy": is_string, "nonces": Map(HEX64)}, "ceremony")
    parties = b.plan["parties"]
    for key in ("commitments", "nonces"):
        need_same(sorted(ceremony[key]), parties, "C1", f"ceremony.{key}")
    nonces = [bytes.fromhex(ceremony["nonces"][party]) for party in parties]
    for party, nonce in zip(parties, nonces):
        need_same(ceremony["commitments"][party],
                  digest("commit", b.plan_hash, lp(party), nonce).hex(), "C1",
                  f"commitments.{party}")
    check_entropy(ceremony["entropy"], b.plan["entropy"], "ceremony.entropy")
    b.seed = digest("seed", b.plan_hash, *nonces, lp(ceremony["entropy"]))
    b.ceremony = ceremony


LOTTERIES = {"kl8": ("E1", (20, 80)), "ssq": ("E2", (6, 33), (1, 16)), "dlt": ("E3", (5, 35), (2, 12))}


def check_entropy(text, entropy, where):
    """E1–E6: the public value is of the source and draw named, and of their form."""
    source, start = entropy["source"], f"{entropy['source']}/{entropy['draw']}/"
    need(text.startswith(start), "5.2", f"{where}：不是 {start}", f"{where} is not of {start}")
    value = text[len(start):]
    if source == "dice":
        right, rule = re.fullmatch("[0-9]{39,400}", value) is not None, "E5"
    elif source == "drand":
        right, rule = is_hex(96)(value), "E6"
    else:
        rule, *wanted = LOTTERIES[source]
        sides = value[:100].split("+")
        right = len(value) < 100 and len(sides) == len(wanted) and all(map(is_side, sides, wanted))
    need(right, rule, f"{short(value)} 不合格式", f"{short(value)} breaks its form", where)


def is_side(text, wanted):
    """E1–E4: numbers of one side of a lottery’s value."""
    numbers = text.split(" ")
    return (len(numbers) == wanted[0] and ascending(numbers)
            and all(re.fullmatch("[0-9]{2}", number) for number in numbers)
            and 1 <= int(numbers[0]) and int(numbers[-1]) <= wanted[1])


# ---------------------------------------------------------------- 6 selection

def take_large(rest, n):
    """S3: the units moved as certain, the others in their order, and the number left to select."""
    sizes, total, moved = sorted((unit.size for unit in rest), reverse=True), 0, 0
    total = sum(sizes)
    while n > 0:  # those moved in one round are the next in order of size
        points, interval, before = n, total, moved
        while moved < len(sizes) and points * sizes[moved] >= interval:
            total -= sizes[moved]
            moved += 1
        if moved == before:
            break
        n -= moved - before
    if moved == 0:
        return [], rest, n
    least = sizes[moved - 1]  # equal sizes move together
    return ([unit for unit in rest if unit.size >= least], [unit for unit in rest if unit.size < least], n)


def comb(rest, n, rng):
    """S4, S5: the units selected by n teeth, the interval and the start."""
    if n == 0:
        return [], 0, None
    interval = sum(unit.size for unit in rest)
    start = tooth = rng.below(interval)
    selected, high = [], 0
    for unit in rest:
        high += n * unit.size
        if tooth < high:
            selected.append(unit)
            tooth += interval
    return selected, interval, start


def select(code, units, visits, reserves, seed):
    """S1–S6: a stratum’s part of the transcript and its smallest probability."""
    rng = Rng(digest("stratum", seed, lp(code)))
    order = rng.shuffle(units)
    certain = [unit for unit in order if unit.certain]
    moved, rest, n = take_large([unit for unit in order if not unit.certain], visits - len(certain))
    certain += moved
    selected, interval, start = comb(rest, n, rng)
    taken = {unit.unit for unit in certain + selected}
    left = [unit for unit in order if unit.unit not in taken]
    first, others, r = take_large(left, min(reserves, len(left)))
    then = comb(others, r, rng)[0]
    part = {"certain": sorted(unit.unit for unit in certain), "interval": interval, "points": n,
            "reserve": sorted(unit.unit for unit in first) + [unit.unit for unit in then],
            "selected": [unit.unit for unit in selected], "start": start, "stratum": code}
    least = min(rest, key=lambda unit: unit.size) if n else None
    return part, (Fraction(n * least.size, interval), least.unit) if n else (Fraction(1), None)


# ---------------------------------------------------------------- 7 teams

def make_teams(b, rng):
    """T1, T2: the teams and their members."""
    sizes = b.plan["teams"]
    bureau, discipline = rng.shuffle(b.roster["bureau"]), rng.shuffle(b.roster["discipline"])
    p, q = sizes["bureau_per_team"], sizes["discipline_per_team"]
    return [{"bureau": bureau[t * p:t * p + p], "discipline": discipline[t * q:t * q + q],
             "team": t + 1} for t in range(sizes["count"])]


def assign(b, teams, visits, rng):
    """T3–T7: the team of each visit, None where every team is recused."""
    order, count = rng.shuffle(sorted(visits)), len(teams)
    preference = {visit: array("H", rng.shuffle(range(1, count + 1))) for visit in order}
    team_of = {member: team["team"] for team in teams for member in team["bureau"] + team["discipline"]}
    barred = {visit: {team_of[member] for member in b.recused.get(visit, ())
                      if member in team_of} for visit in order}
    open_visits = [visit for visit in order if len(barred[visit]) < count]

    def fill(capacity):
        loads = {team: [] for team in range(1, count + 1)}
        fits = all(place(visit, preference, barred, loads, capacity) for visit in open_visits)
        return loads if fits else None

    result = dict.fromkeys(sorted(visits))
    for team, load in least_that_fits(fill, -(-len(order) // count), len(order)).items():
        result.update(dict.fromkeys(load, team))
    return result


def least_that_fits(fill, low, high):
    """T7: the loads under the smallest capacity that places every visit."""
    # Rises one by one in the document.  `place` looks for augmenting paths, so it answers false
    # only where the capacity cannot do at all; what fits one capacity then fits every greater
    # one, and halving finds the smallest: a hostile roster could ask for 50 000 steps.
    loads = fill(low)
    while loads is None and low + 1 < high:
        middle = (low + high) // 2
        low, high = (low, middle) if fill(middle) else (middle, high)
    return loads if loads is not None else fill(high)


def place(visit, preference, barred, loads, capacity):
    """T6: `place` with an explicit stack of [visit, teams to try, team tried, its visits]."""
    seen, stack = set(), [[visit, iter(preference[visit]), None, iter(())]]
    while stack:
        top = stack[-1]
        other = next(top[3], None)
        if other is not None:
            stack.append([other, iter(preference[other]), None, iter(())])
            continue
        team = next((t for t in top[1] if t not in seen and t not in barred[top[0]]), None)
        if team is None:
            stack.pop()
            continue
        seen.add(team)
        top[2] = team
        if len(loads[team]) < capacity:
            settle(stack, loads)
            return True
        top[3] = iter(list(loads[team]))
    return False


def settle(stack, loads):
    """T6: the way back of `place`: each visit takes the room the next one left."""
    leaving = None
    for visit, _, team, _ in reversed(stack):
        if leaving is not None:
            loads[team].remove(leaving)
        loads[team].append(visit)
        leaving = visit


# ---------------------------------------------------------------- 8 transcript

def draw_again(b):
    """S1–S6, T1–T7, X1: the transcript as sections 5 to 7 give it, and the smallest probability."""
    strata, visits, smallest = [], [], (Fraction(1), None)
    for entry in b.plan["strata"]:
        code = entry["stratum"]
        part, least = select(code, b.strata[code], entry["visits"], b.plan["reserves_per_stratum"], b.seed)
        strata.append(part)
        visits += part["certain"] + part["selected"]
        smallest = min(smallest, least, key=lambda pair: pair[0])
    rng = Rng(digest("teams", b.seed))
    teams = make_teams(b, rng)
    assigned = assign(b, teams, visits, rng)
    return {"assignments": [{"team": team, "unit": unit} for unit, team in assigned.items()],
            "plan": b.plan_hash.hex(), "protocol": "mingchou/1", "seed": b.seed.hex(),
            "strata": strata, "teams": teams}, smallest


def check_transcript(b):
    """S1–S6, T1–T7, X1, X2: drawing again gives the same transcript."""
    expected, smallest = draw_again(b)
    if b.data["transcript.json"] != canonical(expected):
        found = record(b.data["transcript.json"], "transcript.json")
        where, one, other = difference(found, expected, "transcript")
        need_same(one, other, "X2", where)
        raise Refused("X2", "抽取记录不同", "the transcript differs")
    b.transcript = expected
    name_draw(b, smallest)
    for entry in expected["assignments"]:
        if entry["team"] is None:
            b.note("V7", f"{entry['unit']} 没有检查组（各组都须回避）",
                   f"{entry['unit']} has no team (every team is recused)")


def difference(found, expected, where):
    """X2: the first place where two records differ, and what stands there."""
    while type(found) is type(expected) and found != expected:
        if isinstance(found, dict) and set(found) == set(expected):
            key = min(key for key in found if found[key] != expected[key])
        elif isinstance(found, list) and len(found) == len(expected):
            key = next(i for i, pair in enumerate(zip(found, expected)) if pair[0] != pair[1])
        else:
            break
        found, expected, where = found[key], expected[key], f"{where}[{key!r}]"
    return where, canonical(found).decode(), canonical(expected).decode()


def name_draw(b, smallest):
    """V6: the smallest probability, and the public draw to be compared elsewhere."""
    ratio, unit = smallest
    b.note("V6", f"最小入样概率 {ratio}（{unit or '全部必查'}）",
           f"smallest inclusion probability {ratio} ({unit or 'all are certain'})")
    entropy, text = b.plan["entropy"], b.ceremony["entropy"]
    if entropy["source"] == "dice":
        b.note("V6", f"骰子不是公开随机源，无从对外核对：{text}", f"dice are not public: {text}")
    elif entropy["source"] == "drand":
        b.note("V6", f"drand 第 {entropy['draw']} 轮的签名未核（只核格式与时间）",
               f"the signature of drand round {entropy['draw']} was not checked, only form and time")
    else:
        numbers = text.split("/", 2)[2]
        b.note("V6", f"请与开奖公告核对：{entropy['source']} 第 {entropy['draw']} 期，"
               f"不早于 {entropy['after']}，号码 {numbers}",
               f"compare with the announcement: {entropy['source']} draw {entropy['draw']}, "
               f"not before {entropy['after']}, numbers {numbers}")


# ---------------------------------------------------------------- 9 log

KIND_KEYS = {
    "key": {"party": is_code, "value": HEX64},
    "submission": {"county": is_code, "period": is_week, "rows": is_int(0, 1_000_000),
                   "sealed": HEX64, "version": is_int(1, 2**53 - 1)},
    "plan": {"entropy": ENTROPY, "frozen_at": is_time, "parties": [is_code],
             "window": [is_date]},
    "commitment": {"party": is_code, "value": HEX64}, "entropy": {"text": is_string},
    "reveal": {"from": is_code, "party": is_code, "sealed": HEX64}, "draw": {"sealed": HEX64},
    "substitution": {"sealed": HEX64}, "borrowed": {"sealed": HEX64},
    "void": {"reason": is_text}, "publication": {"bundle": HEX64},
}
SIGNED = ("key", "commitment", "entropy", "reveal", "substitution", "borrowed", "void")
ONCE = ("entropy", "draw", "void", "publication")


def leaf_schema(kind):
    """9.1: the keys of a leaf of that kind and their types."""
    schema = {"at": is_time, "kind": is_string, **KIND_KEYS[kind]}
    if kind not in ("key", "submission"):
        schema.update({"attempt": is_int(1, 99), "draw": is_string, "period": is_week, "plan": HEX64})
    if kind in SIGNED:
        schema["signatures"] = Map(is_hex(128))
    return schema


LEAF_SCHEMAS = {kind: leaf_schema(kind) for kind in KIND_KEYS}


class Log:
    """What is kept of the leaves while they pass by; leaves themselves only where needed."""

    def __init__(self, week_before):
        self.hashes, self.times = bytearray(), array("q")  # of every leaf; times since 1970
        self.first_keys, self.keys, self.key_values = {}, {}, set()  # parties' public keys
        self.replaced = []  # V5: (party, signers, time)
        self.week_before = week_before  # D3: the Monday whose submissions this draw took
        self.counties, self.versions, self.taken = {}, {}, []
        self.attempts, self.draws, self.specials = {}, {}, {}

    def hash(self, index):
        """The leaf hash of one leaf."""
        return bytes(self.hashes[32 * index:32 * index + 32])

    def root(self, size):
        """B13: the root hash of the first leaves."""
        return Tree(self.hash(index) for index in range(size)).root()


class Attempt:
    """The leaves of one attempt so far."""

    def __init__(self, index, leaf):
        self.index, self.plan = index, leaf
        self.commitments, self.reveals = {}, {}  # by party: (index, leaf)
        self.single, self.others = {}, []  # by kind: (index, leaf); (index, leaf)


def check_log(b):
    """F7, 9.1, 9.2, L1–L6, L10–L19: every leaf: form, signatures, order and time."""
    log = Log(monday(b.plan["period"]) - 7 if b.plan else None)
    for index, line in enumerate(b.files["log/leaves.jsonl"].lines(4096, "F7")):
        line, where = line[:-1], f"leaves[{index}]"
        leaf = read_leaf(line, where)
        at = instant(leaf["at"]) - EPOCH
        need(not log.times or at >= log.times[-1], "L2", f"{where}：时间倒退", f"{where} goes back in time")
        log.times.append(at)
        log.hashes += leaf_hash(line)
        add = {"key": add_key, "submission": add_submission, "plan": add_plan}
        add.get(leaf["kind"], add_act)(log, index, leaf, where)
    need(log.times, "F7", "日志是空的", "the log is empty")
    b.log = log


def read_leaf(line, where):
    """9.1: a leaf’s keys and types."""
    leaf = record(line, where)
    kind = leaf.get("kind") if type(leaf) is dict else None
    need(type(kind) is str and kind in KIND_KEYS, "L1",
         f"{where}：种类未知 {short(kind)}", f"{where} is of no known kind: {short(kind)}")
    shape(leaf, LEAF_SCHEMAS[kind], where, "L1")
    if "draw" in leaf:
        need(re.fullmatch("weekly|special-[1-9][0-9]{0,3}", leaf["draw"]), "P2",
             "draw 不合格式", "draw has neither form", where)
    return leaf


def act_message(leaf):
    """9.2: what the signers of a leaf sign."""
    unsigned = {key: leaf[key] for key in leaf if key not in ("at", "signatures")}
    return b"mingchou/1/act\n" + canonical(unsigned)


def check_signatures(leaf, signers, keys, where, rule="L1"):
    """9.2, L1: exactly these signers, each with the key in `keys`."""
    need_same(sorted(leaf["signatures"]), sorted(signers), rule, f"{where}.signatures")
    message = act_message(leaf)
    for signer in signers:
        need(signer in keys, "9.2", f"{signer} 尚无密钥", f"{signer} has no key yet", where)
        need(signature_holds(keys[signer], message, bytes.fromhex(leaf["signatures"][signer])),
             rule, f"{signer} 的签名不对", f"the signature of {signer} does not verify", where)


KEEPERS = {"bureau": ["discipline"], "discipline": ["bureau"]}


def add_key(log, index, leaf, where):
    """9.2, L4–L6: a party’s first key, a change under the old key, or one by others."""
    party, public = leaf["party"], bytes.fromhex(leaf["value"])
    need(public not in log.key_values, "L4", f"{where}：密钥重复", f"{where} repeats a key")
    need(key_table(public) is not None, "9.2", "公钥不规范或为小阶点", "the key is no canonical point, or of small order", where)
    if party not in log.keys:
        check_signatures(leaf, [party], {party: public}, where, "L5")
        log.first_keys[party] = leaf["value"]
    elif list(leaf["signatures"]) == [party]:
        check_signatures(leaf, [party], log.keys, where, "L5")
    else:
        signers = KEEPERS.get(party, ["bureau", "discipline"])
        check_signatures(leaf, signers, log.keys, where, "L6")
        log.replaced.append((party, " ".join(signers), leaf["at"]))
    log.key_values.add(public)
    log.keys[party] = public


def add_submission(log, index, leaf, where):
    """L3: versions run without gaps; what D3 will ask for is kept."""
    county, pair = leaf["county"], (leaf["county"], leaf["period"])
    log.versions[pair] = log.versions.get(pair, 0) + 1
    need_same(leaf["version"], log.versions[pair], "L3", f"{where}.version")
    log.counties.setdefault(county, index)
    if monday(leaf["period"]) == log.week_before:
        log.taken.append((index, county))


def add_plan(log, index, leaf, where):
    """L10–L14: a plan leaf, against the earlier attempts and the numbering of specials."""
    check_timing(leaf, leaf["draw"], where)
    need(instant(leaf["frozen_at"]) <= instant(leaf["at"]), "L10", "封存在方案之后", "frozen after it was logged", where)
    earlier = log.draws.setdefault((leaf["draw"], leaf["period"]), [])
    need_same(leaf["attempt"], len(earlier) + 1, "L11", f"{where}.attempt")
    if earlier:
        last = earlier[-1]
        need("void" in last.single, "L12", "上一次未作废", "the attempt before is not void", where)
        need_same(leaf["parties"], last.plan["parties"], "L12", f"{where}.parties")
        need(instant(last.plan["entropy"]["after"]) < instant(leaf["entropy"]["after"]), "L12",
             "公开随机源不更晚", "entropy.after is no later", where)
        need(all(is_later_draw(leaf["entropy"], one.plan["entropy"]) for one in earlier), "L13",
             "公开随机源不是更后的一期", "not a later public draw", where)
    if leaf["draw"] != "weekly":
        number, known = int(leaf["draw"][8:]), log.specials.setdefault(leaf["period"][:4], {})
        need(number in known or number == len(known) + 1, "L14",
             "专项编号不连续", "a special number is left out", where)
        need_same(leaf["period"], known.setdefault(number, leaf["period"]), "L14", f"{where}.period")
    attempt = Attempt(index, leaf)
    earlier.append(attempt)
    log.attempts[leaf["draw"], leaf["period"], leaf["attempt"]] = attempt


def is_later_draw(new, old):
    """L13: another source, a greater draw, or another serial of dice."""
    if new["source"] != old["source"]:
        return True
    if new["source"] == "dice":
        return new["draw"] != old["draw"]
    return int(new["draw"]) > int(old["draw"])


def add_act(log, index, leaf, where):
    """L15, L16, and through the functions it calls L17–L19: an act within an attempt."""
    kind = leaf["kind"]
    attempt = log.attempts.get((leaf["draw"], leaf["period"], leaf["attempt"]))
    need(attempt is not None and attempt.plan["plan"] == leaf["plan"], "L15",
         "此前没有该方案", "no such plan stands before it", where)
    parties = attempt.plan["parties"]
    check_order(attempt, kind, where)
    check_times(attempt, leaf, where)
    signers = parties
    if kind in ("commitment", "reveal"):
        acts = attempt.commitments if kind == "commitment" else attempt.reveals
        signers = [leaf.get("from", leaf["party"])]
        need(leaf["party"] in parties and signers[0] in parties, "L16",
             "不是参与方", "no party of the plan", where)
        need(leaf["party"] not in acts, "L16", "重复", f"a second {kind}", where)
        acts[leaf["party"]] = index, leaf
    elif kind in ONCE:
        need(kind not in attempt.single, "L16", "重复", f"a second {kind}", where)
        attempt.single[kind] = index, leaf
    else:
        attempt.others.append((index, leaf))
    if kind == "entropy":
        check_entropy(leaf["text"], attempt.plan["entropy"], where)
    if kind in SIGNED:
        check_signatures(leaf, signers, log.keys, where)


def check_order(attempt, kind, where):
    """L16–L18: an act stands in its place within the attempt."""
    done, every = attempt.single, len(attempt.plan["parties"])
    need("publication" not in done, "L17", "在公开之后", "after the publication", where)
    need("void" not in done or kind == "publication", "L18", "在作废之后", "after the void", where)
    allowed = {
        "commitment": "entropy" not in done,
        "entropy": len(attempt.commitments) == every,
        "reveal": "entropy" in done,
        "draw": len(attempt.reveals) == every,
        "substitution": "draw" in done, "borrowed": "draw" in done, "publication": "draw" in done,
        "void": "entropy" not in done or "draw" in done,
    }
    need(allowed[kind], "L18" if kind == "void" else "L17", f"{kind} 次序不对", f"{kind} out of order", where)


def check_times(attempt, leaf, where):
    """L19: acts before and after the public draw, and before and after the window’s end."""
    kind, at = leaf["kind"], instant(leaf["at"])
    after, end = instant(attempt.plan["entropy"]["after"]), day(attempt.plan["window"][1])
    right = {"commitment": at < after, "entropy": after <= at,
             "substitution": at // DAY <= end, "borrowed": at // DAY <= end,
             "publication": end < at // DAY}
    need(right.get(kind, True), "L19", f"{kind} 时间不对（{leaf['at']}）", f"{kind} at a wrong time ({leaf['at']})", where)


# ---------------------------------------------------------------- 10 keys and checkpoints

Key = namedtuple("Key", "text name id public owner")  # owner None: the log’s
Cosignature = namedtuple("Cosignature", "owner seconds counted_key")


def canonical_base64(text):
    """10.1: the bytes of canonical padded Base64, or None."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except ValueError:
        return None
    return data if base64.b64encode(data).decode() == text else None


def vkey(text, owner, where):
    """K1, K2, 9.2: a verifier key: of a log if it has no owner, otherwise of a witness."""
    wrong = f"{where} 不是合格的密钥：{short(text)}", f"{where} is no right verifier key: {short(text)}"
    match = re.fullmatch(r"([!-*,-~]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)", text)
    data = canonical_base64(match[3]) if match else None
    need(data is not None and len(data) == 33, "10.1", *wrong)
    need(data[0] == (1 if owner is None else 4), "K1", *wrong)
    key_id = hashlib.sha256(match[1].encode() + b"\n" + data).digest()[:4]
    need_same(match[2], key_id.hex(), "K2", where)
    need(decode_point(data[1:]) is not None, "9.2", *wrong)
    return Key(text, match[1], key_id, data[1:], owner)


def read_vkeys(keys, where):
    """K3: the log’s key and the witnesses’, as `log` and `witnesses` give them."""
    return [vkey(keys["log"], None, f"{where}.log")] + [
        vkey(text, owner, f"{where}.witnesses.{owner}[{index}]")
        for owner, texts in keys["witnesses"].items() for index, text in enumerate(texts)]


def refuse_twins(keys, rule):
    """K4: a signature line names a key by name and id, so no two keys share both."""
    need(len({(key.name, key.id) for key in keys}) == len(keys), rule,
         "两个公钥的名称和标识都相同", "two keys have one name and one id")


def check_keys(b):
    """K1–K4, 9.2: the verifier keys of the log and of its witnesses."""
    keys = record(b.data["log/keys.json"], "log/keys.json")
    shape(keys, {"log": is_string, "witnesses": Map([is_string])}, "keys", "K3")
    b.keys = read_vkeys(keys, "keys")
    refuse_twins(b.keys, "K4")
    publics = {key.public for key in b.keys}
    need(len(publics) == len(b.keys), "K4", "同一公钥出现两次", "a public key stands twice")
    need(not b.log.key_values & publics, "K4", "列明的公钥也是参与方的密钥",
         "a public key is also the value of a key leaf")


def read_note(b, name):
    """K5–K9: a signed note: its tree size and root as written, and its cosignatures."""
    data, wrong = b.data[name], (f"{name} 不合格式", f"{name} has not the form stated")
    need(data.count(b"\n") <= 4 + len(b.keys), "K6", f"{name} 行数过多", f"{name} has too many lines")
    try:
        lines = data.decode().split("\n")
    except ValueError:
        raise Refused("10.2", *wrong) from None
    need(len(lines) >= 6 and lines[3] == "" and lines[-1] == "", "K5", *wrong)
    need_same(lines[0], b.keys[0].name, "K5", f"{name} 1")
    need(re.fullmatch("0|[1-9][0-9]{0,18}", lines[1]), "10.2", *wrong)
    note, found = ("\n".join(lines[:3]) + "\n").encode(), {}
    for line in lines[4:-1]:
        key, signed = read_signature_line(b, line, name)
        need(key not in found, "K6", f"{name}：{key.name} 有两行", f"{name}: two lines of {key.name}")
        found[key] = check_note_signature(key, signed, note, name)
    need(b.keys[0] in found, "K7", f"{name} 没有日志自己的签名", f"{name}: the log’s own line is missing")
    del found[b.keys[0]]
    return int(lines[1]), lines[2], [cosignature(b, key, seconds) for key, seconds in found.items()]


def read_signature_line(b, line, name):
    """K6: the key a signature line belongs to, and what follows the key id."""
    match = re.fullmatch("\u2014 ([!-*,-~]+) ([A-Za-z0-9+/=]+)", line)
    data = canonical_base64(match[2]) if match else None
    need(data is not None, "10.2", f"{name}：签名行不合格式 {short(line)}",
         f"{name}: no signature line: {short(line)}")
    keys = [key for key in b.keys if (key.name, key.id) == (match[1], data[:4])]
    # Two listed keys may share name and key id by design of an attacker: then nobody can
    # say whose line it is.
    need(len(keys) == 1, "K6", f"{name}：签名行不属于（唯一一个）列明的密钥 {short(line)}",
         f"{name}: signature line of no (single) listed key: {short(line)}")
    return keys[0], data[4:]


def check_note_signature(key, signed, note, name):
    """K7–K9: one signature of a note; a cosignature’s T, None for the log’s own."""
    seconds = None
    if key.owner is None:
        need(len(signed) == 64, "K7", f"{name}：日志签名长度不对", f"{name}: length of the log’s line")
    else:
        need(len(signed) == 72, "K8", f"{name}：{key.name} 签名长度不对", f"{name}: length of {key.name}’s line")
        seconds = int.from_bytes(signed[:8], "big")
        need(seconds < 2**63, "K8", f"{name}：{key.name} 的时间过大", f"{name}: T of {key.name} is too great")
        note = b"cosignature/v1\ntime %d\n" % seconds + note
    need(signature_holds(key.public, note, signed[-64:]), "K9", f"{name}：{key.name} 的签名不对",
         f"{name}: the signature of {key.name} does not verify")
    return seconds


def cosignature(b, key, seconds):
    """12.2: under whose name a cosignature stands; with --keys only FILE’s keys can count."""
    trusted = b.options.trusted
    if trusted is None:
        return Cosignature(key.owner, seconds, True)
    return Cosignature(trusted.witnesses.get(key.text, key.owner), seconds, key.text in trusted.witnesses)


def check_checkpoint(b):
    """K5–K11, 12.2: the checkpoint covers exactly these leaves; which cosignatures count."""
    size, root, cosignatures = read_note(b, "log/checkpoint")
    need_same(size, len(b.log.times), "K10", "checkpoint 2")
    need_same(root, base64.b64encode(b.log.root(size)).decode(), "K10", "checkpoint 3")
    owners = set()
    for one in cosignatures:
        late = one.seconds >= b.log.times[-1]
        counts = late and one.counted_key
        why = ("计入", "counts") if counts else ("不计：早于最后一叶", "does not count: older than the last leaf") \
            if not late else ("不计：密钥不在 --keys 中", "does not count: key not in --keys")
        b.note("V9", f"检查点见证签名：{one.owner}，{time_text(one.seconds)}，{why[0]}",
               f"cosignature on the checkpoint: {one.owner}, {time_text(one.seconds)}, {why[1]}")
        if counts:
            owners.add(one.owner)
    if not cosignatures:
        b.note("V9", "检查点没有见证签名", "the checkpoint has no cosignature")
    need(len(owners) >= b.options.witnesses, "12.2",
         f"计入的见证方 {len(owners)} 个，要求 {b.options.witnesses} 个",
         f"{len(owners)} owners have a cosignature that counts, {b.options.witnesses} are demanded")


def check_witnessed(b):
    """K5–K9, K12: an outside cosignature between the last commitment and the public draw."""
    if not b.data["log/witnessed"]:
        b.note("V8", "没有抽取前的外部见证签名", "there is no outside cosignature on witnessed")
        return
    size, root, cosignatures = read_note(b, "log/witnessed")
    first = max(index for index, _ in b.attempt.commitments.values())
    last = b.attempt.single["entropy"][0]
    need(first < size <= last, "K12", f"witnessed 的树大小 {size} 不在 {first + 1}…{last}",
         f"tree size {size} of witnessed is not within {first + 1}…{last}")
    need_same(root, base64.b64encode(b.log.root(size)).decode(), "K12", "witnessed 3")
    begin, end = b.log.times[size - 1], instant(b.plan["entropy"]["after"]) - EPOCH
    outside = [one for one in cosignatures if one.counted_key
               and one.owner not in b.plan["parties"] and begin <= one.seconds < end]
    need(outside, "K12", "witnessed 没有外部见证签名", "witnessed has no outside cosignature")
    for one in outside:
        b.note("V8", f"抽取前有外部见证签名：{one.owner}，{time_text(one.seconds)}",
               f"outside cosignature before the public draw: {one.owner}, {time_text(one.seconds)}")


# ---------------------------------------------------------------- 12.2 trusted keys

Options = namedtuple("Options", "without_log witnesses trusted")
Trusted = namedtuple("Trusted", "log parties witnesses")  # witnesses: owner by vkey


def read_trusted(data):
    """12.2, 9.2, K1–K4: the keys of --keys FILE."""
    need(len(data) <= 2**27, "F6", "--keys 文件过大", "the file of --keys is too large")
    keys = record(data, "--keys")
    shape(keys, {"log": is_string, "parties": Map(HEX64), "witnesses": Map([is_string])}, "--keys", "12.2")
    vkeys = read_vkeys(keys, "--keys")
    refuse_twins(vkeys, "12.2")
    for party, value in keys["parties"].items():
        need(decode_point(bytes.fromhex(value)) is not None, "9.2", f"--keys：{party} 的公钥不合格",
             f"--keys: the key of {party} is no right public key")
    publics = [key.public.hex() for key in vkeys] + list(keys["parties"].values())
    need(len(set(publics)) == len(publics), "12.2", "--keys：同一公钥出现两次", "--keys: a public key stands twice")
    return Trusted(keys["log"], keys["parties"], {key.text: key.owner for key in vkeys[1:]})


def check_trusted(b):
    """12.2: the log’s key and every party’s first key are those of --keys."""
    trusted = b.options.trusted
    if trusted is None:
        b.note("V10", f"未给 --keys：日志、参与方、见证方的密钥随包而来（{b.keys[0].text}）",
               f"without --keys: the bundle brought its own keys ({b.keys[0].text})")
        return
    need_same(b.keys[0].text, trusted.log, "12.2", "keys.log")
    for party, value in b.log.first_keys.items():
        need(party in trusted.parties, "12.2", f"--keys 没有 {party}", f"--keys lacks {party}")
        need_same(value, trusted.parties[party], "12.2", f"first key of {party}")
    b.note("V10", "密钥与 --keys 所给一致", "the keys are those given by --keys")


# ---------------------------------------------------------------- 9.5 this draw

def check_binding(b):
    """D1, D2: plan, commitments, public value and publication are those of the log."""
    plan = b.plan
    attempt = b.log.attempts.get((plan["kind"], plan["period"], plan["attempt"]))
    need(attempt is not None, "D1", "日志里没有这个方案", "the log has no plan leaf of this draw")
    need_same(attempt.plan["plan"], b.plan_hash.hex(), "D1", "plan leaf .plan")
    for key in ("entropy", "frozen_at", "parties", "window"):
        need_same(attempt.plan[key], plan[key], "D1", f"plan leaf .{key}")
    for kind in ("draw", "publication"):
        need(kind in attempt.single, "D2", f"日志里没有这次的 {kind}", f"the log has no {kind} leaf of this draw")
    values = {party: leaf["value"] for party, (_, leaf) in attempt.commitments.items()}
    need_same(values, b.ceremony["commitments"], "D1", "commitments")
    need_same(attempt.single["entropy"][1]["text"], b.ceremony["entropy"], "D1", "entropy")
    for name in DRAW_FILES[2:]:  # ceremony.json and frame.jsonl were hashed by check_frame
        b.bundle_hash.update(named_file(b, name))
    need_same(attempt.single["publication"][1]["bundle"], b.bundle_hash.hexdigest(), "D2",
              "publication .bundle")
    b.attempt = attempt


def check_reporting(b):
    """D3: the plan’s reporting units against the submissions logged before it."""
    log, plan = b.log, b.attempt.index
    frozen, taken = instant(b.plan["frozen_at"]) - EPOCH, {}
    for index, county in log.taken:
        if index < plan and log.times[index] <= frozen:
            taken[county] = log.hash(index).hex()
    reporting = {entry["county"]: entry["submission"] for entry in b.plan["reporting"]}
    missing = sorted(county for county, index in log.counties.items()
                     if index < plan and county not in reporting)
    need(not missing, "D3", f"缺上报单位 {missing[:1]}", f"reporting lacks {missing[:1]}")
    for county, submission in reporting.items():
        need_same(submission, taken.get(county), "D3", f"reporting {county}")


def split_openings(b, indices, draw):
    """D4, B3, B4: salt and text (None for the draw) of each index.

    Its keys are known, so the file is read token by token: it is the one record without a
    limit to its parts.
    """
    data, what, at, openings = b.data["log/openings.json"], "log/openings.json", 0, {}

    def take(token):
        nonlocal at
        need_same(text[at:at + len(token)], token, "D4", f"{what} @{at}")
        at += len(token)

    try:
        text = data.decode()
        for number, index in enumerate(sorted(map(str, indices))):
            take(f'{"," if number else "{"}"{index}":{{"salt":"')
            salt, opened = text[at:at + 64], None
            need(HEX64(salt), "D4", f"{what}：{index} 的 salt 不合格式", f"{what}: form of {index}’s salt")
            at += 64
            if index == str(draw):
                take('"}')
            else:
                take('","text":"')
                opened, at = DECODER.raw_decode(text, at - 1)
                take("}")
            openings[int(index)] = salt, opened
        take("}")
        again = canonical({str(index): {"salt": salt} if opened is None else {"salt": salt, "text": opened}
                           for index, (salt, opened) in openings.items()})
    except ValueError as error:
        raise Refused("B3", f"{what} 不是记录：{short(str(error))}",
                      f"{what} is no record: {short(str(error))}") from None
    need_canonical(again, data, what)
    return openings


SUBSTITUTION = {"evidence": HEX64, "from": is_code, "reason": is_string, "to": or_null(is_code)}
BORROWED = {"from": is_text, "people": [is_code], "unit": is_code}


def check_openings(b):
    """D4, D5, 9.3: each sealed leaf of this attempt is opened and matches."""
    attempt = b.attempt
    draw = attempt.single["draw"]
    leaves = dict([*attempt.reveals.values(), draw, *attempt.others])
    openings = split_openings(b, leaves, draw[0])
    for index, (salt, text) in openings.items():
        data = b.data["transcript.json"] if text is None else text
        need_same(digest("sealed", bytes.fromhex(salt), lp(data)).hex(), leaves[index]["sealed"],
                  "D4", f"openings.{index}")
    for party, (index, _) in attempt.reveals.items():
        need_same(openings[index][1], b.ceremony["nonces"][party], "D5", f"nonce of {party}")
    b.acts = []
    for index, leaf in attempt.others:
        where = f"openings.{index}.text"
        act = record(openings[index][1].encode(), where)
        shape(act, SUBSTITUTION if leaf["kind"] == "substitution" else BORROWED, where, "D5")
        b.acts.append((leaf["kind"], act, where))


class Visits:
    """D6–D9: the visits as substitutions and borrowed teams change them."""

    def __init__(self, b):
        self.b = b
        self.team = {entry["unit"]: entry["team"] for entry in b.transcript["assignments"]}
        self.present, self.borrowed = set(self.team), set()
        self.people = {team["team"]: set(team["bureau"] + team["discipline"])
                       for team in b.transcript["teams"]}
        self.reserves, self.home = {}, {}  # reserves left by stratum, next one last
        for part in b.transcript["strata"]:
            self.reserves[part["stratum"]] = part["reserve"][::-1]
            self.home.update(dict.fromkeys(part["certain"] + part["selected"] + part["reserve"],
                                           part["stratum"]))

    def lacks_team(self, unit):
        """D8: the team is null, or a member has a recusal for the visit’s own unit."""
        team = self.team[unit]
        return team is None or bool(self.people[team] & self.b.recused.get(unit, set()))

    def substitute(self, act, where):
        """D6, D7: the next reserve takes the place and the drawn team of a present visit."""
        need(act["reason"] in ("cancelled", "moved", "ended", "force-majeure"), "D6",
             f"理由 {short(act['reason'])} 不在所列", f"reason {short(act['reason'])} is not listed", where)
        gone = act["from"]
        need(gone in self.present, "D6", f"{gone} 不在检查之列", f"{gone} is not present", where)
        left = self.reserves[self.home[gone]]
        need_same(act["to"], left.pop() if left else None, "D6", f"{where}.to")
        self.present.remove(gone)
        if act["to"] is not None:
            self.present.add(act["to"])
            self.team[act["to"]] = self.team[gone]

    def borrow(self, act, where):
        """D9: a borrowed team for a visit, or a reserve taken, that lacks a team."""
        unit, people, teams = act["unit"], act["people"], self.b.plan["teams"]
        need(unit in self.team, "D9", f"{unit} 不是检查", f"{unit} is no visit", where)
        need(self.lacks_team(unit), "D9", f"{unit} 不缺检查组", f"{unit} does not lack a team", where)
        need(unit not in self.borrowed, "D9", f"{unit} 已有借调", f"a second one for {unit}", where)
        roster = self.b.roster
        need(ascending(people) and not set(people) & {*roster["bureau"], *roster["discipline"]}
             and len(people) >= teams["bureau_per_team"] + teams["discipline_per_team"], "D9",
             "人员未按序、在名录上或不足", "people are not ascending, on the roster, or too few", where)
        self.borrowed.add(unit)


def check_visits(b):
    """D6–D10: substitutions and borrowed teams, in log order."""
    visits = Visits(b)
    for kind, act, where in b.acts:
        (visits.substitute if kind == "substitution" else visits.borrow)(act, where)
        if kind == "substitution":
            b.note("", f"替换：{act['from']} → {act['to'] or '无备选'}（{act['reason']}）",
                   f"substitution: {act['from']} → {act['to'] or 'no reserve left'} ({act['reason']})")
        else:
            b.note("", f"借调检查组：{act['unit']}（{act['from']}）", f"borrowed team: {act['unit']} ({act['from']})")
    for unit in sorted(visits.present):
        if unit not in visits.borrowed and visits.lacks_team(unit):
            b.note("V7", f"{unit} 缺检查组，也没有借调", f"{unit} lacks a team and has no borrowed one")


def name_log(b):
    """V2–V5: voids, open attempts, unpublished samples and keys replaced by others."""
    end = (b.log.times[-1] + EPOCH) // DAY
    for (draw, period, number), attempt in b.log.attempts.items():
        single, plan = attempt.single, attempt.plan
        zh, en = f"{draw} {period} 第 {number} 次", f"{draw} {period} attempt {number}"
        if "void" in single:
            void, source = single["void"][1], plan["entropy"]
            named = f"{source['source']} {source['draw']} ({source['after']})"
            b.note("V2", f"{zh}已作废：理由“{void['reason']}”；原定公开随机源 {named}；"
                   f"方案 {plan['at']}，作废 {void['at']}",
                   f"{en} is void: reason “{void['reason']}”; the public draw named was {named}; "
                   f"plan {plan['at']}, void {void['at']}")
        elif "publication" not in single:
            kind, absent = missing_act(attempt)
            b.note("V3", f"{zh}未了：缺{ACTS[kind]}{absent}", f"{en} is open: missing {kind}{absent}")
        if "draw" in single and "publication" not in single and day(plan["window"][1]) < end:
            b.note("V4", f"{zh}已抽取，窗口已过而未公开", f"{en} was drawn, its window is over, and it is not published")
    for party, signers, at in b.log.replaced:
        b.note("V5", f"{party} 的密钥由 {signers} 更换，{at}", f"the key of {party} was replaced by {signers}, {at}")


ACTS = {"commitment": "密封值", "entropy": "公开随机源", "reveal": "随机数的揭示", "draw": "抽取", "publication": "公开"}


def missing_act(attempt):
    """V3: the act an open attempt waits for, and the parties whose it is."""
    parties, single = attempt.plan["parties"], attempt.single
    for kind, acts in (("commitment", attempt.commitments), ("entropy", None),
                       ("reveal", attempt.reveals), ("draw", None)):
        absent = [party for party in parties if party not in acts] if acts is not None else []
        if absent or (acts is None and kind not in single):
            return kind, "".join(f" {party}" for party in absent)
    return "publication", ""


# ---------------------------------------------------------------- 11.3 several bundles

LogFacts = namedtuple("LogFacts", "path origin vkey hashes draws")  # draws: pairs of plan leaves


def check_together(logs):
    """M1, M2: logs of one origin continue each other; no draw stands in two origins."""
    longest, owner = {}, {}
    for log in sorted(logs, key=lambda log: -len(log.hashes)):
        other = longest.setdefault(log.origin, log)
        pair = f"{log.path} / {other.path}"
        need_same(log.vkey, other.vkey, "M1", pair)
        # If each is the beginning of the longest, each is the beginning of any longer one.
        if other.hashes[:len(log.hashes)] != log.hashes:
            at = next(i for i in range(0, len(log.hashes), 32)
                      if log.hashes[i:i + 32] != other.hashes[i:i + 32]) // 32
            raise Refused("M1", f"{pair}：日志从叶 {at} 起分叉", f"{pair}: the logs fork at leaf {at}")
    for log in logs:
        for draw in log.draws:
            first = owner.setdefault(draw, log)
            need(first.origin == log.origin, "M2",
                 f"{' '.join(draw)} 出现在两个日志：{first.origin}、{log.origin}",
                 f"{' '.join(draw)} stands in two logs: {first.origin}, {log.origin}")


# ---------------------------------------------------------------- 12 verdict

FILES_CHECK = (check_files, "文件齐全", "the bundle’s files")
DRAW_CHECKS = (
    (check_plan, "方案", "the plan"), (check_frame, "封存名单", "the sampling frame"),
    (check_roster, "检查人员名录", "the inspector roster"),
    (check_allocation, "样本量分配", "the allocation"),
    (check_ceremony, "密封值、公开随机源、种子", "commitments, public value and seed"),
    (check_transcript, "重新抽取得到同一抽取记录", "drawing again gives the same transcript"),
)
LOG_CHECKS = (
    (check_log, "日志各叶：形式、签名、次序、时间", "the log’s leaves: form, signatures, order, time"),
    (check_keys, "日志与见证方的密钥", "the keys of log and witnesses"),
    (check_checkpoint, "检查点与见证签名", "the checkpoint and its cosignatures"),
    (check_trusted, "可信密钥", "trusted keys"),
)
BINDING_CHECKS = (
    (check_binding, "本次抽查在日志中", "this draw is in the log"),
    (check_reporting, "上报单位", "the reporting units"),
    (check_openings, "密封各叶的开封", "the openings of sealed leaves"),
    (check_visits, "替换与借调检查组", "substitutions and borrowed teams"),
    (check_witnessed, "抽取前的外部见证签名", "the outside cosignature before the draw"),
)
TOGETHER = (check_together, "各公开包之间", "the bundles together")
KEYS_FILE = (read_trusted, "--keys 文件", "the file of --keys")
UNREADABLE = "12.1"  # the rule of what cannot be read: exit code 3


def row_of(check, ok=None):
    """V1: a row of the report, of a check not reached yet."""
    function, zh, en = check
    rules = (function.__doc__ or "").split(": ")[0]  # none under python -OO
    return {"rules": rules, "zh": zh, "en": en, "ok": ok, "rule": None,
            "difference": None, "found": None, "expected": None}


def run(check, subject):
    """V1: a check’s row and answer; whatever goes wrong in it is a refusal, never an acceptance."""
    row, answer = row_of(check, False), None
    try:
        answer = check[0](subject)
        row["ok"] = True
    except Refused as refusal:
        row.update(rule=refusal.rule, difference=(refusal.zh, refusal.en),
                   found=refusal.found, expected=refusal.expected)
    except OSError as error:
        row.update(rule=UNREADABLE, difference=(f"读不出：{error}", f"cannot be read: {error}"))
    except MemoryError:
        row.update(rule="13", difference=("内存不足", "not enough memory"))
    except Exception as error:  # a fault of this program: said as such, and not accepted
        row.update(rule="?", difference=(f"程序出错：{error!r}", f"fault of this program: {error!r}"))
    return row, answer


def run_all(checks, b, rows, reached=True):
    """V1: checks in order up to the first that fails; the others stand as not reached."""
    for check in checks:
        rows.append(run(check, b)[0] if reached else row_of(check))
        reached = reached and rows[-1]["ok"]
    return reached


def judge(source, path, options):
    """12: all checks of one bundle; its result, and its log’s facts for 11.3 if it holds."""
    b, rows = Bundle(source, options), []
    if run_all((FILES_CHECK,), b, rows):
        holds = run_all(DRAW_CHECKS, b, rows)
        if "log/checkpoint" in b.files:
            holds = run_all(LOG_CHECKS, b, rows) and holds
            run_all(BINDING_CHECKS, b, rows, holds)
            if b.log is not None:
                name_log(b)
            b.note("V10", "日志已核" if all(row["ok"] for row in rows) else "日志未全部核过",
                   "the log was checked" if all(row["ok"] for row in rows) else "the log was not fully checked")
        else:
            b.note("V10", "没有日志：只核抽取，不核事情的先后；密钥无从比较",
                   "without a log: the draw was checked, the order of events was not; no keys to compare")
    else:
        run_all(DRAW_CHECKS, b, rows, False)
    result = {"path": path, "ok": all(row["ok"] is True for row in rows), "checks": rows,
              "notes": sorted(b.notes, key=lambda note: (len(note[0]), note[0]))}
    facts = LogFacts(path, b.keys[0].name, b.keys[0].text, bytes(b.log.hashes),
                     list(b.log.draws)) if result["ok"] and b.log else None
    return result, facts


def first_failure(result):
    """The first row that fails, or None."""
    return next((row for row in result["checks"] if row["ok"] is False), None)


def verify_bundle(files, without_log=False, witnesses=0, keys=None):
    """Verify one bundle given as a dict from file name ("log/keys.json") to bytes.

    `keys` are the bytes of a --keys FILE.  Returns {"path", "ok", "checks", "notes"}: a check
    has "rules", "ok" (None: not reached), and if it fails "rule", "difference" (Chinese,
    English), "found" and "expected".  Hostile bytes give "ok" False, not an exception.
    """
    return verify_paths([files], without_log, witnesses, keys)["bundles"][0]


def verify_paths(paths, without_log=False, witnesses=0, keys=None, each=False):
    """Verify bundles (folders, zips, or dicts of files), and unless `each` also together.

    Returns {"ok", "bundles": [as verify_bundle], "together": rows of 11.3 and of --keys,
    "exit_code": 0, 1 or 3}.
    """
    bundles, logs, together, trusted = [], [], [], None
    if keys is not None:
        row, trusted = run(KEYS_FILE, keys)
        together.append(row)
    options = Options(without_log, witnesses, trusted)
    for number, path in enumerate(paths):
        name = f"bundle {number}" if isinstance(path, dict) else os.fspath(path)
        result, facts = judge(path, name, options)
        if keys is not None and trusted is None:
            result["ok"] = False
        bundles.append(result)
        if facts is not None and not each:
            logs.append(facts)
    if len(paths) > 1 and not each:
        together.append(run(TOGETHER, logs)[0])
    ok = bool(bundles) and all(part["ok"] is True for part in bundles + together)
    unreadable = any(row["rule"] == UNREADABLE for result in bundles for row in result["checks"])
    return {"ok": ok, "bundles": bundles, "together": together,
            "exit_code": 0 if ok else 3 if unreadable else 1}


# ---------------------------------------------------------------- 12.1 command line

def printable(text):
    """A line in which nothing can move the cursor, reverse the order, or pose as another line."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def show_row(row, lang):
    """V1: print one check, and the first difference if it fails."""
    mark = {True: "ok  ", False: "FAIL", None: "–   "}[row["ok"]]
    print(printable(f"{mark} {row[lang]} [{row['rules']}]"))
    if row["ok"] is False:
        print(printable(f"     {row['rule']}: {row['difference'][lang != 'zh']}"))


def show(report, lang):
    """V1–V10: print every check, what must be named, and the verdict."""
    passed, failed = ("通过", "不通过") if lang == "zh" else ("verified", "REFUSED")
    for result in report["bundles"]:
        for row in result["checks"]:
            show_row(row, lang)
        for rule, *note in result["notes"]:
            print(printable(f"  · {rule + ' ' if rule else ''}{note[lang != 'zh']}"))
        print(printable(f"{passed if result['ok'] else failed}: {result['path']}"))
    for row in report["together"]:
        show_row(row, lang)
    if len(report["bundles"]) > 1 or report["together"]:
        print(("合计：" if lang == "zh" else "all: ") + (passed if report["ok"] else failed))


def show_each(report):
    """--each: one line per bundle."""
    for result in report["bundles"]:
        row = first_failure(result) or next((row for row in report["together"] if not row["ok"]), None)
        print(printable(f"ok {result['path']}" if result["ok"] else f"FAILED {row['rule']} {result['path']}"))


def as_json(report, lang):
    """The report for a program, in one language."""
    def row(one):
        return {"check": one[lang], "difference": one["difference"] and one["difference"][lang != "zh"],
                "expected": one["expected"], "found": one["found"], "ok": one["ok"],
                "rule": one["rule"], "rules": one["rules"]}
    bundles = [{"path": result["path"], "ok": result["ok"],
                "checks": [row(one) for one in result["checks"]],
                "notes": [{"rule": rule, "text": note[lang != "zh"]} for rule, *note in result["notes"]]}
               for result in report["bundles"]]
    return {"ok": report["ok"], "bundles": bundles, "together": [row(one) for one in report["together"]]}


def count(text):
    """12.2: the N of --witnesses."""
    if re.fullmatch("[0-9]{1,9}", text) is None:
        raise argparse.ArgumentTypeError("not a number from 0")
    return int(text)


def arguments():
    """12.1: the command line; wrong arguments end the program with code 2."""
    parser = argparse.ArgumentParser(description="Verify bundles of random draws (mingchou/1)", add_help=False, allow_abbrev=False)
    parser.add_argument("-h", "--help", action="store_true", help="print this")
    parser.add_argument("--keys", metavar="FILE", help="trusted keys of log, parties and witnesses")
    parser.add_argument("--witnesses", metavar="N", type=count, default=0,
                        help="demand cosignatures of that many owners on the checkpoint")
    parser.add_argument("--without-log", action="store_true",
                        help="verify the draw alone where a bundle has no log")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh", help="language (default zh)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--each", action="store_true", help="judge every bundle by itself, one line each")
    parser.add_argument("bundles", nargs="*", metavar="BUNDLE", help="a folder or a zip")
    options = parser.parse_args()
    if options.help or not options.bundles:
        parser.print_help(sys.stdout if options.help else sys.stderr)
        sys.exit(0 if options.help else 2)
    return options


def main():
    """12.1: verify the bundles named on the command line; the exit code."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    options, keys = arguments(), None
    if options.keys is not None:
        try:
            with open_regular(os.path.realpath(options.keys)) as file:
                keys = file.read(2**27 + 1)
        except OSError as error:
            print(printable(f"--keys: {error}"), file=sys.stderr)
            return 3
    report = verify_paths(options.bundles, options.without_log, options.witnesses, keys, options.each)
    if options.json:
        print(json.dumps(as_json(report, options.lang), ensure_ascii=False, indent=1))
    elif options.each:
        show_each(report)
    else:
        show(report, options.lang)
    return report["exit_code"]


if __name__ == "__main__":
    try:
        CODE_OF_EXIT = main()
        sys.stdout.flush()
    except (BrokenPipeError, KeyboardInterrupt):  # the verdict was not delivered
        os._exit(3)
    sys.exit(CODE_OF_EXIT)
