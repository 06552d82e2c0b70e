use super::*;

/// Returns, for each place where `needle` stands in the text, its line and column in the file and whether it is verbatim.
fn places(placed: &Placed, needle: &str) -> Vec<(usize, usize, bool)> {
    let found = placed.text.match_indices(needle);
    found
        .map(|(at, _)| {
            let region = placed.region(at..at + needle.len());
            (region.start.line, region.start.column, region.is_verbatim)
        })
        .collect()
}

fn read(name: &str, source: &str) -> Draft {
    Draft::read(name, source.as_bytes(), None).unwrap()
}

/// Checks that what a region covers in the source is the text itself, for each character of the text that is verbatim.
fn is_true_to(source: &str, placed: &Placed) {
    let characters: Vec<char> = source.chars().collect();
    for (at, character) in placed.text.char_indices() {
        let region = placed.region(at..at + character.len_utf8());
        if region.is_verbatim {
            assert_eq!(
                characters.get(region.start.offset),
                Some(&character),
                "{at} in {:?}",
                placed.text
            );
            assert_eq!(region.end.offset, region.start.offset + 1);
        }
    }
}

#[test]
fn the_kind_follows_from_the_name_else_from_the_bytes() {
    assert_eq!(Kind::of_name("a/b.MD"), Some(Kind::Markdown));
    assert_eq!(Kind::of_name("x.docx"), Some(Kind::Docx));
    assert_eq!(Kind::of_name("README"), None);
    assert_eq!(read("-", " <!DOCTYPE html><p>5%").kind, Kind::Html);
    assert_eq!(read("-", "5%").kind, Kind::Text);
}

#[test]
fn plain_text_is_all_text_and_columns_are_characters() {
    let source = "投資\r\n總額165億美元\n𝟙 5%";
    let draft = read("a.txt", source);
    assert_eq!(draft.body.text, source);
    assert_eq!(places(&draft.body, "165億"), [(2, 3, true)]);
    assert_eq!(places(&draft.body, "5%"), [(3, 3, true)]);
    is_true_to(source, &draft.body);
}

#[test]
fn of_markdown_code_addresses_markup_and_front_matter_are_no_text() {
    let source = "---\ndate: 2025-01-01\nbudget: 99%\n---\n# Title *5%*\n\nOne **165**亿 [two 7%](https://x.example/8%25 \"9%\") `10%`\n\
        end &amp; \\$11.\n\n```\n12%\n```\n\n    13%\n\n<div>14%</div>\n\n- item 15%\n  ~~16%~~\n- ![17%](a.png)\n\n\
        | a | b |\n|---|---|\n| 18% | 19% |\n\nNote[^1] <https://y.example/20%25>.\n\n[^1]: Foot 21%.\n";
    let draft = read("a.md", source);
    assert_eq!(draft.title.text, "Title 5%");
    assert_eq!(
        draft.body.text.lines().collect::<Vec<_>>(),
        [
            "One 165亿 two 7% end & $11.",
            "item 15%",
            "a | b",
            "18% | 19%",
            "Note .",
            "Foot 21%."
        ]
    );
    assert_eq!(places(&draft.title, "5%"), [(5, 10, true)]);
    // Emphasis ends inside the figure: there is no single stretch of the file to replace.
    assert_eq!(places(&draft.body, "165亿"), [(7, 7, false)]);
    assert_eq!(places(&draft.body, "7%"), [(7, 19, true)]);
    assert_eq!(places(&draft.body, "$11"), [(8, 12, true)]);
    assert_eq!(places(&draft.body, "19%"), [(24, 9, true)]);
    is_true_to(source, &draft.body);
}

#[test]
fn lines_of_a_markdown_paragraph_are_joined() {
    let draft = read("a.md", "總投\n資165億美元\nabc\ndef  \nghi");
    assert_eq!(draft.body.text, "總投資165億美元 abc def\nghi\n");
    assert_eq!(places(&draft.body, "165億"), [(2, 2, true)]);
}

