"""Makes the sample data: what eleven counties send on two Fridays, and what a perfect reader understands of it.

The rooms, from the world to the bytes:

- `dice`, `days`, `names`, `catalog`: chance, the calendar, fictional people and numbers, occupations
- `model`, `schedule`, `world`, `oddities`: classes and lessons, what is wrong with a few, what was known each Friday
- `grid`, `notation`: cells and sheets; how a value is written
- `ledger_forms`, `ledgers`, `timetables`: the counties' forms, written together with what is to be read from them
- `write_xlsx`, `write_xls`, `write_ods`, `write_csv`, `pack`: bytes that are the same on every machine
- `build`, `selfcheck`, `readme`: everything together, and the proof that only planted oddities are odd
"""

import os

# openpyxl writes through lxml where that happens to be installed, and lxml's bytes differ.
os.environ["OPENPYXL_LXML"] = "False"
