//! `hedui ingest` of WARC files of others, and of PDF documents.

use std::io::Write as _;
use std::path::PathBuf;

use serde_json::Value;

use crate::support::Archive;

fn article(title: &str, figure: &str) -> String {
    format!(
        "<html lang=en><head><title>{title}</title><meta property='article:published_time' content='2025-03-04T08:00:00Z'></head><body>\
         <article><h1>{title}</h1><p>TSMC said on Tuesday that its total investment in {title} would reach {figure}, more than planned.</p>\
         <p>The first of several steps begins at once, as a statement about {title} says, and others are to follow in later years.</p></article></body></html>"
    )
}

fn record(kind: &str, url: &str, block: &[u8]) -> Vec<u8> {
    let mut record = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{}>\r\nWARC-Date: 2025-03-05T09:00:00Z\r\nWARC-Target-URI: {url}\r\n\
         Content-Type: application/http; msgtype={kind}\r\nContent-Length: {}\r\n\r\n",
        url.len(),
        block.len()
    )
    .into_bytes();
    record.extend_from_slice(block);
    record.extend_from_slice(b"\r\n\r\n");
    record
}

fn response(url: &str, status: &str, media: &str, body: &[u8]) -> Vec<u8> {
    let mut block = format!("HTTP/1.1 {status}\r\nContent-Type: {media}\r\n\r\n").into_bytes();
    block.extend_from_slice(body);
    record("response", url, &block)
}

fn packed(record: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    writer.write_all(record).unwrap();
    writer.finish().unwrap()
}

