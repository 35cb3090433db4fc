"""Seeds for all targets, from the corpus of hard ledgers and the sample weeks. Needs nothing but Python."""

import pathlib
import random
import re
import zipfile

HERE = pathlib.Path(__file__).parent
FILES = [p for folder in ("tests/ledger/files", "data/sample") for p in sorted((HERE.parent / folder).rglob("*")) if p.is_file()]


def keep(target: str, name: str, data: bytes) -> None:
    folder = HERE / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)


def parts(path: pathlib.Path) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(path) as package:
            return {name: package.read(name) for name in package.namelist() if package.getinfo(name).file_size < 200_000}
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError):
        return {}


def stored(found: dict[str, bytes], path: pathlib.Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as package:
        for name, data in found.items():
            package.writestr(name, data)


def texts(xml: bytes) -> list[str]:
    return re.findall(r">([^<>]{1,80})<", xml.decode("utf-8", "replace"))


def main() -> None:
    cells: set[str] = set()
    for number, path in enumerate(FILES):
        name, data = f"{number:03}", path.read_bytes()
        kind = path.suffix[1:]
        if kind in ("xls", "et") and len(data) < 60_000:
            keep("xls", name, data)
        elif kind == "csv":
            keep("csv", name, data)
            cells.update(cell for line in data.decode("gb18030", "replace").splitlines() for cell in line.split(","))
        elif kind in ("xlsx", "xlsm", "zip", "ods"):
            target = "ods" if kind == "ods" else "xlsx"
            if len(data) < 12_000:
                keep(target, name, data)
            found = parts(path)
            content = found.get("content.xml")
            if content and len(content) < 60_000:
                keep("ods_parts", name, content)
                cells.update(texts(content))
            strings = found.get("xl/sharedStrings.xml", b"<sst/>")
            styles = found.get("xl/styles.xml", b"<styleSheet/>")
            for part in [part for part in found if part.startswith("xl/worksheets/sheet")]:
                sheet = found[part]
                cells.update(texts(strings) + texts(sheet))
                if len(sheet) + len(strings) + len(styles) < 40_000:
                    keep("xlsx_parts", name + part[-5], b"\0".join([sheet, strings, styles]))
    for number, cell in enumerate(sorted(cells)):
        for choice in (0, 5, 8, 12):
            if number % 4 == choice % 4 or choice == 0:
                keep("cells", f"{number:05}-{choice}", bytes([choice]) + cell.encode())
    # A table's bytes mean words, so there is nothing to take over: some short random ones to begin with.
    chance = random.Random(48)
    for number in range(60):
        keep("table", f"{number:02}", chance.randbytes(chance.randrange(40, 900)))
    print({folder.name: len(list(folder.iterdir())) for folder in (HERE / "corpus").iterdir()})


main()
