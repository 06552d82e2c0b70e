//! A name finds its entity by all names; `name:` finds the name alone.

use crate::fixture::{check, found};

#[test]
fn every_name_of_an_entity_finds_the_same_articles() {
    let nvidia = "en-chips en-fab en-stargate hans-fab hant-fab";
    for name in [
        "輝達",
        "英伟达",
        "英偉達",
        "Nvidia",
        "nvidia",
        "ＮＶＩＤＩＡ",
        "NVDA",
    ] {
        assert_eq!(found(name).join(" "), nvidia, "{name}");
    }
    let tsmc = found("TSMC");
    for name in [
        "台積電",
        "台积电",
        "臺積電",
        "Taiwan Semiconductor Manufacturing",
        "entity:台積電",
    ] {
        if name.starts_with("entity") {
            assert!(found(name).iter().all(|id| tsmc.contains(id)), "{name}");
        } else {
            assert_eq!(found(name), tsmc, "{name}");
        }
    }
}

#[test]
fn a_name_is_no_other_word_of_its_stem_and_keeps_its_full_stop() {
    let states = found("美國");
    assert!(states.len() > 3);
    for name in ["U.S.", "US", "United States", "美国"] {
        assert_eq!(found(name), states, "{name}");
    }
    // The pronoun is not the country.
    assert!(!states.contains(&"en-short".to_owned()));
    assert!(found("told US").is_empty());
    assert_eq!(found("told us"), ["en-short"]);
    // `cities` has the stem of `city`, which is `citi`.
    assert_eq!(found("city"), found("cities"));
    assert_ne!(found("Citi"), found("cities"));
}

#[test]
fn name_finds_the_word_alone() {
    check(&[
        ("name:\"輝達\"", "hant-fab"),
        ("name:英伟达", "hans-fab"),
        ("name:Nvidia", "en-chips en-fab en-stargate hant-fab"),
        ("name:vidi", ""),
        ("name:\"export license\"", "en-chips"),
        ("name:\"xport license\"", ""),
        ("name:\"R&D\"", "en-chips"),
        ("name:GPT-4o", "en-chips"),
        ("name:GPT-4", ""),
    ]);
}

#[test]
fn names_of_several_words_and_names_inside_longer_text_count() {
    check(&[
        ("Advanced Micro Devices", "en-fab hant-fab"),
        ("Advanced Micro Devices Arizona", "en-fab"),
        ("輝達台積電", "en-fab hans-fab hant-fab"),
        ("-Nvidia TSMC", ""),
        ("title:Nvidia", "en-chips"),
        ("title:輝達", "en-chips"),
        ("\"輝達\"", "hant-fab"),
    ]);
}

#[test]
fn entities_sources_and_languages_are_fields() {
    check(&[
        ("entity:Nvidia", "en-chips"),
        ("entity:輝達", "en-chips"),
        ("entity:nvid*", "en-chips"),
        ("entity:TSMC", "en-fab hans-fab hant-fab"),
        ("source:\"Pacific Wire\"", "en-fab en-stargate"),
        ("source:pacific*", "en-fab en-stargate"),
        ("source:岛屿科技报", "hant-fab hant-stargate"),
        ("lang:en -source:notes TSMC", "en-fab"),
        ("lang:zh TSMC", "hans-fab hant-fab"),
        ("lang:zh-Hant TSMC", "hant-fab"),
        ("metric:total_investment lang:en", "en-fab en-stargate"),
        (
            "metric:投資",
            "en-fab en-stargate hans-fab hant-fab hant-stargate",
        ),
        ("metric:margin", "hans-fab"),
        ("date:2024-12", "en-law hans-law hant-law"),
        ("date:[2025-01-21 TO 2025-01-21]", "en-stargate"),
        ("date:>=2025-06-30", "hans-ev hant-ev"),
        ("date:2025-03-03", "en-fab"),
    ]);
}

#[test]
fn latin_words_match_by_stem_pattern_and_slips() {
    check(&[
        ("invests", "en-chips en-fab en-stargate"),
        ("Investment", "en-chips en-fab en-stargate"),
        ("name:investment", "en-fab"),
        ("tsm*", "en-fab"),
        ("*bank", "en-stargate"),
        ("s*ft*k", "en-stargate"),
        ("nvidai~", "en-chips en-fab en-stargate hant-fab"),
        ("orcale~1", "en-stargate"),
        ("台积*", "hans-fab hant-fab"),
        ("C++", "en-chips"),
        ("nvidia's", "en-chips en-fab en-stargate hant-fab"),
        ("regulator.", "en-chips"),
        ("the said Nvidia charges", "en-chips"),
    ]);
}

#[test]
fn near_counts_words_and_han_characters() {
    check(&[
        ("near(台積電, 亞利桑那, 5)", "hant-fab"),
        ("near(宣布, 再投資, 7)", "hant-fab"),
        ("near(宣布, 再投資, 6)", ""),
        ("near(再投資, 宣布, 7)", "hant-fab"),
        ("near(Nvidia, customers, 4)", "en-fab"),
        ("near(Nvidia, customers, 3)", ""),
        ("near(輝達, customers, 4)", "en-fab"),
        ("title:near(TSMC, investment, 9)", "en-fab"),
        ("body:near(TSMC, raises, 9)", ""),
    ]);
}
