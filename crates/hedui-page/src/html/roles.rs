//! What the names that a site gave to an element tell about it.

use scraper::node::Element;

use super::dom::{Dom, Kind, Tag};
use crate::words::{ClassRole, Words};

/// What is told of an element by tag, class, id, role and style.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Roles(u16);

impl Roles {
    /// Tells whether a role was found.
    pub(super) fn has(self, role: ClassRole) -> bool {
        self.0 & bit(role) != 0
    }

    fn add(&mut self, role: ClassRole) {
        self.0 |= bit(role);
    }
}

fn bit(role: ClassRole) -> u16 {
    1 << match role {
        ClassRole::Content => 0,
        ClassRole::Positive => 1,
        ClassRole::Negative => 2,
        ClassRole::Boilerplate => 3,
        ClassRole::Author => 4,
        ClassRole::Date => 5,
        ClassRole::Title => 6,
        ClassRole::Caption => 7,
        ClassRole::Hidden => 8,
        ClassRole::Comment => 9,
    }
}

/// Reads the roles of all nodes.
pub(super) fn read(dom: &Dom<'_>, words: &Words) -> Vec<Roles> {
    let mut name = String::new();
    dom.iter()
        .map(|(_, node)| match node.kind {
            Kind::Element(element, tag) => of_element(element, tag, words, &mut name),
            Kind::Text(_) => Roles::default(),
        })
        .collect()
}

fn of_element(element: &Element, tag: Tag, words: &Words, name: &mut String) -> Roles {
    let mut roles = Roles::default();
    for (key, value) in element.attrs() {
        match key {
            "class" | "id" => value
                .split_ascii_whitespace()
                .take(24)
                .for_each(|class| of_name(class, words, name, &mut roles)),
            "itemprop" => of_property(value, &mut roles),
            "hidden" => roles.add(ClassRole::Hidden),
            "style" if is_hidden_style(value) => roles.add(ClassRole::Hidden),
            "role" | "data-role" if is_aside_role(value) => roles.add(ClassRole::Boilerplate),
            _ => {}
        }
    }
    if tag == Tag::Caption {
        roles.add(ClassRole::Caption);
    }
    roles
}

fn of_property(value: &str, roles: &mut Roles) {
    for property in value.split_ascii_whitespace() {
        if property.eq_ignore_ascii_case("articlebody") {
            roles.add(ClassRole::Content);
        } else if property.eq_ignore_ascii_case("author") {
            roles.add(ClassRole::Author);
        } else if property.eq_ignore_ascii_case("datepublished") {
            roles.add(ClassRole::Date);
        } else if property.eq_ignore_ascii_case("headline") {
            roles.add(ClassRole::Title);
        } else if property.eq_ignore_ascii_case("comment") {
            roles.add(ClassRole::Comment);
        }
    }
}

fn is_hidden_style(style: &str) -> bool {
    let style: String = style
        .chars()
        .filter(|c| !c.is_whitespace())
        .take(400)
        .flat_map(char::to_lowercase)
        .collect();
    style.contains("display:none") || style.contains("visibility:hidden")
}

fn is_aside_role(role: &str) -> bool {
    [
        "navigation",
        "complementary",
        "contentinfo",
        "search",
        "dialog",
        "menu",
        "menubar",
        "alertdialog",
        "banner",
        "tablist",
    ]
    .iter()
    .any(|known| role.eq_ignore_ascii_case(known))
}

/// Looks a class or id up: whole, in parts, and in pairs of parts.
fn of_name(class: &str, words: &Words, name: &mut String, roles: &mut Roles) {
    if class.len() > 80 {
        return;
    }
    name.clear();
    name.extend(class.chars().flat_map(char::to_lowercase));
    add_all(words.class_roles(name), roles);
    add_all(words.whole_class_roles(name), roles);
    // `md:hidden` and its like say when, not what.
    if class.contains(':') || class.contains('[') {
        return;
    }
    let parts: Vec<&str> = parts(class).collect();
    if parts.len() < 2 {
        return;
    }
    // `no-sidebar`, `has-sidebar` tell about what is beside.
    if words.is_class_negation(
        &parts
            .first()
            .map(|part| crate::words::lower(part))
            .unwrap_or_default(),
    ) {
        return;
    }
    for (at, part) in parts.iter().enumerate() {
        name.clear();
        name.extend(part.chars().flat_map(char::to_lowercase));
        add_all(words.class_roles(name), roles);
        if let Some(next) = parts.get(at + 1) {
            name.push('-');
            name.extend(next.chars().flat_map(char::to_lowercase));
            add_all(words.class_roles(name), roles);
        }
    }
}

fn add_all(found: &[ClassRole], roles: &mut Roles) {
    found.iter().for_each(|&role| roles.add(role));
}

/// Cuts a name at hyphens, underscores, digits and capitals: `articleBody-2` is `article`, `Body`.
fn parts(name: &str) -> impl Iterator<Item = &str> {
    let mut rest = name;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| !c.is_alphabetic());
        if rest.is_empty() {
            return None;
        }
        let mut before_was_lower = false;
        let end = rest
            .char_indices()
            .find(|&(_, c)| {
                let turns = before_was_lower && c.is_uppercase();
                before_was_lower = c.is_lowercase();
                turns || !c.is_alphabetic()
            })
            .map_or(rest.len(), |(at, _)| at);
        let (part, tail) = rest.split_at(end);
        rest = tail;
        Some(part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roles(class: &str) -> Roles {
        let mut roles = Roles::default();
        of_name(class, Words::builtin(), &mut String::new(), &mut roles);
        roles
    }

    #[test]
    fn names_are_read_in_parts() {
        assert!(roles("articleBody").has(ClassRole::Content));
        assert!(roles("c-article-body__inner").has(ClassRole::Content));
        assert!(roles("related-stories").has(ClassRole::Boilerplate));
        assert!(roles("RelatedArticles").has(ClassRole::Boilerplate));
        assert!(roles("hidden").has(ClassRole::Hidden));
    }

    #[test]
    fn names_that_only_look_like_it_are_not() {
        assert!(!roles("overflow-hidden").has(ClassRole::Hidden));
        assert!(!roles("md:hidden").has(ClassRole::Hidden));
        assert!(!roles("no-sidebar").has(ClassRole::Boilerplate));
        assert!(!roles("shadow").has(ClassRole::Boilerplate));
    }
}
