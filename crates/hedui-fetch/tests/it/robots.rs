//! robots.txt in every state (RFC 9309, 2.3.1).

use std::collections::BTreeMap;

use hedui_fetch::crawl::{KnowsNothing, Purpose, Reason};
use hedui_fetch::{
    Client, CrawlEvent, CrawlReport, CrawlSettings, Crawler, FetchSettings, SourcePlan,
};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::support::{Ask, Reply, Site, html, redirect, status, url};

const CLOSED: &str = "User-agent: *\nDisallow: /closed\n";

/// Crawls two pages of a host with this robots.txt; returns which were read, and the report.
async fn crawl(
    robots: impl Fn(&Ask) -> Option<Reply> + Send + Sync + 'static,
) -> (Vec<String>, CrawlReport, Vec<Ask>) {
    let site = Site::start(move |ask| match (robots(ask), ask.path.as_str()) {
        (Some(reply), _) => reply,
        (None, "/rss") => {
            let feed = "<rss><channel><item><link>/open</link></item><item><link>/closed</link></item></channel></rss>";
            status(200, &[], feed)
        }
        (None, "/open" | "/closed") => html("x"),
        (None, _) => status(404, &[], ""),
    })
    .await;
    let settings = FetchSettings {
        delay_ms_max: 1,
        first_byte_timeout_ms: 300,
        ..site.settings()
    };
    let plan = SourcePlan {
        id: "news".parse().unwrap(),
        feeds: vec![url("http://news.example/rss")],
        sitemaps: Vec::new(),
        sections: Vec::new(),
        pages_max: None,
        known: std::sync::Arc::new(KnowsNothing),
    };
    let (sink, mut events) = mpsc::channel(100);
    let mut crawler = Crawler::new(Client::new(settings).unwrap(), CrawlSettings::default());
    let report = crawler
        .run(vec![plan], sink, CancellationToken::new())
        .await;
    let mut read = Vec::new();
    while let Some(event) = events.recv().await {
        if let CrawlEvent::Fetched {
            purpose: Purpose::Article,
            asked,
            ..
        } = event
        {
            read.push(asked.path().to_owned());
        }
    }
    read.sort();
    (read, report, site.asks())
}

fn only(
    path: &'static str,
    reply: Reply,
) -> impl Fn(&Ask) -> Option<Reply> + Send + Sync + 'static {
    move |ask| (ask.path == path).then(|| reply.clone())
}

#[tokio::test]
async fn a_file_that_is_there_is_kept_to() {
    let long = format!("{CLOSED}{}\nDisallow: /open", "# much\n".repeat(100_000));
    let files = [
        status(200, &[], CLOSED),
        status(
            200,
            &[("content-type", "text/html")],
            format!("\u{feff}{CLOSED}"),
        ),
        status(203, &[], CLOSED.to_uppercase().to_lowercase()),
        status(
            200,
            &[],
            "User-agent: other\nDisallow: /\n\nUser-agent: hedui/9.9\nDisallow: /closed",
        ),
        // What lies beyond 512 KiB does not go.
        status(200, &[], long),
    ];
    for file in files {
        let (read, report, _) = crawl(only("/robots.txt", file)).await;
        assert_eq!(read, ["/open"]);
        assert_eq!(report.counts.refused, BTreeMap::from([(Reason::Robots, 1)]));
    }
}

#[tokio::test]
async fn a_file_that_is_unavailable_allows_everything() {
    for code in [400, 401, 403, 404, 410, 451] {
        let (read, report, _) = crawl(only("/robots.txt", status(code, &[], CLOSED))).await;
        assert_eq!(read, ["/closed", "/open"], "{code}");
        assert!(report.counts.failed.is_empty());
    }
    let (read, ..) = crawl(only("/robots.txt", html("<h1>Welcome</h1>"))).await;
    assert_eq!(read.len(), 2);
}

#[tokio::test]
async fn a_file_that_is_unreachable_forbids_everything() {
    let states = [
        ("status_5xx", status(500, &[], CLOSED)),
        (
            "status_unavailable",
            status(503, &[("retry-after", "0")], ""),
        ),
        ("status_too_many_requests", status(429, &[], "")),
        ("interrupted", Reply::Close(Vec::new())),
        (
            "interrupted",
            Reply::Close(b"HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\nUser".to_vec()),
        ),
        (
            "protocol",
            Reply::Close(b"SSH-2.0-OpenSSH_9.9\r\n\r\n".to_vec()),
        ),
        ("timeout_first_byte", Reply::Hang(Vec::new())),
    ];
    for (reason, state) in states {
        let (read, report, asks) = crawl(only("/robots.txt", state)).await;
        assert!(read.is_empty(), "{reason}");
        assert!(asks.iter().all(|ask| ask.path == "/robots.txt"), "{reason}");
        assert_eq!(report.counts.failed, BTreeMap::from([(reason, 1)]));
        assert_eq!(
            report.counts.refused,
            BTreeMap::from([(Reason::RobotsUnreachable, 1)])
        );
        let retries = if reason == "protocol" { 0 } else { 2 };
        assert_eq!(
            (report.counts.retries, asks.len()),
            (retries, 1 + retries as usize),
            "{reason}"
        );
    }
}

#[tokio::test]
async fn a_file_that_recovers_is_read() {
    let times = std::sync::atomic::AtomicUsize::new(0);
    let (read, ..) = crawl(move |ask| {
        let is_first = ask.path == "/robots.txt"
            && times.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 0;
        match ask.path.as_str() {
            "/robots.txt" if is_first => Some(status(502, &[], "")),
            "/robots.txt" => Some(status(200, &[], CLOSED)),
            _ => None,
        }
    })
    .await;
    assert_eq!(read, ["/open"]);
}

#[tokio::test]
async fn five_redirects_are_followed_also_to_other_hosts() {
    let hops = |most: usize| {
        move |ask: &Ask| match ask.path.as_str() {
            "/robots.txt" => Some(redirect("http://other.example/hop1")),
            path if path.starts_with("/hop") => {
                let hop: usize = path.trim_start_matches("/hop").parse().unwrap();
                Some(if hop == most {
                    status(200, &[], CLOSED)
                } else {
                    redirect(&format!("/hop{}", hop + 1))
                })
            }
            _ => None,
        }
    };
    let (read, ..) = crawl(hops(5)).await;
    assert_eq!(
        read,
        ["/open"],
        "the rules go for the host that was asked first"
    );
    let (read, ..) = crawl(hops(6)).await;
    assert_eq!(read.len(), 2, "beyond five redirects it is unavailable");
}

#[tokio::test]
async fn a_redirect_into_a_private_network_forbids_everything() {
    let (read, report, _) = crawl(only(
        "/robots.txt",
        redirect("http://169.254.169.254/robots.txt"),
    ))
    .await;
    assert!(read.is_empty());
    assert_eq!(
        report.counts.refused,
        BTreeMap::from([(Reason::Address, 1)])
    );
}

#[tokio::test]
async fn feeds_and_sections_are_asked_for_too() {
    let (_, report, asks) = crawl(only(
        "/robots.txt",
        status(200, &[], "User-agent: *\nDisallow: /"),
    ))
    .await;
    assert_eq!(asks.len(), 1);
    assert_eq!(report.counts.refused, BTreeMap::from([(Reason::Robots, 1)]));
}
