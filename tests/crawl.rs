//! The daily use from cron: crawl a configured source, list conflicts, tell a sink; on a server of the test's own.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::Value;

use crate::support::Archive;

/// What the server has, by path: content type and body.
type Pages = Arc<Mutex<BTreeMap<String, (&'static str, String)>>>;

/// What was posted to the server: headers and body.
type Posts = Arc<Mutex<Vec<(BTreeMap<String, String>, String)>>>;

pub(crate) struct Server {
    port: u16,
    pages: Pages,
    posts: Posts,
    /// The status that posts are answered with.
    post_status: Arc<Mutex<u16>>,
    /// How many pages were asked for.
    asked: Arc<AtomicUsize>,
    /// The headers of the last request for each path.
    headers: Headers,
}

/// Headers by path.
type Headers = Arc<Mutex<BTreeMap<String, BTreeMap<String, String>>>>;

impl Server {
    pub(crate) fn start() -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Server {
            port: listener.local_addr().unwrap().port(),
            pages: Pages::default(),
            posts: Posts::default(),
            post_status: Arc::new(Mutex::new(200)),
            asked: Arc::default(),
            headers: Headers::default(),
        };
        let asked = Arc::clone(&server.asked);
        let headers = Arc::clone(&server.headers);
        let (pages, posts, status) = (
            Arc::clone(&server.pages),
            Arc::clone(&server.posts),
            Arc::clone(&server.post_status),
        );
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (pages, posts, status) =
                    (Arc::clone(&pages), Arc::clone(&posts), Arc::clone(&status));
                let (asked, headers) = (Arc::clone(&asked), Arc::clone(&headers));
                std::thread::spawn(move || {
                    answer(stream, &pages, &posts, &status, &asked, &headers)
                });
            }
        });
        server
    }

    pub(crate) fn put(&self, path: &str, content_type: &'static str, body: String) {
        self.pages
            .lock()
            .unwrap()
            .insert(path.to_owned(), (content_type, body));
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    fn remove(&self, path: &str) {
        self.pages.lock().unwrap().remove(path);
    }

    fn body_of(&self, path: &str) -> String {
        let pages = self.pages.lock().unwrap();
        pages
            .get(path)
            .map(|(_, body)| body.clone())
            .unwrap_or_default()
    }

    pub(crate) fn headers_of(&self, path: &str) -> BTreeMap<String, String> {
        let headers = self.headers.lock().unwrap();
        headers.get(path).cloned().unwrap_or_default()
    }

    /// Publishes articles and the feed that names them.
    fn publish(&self, articles: &[(&str, &str, &str)]) {
        let mut items = String::new();
        for (slug, day, text) in articles {
            let filler = filler(slug);
            let page = format!(
                "<html><head><title>{slug}</title><meta property=\"article:published_time\" content=\"{day}T08:00:00+08:00\"></head>\
                 <body><nav><a href=\"/\">home</a></nav><article><h1>Story {slug}</h1><p>{text}</p><p>{filler}</p></article></body></html>"
            );
            self.put(&format!("/{slug}.html"), "text/html; charset=utf-8", page);
            items.push_str(&format!(
                "<item><title>{slug}</title><link>{}</link></item>",
                self.url(&format!("/{slug}.html"))
            ));
        }
        self.put(
            "/feed.xml",
            "application/rss+xml",
            format!("<rss version=\"2.0\"><channel><title>x</title>{items}</channel></rss>"),
        );
    }
}

/// Makes sentences without figures that are like no other page's.
fn filler(slug: &str) -> String {
    let mut words = Vec::new();
    for place in 0..60_usize {
        let letter = slug.as_bytes()[place % slug.len()];
        words.push(format!(
            "{slug}{}",
            char::from(letter.wrapping_add(u8::try_from(place % 7).unwrap()))
        ));
    }
    format!("{}.", words.join(" "))
}

