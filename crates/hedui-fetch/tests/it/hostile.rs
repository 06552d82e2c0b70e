//! Hosts that mean harm, or are merely broken, and their good neighbours.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;

use hedui_fetch::crawl::{KnowsNothing, Purpose, Reason};
use hedui_fetch::{Client, CrawlEvent, CrawlSettings, Crawler, FetchSettings, SourcePlan};
use hedui_model::Fetched;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::support::{Reply, Site, html, redirect, status, url};

/// What becomes of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// It is read, and this long when decoded.
    Read(usize),
    Failed(&'static str),
    Refused(Reason),
    Gone,
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

fn encoded(encoding: &str, body: &[u8]) -> Reply {
    status(
        200,
        &[
            ("content-type", "text/html"),
            ("content-encoding", encoding),
        ],
        body,
    )
}

fn raw(text: impl Into<Vec<u8>>) -> Reply {
    Reply::Close(text.into())
}

/// Ways to answer, and what has to come of them. The body limit is 256 KiB, a mebibyte when decoded.
fn vices() -> Vec<(&'static str, Reply, End)> {
    const OK: &str = "HTTP/1.1 200 OK\r\n";
    let bomb = gzip(&vec![b' '; 64 << 20]);
    let zstd_bomb = zstd::stream::encode_all(vec![b' '; 64 << 20].as_slice(), 1).unwrap();
    let many_headers: String = (0..1000).map(|n| format!("x-{n}: {n}\r\n")).collect();
    let cookies: String = (0..150)
        .map(|n| format!("set-cookie: c{n}={}\r\n", "x".repeat(1000)))
        .collect();
    vec![
        (
            "a body without end",
            Reply::Endless(format!("{OK}\r\n").into_bytes(), vec![b'x'; 4096]),
            End::Failed("body_too_large"),
        ),
        (
            "chunks without end",
            Reply::Endless(
                format!("{OK}transfer-encoding: chunked\r\n\r\n").into_bytes(),
                b"4\r\nabcd\r\n".repeat(100),
            ),
            End::Failed("body_too_large"),
        ),
        (
            "a length beyond the limit",
            raw(format!("{OK}content-length: 99999999\r\n\r\nx")),
            End::Failed("body_too_large"),
        ),
        (
            "a length beyond all numbers",
            raw(format!(
                "{OK}content-length: 99999999999999999999999\r\n\r\nx"
            )),
            End::Failed("protocol"),
        ),
        (
            "a negative length",
            raw(format!("{OK}content-length: -1\r\n\r\nx")),
            End::Failed("protocol"),
        ),
        (
            "two lengths",
            raw(format!(
                "{OK}content-length: 1\r\ncontent-length: 2\r\n\r\nxy"
            )),
            End::Failed("protocol"),
        ),
        (
            "fewer bytes than promised",
            raw(format!("{OK}content-length: 100\r\n\r\nx")),
            End::Failed("interrupted"),
        ),
        (
            "more bytes than promised",
            raw(format!("{OK}content-length: 1\r\n\r\nxyz")),
            End::Read(1),
        ),
        (
            "no length",
            raw(format!("{OK}\r\nuntil the end")),
            End::Read(13),
        ),
        ("HTTP/1.0", raw("HTTP/1.0 200 OK\r\n\r\nold"), End::Read(3)),
        (
            "no reason phrase",
            raw("HTTP/1.1 200\r\ncontent-length: 2\r\n\r\nok"),
            End::Read(2),
        ),
        (
            "HTTP/0.9",
            raw("<html>no head at all</html>"),
            End::Failed("protocol"),
        ),
        (
            "another protocol",
            raw("220 mail.example ESMTP\r\n"),
            End::Failed("protocol"),
        ),
        (
            "a status of four digits",
            raw("HTTP/1.1 2000 OK\r\n\r\n"),
            End::Failed("protocol"),
        ),
        ("nothing at all", raw(""), End::Failed("interrupted")),
        (
            "half a status line",
            raw("HTTP/1.1 2"),
            End::Failed("interrupted"),
        ),
        (
            "half the headers",
            raw(format!("{OK}content-type: te")),
            End::Failed("interrupted"),
        ),
        (
            "a broken chunk",
            raw(format!("{OK}transfer-encoding: chunked\r\n\r\nzz\r\nxx")),
            End::Failed("interrupted"),
        ),
        (
            "a chunk that stops",
            raw(format!("{OK}transfer-encoding: chunked\r\n\r\n5\r\nab")),
            End::Failed("interrupted"),
        ),
        (
            "no answer",
            Reply::Hang(Vec::new()),
            End::Failed("timeout_first_byte"),
        ),
        (
            "headers that stop",
            Reply::Hang(format!("{OK}x: ").into_bytes()),
            End::Failed("timeout_first_byte"),
        ),
        (
            "a body that stops",
            Reply::Hang(format!("{OK}content-length: 9\r\n\r\nabc").into_bytes()),
            End::Failed("timeout_stall"),
        ),
        (
            "headers without end",
            Reply::Endless(OK.as_bytes().to_vec(), b"x: y\r\n".repeat(1000)),
            End::Failed("protocol"),
        ),
        (
            "a header without end",
            Reply::Endless(format!("{OK}x: ").into_bytes(), vec![b'y'; 4096]),
            End::Failed("protocol"),
        ),
        (
            "a thousand headers",
            raw(format!("{OK}{many_headers}\r\n")),
            End::Failed("protocol"),
        ),
        (
            "150 KB of cookies",
            raw(format!("{OK}{cookies}\r\n")),
            End::Failed("headers_too_large"),
        ),
        (
            "a header of nonsense",
            raw(format!(
                "{OK}\u{1}\u{2}: x\r\nno colon\r\ncontent-length: 2\r\n\r\nok"
            )),
            End::Read(2),
        ),
        (
            "a gzip bomb",
            encoded("gzip", &bomb),
            End::Failed("decoded_too_large"),
        ),
        (
            "a gzip bomb in gzip",
            encoded("gzip, gzip", &gzip(&bomb)),
            End::Failed("decoded_too_large"),
        ),
        (
            "a zstd bomb",
            encoded("zstd", &zstd_bomb),
            End::Failed("decoded_too_large"),
        ),
        (
            "broken gzip",
            encoded("gzip", &bomb[..500]),
            End::Failed("encoding"),
        ),
        (
            "broken brotli",
            encoded("br", b"\xff\xff\xff\xff"),
            End::Failed("encoding"),
        ),
        (
            "plain text that calls itself gzip",
            encoded("gzip", b"plain"),
            End::Read(5),
        ),
        (
            "an unknown encoding",
            encoded("x-secret", b"?"),
            End::Failed("encoding"),
        ),
        (
            "a pile of encodings",
            encoded("gzip, gzip, gzip, gzip", &gzip(b"x")),
            End::Failed("encoding"),
        ),
        (
            "a film",
            status(200, &[("content-type", "video/mp4")], vec![0; 1000]),
            End::Failed("media_type"),
        ),
        (
            "a redirect to itself",
            redirect("/x"),
            End::Failed("redirect_loop"),
        ),
        (
            "a redirect without target",
            status(302, &[], ""),
            End::Failed("status_other"),
        ),
        (
            "a redirect to nonsense",
            redirect("http://[nonsense"),
            End::Failed("url"),
        ),
        (
            "a redirect to a file",
            redirect("file:///etc/passwd"),
            End::Refused(Reason::Url),
        ),
        (
            "a redirect to metadata",
            redirect("http://169.254.169.254/latest/"),
            End::Refused(Reason::Address),
        ),
        (
            "a redirect to loopback",
            redirect("http://[::1]:9/"),
            End::Refused(Reason::Address),
        ),
        (
            "a redirect to a decimal address",
            redirect("http://2130706433/"),
            End::Refused(Reason::Address),
        ),
        (
            "a redirect to an octal address",
            redirect("http://0177.1/"),
            End::Refused(Reason::Address),
        ),
        (
            "a redirect to a hexadecimal address",
            redirect("http://0x7f000001/"),
            End::Refused(Reason::Address),
        ),
        (
            "a redirect to a name of loopback",
            redirect("http://localhost/"),
            End::Refused(Reason::Address),
        ),
        (
            "a redirect with credentials",
            redirect("http://u:p@good.example/private"),
            End::Read(4),
        ),
        (
            "NULs and control characters",
            html("a\0b\u{1b}[31m\u{7f}"),
            End::Read(9),
        ),
        (
            "an unasked 304",
            status(304, &[], ""),
            End::Failed("status_other"),
        ),
        (
            "an early hint",
            raw(format!(
                "HTTP/1.1 103 Early\r\nlink: x\r\n\r\n{OK}content-length: 2\r\n\r\nok"
            )),
            End::Read(2),
        ),
        (
            "a switch of protocols",
            raw("HTTP/1.1 101 Switching\r\nupgrade: x\r\n\r\n"),
            End::Failed("status_other"),
        ),
        (
            "a login",
            status(401, &[("www-authenticate", "Basic")], ""),
            End::Failed("status_forbidden"),
        ),
        ("a page that is gone", status(410, &[], ""), End::Gone),
    ]
}

fn source(id: &str, host: &str) -> SourcePlan {
    SourcePlan {
        id: id.parse().unwrap(),
        feeds: vec![url(&format!("http://{host}/rss"))],
        sitemaps: Vec::new(),
        sections: Vec::new(),
        pages_max: None,
        known: Arc::new(KnowsNothing),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_vice_is_told_and_the_neighbour_is_read() {
    let vices = vices();
    let replies: BTreeMap<String, Reply> = vices
        .iter()
        .enumerate()
        .map(|(n, (_, reply, _))| (format!("vice{n}.example"), reply.clone()))
        .collect();
    let site = Site::start(move |ask| match ask.path.as_str() {
        "/robots.txt" => status(404, &[], ""),
        "/rss" if ask.host == "good.example" => {
            let items: String = (1..=10)
                .map(|n| format!("<item><link>/{n}</link></item>"))
                .collect();
            status(200, &[], format!("<rss><channel>{items}</channel></rss>"))
        }
        "/rss" => status(
            200,
            &[],
            "<rss><channel><item><link>/x</link></item></channel></rss>",
        ),
        "/x" => replies[&ask.host].clone(),
        "/private" if ask.headers.contains_key("authorization") => html("credentials were sent"),
        _ => html("good"),
    })
    .await;
    let settings = FetchSettings {
        body_bytes_max: 256 << 10,
        decoded_bytes_max: 1 << 20,
        first_byte_timeout_ms: 3_000,
        stall_timeout_ms: 3_000,
        connect_timeout_ms: 3_000,
        retries_max: 0,
        ..site.settings()
    };
    let mut plan: Vec<SourcePlan> = (0..vices.len())
        .map(|n| source(&n.to_string(), &format!("vice{n}.example")))
        .collect();
    plan.insert(0, source("good", "good.example"));
    let (sink, mut events) = mpsc::channel(4);
    let collect = tokio::spawn(async move {
        let mut ends: BTreeMap<String, Vec<End>> = BTreeMap::new();
        while let Some(event) = events.recv().await {
            let (source, end) = match event {
                CrawlEvent::Fetched {
                    source,
                    purpose: Purpose::Article,
                    fetched,
                    ..
                } => match *fetched {
                    Fetched::Content { decoded, .. } => (source, End::Read(decoded.len())),
                    Fetched::Gone(_) => (source, End::Gone),
                    Fetched::NotModified(_) => panic!("{source} unchanged"),
                },
                CrawlEvent::Failed { source, error, .. } => (source, End::Failed(error.reason())),
                CrawlEvent::Refused { source, reason, .. } => (source, End::Refused(reason)),
                _ => continue,
            };
            ends.entry(source.to_string()).or_default().push(end);
        }
        ends
    });
    let mut crawler = Crawler::new(Client::new(settings).unwrap(), CrawlSettings::default());
    crawler.run(plan, sink, CancellationToken::new()).await;
    let ends = collect.await.unwrap();
    let mut wrong = Vec::new();
    for (n, (name, _, end)) in vices.iter().enumerate() {
        let found = ends
            .get(&n.to_string())
            .map(Vec::as_slice)
            .unwrap_or_default();
        if found != [*end] {
            wrong.push(format!("{name}: {found:?}, not {end:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(ends["good"], [End::Read(4); 10]);
}

#[tokio::test]
async fn one_byte_at_a_time_comes_to_an_end() {
    let drip = tokio::net::TcpListener::bind(("127.0.0.1", 0))
        .await
        .unwrap();
    let address = drip.local_addr().unwrap();
    tokio::spawn(async move {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        while let Ok((mut stream, _)) = drip.accept().await {
            let _ = stream.read(&mut [0; 4096]).await;
            let mut sent = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
            while sent.is_ok() {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
                sent = stream.write_all(b"x").await;
            }
        }
    });
    let overrides = vec![hedui_fetch::Override {
        suffix: ".example".to_owned(),
        address,
    }];
    let settings = FetchSettings {
        overrides,
        total_timeout_ms: 400,
        ..FetchSettings::default()
    };
    let client = Client::new(settings).unwrap();
    let error = client
        .fetch(crate::support::get("http://drip.example/"))
        .await
        .unwrap_err();
    assert_eq!(error.reason(), "timeout_total");
}

/// Runs another test of this file's binary with proxies in its environment.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn proxies_of_the_environment_are_ignored() {
    let proxy = Site::start(|_| html("from the proxy")).await;
    let address = format!("http://{}", proxy.address);
    let test = tokio::task::spawn_blocking(move || {
        let mut command = std::process::Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "client::a_page_is_kept_as_it_was_on_the_wire"]);
        for name in [
            "http_proxy",
            "HTTP_PROXY",
            "https_proxy",
            "HTTPS_PROXY",
            "all_proxy",
            "ALL_PROXY",
        ] {
            command.env(name, &address);
        }
        command
            .env_remove("no_proxy")
            .env_remove("NO_PROXY")
            .output()
            .unwrap()
    });
    let output = test.await.unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}"
    );
    assert_eq!(proxy.connections(), 0);
}
