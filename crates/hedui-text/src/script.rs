//! Tells Simplified from Traditional by counting the characters that only one of them has.
//!
//! A character speaks for Traditional where `t2s` would change it, for
//! Simplified where `s2t` would; those that both scripts use (台, 后, 里: rows of
//! `languages.toml`) speak for neither.

use hedui_model::Script;

use crate::convert::Converter;
use crate::lexicon::LanguageWords;

/// How many characters of a text speak for which script.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ScriptCount {
    /// Characters that only Simplified has.
    pub hans: usize,
    /// Characters that only Traditional has.
    pub hant: usize,
}

/// Knows which characters only one script has.
#[derive(Debug)]
pub struct Scripts {
    /// Indexed by character of the basic plane.
    owner: Vec<Owner>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Owner {
    Neither,
    Hans,
    Hant,
}

impl ScriptCount {
    /// Returns the script that has more than twice as many characters for it; nothing where none has.
    #[must_use]
    pub fn script(self) -> Option<Script> {
        if self.hant > self.hans.saturating_mul(2) {
            Some(Script::Hant)
        } else if self.hans > self.hant.saturating_mul(2) {
            Some(Script::Hans)
        } else {
            None
        }
    }
}

impl Scripts {
    /// Asks the converter about each character once.
    #[must_use]
    pub fn new(converter: &dyn Converter, words: &LanguageWords) -> Self {
        let characters: Vec<char> = (0x3400..=0x9FFF).filter_map(char::from_u32).collect();
        let lines: String = characters.iter().flat_map(|c| [*c, '\n']).collect();
        let (simplified, traditional) = (converter.t2s(&lines), converter.s2t(&lines));
        let mut owner = vec![Owner::Neither; 0xA000];
        let converted = simplified.lines().zip(traditional.lines());
        for (character, (simplified, traditional)) in characters.into_iter().zip(converted) {
            if words.is_of_both_scripts(character) {
                continue;
            }
            let changed = |line: &str| !line.starts_with(character);
            let whose = match (changed(simplified), changed(traditional)) {
                (true, false) => Owner::Hant,
                (false, true) => Owner::Hans,
                _ => Owner::Neither,
            };
            if let Some(slot) = owner.get_mut(character as usize) {
                *slot = whose;
            }
        }
        Scripts { owner }
    }

    /// Counts the characters of `text` that only one script has.
    #[must_use]
    pub fn count(&self, text: &str) -> ScriptCount {
        let mut count = ScriptCount::default();
        for character in text.chars() {
            match self.owner.get(character as usize) {
                Some(Owner::Hans) => count.hans += 1,
                Some(Owner::Hant) => count.hant += 1,
                Some(Owner::Neither) | None => {}
            }
        }
        count
    }

    /// Returns the script of `text`, where it can be told.
    #[must_use]
    pub fn of(&self, text: &str) -> Option<Script> {
        self.count(text).script()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FerrousOpenCc, Lexicon};

    #[test]
    fn characters_of_both_scripts_decide_nothing() {
        let scripts = Scripts::new(FerrousOpenCc::builtin(), &Lexicon::builtin().languages);
        for (text, script) in [
            ("台積電董事會今天通過資本預算", Some(Script::Hant)),
            ("台积电董事会今天通过资本预算", Some(Script::Hans)),
            ("台股大跌百分之三", None),
            ("皇后大道中八十里外", None),
            ("Nvidia 3.5%", None),
            ("", None),
            // A Traditional text that quotes a Simplified name, and one half and half.
            (
                "記者李明報導，《经济日报》指出，該廠將擴產並增聘員工",
                Some(Script::Hant),
            ),
            ("經濟經濟 经济经济", None),
        ] {
            assert_eq!(scripts.of(text), script, "{text}");
        }
    }
}
