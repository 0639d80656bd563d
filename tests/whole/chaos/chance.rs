//! Chance that can be had again: the same seed gives the same faults in the same order. What they meet depends on the
//! machine, as ever.

/// `SplitMix64` (Steele, Lea, Flood, 2014).
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 up to and without `bound`.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    /// One of some.
    pub(super) fn one_of<T: Copy>(&mut self, some: &[T]) -> T {
        let place = self.below(u64::try_from(some.len()).unwrap());
        some[usize::try_from(place).unwrap()]
    }
}
