"""A sheet as a GBK CSV, the way a Chinese Excel saves it."""

import csv
import io


def csv_bytes(sheet):
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\r\n")
    for row in range(sheet.height):
        values = [sheet.cells.get((row, column)) for column in range(sheet.width)]
        out.writerow(["" if cell is None or cell.value is None else str(cell.value) for cell in values])
    return text.getvalue().encode("gbk")
