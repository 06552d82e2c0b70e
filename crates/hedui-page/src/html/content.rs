//! Where in a page the main content stands.
//!
//! Lines that read like sentences give points to the elements around them, the nearest most; what site and author named
//! (`articleBody`, `entry-content`) speaks for an element, links in it against it. The element with most points is
//! widened by what continues it. What is left out inside of it is decided in [`super::body`].

use std::ops::Range;

use super::dom::{Dom, Tag};
use super::lines::{Line, share};
use super::roles::Roles;
use crate::words::ClassRole;

/// Sums over lines, for any element at once.
#[derive(Debug)]
pub(super) struct Sums {
    good: Vec<usize>,
    weight: Vec<usize>,
    link: Vec<usize>,
    lines: Vec<usize>,
    sentences: Vec<usize>,
}

impl Sums {
    pub(super) fn new(dom: &Dom<'_>, lines: &[Line]) -> Sums {
        let size = dom.len() + 1;
        let mut sums = Sums {
            good: vec![0; size],
            weight: vec![0; size],
            link: vec![0; size],
            lines: vec![0; size],
            sentences: vec![0; size],
        };
        let mut next = lines.iter().peekable();
        let (mut good, mut weight, mut link, mut count, mut sentences) = (0, 0, 0, 0, 0);
        for at in 0..size {
            for (list, sum) in [
                (&mut sums.good, good),
                (&mut sums.weight, weight),
                (&mut sums.link, link),
                (&mut sums.lines, count),
                (&mut sums.sentences, sentences),
            ] {
                if let Some(slot) = list.get_mut(at) {
                    *slot = sum;
                }
            }
            while let Some(line) = next.next_if(|line| line.at <= at) {
                good += line.good();
                weight += line.weight;
                link += line.link_weight;
                count += 1;
                sentences += usize::from(line.good() > 0);
            }
        }
        sums
    }

    fn between(list: &[usize], range: &Range<usize>) -> usize {
        let end = list.get(range.end).copied().unwrap_or(0);
        end.saturating_sub(list.get(range.start).copied().unwrap_or(0))
    }

    pub(super) fn good(&self, range: &Range<usize>) -> usize {
        Sums::between(&self.good, range)
    }

    pub(super) fn weight(&self, range: &Range<usize>) -> usize {
        Sums::between(&self.weight, range)
    }

    pub(super) fn lines(&self, range: &Range<usize>) -> usize {
        Sums::between(&self.lines, range)
    }

    /// How many lines read like sentences.
    pub(super) fn sentences(&self, range: &Range<usize>) -> usize {
        Sums::between(&self.sentences, range)
    }

    pub(super) fn link_share(&self, range: &Range<usize>) -> f32 {
        share(Sums::between(&self.link, range), self.weight(range))
    }
}

/// A page with what is known of each of its elements.
#[derive(Debug)]
pub(super) struct Layout<'a, 'b> {
    pub(super) dom: &'b Dom<'a>,
    pub(super) roles: &'b [Roles],
    pub(super) lines: &'b [Line],
    pub(super) sums: Sums,
    /// For each node, whether it stands in what is no main content by its name.
    dropped: Vec<bool>,
    /// Sums of good text that is not in dropped parts.
    clean: Vec<usize>,
    /// The first headings of the page.
    headings: Vec<usize>,
}

impl<'a, 'b> Layout<'a, 'b> {
    pub(super) fn new(dom: &'b Dom<'a>, roles: &'b [Roles], lines: &'b [Line]) -> Layout<'a, 'b> {
        let mut layout = Layout {
            dom,
            roles,
            lines,
            sums: Sums::new(dom, lines),
            dropped: vec![false; dom.len()],
            clean: Vec::new(),
            headings: (0..dom.len())
                .filter(|&at| dom.tag(at) == Some(Tag::Heading(1)))
                .take(200)
                .collect(),
        };
        layout.drop_by_name();
        layout.sum_clean();
        layout
    }

    /// Marks these elements, with all that is in them, as no main content.
    pub(super) fn drop_all(&mut self, elements: impl Iterator<Item = usize>) {
        for at in elements {
            if let Some(marks) = self.dropped.get_mut(self.dom.range(at)) {
                marks.fill(true);
            }
        }
        self.sum_clean();
    }

    fn sum_clean(&mut self) {
        let mut sums = vec![0; self.dom.len() + 1];
        for line in self.lines.iter().filter(|line| !self.is_dropped(line.at)) {
            if let Some(sum) = sums.get_mut(line.at + 1) {
                *sum += line.good();
            }
        }
        let mut total = 0;
        for sum in &mut sums {
            total += *sum;
            *sum = total;
        }
        self.clean = sums;
    }

