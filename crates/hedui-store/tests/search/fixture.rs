//! A dozen small articles of all scripts, and what knows their names and figures.

use std::sync::{Arc, OnceLock};

use hedui_model::{
    Article, ArticleKey, Attribution, Claim, ClaimId, Confidence, Decimal, Entity, Interval, Kind,
    Metric, Place, Quantity, Scope, Span, Status, Unit,
};
use hedui_store::index::{SearchAnswer, SearchIndex, SearchReader, SearchRequest, TantivyIndex};
use hedui_store::query::{AliasResolver, Figure, Names, NumberReader, UnitScale, Vocabulary};
use hedui_text::{Analyzer, ArticleInput, Folder};

/// `(id, source, published, title, body)`.
pub(crate) const ARTICLES: &[(&str, &str, &str, &str, &str)] = &[
    (
        "hant-fab",
        "島嶼科技報",
        "2025-03-04T09:30:00+08:00",
        "台積電加碼亞利桑那　總額達1,650億美元",
        "台積電宣布，將在亞利桑那州再投資1,000億美元，連同先前的650億美元，總額達１，６５０億美元。\n執行長魏哲家說：「這是美國史上最大的外資。」經濟部答覆，晶片先進製程仍留在台灣。\r\n\r\n輝達、超微與蘋果都是客戶；Nvidia的AI晶片由其代工。",
    ),
    (
        "hans-fab",
        "北方财讯",
        "2025-03-04",
        "台积电追加投资，总额1650亿美元",
        "台积电计划在美国新建三座晶圆厂，总投资达1650亿美元，约合人民币1.2万亿元。英伟达首席执行官黄仁勋表示欢迎。\n分析人士指出，AI芯片需求是主因，“产能干净利落地被抢光”。答复投资者时，公司称毛利率约58%。",
    ),
    (
        "en-fab",
        "Pacific Wire",
        "2025-03-03T20:00:00Z",
        "TSMC raises its Arizona investment to $165 billion",
        "TSMC will add $100 billion to its plans in Arizona, lifting total investment to $165 billion.\nNvidia, AMD and Apple are customers. \"It's the largest single foreign investment,\" a spokesman said—after weeks of talks.\n\nThe café near the site, naïve as it sounds, is hiring.",
    ),
    (
        "en-chips",
        "Harbor Post",
        "2025-04-15",
        "Nvidia's new export license rule could cost it $5.5bn",
        "Nvidia said it expects charges of up to $5.5bn linked to its H20 chips. Investors were investing elsewhere; the investments in R&D go on.\n3½ years, 10²⁵ FLOP, C++ and GPT-4o: none of it matters to the regulator (yet).",
    ),
    (
        "hans-ev",
        "南湾日报",
        "2025-06-30",
        "新能源汽车销量同比增长三成",
        "据统计，6月份新能源汽车销量为１１１．１万辆，同比增长28.7%。著名厂商比亚迪以38.3万辆居首。\n里程碑式的后续：充电桩总数突破1500万台，面向未来发展。",
    ),
    (
        "hant-ev",
        "港角新聞",
        "2025-07-01",
        "電動車銷量按年升近三成",
        "內地6月電動車銷量達111.1萬輛，按年升28.7%。比亞迪售出38.3萬輛，居首位。\n分析員指，乾電池與鍾表業者並無關連，裏程焦慮已見改善，餘下的問題是充電樁。",
    ),
    (
        "hant-stargate",
        "島嶼科技報",
        "2025-01-22",
        "OpenAI 星際之門計畫：首期１０００億美元，總額5,000億",
        "OpenAI、軟銀與甲骨文合資的「星際之門」四年內投資5,000億美元，首期1,000億美元。\nStargate位於德州，用電10 GW(約1,000萬瓩)。😀 ㈱ソフトバンク的孫正義任董事長。",
    ),
    (
        "en-stargate",
        "Pacific Wire",
        "2025-01-21T22:10:00-05:00",
        "Stargate: $500 billion for AI over four years",
        "The venture of OpenAI, SoftBank and Oracle intends to invest $500 billion over the next four years, $100 billion of it at once.\nMicrosoft, Nvidia and Arm are technology partners.",
    ),
    (
        "hans-law",
        "北方财讯",
        "2024-12-02",
        "美国将140家中国实体列入清单",
        "美国商务部宣布将140家中国实体列入出口管制清单，其中包括半导体设备厂商。\n商务部发言人表示坚决反对，并称将采取必要措施维护自身权益。",
    ),
    (
        "hant-law",
        "港角新聞",
        "2024-12-03",
        "美國把140家中企列入實體清單",
        "美國商務部把140家中國企業列入實體清單，涉及高頻寬記憶體（HBM）。\n外交部發言人回覆查詢時表示堅決反對。",
    ),
    (
        "en-law",
        "Harbor Post",
        "2024-12-02",
        "US adds 140 Chinese firms to trade blacklist",
        "The US Commerce Department added 140 Chinese companies to its Entity List, and curbed shipments of high-bandwidth memory (HBM).\nBeijing firmly opposes the step.",
    ),
    (
        "en-short",
        "Notes",
        "2025-05-05",
        "A share",
        "İstanbul\u{3000}Ａ股 ＧＰＵ  x\nTwo cities told us.",
    ),
];