fn answer(
    mut stream: TcpStream,
    pages: &Pages,
    posts: &Posts,
    post_status: &Mutex<u16>,
    asked: &AtomicUsize,
    seen: &Headers,
) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        let mut parts = line.split_whitespace();
        let (method, path) = (
            parts.next().unwrap_or_default().to_owned(),
            parts.next().unwrap_or_default().to_owned(),
        );
        let mut headers = BTreeMap::new();
        loop {
            let mut header = String::new();
            if reader.read_line(&mut header).unwrap_or(0) == 0 || header.trim().is_empty() {
                break;
            }
            if let Some((name, value)) = header.split_once(':') {
                headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
            }
        }
        asked.fetch_add(1, Ordering::SeqCst);
        seen.lock().unwrap().insert(path.clone(), headers.clone());
        let response = if method == "POST" {
            let length = headers
                .get("content-length")
                .and_then(|length| length.parse().ok())
                .unwrap_or(0);
            let mut body = vec![0; length];
            reader.read_exact(&mut body).unwrap();
            let status = *post_status.lock().unwrap();
            if status == 200 {
                posts
                    .lock()
                    .unwrap()
                    .push((headers, String::from_utf8(body).unwrap()));
            }
            format!("HTTP/1.1 {status} x\r\ncontent-length: 0\r\n\r\n")
        } else {
            match pages.lock().unwrap().get(&path) {
                Some((content_type, body)) => {
                    format!(
                        "HTTP/1.1 200 OK\r\ncontent-type: {content_type}\r\ncontent-length: {}\r\n\r\n{body}",
                        body.len()
                    )
                }
                None => "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n".to_owned(),
            }
        };
        if stream.write_all(response.as_bytes()).is_err() {
            return;
        }
    }
}

pub(crate) fn configure(archive: &Archive, server: &Server, more: &str) {
    let text = format!(
        "[archive]\ndir = \"archive\"\n[fetch]\ncontact = \"desk@example.org\"\ndelay_ms_min = 0\nallow_networks = [\"127.0.0.0/8\"]\n\
         [crawl]\nage_days_max = 36500\nrevisit_days_max = 36500\n\
         [[source]]\nid = \"paper\"\nregion = \"US\"\nfeeds = [\"{}\"]\n{more}",
        server.url("/feed.xml")
    );
    std::fs::write(archive.folder().join("hedui.toml"), text).unwrap();
}

const PLAN: (&str, &str, &str) = (
    "plan",
    "2025-03-04",
    "TSMC said on Tuesday that its total investment in the United States would reach $165 billion.",
);
const SLIP: (&str, &str, &str) = (
    "slip",
    "2025-03-05",
    "TSMC said on Tuesday that its total investment in the United States would reach $16.5 billion.",
);
const LATER: (&str, &str, &str) = (
    "later",
    "2025-08-22",
    "The US government will invest $8.9 billion in Intel, Intel said on Friday.",
);
const LATER_SLIP: (&str, &str, &str) = (
    "later-slip",
    "2025-08-23",
    "The US government will invest $89 billion in Intel, Intel said on Friday.",
);

