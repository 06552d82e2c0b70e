//! Articles without end, alike in every run: words, names and figures by Zipf's law.

use std::sync::Arc;

use hedui_model::{
    Article, Claim, ClaimId, Confidence, Decimal, Entity, Interval, Kind, Metric, Place, Quantity,
    Scope, Span, Status, Unit,
};
use hedui_store::query::{AliasResolver, Names};
use hedui_text::{Analyzer, ArticleInput, Converter, FerrousOpenCc, Folder};

/// Characters that words are made of, the commoner first.
const CHARACTERS: &str = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精值号率族维划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严";

/// `(canonical, Simplified)`, the commonest first.
const NAMES: &[(&str, &str)] = &[
    ("Nvidia", "英伟达"),
    ("TSMC", "台积电"),
    ("Huawei", "华为"),
    ("OpenAI", "开放人工智能"),
    ("Samsung", "三星"),
    ("SMIC", "中芯国际"),
    ("Intel", "英特尔"),
    ("ASML", "阿斯麦"),
    ("BYD", "比亚迪"),
    ("AMD", "超微"),
];

const ENGLISH: &[&str] = &[
    "the",
    "of",
    "to",
    "in",
    "and",
    "a",
    "company",
    "said",
    "for",
    "investment",
    "chips",
    "that",
    "on",
    "with",
    "plans",
    "is",
    "export",
    "by",
    "technology",
    "as",
    "semiconductor equipment",
    "rules",
    "from",
    "market",
    "billion",
    "officials",
];

const CHINESE: &[&str] = &[
    "投资",
    "公司",
    "半导体",
    "设备",
    "人工智能",
    "芯片",
    "市场",
    "表示",
    "台积电计划在美国新建晶圆厂",
    "亿美元",
];

pub(crate) struct Corpus {
    analyzer: Arc<Analyzer>,
    characters: Vec<char>,
    state: u64,
}

impl Corpus {
    pub(crate) fn new(analyzer: Arc<Analyzer>) -> Self {
        Corpus {
            analyzer,
            characters: CHARACTERS.chars().collect(),
            state: 0x9E37_79B9_7F4A_7C15,
        }
    }

    pub(crate) fn article(&mut self, number: usize) -> (Article, Vec<Claim>) {
        let name = self.zipf(NAMES.len());
        let is_english = self.below(5) < 2;
        let values: Vec<u64> = (0..3).map(|_| 1 + self.zipf(999) as u64).collect();
        let mut body = String::new();
        for (sentence, value) in values.iter().enumerate() {
            for _ in 0..if is_english { 100 } else { 90 } {
                self.push_word(&mut body, is_english);
            }
            if is_english {
                body.push_str(&format!(
                    " {} will invest ${value} billion.\n",
                    NAMES[name].0
                ));
            } else {
                body.push_str(&format!("，{}将投资{value}0亿美元。\n", NAMES[name].1));
            }
            let _ = sentence;
        }
        let mut title = String::new();
        (0..8).for_each(|_| self.push_word(&mut title, is_english));
        title.push_str(if is_english {
            NAMES[name].0
        } else {
            NAMES[name].1
        });
        if !is_english && self.below(2) == 0 {
            let converter = FerrousOpenCc::builtin();
            (title, body) = (converter.s2t(&title), converter.s2t(&body));
        }
        let article = self.analyzer.article(ArticleInput {
            key: format!("https://site-{}.example/{number}", number % 97)
                .parse()
                .unwrap(),
            source: format!("site-{}", number % 97).parse().unwrap(),
            url: None,
            lang: None,
            region: None,
            published: Some(
                format!("2025-{:02}-{:02}", 1 + number % 12, 1 + number % 28)
                    .parse()
                    .unwrap(),
            ),
            seen: "2025-12-31T00:00:00Z".parse().unwrap(),
            title,
            body,
            author: None,
        });
        let claims = values
            .iter()
            .enumerate()
            .map(|(place, &value)| claim(&article, place, value, NAMES[name].0));
        let claims = claims.collect();
        (article, claims)
    }

    fn push_word(&mut self, text: &mut String, is_english: bool) {
        let is_listed = self.below(3) == 0;
        if is_english {
            if !text.is_empty() && !text.ends_with('\n') {
                text.push(' ');
            }
            if is_listed {
                text.push_str(ENGLISH[self.zipf(ENGLISH.len())]);
                return;
            }
            let mut word = self.zipf(20_000);
            for _ in 0..2 + word % 3 {
                text.push(char::from(b"bcdfghklmnprstvz"[word % 16]));
                text.push(char::from(b"aeiou"[word % 5]));
                word = word / 7 + 3;
            }
        } else if is_listed {
            text.push_str(CHINESE[self.zipf(CHINESE.len())]);
        } else {
            for _ in 0..2 {
                let at = self.zipf(self.characters.len());
                text.push(self.characters[at]);
            }
        }
    }

    fn next(&mut self) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.state
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    /// Returns a number below `count`; the n-th is about n times rarer than the first.
    fn zipf(&mut self, count: usize) -> usize {
        let share = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        ((count as f64 + 1.0).powf(share) as usize - 1).min(count - 1)
    }
}

fn claim(article: &Article, place: usize, value: u64, name: &str) -> Claim {
    let end = article
        .body
        .sentences
        .get(place)
        .map_or(1, |sentence| sentence.span.end());
    let span = Span::new(end.saturating_sub(1), end);
    let interval = Interval::point(Decimal::new(i128::from(value), 9).unwrap());
    Claim {
        id: ClaimId::of_evidence(&article.meta.key, "", "", place),
        article: article.meta.key.clone(),
        revision: 1,
        place: Place::Body,
        quantity: Quantity::new(span, Kind::Money, Unit::new("USD"), interval, interval).unwrap(),
        sentence: span,
        sentence_text: String::new(),
        entities: vec![Entity {
            name: name.to_owned(),
            known: true,
        }],
        metric: Some(Metric {
            id: "investment".to_owned(),
            family: "investment".to_owned(),
        }),
        terms: Vec::new(),
        period: None,
        scope: Scope::default(),
        status: Status::Planned,
        attribution: None,
        gloss_of: None,
        confidence: Confidence::from_thousandths(900),
    }
}

/// The names of the corpus, in either script.
pub(crate) struct Aliases;

impl AliasResolver for Aliases {
    fn entities(&self, name: &str) -> Vec<Names> {
        let folded = Folder::builtin().fold(name).text;
        let known = NAMES.iter().filter(|(english, chinese)| {
            english.eq_ignore_ascii_case(&folded) || *chinese == folded
        });
        known
            .map(|(english, chinese)| Names {
                canonical: (*english).to_owned(),
                names: vec![(*english).to_owned(), (*chinese).to_owned()],
            })
            .collect()
    }
}