/// Names of a few entities, each the canonical one first.
const NAMES: &[&[&str]] = &[
    &["Nvidia", "輝達", "英伟达", "英偉達", "NVDA"],
    &[
        "TSMC",
        "台積電",
        "台积电",
        "臺積電",
        "Taiwan Semiconductor Manufacturing",
    ],
    &["AMD", "超微", "超微半导体", "Advanced Micro Devices"],
    &["BYD", "比亚迪", "比亞迪"],
    &["United States", "U.S.", "US", "美国"],
    &["Citi", "花旗"],
];

pub(crate) struct TestNames;

impl AliasResolver for TestNames {
    fn entities(&self, name: &str) -> Vec<Names> {
        let key = |name: &str| Folder::builtin().fold(name).text.to_lowercase();
        let wanted = key(name);
        let known = NAMES
            .iter()
            .filter(|names| names.iter().any(|name| key(name) == wanted));
        known
            .map(|names| Names {
                canonical: names[0].to_owned(),
                names: names.iter().map(|name| (*name).to_owned()).collect(),
            })
            .collect()
    }

    fn metrics(&self, word: &str) -> Vec<String> {
        match word {
            "投资" | "投資" => vec!["investment".to_owned()],
            _ => Vec::new(),
        }
    }
}

/// Reads a decimal with a word for a power of ten and a unit behind it.
pub(crate) struct TestNumbers;

const POWERS: &[(&str, i32)] = &[
    ("万亿", 12),
    ("萬億", 12),
    ("亿", 8),
    ("億", 8),
    ("万", 4),
    ("萬", 4),
    ("bn", 9),
    ("billion", 9),
    ("m", 6),
    ("", 0),
];

const UNITS: &[(&str, &[&str], &str)] = &[
    ("美元", &["USD"], "1"),
    ("$", &["USD", "TWD"], "1"),
    ("USD", &["USD"], "1"),
    ("人民币", &["CNY"], "1"),
    ("CNY", &["CNY"], "1"),
    ("%", &["percent"], "1"),
    ("GW", &["W"], "1e9"),
    ("辆", &["count:car"], "1"),
];

