//! The characters of the forms of a lexicon by number.

/// The characters of the forms by number: 0 for those that are in none.
///
/// A capital letter has the number of the small one.
#[derive(Clone, Debug)]
pub(super) struct Codes {
    /// Where the characters of each 256 stand in `of`: those of ASCII first, then a page of none.
    pages: Vec<u16>,
    of: Vec<u16>,
    count: u16,
}

impl Default for Codes {
    fn default() -> Self {
        let mut pages = vec![1; 0x1100];
        if let Some(first) = pages.first_mut() {
            *first = 0;
        }
        Codes {
            pages,
            of: vec![0; 512],
            count: 0,
        }
    }
}

impl Codes {
    pub(super) fn add(&mut self, character: char) {
        if self.of(character) != 0 || self.count == u16::MAX {
            return;
        }
        self.count += 1;
        self.set(character, self.count);
        if character.is_ascii_lowercase() {
            self.set(character.to_ascii_uppercase(), self.count);
        }
    }

    fn set(&mut self, character: char, code: u16) {
        let at = character as usize;
        let Some(page) = self.pages.get_mut(at >> 8) else {
            return;
        };
        if *page == 1 {
            *page = u16::try_from(self.of.len() >> 8).unwrap_or(1);
            self.of.resize(self.of.len() + 256, 0);
        }
        if let Some(slot) = self.of.get_mut((*page as usize) << 8 | at & 0xFF) {
            *slot = code;
        }
    }

    #[inline]
    pub(super) fn of(&self, character: char) -> u16 {
        let at = character as usize;
        let page = self.pages.get(at >> 8).copied().unwrap_or(1);
        let code = self.of.get((page as usize) << 8 | at & 0xFF);
        code.copied().unwrap_or(0)
    }

    /// The same for a character of ASCII.
    #[inline]
    pub(super) fn of_ascii(&self, character: u8) -> u16 {
        self.of.get(usize::from(character)).copied().unwrap_or(0)
    }
}