fn put(archive: &Archive, name: &str, bytes: &[u8]) -> PathBuf {
    let path = archive.folder().join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

fn ingest(archive: &Archive, path: &std::path::Path, more: &[&str]) -> crate::support::Run {
    let mut arguments = vec!["ingest", path.to_str().unwrap()];
    arguments.extend(more);
    archive.run(&arguments)
}

fn results(lines: &[Value]) -> Vec<&str> {
    lines
        .iter()
        .map(|line| line["result"].as_str().unwrap_or("error"))
        .collect()
}

#[test]
fn a_warc_file_is_read_for_its_articles() {
    let archive = Archive::new();
    let big5 = "<html><head><title>台積電擴廠</title></head><body><article><h1>台積電擴廠</h1><p>台積電週二表示，對美國的總投資額將達1650億美元，高於一年前的計畫，並將分數年投入。</p></article></body></html>";
    let (big5, _, _) = encoding_rs::BIG5.encode(big5);
    let records = [
        record("warcinfo", "", b"software: x"),
        record(
            "request",
            "https://paper.example/1",
            b"GET /1 HTTP/1.1\r\n\r\n",
        ),
        response(
            "https://paper.example/1",
            "200 OK",
            "text/html; charset=utf-8",
            article("Arizona", "$165 billion").as_bytes(),
        ),
        response(
            "https://paper.example/",
            "200 OK",
            "text/html",
            article("front", "$1").as_bytes(),
        ),
        response(
            "https://paper.example/a.png",
            "200 OK",
            "image/png",
            b"\x89PNG",
        ),
        response(
            "https://paper.example/404",
            "404 Not Found",
            "text/html",
            b"gone",
        ),
        response(
            "https://paper.example/wall",
            "200 OK",
            "text/html; charset=utf-8",
            "<title>人机验证</title>请完成安全验证".as_bytes(),
        ),
        response(
            "https://www.bao.example/2",
            "200 OK",
            "text/html; charset=big5",
            &big5,
        ),
    ];
    let bytes: Vec<u8> = records.iter().flat_map(|record| packed(record)).collect();
    let path = put(&archive, "CC-NEWS-20250305.warc.gz", &bytes);
    let run = ingest(&archive, &path, &[]).exits(0);
    let lines = run.lines();
    assert_eq!(results(&lines), ["new", "new"], "{}", run.err);
    assert!(run.err.contains("4 records hold no article"), "{}", run.err);
    assert_eq!(lines[0]["article"], "https://paper.example/1");
    let articles = archive.run(&["export", "articles"]).exits(0).lines();
    let source_of = |key: &str| {
        let found = articles.iter().find(|article| article["article"] == key);
        found.unwrap()["source"].as_str().unwrap().to_owned()
    };
    assert_eq!(source_of("https://paper.example/1"), "paper.example");
    assert_eq!(source_of("https://www.bao.example/2"), "bao.example");
    let search = archive
        .run(&["search", "台積電擴廠", "--format", "jsonl"])
        .exits(0);
    assert_eq!(
        search.lines()[0]["title"],
        "台積電擴廠",
        "the charset of the HTTP header"
    );
    let claims = archive
        .run(&["claims", "--unit", "USD", "--format", "jsonl"])
        .exits(0);
    assert_eq!(claims.lines().len(), 2);
    let again = ingest(&archive, &path, &[]).exits(0);
    assert_eq!(results(&again.lines()), ["unchanged", "unchanged"]);
    archive.run(&["reindex"]).exits(0);
    let claims = archive
        .run(&["claims", "--unit", "USD", "--format", "jsonl"])
        .exits(0);
    assert_eq!(claims.lines().len(), 2, "a replay reads the same");
}

#[test]
fn a_killed_ingestion_of_a_warc_file_goes_on_where_it_was() {
    let archive = Archive::new();
    let count = 200;
    let bytes: Vec<u8> = (0..count)
        .flat_map(|number| {
            let words: Vec<String> = (0..40).map(|word| format!("w{number}x{word}")).collect();
            let body = format!(
                "<html lang=en><title>Story {number}</title><article><h1>Story {number}</h1><p>{}.</p></article></html>",
                words.join(" ")
            );
            packed(&response(
                &format!("https://paper.example/{number}"),
                "200 OK",
                "text/html; charset=utf-8",
                body.as_bytes(),
            ))
        })
        .collect();
    let path = put(&archive, "pages.warc.gz", &bytes);
    let mut child = archive
        .command(&["ingest", path.to_str().unwrap()])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let mut answers = std::io::BufReader::new(child.stdout.take().unwrap());
    let mut answered = 0;
    let mut line = String::new();
    // Two batches are answered, so the first of them is noted as done.
    while answered < 130 && std::io::BufRead::read_line(&mut answers, &mut line).unwrap() > 0 {
        answered += 1;
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let run = ingest(&archive, &path, &[]).exits(0);
    assert!(
        run.lines().len() < count,
        "what was done is not read again: {} of {count}",
        run.lines().len()
    );
    let articles = archive.run(&["export", "articles"]).exits(0).lines();
    let keys: std::collections::BTreeSet<&str> = articles
        .iter()
        .map(|article| article["article"].as_str().unwrap())
        .collect();
    assert_eq!((articles.len(), keys.len()), (count, count));
}

#[test]
fn a_damaged_warc_file_is_read_as_far_as_it_goes() {
    let archive = Archive::new();
    let page = |number: u32| {
        packed(&response(
            &format!("https://paper.example/{number}"),
            "200 OK",
            "text/html",
            article(&format!("Town {number}"), "$3 billion").as_bytes(),
        ))
    };
    let mut torn = page(1);
    torn.truncate(torn.len() / 2);
    let bytes = [torn, page(2), b"junk".to_vec(), page(3)].concat();
    let path = put(&archive, "damaged.warc.gz", &bytes);
    let run = ingest(&archive, &path, &["--source", "desk"]).exits(0);
    let keys: Vec<Value> = run
        .lines()
        .iter()
        .map(|line| line["article"].clone())
        .collect();
    assert_eq!(keys, ["https://paper.example/2", "https://paper.example/3"]);
    assert!(run.err.contains("broken records"), "{}", run.err);
}

/// Writes a PDF document of one page from its content and the objects that it needs, from 4 on; 4 is its font.
fn pdf(content: &str, objects: &[&str]) -> Vec<u8> {
    let mut all = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 4 0 R >> >> /Contents {} 0 R >>",
            4 + objects.len()
        ),
    ];
    all.extend(objects.iter().map(|object| (*object).to_owned()));
    all.push(stream(content));
    let mut bytes = b"%PDF-1.4\n".to_vec();
    let mut places = Vec::new();
    for (index, object) in all.iter().enumerate() {
        places.push(bytes.len());
        bytes.extend(format!("{} 0 obj\n{object}\nendobj\n", index + 1).into_bytes());
    }
    let table = bytes.len();
    bytes.extend(format!("xref\n0 {}\n0000000000 65535 f \n", all.len() + 1).into_bytes());
    for place in places {
        bytes.extend(format!("{place:010} 00000 n \n").into_bytes());
    }
    bytes.extend(
        format!(
            "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n",
            all.len() + 1
        )
        .into_bytes(),
    );
    bytes
}

fn stream(content: &str) -> String {
    format!(
        "<< /Length {} >>\nstream\n{content}\nendstream",
        content.len()
    )
}