impl NumberReader for TestNumbers {
    fn figure(&self, text: &str) -> Option<Figure> {
        let text = text.replace(',', "");
        let (text, dollar) = match text.strip_prefix('$') {
            Some(rest) => (rest.to_owned(), true),
            None => (text, false),
        };
        let end = text
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(text.len());
        let (number, rest) = text.split_at(end);
        let number: Decimal = number.parse().ok()?;
        let rest = rest.trim();
        let (power, unit) = POWERS.iter().find_map(|(word, power)| {
            let unit = rest.strip_prefix(word)?.trim();
            (unit.is_empty() || !self.unit(unit).is_empty()).then_some((*power, unit))
        })?;
        let mut units: Vec<UnitScale> = if unit.is_empty() {
            Vec::new()
        } else {
            self.unit(unit)
        };
        if dollar {
            units = self.unit("$");
        }
        let factor = units.first().map_or(Decimal::ONE, |scale| scale.factor);
        let value = number.scaled(power).ok()?.checked_mul(factor).ok()?;
        Some(Figure {
            low: Some(value),
            high: Some(value),
            units: units.into_iter().map(|scale| scale.unit).collect(),
        })
    }

    fn unit(&self, text: &str) -> Vec<UnitScale> {
        let known = UNITS.iter().filter(|(form, _, _)| *form == text);
        known
            .flat_map(|(_, ids, factor)| {
                ids.iter().map(|id| UnitScale {
                    unit: Unit::new(id),
                    factor: factor.parse().unwrap(),
                })
            })
            .collect()
    }
}

pub(crate) fn vocabulary() -> Vocabulary {
    Vocabulary {
        aliases: Arc::new(TestNames),
        numbers: Arc::new(TestNumbers),
    }
}

pub(crate) fn key(id: &str) -> ArticleKey {
    id.parse().unwrap()
}

pub(crate) fn article(id: &str, source: &str, published: &str, title: &str, body: &str) -> Article {
    Analyzer::builtin().article(ArticleInput {
        key: key(id),
        source: source.parse().unwrap(),
        url: Some(format!("https://{id}.example/")),
        lang: None,
        region: None,
        published: Some(published.parse().unwrap()),
        seen: "2025-08-01T00:00:00Z".parse().unwrap(),
        title: title.to_owned(),
        body: body.to_owned(),
        author: None,
    })
}

pub(crate) fn articles() -> &'static [Article] {
    static ALL: OnceLock<Vec<Article>> = OnceLock::new();
    ALL.get_or_init(|| {
        let read = ARTICLES.iter().map(|(id, source, published, title, body)| {
            article(id, source, published, title, body)
        });
        read.collect()
    })
}

/// A claim as a test writes it.
pub(crate) struct ClaimCase<'a> {
    pub(crate) mention: &'a str,
    pub(crate) unit: Unit,
    pub(crate) low: Option<&'a str>,
    pub(crate) high: Option<&'a str>,
    pub(crate) metric: Option<(&'a str, &'a str)>,
    pub(crate) entity: &'a str,
}

/// Makes the claim of the article's body, at the first place where the mention stands.
pub(crate) fn claim(article: &Article, case: &ClaimCase<'_>) -> Claim {
    let start = article.body.text.find(case.mention).unwrap();
    let span = Span::new(start, start + case.mention.len());
    let number = |text: Option<&str>| text.map(|text| text.parse::<Decimal>().unwrap());
    let interval = Interval::Number {
        low: number(case.low),
        high: number(case.high),
    };
    let sentence = article.body.sentences[article.body.sentence_at(span).unwrap()].span;
    Claim {
        id: ClaimId::of_evidence(&article.meta.key, "", case.mention, start),
        article: article.meta.key.clone(),
        revision: 1,
        place: Place::Body,
        quantity: Quantity::new(span, Kind::Money, case.unit.clone(), interval, interval).unwrap(),
        sentence,
        sentence_text: sentence.of(&article.body.text).unwrap().to_owned(),
        entities: vec![Entity {
            name: case.entity.to_owned(),
            known: true,
        }],
        metric: case.metric.map(|(id, family)| Metric {
            id: id.to_owned(),
            family: family.to_owned(),
        }),
        terms: Vec::new(),
        period: None,
        scope: Scope::default(),
        status: Status::Actual,
        attribution: None::<Attribution>,
        gloss_of: None,
        confidence: Confidence::from_thousandths(900),
    }
}

