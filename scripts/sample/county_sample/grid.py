"""A sheet before it is written in any format: cells, merges, widths."""

from dataclasses import dataclass, field
from datetime import date

CJK_DATE = 'yyyy"年"m"月"d"日"'


@dataclass(frozen=True)
class Cell:
    """A value (text, whole number or date) and how it looks: title, line, head, body or wrap."""

    value: object
    look: str = "body"
    number_format: str = None


@dataclass
class Sheet:
    """Cells by (row, column), both from 0; merges are (row, column, last row, last column)."""

    name: str
    cells: dict = field(default_factory=dict)
    merges: list = field(default_factory=list)
    widths: dict = field(default_factory=dict)

    @property
    def height(self):
        return 1 + max((r for r, _ in self.cells), default=-1)

    @property
    def width(self):
        return 1 + max((c for _, c in self.cells), default=-1)

    def put(self, row, column, value, look="body", number_format=None):
        if isinstance(value, Cell):
            value, look, number_format = value.value, value.look if value.look != "body" else look, value.number_format
        if isinstance(value, date) and number_format is None:
            number_format = "yyyy-mm-dd"
        self.cells[row, column] = Cell(value, look, number_format)

    def row(self, row, values, look="body"):
        for column, value in enumerate(values):
            self.put(row, column, value, look)

    def across(self, row, text, width, look):
        """One line merged over the whole width of the table."""
        self.put(row, 0, text, look)
        for column in range(1, width):
            self.put(row, column, None, look)
        if width > 1:
            self.merges.append((row, 0, row, width - 1))

    def merge(self, top, left, bottom, right):
        if (top, left) != (bottom, right):
            self.merges.append((top, left, bottom, right))
