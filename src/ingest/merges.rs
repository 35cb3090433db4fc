//! Merged regions of a sheet, found by row: a ledger may merge its institution's cell a thousand times.

/// First row, first column, last row, last column.
pub type Region = (usize, usize, usize, usize);

/// Rows together that all regions may cover: beyond it they overlap without end, as no office merges cells.
const MAX_COVERED: usize = 1 << 22;

#[derive(Clone, Debug, Default)]
pub struct Merges {
    regions: Vec<Region>,
    /// Per row, which regions cover it.
    rows: Vec<Vec<u32>>,
    covered: usize,
}

impl Merges {
    pub fn push(&mut self, region: Region) {
        let (first, _, last, _) = region;
        self.covered = self.covered.saturating_add(last.saturating_sub(first) + 1);
        let Some(number) = u32::try_from(self.regions.len()).ok().filter(|_| first <= last && self.covered <= MAX_COVERED) else { return };
        self.regions.push(region);
        if self.rows.len() <= last {
            self.rows.resize(last + 1, Vec::new());
        }
        self.rows[first..=last].iter_mut().for_each(|row| row.push(number));
    }

    /// The regions that cover a row, in the order of the file.
    pub fn of_row(&self, row: usize) -> impl Iterator<Item = Region> {
        let numbers = self.rows.get(row).map(Vec::as_slice).unwrap_or_default();
        numbers.iter().filter_map(|number| self.regions.get(usize::try_from(*number).ok()?).copied())
    }

    /// The region that covers a cell.
    pub fn over(&self, row: usize, column: usize) -> Option<Region> {
        self.of_row(row).find(|m| m.1 <= column && column <= m.3)
    }

    pub fn iter(&self) -> std::slice::Iter<'_, Region> {
        self.regions.iter()
    }
}

impl FromIterator<Region> for Merges {
    fn from_iter<T: IntoIterator<Item = Region>>(regions: T) -> Self {
        let mut merges = Self::default();
        regions.into_iter().for_each(|region| merges.push(region));
        merges
    }
}
