//! Numbers that look random and are the same each time: one stream for each thing that is made.

/// splitmix64: every state gives another value.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64, stream: u64, number: u32) -> Self {
        let mut dice = Self(
            seed ^ stream.rotate_left(40) ^ u64::from(number).wrapping_mul(0xd6e8_feb8_6659_fd93),
        );
        dice.roll();
        dice
    }

    pub(super) fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to before `end`; 0 if that is 0.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.roll() % end.max(1)
    }

    /// From 0 to before `end`, more often near 0.
    pub(super) fn soon(&mut self, end: i64) -> i64 {
        let (a, b) = (self.time(end), self.time(end));
        a.min(b).min(self.time(end))
    }

    /// From 0 to before `end`.
    pub(super) fn time(&mut self, end: i64) -> i64 {
        let end = u64::try_from(end).unwrap_or_default();
        i64::try_from(self.below(end)).unwrap_or_default()
    }

    pub(super) fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        let at = self.below(all.len() as u64);
        all[usize::try_from(at).unwrap_or_default()]
    }
}

/// A UUID v7 of a moment with a number of its own behind it.
pub(super) fn id(at: i64, stream: u64, number: u32) -> String {
    let mut dice = Dice::new(7, stream, number);
    let millis = u128::from(u64::try_from(at).unwrap_or_default());
    // The number stands first, so that ids of one moment are in its order.
    let number = u128::from(number);
    let bits = (millis << 80)
        | (7 << 76)
        | ((number >> 20) << 64)
        | (0b10 << 62)
        | ((number & 0xf_ffff) << 42)
        | u128::from(dice.roll() >> 22);
    uuid::Uuid::from_u128(bits).to_string()
}