    pub(super) fn has(&self, node: usize, role: ClassRole) -> bool {
        self.roles.get(node).is_some_and(|roles| roles.has(role))
    }

    pub(super) fn is_dropped(&self, node: usize) -> bool {
        self.dropped.get(node).copied().unwrap_or(false)
    }

    /// Tells whether a line stands in a list or aside that is not the article's.
    pub(super) fn is_dropped_list(&self, node: usize) -> bool {
        self.is_dropped(node)
            && self
                .dom
                .ancestors(node)
                .any(|outer| matches!(self.dom.tag(outer), Some(Tag::Aside | Tag::List)))
    }

    /// Marks what is no main content by its name, unless most of the page's sentences are in it.
    fn drop_by_name(&mut self) {
        let total = self.sums.good(&(0..self.dom.len())).max(1);
        let may_hide = share(self.hidden_good(), total) < 0.5;
        let mut at = 0;
        while at < self.dom.len() {
            let range = self.dom.range(at);
            let portion = share(self.sums.good(&range), total);
            if self.dom.tag(at).is_some() && self.is_aside(at, portion, may_hide) {
                if let Some(marks) = self.dropped.get_mut(range.clone()) {
                    marks.fill(true);
                }
                at = range.end.max(at + 1);
            } else {
                at += 1;
            }
        }
    }

    /// Good text in elements that are not shown: some pages hold all of theirs so until a script has run.
    fn hidden_good(&self) -> usize {
        let mut good = 0;
        let mut at = 0;
        while at < self.dom.len() {
            let range = self.dom.range(at);
            if self.has(at, ClassRole::Hidden) {
                good += self.sums.good(&range);
                at = range.end.max(at + 1);
            } else {
                at += 1;
            }
        }
        good
    }

    fn is_aside(&self, at: usize, portion: f32, may_hide: bool) -> bool {
        let Some(tag) = self.dom.tag(at) else {
            return false;
        };
        if matches!(tag, Tag::Body | Tag::Article | Tag::Main) {
            return may_hide && self.has(at, ClassRole::Hidden) && portion < 0.3;
        }
        if may_hide && self.has(at, ClassRole::Hidden) && portion < 0.5 {
            return true;
        }
        if tag == Tag::Aside && portion < 0.5 {
            return true;
        }
        if self.has(at, ClassRole::Comment) && !self.has(at, ClassRole::Content) && portion < 0.9 {
            return !self.holds_title(at);
        }
        let is_slight =
            self.sums.sentences(&self.dom.range(at)) <= 2 && portion < 0.8 && !self.holds_title(at);
        if self.has(at, ClassRole::Boilerplate)
            && !self.has(at, ClassRole::Content)
            && (portion < 0.35 || is_slight)
        {
            return true;
        }
        match tag {
            Tag::Form => portion < 0.2,
            Tag::Header => {
                portion < 0.2
                    && !self
                        .dom
                        .ancestors(at)
                        .any(|outer| self.dom.tag(outer) == Some(Tag::Article))
            }
            _ => false,
        }
    }

    fn holds_title(&self, at: usize) -> bool {
        self.dom
            .range(at)
            .any(|inner| self.dom.tag(inner) == Some(Tag::Heading(1)))
    }

    /// Finds the elements that hold the main content, in document order.
    pub(super) fn main(&self) -> Vec<Range<usize>> {
        let Some(top) = self.top() else {
            return Vec::new();
        };
        let top = self.widen(top);
        let main = self
            .with_sections(top)
            .unwrap_or_else(|| self.with_siblings(top));
        let held: usize = main
            .iter()
            .map(|range| Sums::between(&self.clean, range))
            .sum();
        let all = self.clean.last().copied().unwrap_or(0);
        // An article whose sections stand each in a box of its own: no one of them is the main content.
        if share(held, all) < 0.45
            && !main
                .iter()
                .any(|range| self.has(range.start, ClassRole::Content))
        {
            return self
                .deepest_with_most()
                .map_or(main, |node| vec![self.dom.range(node)]);
        }
        main
    }

