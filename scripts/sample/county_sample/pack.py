"""Zip archives whose bytes depend on nothing but their contents.

zlib's output differs between versions and builds, so the deflate here is our own: greedy LZ77 with the fixed Huffman code.
"""

import struct
import zlib

_LENGTHS = [(257 + i, b, e) for i, (b, e) in enumerate(
    [(n, 0) for n in range(3, 11)]
    + [(11, 1), (13, 1), (15, 1), (17, 1), (19, 2), (23, 2), (27, 2), (31, 2), (35, 3), (43, 3), (51, 3), (59, 3)]
    + [(67, 4), (83, 4), (99, 4), (115, 4), (131, 5), (163, 5), (195, 5), (227, 5), (258, 0)])]
_DISTANCES = [(i, b, max(i // 2 - 1, 0)) for i, b in enumerate(
    [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
     6145, 8193, 12289, 16385, 24577])]


def _reverse(value, width):
    return int(format(value, f"0{width}b")[::-1], 2)


def _literal_code(symbol):
    if symbol < 144:
        return _reverse(0x30 + symbol, 8), 8
    if symbol < 256:
        return _reverse(0x190 + symbol - 144, 9), 9
    if symbol < 280:
        return _reverse(symbol - 256, 7), 7
    return _reverse(0xC0 + symbol - 280, 8), 8


def _with_extra(table, value, code):
    """The bits of a length or distance: its code, then the extra bits."""
    symbol, base, extra = next(row for row in reversed(table) if row[1] <= value)
    bits, width = code(symbol)
    return bits | (value - base) << width, width + extra


_LITERAL = [_literal_code(s) for s in range(257)]
_LENGTH = {n: _with_extra(_LENGTHS, n, _literal_code) for n in range(3, 259)}


class _Bits:
    """Packs bits, least significant first."""

    def __init__(self):
        self._out, self._held, self._count = bytearray(), 0, 0

    def put(self, bits, width):
        self._held |= bits << self._count
        self._count += width
        while self._count >= 8:
            self._out.append(self._held & 255)
            self._held >>= 8
            self._count -= 8

    def bytes(self):
        return bytes(self._out) + (bytes([self._held]) if self._count else b"")


def deflate(data, tries=12):
    """`data` as one raw deflate block."""
    bits, seen, at, size = _Bits(), {}, 0, len(data)
    bits.put(0b011, 3)
    while at < size:
        length, back = _longest(data, at, seen.get(data[at:at + 3], ()), tries)
        step = max(length, 1)
        if length:
            bits.put(*_LENGTH[length])
            bits.put(*_with_extra(_DISTANCES, back, lambda s: (_reverse(s, 5), 5)))
        else:
            bits.put(*_LITERAL[data[at]])
        for i in range(at, min(at + step, size - 2)):
            seen.setdefault(data[i:i + 3], []).append(i)
        at += step
    bits.put(*_LITERAL[256])
    return bits.bytes()


def _longest(data, at, places, tries):
    best, back = 0, 0
    limit = min(258, len(data) - at)
    for place in reversed(places[-tries:]):
        if at - place > 32768 or limit < 3:
            break
        if best and data[place + best - 1] != data[at + best - 1]:
            continue
        n = 3
        while n < limit and data[place + n] == data[at + n]:
            n += 1
        if n > best:
            best, back = n, at - place
    return best, back


def zip_bytes(members, stored=()):
    """A zip of (name, bytes) in the order given, dated 1980-01-01; names in `stored` are not compressed."""
    out, directory = bytearray(), bytearray()
    for name, data in members:
        packed, method = (data, 0) if name in stored else (deflate(data), 8)
        if len(packed) >= len(data):
            packed, method = data, 0
        raw = name.encode()
        head = struct.pack("<HHHHHIIIHH", 20, 0x800, method, 0, 0x21, zlib.crc32(data), len(packed), len(data), len(raw), 0)
        directory += b"PK\1\2" + struct.pack("<H", 20) + head + struct.pack("<HHHII", 0, 0, 0, 0, len(out)) + raw
        out += b"PK\3\4" + head + raw + packed
    end = struct.pack("<HHHHIIH", 0, 0, len(members), len(members), len(directory), len(out), 0)
    return bytes(out + directory + b"PK\5\6" + end)