const LATIN_FONT: &str =
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>";

pub(crate) fn english() -> Vec<u8> {
    pdf(
        "BT /F1 12 Tf 14 TL 72 720 Td (The authority awards a contract for forty gas turbines to) Tj T* \
         (General Electric. The total value of the contract is $1.2 billion.) Tj ET",
        &[LATIN_FONT],
    )
}

/// A document whose font has numbers for Han characters, and a table that says which.
fn chinese() -> Vec<u8> {
    let text = "采购预算金额为人民币3.92亿元。";
    let mut codes = String::new();
    let mut table = String::new();
    let mut count = 0;
    for (index, character) in text.chars().enumerate() {
        let code = index + 1;
        codes.push_str(&format!("{code:04X}"));
        table.push_str(&format!("<{code:04X}> <{:04X}>\n", u32::from(character)));
        count += 1;
    }
    let cmap = format!(
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapName /X def\n/CMapType 2 def\n\
         1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n{count} beginbfchar\n{table}endbfchar\nendcmap\nend\nend"
    );
    let font = "<< /Type /Font /Subtype /Type0 /BaseFont /Song /Encoding /Identity-H /DescendantFonts [5 0 R] /ToUnicode 6 0 R >>";
    let inner = "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Song /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /DW 1000 /FontDescriptor 7 0 R >>";
    let descriptor = "<< /Type /FontDescriptor /FontName /Song /Flags 4 /FontBBox [0 0 1000 1000] /ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >>";
    pdf(
        &format!("BT /F1 12 Tf 72 720 Td <{codes}> Tj ET"),
        &[font, inner, &stream(&cmap), descriptor],
    )
}

#[test]
fn documents_are_read_for_their_text() {
    let archive = Archive::new();
    let path = put(&archive, "award.pdf", &english());
    let given = [
        "--source",
        "gazette",
        "--published",
        "2025-03-04",
        "--region",
        "US",
    ];
    let run = ingest(&archive, &path, &given).exits(0);
    assert_eq!(results(&run.lines()), ["new"]);
    let claims = archive
        .run(&["claims", "--unit", "USD", "--format", "jsonl"])
        .exits(0)
        .lines();
    assert_eq!(claims.len(), 1, "{claims:?}");
    assert_eq!(claims[0]["low"], "1200000000");
    assert_eq!(
        claims[0]["sentence"], "The total value of the contract is $1.2 billion.",
        "the line goes on in the next"
    );
    let path = put(&archive, "tender.pdf", &chinese());
    ingest(&archive, &path, &["--source", "gazette", "--region", "CN"]).exits(0);
    let claims = archive
        .run(&["claims", "--unit", "CNY", "--format", "jsonl"])
        .exits(0)
        .lines();
    assert_eq!(claims.len(), 1, "{claims:?}");
    assert_eq!(claims[0]["low"], "392000000");
    archive.run(&["reindex"]).exits(0);
    let all = archive
        .run(&["claims", "--format", "jsonl"])
        .exits(0)
        .lines();
    assert_eq!(all.len(), 3, "forty turbines, two sums: {all:?}");
}

#[test]
fn documents_that_cannot_be_read_do_no_harm() {
    let archive = Archive::new();
    let whole = english();
    // Each cut and each change of a byte is another way to be broken.
    for (number, at) in (0..whole.len()).step_by(whole.len() / 8).enumerate() {
        let mut broken = whole.clone();
        broken.truncate(at.max(12));
        if let Some(byte) = broken.get_mut(at / 2) {
            *byte ^= 0x15;
        }
        put(&archive, &format!("broken{number}.pdf"), &broken);
    }
    put(&archive, "empty.pdf", b"%PDF-1.7\n");
    put(&archive, "loop.pdf", &pdf("", &["4 0 R"]));
    put(&archive, "good.pdf", &whole);
    let folder = archive.folder().to_path_buf();
    let run = ingest(
        &archive,
        &folder,
        &["--source", "gazette", "--published", "2025-03-04"],
    );
    let run = run.exits(3);
    let lines = run.lines();
    let good = lines.iter().find(|line| {
        line["id"]
            .as_str()
            .unwrap_or_default()
            .ends_with("good.pdf")
    });
    assert_eq!(good.unwrap()["result"], "new");
    assert!(
        lines
            .iter()
            .any(|line| line["error"].as_str().unwrap_or_default().contains("PDF")),
        "{lines:?}"
    );
}