    /// Adds the other boxes of an article whose sections stand each in a box of the same class, or all in named ones.
    fn with_sections(&self, top: usize) -> Option<Vec<Range<usize>>> {
        let around = self.article_around(top)?;
        let class = self
            .dom
            .element(top)?
            .attr("class")
            .filter(|class| !class.trim().is_empty());
        let is_alike = |at: usize| {
            self.dom
                .element(at)
                .is_some_and(|element| element.attr("class") == class)
        };
        let alike = class.map(|_| self.sections(around, top, &is_alike));
        let is_named = |at: usize| self.has(at, ClassRole::Content);
        let named = is_named(top).then(|| self.sections(around, top, &is_named));
        let held = |sections: &Vec<Range<usize>>| -> usize {
            sections
                .iter()
                .map(|range| Sums::between(&self.clean, range))
                .sum()
        };
        // Boxes with other names that are good ones, too, are often those of other articles: only where much is missing.
        let own = alike.as_ref().map_or(0, held).max(self.clean_good(top));
        let named = named.filter(|_| share(own, self.clean_good(around)) < 0.5);
        let best = alike.into_iter().chain(named).max_by_key(held)?;
        (best.len() > 1 || best.first().is_some_and(|range| range.start != top)).then_some(best)
    }

    /// The outermost elements of the kind of `top` that hold sentences, in document order.
    fn sections(
        &self,
        around: usize,
        top: usize,
        fits: &dyn Fn(usize) -> bool,
    ) -> Vec<Range<usize>> {
        let name = self.dom.element(top).map(|element| element.name());
        let mut sections: Vec<Range<usize>> = Vec::new();
        for at in self.dom.range(around).skip(1) {
            let is_inside = sections.last().is_some_and(|range| at < range.end);
            let has_name = self.dom.element(at).map(|element| element.name()) == name;
            let is_candidate = has_name && !is_inside && fits(at) && !self.is_dropped(at);
            if is_candidate && (at == top || (self.clean_good(at) > 0 && !self.is_teaser(at))) {
                sections.push(self.dom.range(at));
            }
        }
        sections
    }

    /// Tells whether an element, or the box that it fills, has a heading that leads elsewhere.
    fn is_teaser(&self, at: usize) -> bool {
        let near = self
            .dom
            .parent(at)
            .filter(|&parent| self.dom.children(parent).take(7).count() < 7);
        let mut inner = self.dom.range(near.unwrap_or(at));
        inner.any(|inner| {
            matches!(self.dom.tag(inner), Some(Tag::Heading(_)))
                && self.sums.link_share(&self.dom.range(inner)) > 0.8
        })
    }

    /// The element around that holds one article: it has but one first heading.
    fn article_around(&self, top: usize) -> Option<usize> {
        let mut around = None;
        let mut headings = self.first_headings(top);
        for outer in self.dom.ancestors(top) {
            headings = headings.max(self.first_headings(outer));
            if headings > 1 || self.dom.tag(outer) == Some(Tag::Body) {
                break;
            }
            around = Some(outer);
            if matches!(self.dom.tag(outer), Some(Tag::Article | Tag::Main)) {
                break;
            }
        }
        around
    }

    fn first_headings(&self, node: usize) -> usize {
        let range = self.dom.range(node);
        self.headings.iter().filter(|at| range.contains(at)).count()
    }

    /// Goes inward from the body as long as one element holds nearly all that its parent holds.
    fn deepest_with_most(&self) -> Option<usize> {
        let mut at = (0..self.dom.len()).find(|&node| self.dom.tag(node) == Some(Tag::Body))?;
        loop {
            let good = self.clean_good(at);
            let next = self
                .dom
                .children(at)
                .max_by_key(|&child| self.clean_good(child))?;
            let is_box = self
                .dom
                .tag(next)
                .is_some_and(|tag| tag.is_block() && tag != Tag::Paragraph);
            if !is_box || share(self.clean_good(next), good) < 0.8 {
                return Some(at);
            }
            at = next;
        }
    }

    fn top(&self) -> Option<usize> {
        let mut points = vec![0f32; self.dom.len()];
        let mut touched = Vec::new();
        for (index, line) in self.lines.iter().enumerate() {
            let good = line.good();
            if good == 0 || self.is_dropped(line.at) {
                continue;
            }
            let commas = line
                .text
                .chars()
                .filter(|c| matches!(c, ',' | '，' | '、' | '。'))
                .take(5)
                .count();
            let score = 1.0 + commas as f32 + (good as f32 / 100.0).min(4.0);
            let own_block = self.is_container(index, line);
            let mut give = |node: usize, part: f32| {
                if let Some(slot) = points.get_mut(node) {
                    if *slot == 0.0 {
                        touched.push(node);
                    }
                    *slot += score * part;
                }
            };
            let mut level = 0;
            if own_block {
                give(line.block, 1.0);
                level = 1;
            }
            for outer in self.dom.ancestors(line.block).take(5) {
                let part = match level {
                    0 => 1.0,
                    1 => 0.5,
                    level => 1.0 / (3.0 * level as f32),
                };
                give(outer, part);
                level += 1;
            }
        }
        let mut best = None;
        let mut best_points = 0.0;
        touched.sort_unstable();
        for node in touched {
            let weighed = points.get(node).copied().unwrap_or(0.0) * self.factor(node);
            if weighed > best_points {
                best_points = weighed;
                best = Some(node);
            }
        }
        best
    }