#[test]
fn two_amounts_in_dollars_are_no_formula() {
    let draft = read("a.md", "From $5 billion to $6 billion.");
    assert_eq!(draft.body.text, "From $5 billion to $6 billion.\n");
}

#[test]
fn of_html_what_a_reader_sees_is_text() {
    let source = "<!DOCTYPE html><html><head><title>T 1%</title><style>p{width:2%}</style></head><body><nav>3%</nav>\n\
        <h1>Head <em>4%</em></h1><p>總投\n資165億&nbsp;美元 &#53;%, 10<sup>25</sup> FLOP in 2024<sup>6</sup>.<script>var x = '7%';</script>\n\
        <table><tr><td>8%<td>9%</tr></table><p>a<br>b <del>10%</del><!-- 11% --><p hidden>12%</p>x < 13% &amp; y\n\
        <footer>14%</footer></body></html>";
    let draft = read("a.html", source);
    assert_eq!(draft.title.text, "Head 4%");
    assert_eq!(
        draft.body.text.lines().collect::<Vec<_>>(),
        [
            "總投資165億 美元 5%, 10²⁵ FLOP in 2024.",
            "8% | 9%",
            "a",
            "b",
            "x < 13% & y"
        ]
    );
    assert_eq!(places(&draft.title, "4%"), [(2, 14, true)]);
    assert_eq!(places(&draft.body, "165億"), [(3, 2, true)]);
    assert_eq!(places(&draft.body, "5%"), [(3, 15, false)]);
    assert_eq!(places(&draft.body, "9%"), [(4, 22, true)]);
    is_true_to(source, &draft.body);
}

#[test]
fn the_title_of_a_page_without_a_heading_is_that_of_the_draft() {
    assert_eq!(
        read("a.html", "<title>T &amp; 1%</title><p>x").title.text,
        "T & 1%"
    );
}

#[test]
fn markup_that_is_never_closed_does_not_swallow_the_rest() {
    let draft = read("a.html", "<p>a <code>1%<p>b 2%<s>3%<div>c 4%");
    assert_eq!(draft.body.text, "a\nb 2%\nc 4%\n");
}

#[test]
fn comments_pass_over_figures() {
    let ignored = |name: &str, source: &str| -> Vec<String> {
        let draft = read(name, source);
        let body = &draft.body;
        let found = body.text.match_indices('%');
        found
            .filter(|(at, _)| body.is_ignored(*at))
            .map(|(at, _)| body.text.get(at - 1..at).unwrap().to_owned())
            .collect()
    };
    let markdown = "A 1% <!-- hedui-ignore: agreed -->\n\n<!-- hedui-ignore -->\n\n- 2%\n- 3%\n\n<!-- hedui-off -->\n\n4%\n\n> 5%\n\n<!-- hedui-on -->\n\n6%";
    assert_eq!(ignored("a.md", markdown), ["1", "2", "4", "5"]);
    let html = "<p>1% <!-- hedui-ignore --></p><p>2%</p><!-- hedui-off --><p>3%";
    assert_eq!(ignored("a.html", html), ["1", "3"]);
    assert!(
        ignored("a.txt", "1% <!-- hedui-ignore -->").is_empty(),
        "plain text has no comments"
    );
}

