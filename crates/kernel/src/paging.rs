//! Keyset paging: "the rows after this key", never OFFSET, so page 1,000 costs what page 1 costs and a row
//! inserted meanwhile neither repeats nor hides another.

use serde::Serialize;

/// A request for the rows after a key `K` (the list's sort columns, ending in the id).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paging<K> {
    /// Rows strictly after this key; `None` for the first page.
    pub after: Option<K>,
    /// How many rows at most, 1 to [`Paging::MOST`].
    pub limit: u16,
}

impl<K> Paging<K> {
    /// The largest page anyone gets.
    pub const MOST: u16 = 100;

    /// The first `limit` rows.
    pub fn first(limit: u16) -> Self {
        Self { after: None, limit: limit.clamp(1, Self::MOST) }
    }

    /// How many rows to ask the database for: one more than shown tells whether there is a next page.
    pub fn probe(&self) -> i64 {
        i64::from(self.limit) + 1
    }
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Page<T, K> {
    /// The rows.
    pub items: Vec<T>,
    /// The key to ask the next page with; `None` on the last page.
    pub next: Option<K>,
}

impl<T, K> Page<T, K> {
    /// Cuts the probe row off `rows` and remembers the key of the last row shown.
    pub fn cut(mut rows: Vec<T>, paging: &Paging<K>, key: impl Fn(&T) -> K) -> Self {
        let more = rows.len() > usize::from(paging.limit);
        rows.truncate(usize::from(paging.limit));
        let next = if more { rows.last().map(key) } else { None };
        Self { items: rows, next }
    }

    /// The same page with each row turned into something else.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U, K> {
        Page { items: self.items.into_iter().map(f).collect(), next: self.next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_probe_row_is_cut_and_its_predecessor_is_the_next_key() {
        let paging = Paging::<i64>::first(2);
        let page = Page::cut(vec![1, 2, 3], &paging, |row| *row);
        assert_eq!(page, Page { items: vec![1, 2], next: Some(2) });
        let last = Page::cut(vec![3], &paging, |row| *row);
        assert_eq!(last.next, None);
    }
}
