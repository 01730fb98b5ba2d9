"""Not pandas: as much of it as examples/normal-squares uses, where the tests find no real one."""

__version__ = "1.0"


class Series(list):
    def mean(self):
        return sum(self) / len(self)

    def max(self):
        return max(self)


class DataFrame:
    def __init__(self, rows, columns):
        self.rows, self.columns = rows, columns

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, column):
        at = self.columns.index(column)
        return Series(row[at] for row in self.rows)