    /// Tells whether a block holds several lines directly, as a `<div>` or `<td>` with breaks does.
    fn is_container(&self, index: usize, line: &Line) -> bool {
        let same = |other: Option<&Line>| other.is_some_and(|other| other.block == line.block);
        let neighbour = same(
            index
                .checked_sub(1)
                .and_then(|before| self.lines.get(before)),
        ) || same(self.lines.get(index + 1));
        let is_named = self.has(line.block, ClassRole::Content);
        (neighbour || is_named)
            && !matches!(
                self.dom.tag(line.block),
                Some(Tag::Paragraph | Tag::ListItem | Tag::Heading(_))
            )
    }

    fn factor(&self, node: usize) -> f32 {
        let mut factor = 1.0 - self.sums.link_share(&self.dom.range(node));
        if self.has(node, ClassRole::Content) {
            factor *= 1.6;
        } else if self.has(node, ClassRole::Positive) {
            factor *= 1.15;
        }
        if self.has(node, ClassRole::Negative) && !self.has(node, ClassRole::Content) {
            factor *= 0.85;
        }
        match self.dom.tag(node) {
            Some(Tag::Article) => factor * 1.2,
            Some(Tag::ListItem | Tag::List | Tag::Quote | Tag::Form) => factor * 0.7,
            Some(Tag::Body) => factor * 0.8,
            _ => factor,
        }
    }

    /// Goes outward while the element around holds much more of the article.
    fn widen(&self, mut top: usize) -> usize {
        loop {
            let good = self.clean_good(top);
            let Some(parent) = self.dom.parent(top) else {
                return top;
            };
            if matches!(self.dom.tag(parent), None | Some(Tag::Body)) {
                return top;
            }
            let more = self.clean_good(parent).saturating_sub(good);
            let is_named =
                self.has(parent, ClassRole::Content) || self.dom.tag(parent) == Some(Tag::Article);
            let siblings = self.dom.children(parent).filter(|&child| {
                child != top
                    && self.sums.good(&self.dom.range(child)) > 0
                    && !self.is_dropped(child)
            });
            let alike = siblings.filter(|&child| self.is_alike(child, top)).count();
            let widens = (is_named && !self.has(top, ClassRole::Content))
                || (alike > 0 && share(more, good) > 0.25)
                || share(more, good) < 0.02
                    && !self.is_cell(top)
                    && self.dom.tag(top) != Some(Tag::Article)
                    && !self.has(top, ClassRole::Content);
            if !widens {
                return top;
            }
            top = parent;
        }
    }

    /// Tells whether an element is a cell of a table: one that holds an article lays out a page, and what its
    /// neighbours hold without a sentence is navigation.
    fn is_cell(&self, node: usize) -> bool {
        self.dom.tag(node) == Some(Tag::Cell)
    }

    fn is_alike(&self, one: usize, other: usize) -> bool {
        let (Some(one), Some(other)) = (self.dom.element(one), self.dom.element(other)) else {
            return false;
        };
        one.name() == other.name() && one.attr("class") == other.attr("class")
    }

    /// Good text that is not in dropped parts.
    fn clean_good(&self, node: usize) -> usize {
        Sums::between(&self.clean, &self.dom.range(node))
    }

    /// Adds siblings that continue the element.
    fn with_siblings(&self, top: usize) -> Vec<Range<usize>> {
        let Some(parent) = self.dom.parent(top) else {
            return vec![self.dom.range(top)];
        };
        if self.has(top, ClassRole::Content) {
            return vec![self.dom.range(top)];
        }
        let good = self.clean_good(top);
        let mut main = Vec::new();
        for child in self.dom.children(parent) {
            let range = self.dom.range(child);
            if child == top {
                main.push(range);
                continue;
            }
            if self.is_dropped(child) || self.dom.tag(child).is_none() {
                continue;
            }
            let own = self.clean_good(child);
            let few_links = self.sums.link_share(&range) < 0.25;
            let is_paragraph = matches!(self.dom.tag(child), Some(Tag::Paragraph | Tag::Quote));
            let continues = own > 0
                && few_links
                && (is_paragraph || self.is_alike(child, top) || share(own, good) > 0.4);
            if continues {
                main.push(range);
            }
        }
        main
    }
}
