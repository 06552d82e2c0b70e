//! `hedui fetch`: one page as the pipeline sees it, and nothing kept of it.

use serde_json::Value;

use crate::crawl::{Server, configure};
use crate::support::Archive;

const ARTICLE: &str = "<!DOCTYPE html><html lang=en><head><title>A new plant - The Paper</title>\
    <meta property='og:site_name' content='The Paper'><meta property='article:published_time' content='2025-03-04T08:00:00+08:00'>\
    </head><body><nav><a href='/'>home</a></nav><article><h1>TSMC to build a new plant</h1><p class=byline>By Jane Roe</p>\
    <p>TSMC said on Tuesday that its total investment in the United States would reach $165 billion, more than the company had planned a year ago.</p>\
    <p>The plant is to be built in several steps, and the first of them begins at once, the company said in a statement.</p></article></body></html>";

fn start() -> (Archive, Server) {
    let (archive, server) = (Archive::new(), Server::start());
    configure(&archive, &server, "");
    (archive, server)
}

#[test]
fn a_page_is_shown_as_it_is_read_with_where_each_field_was_found() {
    let (archive, server) = start();
    server.put("/story", "text/html; charset=utf-8", ARTICLE.to_owned());
    let url = server.url("/story");
    let run = archive.run(&["fetch", &url, "--json"]).exits(0);
    let shown: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(shown["result"], "article");
    assert_eq!(shown["response"]["status"], 200);
    assert_eq!(shown["response"]["charset"], "UTF-8");
    let page = &shown["page"];
    assert_eq!(
        page["source"], "paper",
        "the source that is configured for the host"
    );
    assert_eq!(page["region"], "US");
    let field = |name: &str| (page[name]["value"].as_str(), page[name]["from"].as_str());
    assert_eq!(
        field("title"),
        (Some("TSMC to build a new plant"), Some("heading"))
    );
    assert_eq!(
        field("published"),
        (Some("2025-03-04T08:00:00+08:00"), Some("meta"))
    );
    assert_eq!(field("site"), (Some("The Paper"), Some("meta")));
    assert_eq!(field("canonical"), (Some(url.as_str()), Some("address")));
    assert_eq!(field("modified"), (None, None));
    assert!(field("body").0.unwrap().starts_with("TSMC said on Tuesday"));
    let claims = shown["claims"].as_array().unwrap();
    assert_eq!(claims.len(), 1, "{claims:?}");
    assert_eq!(
        (&claims[0]["low"], &claims[0]["unit"]),
        (&Value::from("165000000000"), &Value::from("USD"))
    );
    let lines = archive.run(&["fetch", &url, "--format", "jsonl"]).exits(0);
    assert_eq!(lines.lines(), [shown]);
    let told = archive.run(&["fetch", &url]).exits(0);
    for part in ["(heading)", "$165 billion", "165,000,000,000", "text/html"] {
        assert!(told.out.contains(part), "{part}: {}", told.out);
    }
    assert!(!archive.dir().exists(), "nothing is kept");
}

#[test]
fn what_is_no_article_is_said_to_be_none() {
    let (archive, server) = start();
    let result = |path: &str| {
        let url = server.url(path);
        let run = archive.run(&["fetch", &url, "--json"]).exits(1);
        serde_json::from_str::<Value>(&run.out).unwrap()
    };
    assert_eq!(result("/gone")["result"], "gone");
    let wall = "<html><head><title>人机验证</title></head><body>请完成安全验证</body></html>";
    server.put("/wall", "text/html; charset=utf-8", wall.to_owned());
    let shown = result("/wall");
    assert_eq!(shown["result"], "blocked");
    assert_eq!(shown["blocked"]["kind"], "captcha");
    server.put("/empty", "text/html", String::new());
    assert_eq!(result("/empty")["result"], "empty");
    server.put(
        "/robots.txt",
        "text/plain",
        "user-agent: *\ndisallow: /story".to_owned(),
    );
    server.put("/story", "text/html; charset=utf-8", ARTICLE.to_owned());
    let shown = result("/story");
    assert_eq!(
        (&shown["result"], &shown["robots"]),
        (&Value::from("robots"), &Value::from("forbidden"))
    );
}

#[test]
fn what_cannot_be_fetched_is_told_on_standard_error() {
    let (archive, server) = start();
    archive.run(&["fetch", "ftp://paper.example/"]).exits(2);
    archive.run(&["fetch", "story"]).exits(2);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let url = format!("http://127.0.0.1:{port}/");
    let run = archive.run(&["fetch", &url]);
    // Nobody listens: robots.txt cannot be had, and what it says neither.
    let run = run.exits(1);
    assert!(run.out.contains("robots.txt: unreachable"), "{}", run.out);
    let config = archive.folder().join("hedui.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    let closed = text.replace("allow_networks = [\"127.0.0.0/8\"]", "");
    std::fs::write(&config, closed).unwrap();
    let run = archive.run(&["fetch", &server.url("/story")]).exits(3);
    assert!(run.err.contains("not a public address"), "{}", run.err);
    let silent = text.replace("contact = \"desk@example.org\"", "");
    std::fs::write(&config, silent).unwrap();
    archive.run(&["fetch", &server.url("/story")]).exits(2);
}

#[test]
fn secrets_of_a_host_come_from_the_environment_and_are_not_shown() {
    let (archive, server) = start();
    let config = archive.folder().join("hedui.toml");
    let mut text = std::fs::read_to_string(&config).unwrap();
    text.push_str("[[fetch.host]]\nhost = \"127.0.0.1\"\nover_http = true\nheaders_env = { Authorization = \"PAPER_TOKEN\" }\n");
    std::fs::write(&config, text).unwrap();
    server.put("/story", "text/html; charset=utf-8", ARTICLE.to_owned());
    let url = server.url("/story");
    let run = archive.run(&["fetch", &url]).exits(2);
    assert!(run.err.contains("`PAPER_TOKEN`"), "{}", run.err);
    let run = crate::support::run(
        archive
            .command(&["fetch", &url, "--verbose"])
            .env("PAPER_TOKEN", "Bearer s3cret"),
    )
    .exits(0);
    assert!(!run.out.contains("s3cret") && !run.err.contains("s3cret"));
    let seen = server.headers_of("/story");
    assert_eq!(
        seen.get("authorization").map(String::as_str),
        Some("Bearer s3cret")
    );
}

#[test]
fn a_document_is_shown_by_its_text() {
    let (archive, server) = start();
    let document = String::from_utf8(crate::documents::english()).unwrap();
    server.put("/award.pdf", "application/pdf", document);
    let url = server.url("/award.pdf");
    let run = archive.run(&["fetch", &url, "--json"]).exits(0);
    let shown: Value = serde_json::from_str(&run.out).unwrap();
    let body = shown["page"]["body"]["value"].as_str().unwrap();
    assert!(body.starts_with("The authority awards"), "{body}");
    let claims = shown["claims"].as_array().unwrap();
    let sum = claims.iter().find(|claim| claim["unit"] == "USD").unwrap();
    assert_eq!(sum["low"], "1200000000");
}
