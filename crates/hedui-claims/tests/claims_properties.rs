//! What holds of the claims of any text.

#![allow(clippy::unwrap_used)]

use std::collections::HashSet;
use std::sync::{Arc, LazyLock};

use hedui_claims::ClaimReader;
use hedui_model::{Article, Claim};
use hedui_text::{Analyzer, ArticleInput, Lexicon};
use proptest::prelude::*;

static READERS: LazyLock<(Analyzer, ClaimReader)> = LazyLock::new(|| {
    let lexicon = Lexicon::builtin();
    (
        Analyzer::new(Arc::clone(&lexicon)),
        ClaimReader::new(lexicon),
    )
});

/// Pieces that news is made of, so that figures, names and words of every class meet.
const PIECES: &[&str] = &[
    "台積電",
    "Nvidia",
    "英特尔",
    "OpenAI",
    "星際之門",
    "H-1B",
    "$165 billion",
    "1650亿美元",
    "（約新台幣5.4兆元）",
    "6.5%",
    "七成",
    "，",
    "。",
    "; ",
    ", ",
    ". ",
    "\n",
    "分別為",
    "respectively",
    "rose",
    "fell",
    "from",
    "to",
    "至",
    "由",
    "將",
    "will",
    "said",
    "知情人士",
    "each year",
    "每年",
    "第二季",
    "2026年下半年",
    "next four years",
    "未來四年",
    "stake",
    "市占率",
    "營收",
    "shares",
    "股價",
    "jobs",
    "4萬個職缺",
    "“",
    "”",
    "(",
    ")",
    "10 GW",
    "e\u{301}",
    "𠮷",
    "\u{200b}",
    "０１２",
];

fn article(title: &str, body: &str) -> Article {
    READERS.0.article(ArticleInput {
        key: "a".parse().unwrap(),
        source: "s".parse().unwrap(),
        url: None,
        lang: None,
        region: None,
        published: Some("2025-09-30".parse().unwrap()),
        seen: jiff::Timestamp::UNIX_EPOCH,
        title: title.to_owned(),
        body: body.to_owned(),
        author: None,
    })
}

fn holds(claims: &[Claim], article: &Article) {
    let mut ids = HashSet::new();
    for pair in claims.windows(2) {
        let [before, after] = pair else { continue };
        assert!(
            (before.place, before.quantity.span) < (after.place, after.quantity.span),
            "in order of place and span"
        );
    }
    for claim in claims {
        let text = &article.passage(claim.place).text;
        assert!(claim.sentence.contains(claim.quantity.span));
        assert_eq!(claim.sentence.of(text), Some(claim.sentence_text.as_str()));
        assert_eq!(claim.quantity.span.of(text), Some(claim.mention()));
        assert!(ids.insert(claim.id.clone()), "an id is given once");
        let glossed = claim.gloss_of.as_ref();
        assert!(
            glossed.is_none_or(|id| ids.contains(id)),
            "a restatement comes after its claim"
        );
        let terms: HashSet<&String> = claim.terms.iter().collect();
        assert_eq!(terms.len(), claim.terms.len(), "each term comes once");
        assert!(claim.entities.len() <= 6);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn news_of_any_order_of_pieces(title in prop::collection::vec(prop::sample::select(PIECES), 0..8), body in prop::collection::vec(prop::sample::select(PIECES), 0..40)) {
        let article = article(&title.concat(), &body.concat());
        let claims = READERS.1.read(&article);
        holds(&claims, &article);
        prop_assert_eq!(&READERS.1.read(&article), &claims, "equal input, equal output");
    }

    #[test]
    fn any_text_at_all(body in ".{0,300}") {
        let article = article("", &body);
        holds(&READERS.1.read(&article), &article);
    }
}
