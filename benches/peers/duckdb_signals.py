"""All signals of docs/SIGNALS.md by DuckDB: the SQL lies in duckdb/*.sql, in order.

usage: duckdb_signals.py FACTS [OUT.parquet] [--threads N] [--memory 16GB] [--parts]
"""

import pathlib

import facts as common

SQL = pathlib.Path(__file__).parent / "duckdb"
TYPES = {"code": "UINTEGER", "text": "VARCHAR", "int": "BIGINT", "bool": "BOOLEAN", "key": "UBIGINT", "date": "DATE"}


def every_class_known(city, facts):
    """Whether no class became known later than the freeze: then no row needs to be asked for its class."""
    later = f"SELECT count(*) FROM read_parquet({facts.files('class')}) WHERE known_at > {facts.minute}"
    return city.execute(later).fetchone()[0] == 0


def views(city, facts):
    """A view of each table, only what was known at the freeze; an empty table where none is known."""
    for table in common.SCHEMA:
        columns = ", ".join(f'"{name}"' for name, _ in common.schema(table))
        if files := facts.files(table):
            known = "" if table == "day_off" else f" WHERE known_at <= {facts.minute}"
            if table in common.OF_CLASSES and not every_class_known(city, facts):
                known += " AND class IN (SELECT class FROM t_class)"
            city.execute(f"CREATE TEMP VIEW t_{table} AS SELECT {columns} FROM read_parquet({files}){known}")
        else:
            typed = ", ".join(f'"{name}" {TYPES[kind]}' for name, kind in common.schema(table))
            city.execute(f"CREATE TEMP TABLE t_{table} ({typed})")
    known = sorted(table for table in common.SCHEMA if facts.files(table))
    city.execute(f"CREATE TEMP MACRO present(name) AS list_contains({known}::VARCHAR[], name)")
    city.execute(f"CREATE TEMP MACRO frozen_minute() AS {facts.minute}::BIGINT")
    city.execute(f"CREATE TEMP MACRO frozen_day() AS DATE '1970-01-01' + {facts.day}")
    weights = [(months, common.halving(months)) for months in range(common.HALVING_MONTHS + 1)]
    city.execute("CREATE TEMP TABLE halving (k BIGINT, weight BIGINT)")
    city.executemany("INSERT INTO halving VALUES (?, ?)", weights)


def answer(city):
    """One row per class of the frame."""
    columns = ", ".join(f"{s}.v::SMALLINT AS {s}, {s}.n::BIGINT AS {s}_n" for s in common.SIGNALS)
    joins = " ".join(f"LEFT JOIN s_{s} {s} ON {s}.class = frame.class" for s in common.SIGNALS)
    city.execute(f"CREATE TEMP TABLE answer AS SELECT frame.class, {columns} FROM frame {joins} ORDER BY frame.class")


def main():
    asked = common.arguments(__doc__)
    import duckdb

    clock = common.Clock(asked.parts)
    facts = common.Facts(asked.facts)
    city = duckdb.connect(config={"threads": asked.threads, "memory_limit": asked.memory, "preserve_insertion_order": False})
    views(city, facts)
    for script in sorted(SQL.glob("*.sql")):
        city.execute(script.read_text())
        clock.part(script.stem)
    answer(city)
    clock.part("answer")
    rows = city.execute("SELECT count(*) FROM answer").fetchone()[0]
    clock.report(f"duckdb {duckdb.__version__}", rows)
    if asked.out:
        city.execute(f"COPY answer TO '{asked.out}' (FORMAT parquet)")


if __name__ == "__main__":
    main()
