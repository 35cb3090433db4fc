"""The README that lies beside the generated data."""

README = """# 合成数据（synthetic data）

Everything here is invented: institutions, people, phones (100…, issued by no operator), addresses, and credit codes of a
region that doesn't exist (410899). Any likeness to a real institution or person is chance. The forms are nobody's real
forms either; their variety follows `docs/LEDGERS.md`.

- `2026-W47/`, `2026-W48/`: what eleven counties sent on Friday 20 and 27 November 2026. In W48 410883 sent nothing and
  410871 was late. 410871's timetable names weekdays only and is the coming week's.
- `manifest.json`: what arrived when.
- `expected/<week>/<county>.json`: what a perfect reader understands of each file. Rows stand in file order; a value the
  file doesn't give is null, a cell that can't be read is null and named in `bad` (row counted from 0).
  The two dated grids (410811, 410883) cover 23 November to 6 December only; the other timetables the whole class.
  So in grid counties a class wholly outside those days stands in the ledger and not in the timetable: nothing odd.
- `expected/truth.json`: which classes really run from 30 November to 6 December and in which weeks' files they stand,
  every oddity that was planted, late changes, bad cells. An approval later than the Friday is not yet in that week's file.

Generated, never edited by hand:

    pip install -r scripts/requirements.txt
    python3 scripts/sample/generate.py --out data/sample
    python3 scripts/sample/generate.py --check data/sample
"""
