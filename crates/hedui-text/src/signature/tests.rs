use super::*;
use crate::{Converter, FerrousOpenCc, Folder};

const STORY: &str = "科技部周二宣布，将在未来五年投入三百亿元支持本土芯片制造，重点是成熟制程和先进封装。\
部长在记者会上说，资金分三期拨付，第一期约八十亿元，将于年底前到位。\
业界人士认为，这笔钱不足以改变供应格局，但会带动地方政府跟进。\
上一轮补贴始于2021年，当时有十二家企业获得支持，其中四家后来停产。\
分析师估计，按目前的建设速度，到2028年全国月产能可达一百五十万片。";

fn sign(text: &str) -> Signature {
    signature([Folder::builtin().fold(text).text.as_str()])
}

#[test]
fn the_other_script_is_the_same_story() {
    let traditional = FerrousOpenCc::builtin().s2t(STORY);
    assert_ne!(traditional, STORY);
    assert!(similarity(&sign(STORY), &sign(&traditional)) > 950);
}

#[test]
fn site_chrome_and_small_edits_leave_a_copy_a_copy() {
    let chrome = format!(
        "首页 财经 科技 国际 登录 注册\n{STORY}\n责任编辑：某某 版权所有 转载请注明出处 相关阅读 更多"
    );
    let edited = STORY
        .replace("周二", "24日")
        .replace("业界人士认为", "业内人士指出")
        .replace("本土", "国产");
    assert!(similarity(&sign(STORY), &sign(&chrome)) > 800);
    assert!(similarity(&sign(STORY), &sign(&edited)) > NEAR_DUPLICATE);
}

#[test]
fn another_story_of_the_same_event_is_none() {
    let other = "政府拟砸三百亿元扶植国内半导体业。科技部长昨天透露，计划为期五年，首批拨款约八十亿元最快年底发放，\
        先进封装与成熟工艺列为优先。市场反应冷淡，有券商直言杯水车薪。2021年的补助共惠及十二家公司，至今已有四家关厂。\
        研究机构预测2028年月产能上看一百五十万片。";
    assert!(similarity(&sign(STORY), &sign(other)) < NEAR_DUPLICATE / 2);
}

#[test]
fn english_counts_words_whatever_their_case() {
    let story = "The ministry said on Tuesday that it will spend 30 billion over five years on domestic chip plants. \
        The money will be paid in three parts, the first of about 8 billion before the end of the year.";
    assert_eq!(similarity(&sign(story), &sign(&story.to_uppercase())), 1000);
    assert!(
        similarity(
            &sign(story),
            &sign("Shares fell in Tokyo on Friday as chip makers cut their forecasts.")
        ) < 100
    );
}

#[test]
fn a_long_text_keeps_as_many_hashes_as_a_signature_has() {
    let long: String = (0..2_000).map(|number| format!("word{number} ")).collect();
    let half: String = (0..1_000).map(|number| format!("word{number} ")).collect();
    assert_eq!(sign(&long).0.len(), SIGNATURE_HASHES);
    // Half of the shingles are shared: 1 / √2.
    let found = similarity(&sign(&long), &sign(&half));
    assert!((600..820).contains(&found), "{found}");
}

#[test]
fn nothing_is_similar_to_nothing() {
    assert_eq!(similarity(&sign(""), &sign("")), 0);
    assert_eq!(similarity(&sign("短"), &sign(STORY)), 0);
}