/// Packs files into a zip archive.
fn packed(files: &[(&str, &str)]) -> Vec<u8> {
    use std::io::Write as _;
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in files {
        let options = zip::write::SimpleFileOptions::default();
        writer.start_file(*name, options).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

const HEAD: &str = "<?xml version=\"1.0\"?><w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>";

#[test]
fn of_docx_a_place_is_paragraph_and_column() {
    let body = "<w:p><w:pPr><w:pStyle w:val=\"Title\"/></w:pPr><w:r><w:t>Title 1%</w:t></w:r></w:p><w:p/>\
        <w:p><w:r><w:t xml:space=\"preserve\">R&amp;D cost </w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>16</w:t></w:r><w:r><w:t>5億</w:t></w:r>\
        <w:del><w:r><w:delText>2%</w:delText></w:r></w:del><w:ins><w:r><w:tab/><w:t>3%</w:t></w:r></w:ins>\
        <w:moveFrom><w:r><w:t>4%</w:t></w:r></w:moveFrom><w:r><w:rPr><w:strike/></w:rPr><w:t>5%</w:t></w:r>\
        <w:r><w:rPr><w:vanish w:val=\"0\"/></w:rPr><w:br/><w:t>6%</w:t></w:r><w:r><w:instrText>7%</w:instrText></w:r></w:p>\
        <w:tbl><w:tr><w:tc><w:p><w:r><w:t>8%</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>9%</w:t></w:r></w:p></w:tc></w:tr></w:tbl>";
    let xml = format!("{HEAD}{body}</w:body></w:document>");
    let bytes = packed(&[
        (
            "_rels/.rels",
            "<Relationships><Relationship Type=\"http://x/officeDocument\" Target=\"/word/document2.xml\"/></Relationships>",
        ),
        ("word/document2.xml", &xml),
    ]);
    let draft = Draft::read("a.docx", &bytes, None).unwrap();
    assert_eq!(draft.title.text, "Title 1%");
    assert_eq!(draft.body.text, "R&D cost 165億\t3%\n6%\n8% | 9%\n");
    assert_eq!(places(&draft.title, "1%"), [(1, 7, true)]);
    assert_eq!(places(&draft.body, "165億"), [(3, 10, true)]);
    assert_eq!(places(&draft.body, "6%"), [(3, 18, true)]);
    assert_eq!(places(&draft.body, "9%"), [(5, 1, true)]);
}

#[test]
fn what_is_no_docx_is_refused_with_the_place() {
    let error = |bytes: &[u8]| Draft::read("a.docx", bytes, None).unwrap_err().to_string();
    assert!(error(b"PK\x03\x04 nonsense").starts_with("not a docx"));
    assert!(error(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1rest").contains("save it as docx"));
    assert!(error(&packed(&[("x.txt", "x")])).contains("`word/document.xml`"));
    let broken = packed(&[("word/document.xml", "<w:p><w:t>5%</w:t")]);
    assert!(
        error(&broken).contains("`word/document.xml`, byte "),
        "{}",
        error(&broken)
    );
    let bomb = packed(&[("word/document.xml", &" ".repeat(DRAFT_BYTES_MAX + 1))]);
    assert!(bomb.len() < 1 << 20);
    assert!(error(&bomb).contains("unpacks to more than"));
}

#[test]
fn bytes_are_decoded_as_pages_are() {
    let text = |bytes: &[u8]| Draft::read("a.txt", bytes, None).unwrap().body.text;
    assert_eq!(text(b"\xef\xbb\xbf5%"), "5%");
    assert_eq!(text(b"\xff\xfe5\0%\0"), "5%");
    // "總投資額達到一千六百五十億美元，比原先計畫增加" in Big5.
    let big5 = b"\xc1\x60\xa7\xeb\xb8\xea\xc3\x42\xb9\x46\xa8\xec\xa4\x40\xa4\x64\xa4\xbb\xa6\xca\xa4\xad\xa4\x51\xbb\xf5\xac\xfc\xa4\xb8\xa1\x41\xa4\xf1\xad\xec\xa5\xfd\xad\x70\xb5\x65\xbc\x57\xa5\x5b";
    assert!(
        text(big5).starts_with("總投資額達到一千六百五十億美元"),
        "{}",
        text(big5)
    );
    let error = Draft::read("a.txt", b"ab\0c", None).unwrap_err();
    assert_eq!(error, DraftError::Binary(2));
}

mod properties {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn nothing_panics_and_places_are_true(source in "[ \\n#*`_~<>&;!|\\[\\]()a5%億\\-]{0,60}") {
            for name in ["a.md", "a.html", "a.txt"] {
                let draft = read(name, &source);
                is_true_to(&source, &draft.title);
                is_true_to(&source, &draft.body);
            }
        }

        #[test]
        fn bytes_of_a_docx_do_not_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = Draft::read("a.docx", &bytes, None);
        }
    }
}