#[test]
fn a_crawl_from_cron_tells_each_new_conflict_once() {
    let (archive, server) = (Archive::new(), Server::start());
    configure(
        &archive,
        &server,
        &format!(
            "[[alert.sink]]\nid = \"desk\"\nkind = \"webhook\"\nurl = \"{}\"\nsecret_env = \"TEST_SECRET\"\n[[alert.sink]]\nid = \"file\"\nkind = \"command\"\ncommand = [\"sh\", \"-c\", \"cat >> told.jsonl\"]\n",
            server.url("/hook")
        ),
    );
    let told = || -> Vec<Value> {
        let text = std::fs::read_to_string(archive.folder().join("told.jsonl")).unwrap_or_default();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    };
    let send = |code: i32| {
        crate::support::run(
            archive
                .command(&["alert", "send"])
                .env("TEST_SECRET", "s3cret"),
        )
        .exits(code)
    };

    server.publish(&[PLAN, SLIP]);
    archive.run(&["crawl"]).exits(0);
    let conflicts = archive
        .run(&["conflicts", "--format", "jsonl"])
        .exits(0)
        .lines();
    assert_eq!(conflicts.len(), 1);
    assert_eq!(conflicts[0]["cause"], "scale_error");
    archive.run(&["conflicts", "--fail"]).exits(1);
    send(0);
    assert_eq!(told().len(), 1, "the first crawl raises one digest");
    assert_eq!(told()[0]["event"], "digest");
    send(0);
    archive.run(&["crawl"]).exits(0);
    send(0);
    assert_eq!(told().len(), 1, "nothing new, nothing told");

    server.publish(&[PLAN, SLIP, LATER, LATER_SLIP]);
    let crawl = archive.run(&["crawl"]).exits(0);
    assert!(crawl.out.contains("paper"), "{}", crawl.out);
    *server.post_status.lock().unwrap() = 503;
    send(3);
    *server.post_status.lock().unwrap() = 200;
    archive.run(&["reindex"]).exits(0);
    send(0);
    send(0);
    assert_eq!(
        told().len(),
        2,
        "one alert for the new conflict, also over a failing sink and a reindexing"
    );
    assert_eq!(told()[1]["event"], "opened");
    let posts = server.posts.lock().unwrap();
    assert_eq!(posts.len(), 2);
    let (headers, body) = &posts[1];
    assert_eq!(
        headers.get("idempotency-key").map(String::as_str),
        told()[1]["idempotency_key"].as_str()
    );
    assert!(
        headers
            .get("x-hedui-signature")
            .is_some_and(|signature| signature.starts_with("sha256=") && signature.len() == 71)
    );
    let payload: Value = serde_json::from_str(body).unwrap();
    assert_eq!(
        payload["conflicts"][0]["evidence"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert!(!crawl.err.contains("s3cret"));
}

#[test]
fn readers_are_answered_while_a_crawl_runs() {
    let (archive, server) = (Archive::new(), Server::start());
    configure(&archive, &server, "");
    server.publish(&[PLAN]);
    archive.run(&["crawl"]).exits(0);
    // A crawl that waits for a server which never answers holds the archive.
    let stuck = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = stuck.local_addr().unwrap().port();
    configure(
        &archive,
        &server,
        &format!("[[source]]\nid = \"stuck\"\nfeeds = [\"http://127.0.0.1:{port}/feed.xml\"]\n"),
    );
    let mut crawl = archive
        .command(&["crawl", "--source", "stuck"])
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let (_connection, _) = stuck.accept().unwrap();
    let hits = archive
        .run(&["search", "台積電", "--format", "jsonl"])
        .exits(0)
        .lines();
    assert_eq!(
        hits.len(),
        1,
        "TSMC by another name, answered by the crawling process"
    );
    let second = archive.run(&["crawl", "--source", "paper"]).exits(4);
    assert!(
        second.err.contains(&crawl.id().to_string()),
        "{}",
        second.err
    );
    crawl.kill().unwrap();
    crawl.wait().unwrap();
    archive.run(&["crawl", "--source", "paper"]).exits(0);
}

#[test]
fn a_private_address_is_refused_unless_allowed() {
    let (archive, server) = (Archive::new(), Server::start());
    configure(&archive, &server, "");
    let text = std::fs::read_to_string(archive.folder().join("hedui.toml")).unwrap();
    std::fs::write(
        archive.folder().join("hedui.toml"),
        text.replace("allow_networks = [\"127.0.0.0/8\"]", ""),
    )
    .unwrap();
    server.publish(&[PLAN]);
    archive.run(&["crawl"]).exits(0);
    archive.run(&["claims"]).exits(1);
}

#[test]
fn a_killed_crawl_goes_on_where_it_was_and_nothing_is_double() {
    let (archive, server) = (Archive::new(), Server::start());
    configure(&archive, &server, "");
    let slugs: Vec<String> = (0..24).map(|number| format!("story{number:02}")).collect();
    let texts: Vec<String> = (0..24)
        .map(|number| {
            format!(
                "House {number} plans to invest ${}.5 billion in its own town.",
                number + 1
            )
        })
        .collect();
    let articles: Vec<(&str, &str, &str)> = slugs
        .iter()
        .zip(&texts)
        .map(|(slug, text)| (slug.as_str(), "2025-03-04", text.as_str()))
        .collect();
    server.publish(&articles);
    for requests in [2, 7, 15] {
        let before = server.asked.load(Ordering::SeqCst);
        let mut crawl = archive.command(&["crawl", "--quiet"]).spawn().unwrap();
        // The crawl may be done before it has asked for so much.
        while server.asked.load(Ordering::SeqCst) < before + requests
            && crawl.try_wait().unwrap().is_none()
        {
            std::thread::yield_now();
        }
        let _ = crawl.kill();
        crawl.wait().unwrap();
    }
    archive.run(&["crawl"]).exits(0);
    let found = archive.run(&["export", "articles"]).exits(0).lines();
    let keys: std::collections::BTreeSet<&str> = found
        .iter()
        .map(|article| article["article"].as_str().unwrap())
        .collect();
    assert_eq!((found.len(), keys.len()), (24, 24));
    let claims = archive
        .run(&["claims", "--unit", "USD", "--format", "jsonl"])
        .exits(0)
        .lines();
    assert_eq!(claims.len(), 24, "one figure each, none twice");
    archive.run(&["doctor", "--deep"]).exits(0);
}

#[test]
fn a_feed_is_left_alone_as_long_as_it_asks_for() {
    let (archive, server) = (Archive::new(), Server::start());
    configure(&archive, &server, "");
    let with_ttl = |server: &Server| {
        let feed = server.body_of("/feed.xml");
        let feed = feed.replace("<title>x</title>", "<title>x</title><ttl>60</ttl>");
        server.put("/feed.xml", "application/rss+xml", feed);
    };
    let articles = || {
        let run = archive.run(&["export", "articles", "--format", "jsonl"]);
        run.exits(0).lines().len()
    };
    server.publish(&[PLAN]);
    with_ttl(&server);
    archive.run(&["crawl"]).exits(0);
    assert_eq!(articles(), 1);
    server.publish(&[PLAN, SLIP]);
    with_ttl(&server);
    let run = archive.run(&["crawl"]).exits(0);
    assert!(run.err.contains("resting 1"), "{}", run.err);
    assert_eq!(articles(), 1, "within the hour that the feed asks for");
    archive.run(&["reindex"]).exits(0);
    archive.run(&["crawl", "--source", "paper"]).exits(0);
    assert_eq!(articles(), 2, "the source was named");
    let config = archive.folder().join("hedui.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    let text = text.replace("[crawl]\n", "[crawl]\nfeed_rest_minutes_max = 0\n");
    std::fs::write(&config, text).unwrap();
    server.publish(&[PLAN, SLIP, LATER]);
    with_ttl(&server);
    archive.run(&["crawl"]).exits(0);
    assert_eq!(articles(), 3, "the user does not let feeds rest");
}

#[test]
fn an_article_tells_what_became_of_it() {
    let (archive, server) = (Archive::new(), Server::start());
    configure(&archive, &server, "");
    let url = server.url("/plan.html");
    let show = || -> Value {
        let run = archive.run(&["show", &url, "--format", "json"]).exits(0);
        serde_json::from_str(&run.out).unwrap()
    };
    server.publish(&[PLAN]);
    archive.run(&["crawl"]).exits(0);
    let first = show();
    for field in ["correction", "gone", "revisions"] {
        assert_eq!(first[field], Value::Null, "{field}");
    }
    let corrected = format!(
        "{} Correction: an earlier version of this article gave another sum.",
        PLAN.2.replace("$165 billion.", "$16.5 billion.</p><p>")
    );
    let corrected = corrected.replace("<p> Correction", "<p>Correction");
    server.publish(&[("plan", PLAN.1, &corrected)]);
    archive.run(&["crawl"]).exits(0);
    let second = show();
    assert_eq!(second["revision"], 2);
    let change = &second["revisions"][0]["changed"][0];
    assert_eq!(
        (&change["from"], &change["to"]),
        (&Value::from("$165 billion"), &Value::from("$16.5 billion"))
    );
    assert!(
        second["correction"]
            .as_str()
            .unwrap()
            .starts_with("Correction: an earlier version")
    );
    server.remove("/plan.html");
    archive.run(&["crawl"]).exits(0);
    let third = show();
    assert_eq!(third["gone"]["status"], 404);
    assert_eq!(third["revision"], 2, "what was read stays");
    let told = archive.run(&["show", &url]).exits(0);
    assert!(
        told.out.contains("$165 billion → $16.5 billion"),
        "{}",
        told.out
    );
    assert!(told.out.contains("gone: status 404"), "{}", told.out);
}