fn money<'a>(
    mention: &'a str,
    unit: &str,
    value: &'a str,
    metric: &'a str,
    entity: &'a str,
) -> ClaimCase<'a> {
    ClaimCase {
        mention,
        unit: Unit::new(unit),
        low: Some(value),
        high: Some(value),
        metric: Some((metric, "investment")),
        entity,
    }
}

/// The claims of the fixture articles, as a reader would find them.
pub(crate) fn claims(article: &Article) -> Vec<Claim> {
    let cases = match article.meta.key.as_str() {
        "hant-fab" => vec![
            money(
                "1,000億美元",
                "USD",
                "100e9",
                "additional_investment",
                "TSMC",
            ),
            money(
                "１，６５０億美元",
                "USD",
                "165e9",
                "total_investment",
                "TSMC",
            ),
        ],
        "hans-fab" => vec![
            money("1650亿美元", "USD", "165e9", "total_investment", "TSMC"),
            money("1.2万亿元", "CNY", "1.2e12", "total_investment", "TSMC"),
            ClaimCase {
                metric: Some(("gross_margin", "margin")),
                ..money("58%", "percent", "58", "", "TSMC")
            },
        ],
        "en-fab" => vec![
            money(
                "$100 billion",
                "USD",
                "100e9",
                "additional_investment",
                "TSMC",
            ),
            money("$165 billion", "USD", "165e9", "total_investment", "TSMC"),
        ],
        "en-chips" => vec![ClaimCase {
            low: None,
            metric: Some(("charge", "loss")),
            ..money("$5.5bn", "USD", "5.5e9", "", "Nvidia")
        }],
        "hans-ev" => vec![ClaimCase {
            metric: None,
            ..money("１１１．１万辆", "count:car", "1.111e6", "", "China")
        }],
        "hant-stargate" => vec![
            ClaimCase {
                low: Some("100e9"),
                ..money(
                    "5,000億美元",
                    "USD",
                    "500e9",
                    "total_investment",
                    "Stargate",
                )
            },
            ClaimCase {
                metric: None,
                ..money("10 GW", "W", "10e9", "", "Stargate")
            },
        ],
        "en-stargate" => vec![ClaimCase {
            low: Some("400e9"),
            ..money(
                "$500 billion",
                "USD",
                "500e9",
                "total_investment",
                "Stargate",
            )
        }],
        _ => Vec::new(),
    };
    cases.iter().map(|case| claim(article, case)).collect()
}

/// An index of all fixture articles, made once.
pub(crate) fn reader() -> &'static Arc<dyn SearchReader> {
    static READER: OnceLock<(TantivyIndex, Arc<dyn SearchReader>)> = OnceLock::new();
    &READER
        .get_or_init(|| {
            let mut index = empty();
            for article in articles() {
                index.add(article, &claims(article), None).unwrap();
            }
            index.commit(b"all").unwrap();
            let reader = index.reader();
            (index, reader)
        })
        .1
}

pub(crate) fn empty() -> TantivyIndex {
    TantivyIndex::in_memory(Analyzer::builtin(), vocabulary()).unwrap()
}

pub(crate) fn search(query: &str) -> SearchAnswer {
    let request = SearchRequest {
        limit: 100,
        ..SearchRequest::new(query)
    };
    reader()
        .search(&request)
        .unwrap_or_else(|error| panic!("{query}: {error}"))
}

/// Returns the ids of the articles that answer, sorted.
pub(crate) fn found(query: &str) -> Vec<String> {
    ids(&search(query))
}

pub(crate) fn ids(answer: &SearchAnswer) -> Vec<String> {
    let mut ids: Vec<String> = answer
        .hits
        .iter()
        .map(|hit| hit.article.to_string())
        .collect();
    ids.sort();
    ids
}

/// Asserts which articles answer, written as one line of ids.
pub(crate) fn check(cases: &[(&str, &str)]) {
    for (query, expected) in cases {
        assert_eq!(found(query).join(" "), *expected, "{query}");
    }
}

/// Writes a text as a phrase of the query language.
pub(crate) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
