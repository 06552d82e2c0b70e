//! Whole runs: discovery, conditional requests, budgets, faults, interruption.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::Write;
use std::sync::{Arc, Mutex};

use hedui_fetch::crawl::{Counts, Hint, KnowsNothing, Purpose, Reason, Want};
use hedui_fetch::{
    CrawlEvent, CrawlReport, CrawlSettings, Crawler, FetchSettings, Known, SourcePlan, Validators,
};
use hedui_model::{Fetched, SourceId};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::support::{Ask, Reply, Site, html, redirect, status, url};

/// What the pipeline keeps, for tests: the validators of what was fetched, and which articles are known.
#[derive(Debug, Default)]
struct Memory {
    validators: Mutex<HashMap<String, Validators>>,
    articles: Mutex<HashSet<String>>,
    due: Mutex<Vec<String>>,
    revisits: bool,
}

impl Memory {
    fn take(&self, events: &[CrawlEvent]) {
        for event in events {
            if let CrawlEvent::Fetched {
                fetched, purpose, ..
            } = event
                && let Fetched::Content { exchange, .. } = &**fetched
            {
                if let Some(found) = Validators::of(exchange) {
                    self.validators
                        .lock()
                        .unwrap()
                        .insert(exchange.url.clone(), found);
                }
                if *purpose == Purpose::Article {
                    self.articles.lock().unwrap().insert(exchange.url.clone());
                }
            }
        }
    }
}

impl Known for Memory {
    fn validators(&self, url: &str) -> Option<Validators> {
        self.validators.lock().unwrap().get(url).cloned()
    }

    fn wants(&self, url: &str, _hint: &Hint) -> Want {
        match self.articles.lock().unwrap().contains(url) {
            false => Want::Fetch,
            true if self.revisits => Want::Revisit,
            true => Want::Skip,
        }
    }

    fn due(&self, _source: &SourceId) -> Vec<String> {
        self.due.lock().unwrap().clone()
    }
}

fn plan(id: &str) -> SourcePlan {
    SourcePlan {
        id: id.parse().unwrap(),
        feeds: Vec::new(),
        sitemaps: Vec::new(),
        sections: Vec::new(),
        pages_max: None,
        known: Arc::new(KnowsNothing),
    }
}

fn of_feed(address: &str) -> SourcePlan {
    SourcePlan {
        feeds: vec![url(address)],
        ..plan("news")
    }
}

async fn run_with(
    settings: FetchSettings,
    crawl: CrawlSettings,
    plan: Vec<SourcePlan>,
) -> (Vec<CrawlEvent>, CrawlReport) {
    let mut crawler = Crawler::new(hedui_fetch::Client::new(settings).unwrap(), crawl);
    run_again(&mut crawler, plan).await
}

async fn run_again(crawler: &mut Crawler, plan: Vec<SourcePlan>) -> (Vec<CrawlEvent>, CrawlReport) {
    let (sink, mut events) = mpsc::channel(2);
    let collect = tokio::spawn(async move {
        let mut all = Vec::new();
        while let Some(event) = events.recv().await {
            all.push(event);
        }
        all
    });
    let report = crawler.run(plan, sink, CancellationToken::new()).await;
    (collect.await.unwrap(), report)
}

async fn run(site: &Site, plan: Vec<SourcePlan>) -> (Vec<CrawlEvent>, CrawlReport) {
    run_with(site.settings(), CrawlSettings::default(), plan).await
}

/// Returns `purpose url status` of what was fetched, sorted.
fn fetched(events: &[CrawlEvent]) -> Vec<String> {
    let mut all: Vec<String> = events
        .iter()
        .filter_map(|event| {
            let CrawlEvent::Fetched {
                purpose, fetched, ..
            } = event
            else {
                return None;
            };
            let (Fetched::Content { exchange, .. }
            | Fetched::NotModified(exchange)
            | Fetched::Gone(exchange)) = &**fetched;
            Some(format!(
                "{purpose} {} {}",
                exchange.url.trim_start_matches("http://"),
                exchange.status
            ))
        })
        .collect();
    all.sort();
    all
}

fn articles(events: &[CrawlEvent]) -> Vec<String> {
    let all = fetched(events).into_iter();
    all.filter_map(|line| {
        Some(
            line.strip_prefix("article ")?
                .strip_suffix(" 200")?
                .to_owned(),
        )
    })
    .collect()
}

fn refused(events: &[CrawlEvent]) -> Vec<(String, Reason)> {
    let all = events.iter().filter_map(|event| match event {
        CrawlEvent::Refused { asked, reason, .. } => Some((asked.path().to_owned(), *reason)),
        _ => None,
    });
    all.collect()
}

fn failed(events: &[CrawlEvent]) -> Vec<(String, &'static str)> {
    let all = events.iter().filter_map(|event| match event {
        CrawlEvent::Failed { asked, error, .. } => Some((asked.path().to_owned(), error.reason())),
        _ => None,
    });
    all.collect()
}

fn done(events: &[CrawlEvent]) -> BTreeMap<String, (Counts, bool)> {
    let all = events.iter().filter_map(|event| match event {
        CrawlEvent::SourceDone {
            source,
            counts,
            complete,
        } => Some((source.to_string(), (counts.clone(), *complete))),
        _ => None,
    });
    all.collect()
}

fn complete(events: &[CrawlEvent]) -> bool {
    let done = done(events);
    !done.is_empty() && done.values().all(|(_, complete)| *complete)
}

fn rss(links: &[&str]) -> Reply {
    let items: String = links
        .iter()
        .map(|link| format!("<item><title>T</title><link>{link}</link></item>"))
        .collect();
    let feed = format!("<rss version='2.0'><channel><title>F</title>{items}</channel></rss>");
    status(
        200,
        &[
            ("content-type", "application/rss+xml"),
            ("etag", "\"feed\""),
        ],
        feed,
    )
}

fn gzip(text: &str) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    writer.write_all(text.as_bytes()).unwrap();
    writer.finish().unwrap()
}

#[tokio::test]
async fn articles_are_found_by_feed_sitemap_and_section() {
    let index = "<sitemapindex><sitemap><loc>http://map.example/new.xml.gz</loc></sitemap>\
                 <sitemap><loc>http://map.example/old.xml</loc><lastmod>2001-01-01</lastmod></sitemap></sitemapindex>";
    let map = "<urlset><url><loc>http://map.example/2.html</loc></url>\
               <url><loc>http://map.example/0.html</loc><lastmod>2001-01-01</lastmod></url></urlset>";
    let section = "<a href='/2025/09/24/a-chip-plant-3.html'>A plant for chips is built at a cost of $16.5 billion</a>\
                   <a href='/about'>About</a>";
    let site = Site::of(&[
        (
            "/rss",
            rss(&["http://feed.example/1.html", "/rel/1b.html#top"]),
        ),
        (
            "/index.xml",
            status(200, &[("content-type", "text/xml")], index),
        ),
        (
            "/new.xml.gz",
            status(200, &[("content-type", "application/gzip")], gzip(map)),
        ),
        ("/tech", html(section)),
        ("/1.html", html("one")),
        ("/rel/1b.html", html("one b")),
        ("/2.html", html("two")),
        ("/2025/09/24/a-chip-plant-3.html", html("three")),
    ])
    .await;
    let plan = vec![
        SourcePlan {
            feeds: vec![url("http://feed.example/rss")],
            ..plan("feed")
        },
        SourcePlan {
            sitemaps: vec![url("http://map.example/index.xml")],
            ..plan("map")
        },
        SourcePlan {
            sections: vec![url("http://section.example/tech")],
            ..plan("section")
        },
    ];
    let mut crawler = Crawler::new(site.client(), CrawlSettings::default());
    let progress = crawler.progress();
    let (events, report) = run_again(&mut crawler, plan).await;
    let progress = *progress.borrow();
    assert_eq!(
        (progress.pages, progress.sources_left, progress.queued),
        (5, 0, 0)
    );
    assert_eq!(
        fetched(&events),
        [
            "article feed.example/1.html 200",
            "article feed.example/rel/1b.html 200",
            "article map.example/2.html 200",
            "article section.example/2025/09/24/a-chip-plant-3.html 200",
            "feed feed.example/rss 200",
            "robots feed.example/robots.txt 404",
            "robots map.example/robots.txt 404",
            "robots section.example/robots.txt 404",
            "section section.example/tech 200",
            "sitemap map.example/index.xml 200",
            "sitemap map.example/new.xml.gz 200",
        ]
    );
    assert!(complete(&events) && !report.interrupted);
    assert_eq!(
        (report.counts.pages, report.counts.lists, report.counts.gone),
        (5, 3, 3)
    );
    // The old child of the index, and the old article.
    assert_eq!(report.counts.refused, BTreeMap::from([(Reason::TooOld, 2)]));
    assert_eq!(done(&events).len(), 3);
}

#[tokio::test]
async fn what_a_list_says_comes_with_the_article() {
    let feed = "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title type='html'>A &amp;amp; B</title>\
                <link href='/1'/><author><name>Li</name></author><published>2100-01-01T00:00:00Z</published></entry></feed>";
    let site = Site::of(&[("/atom", status(200, &[], feed)), ("/1", html("x"))]).await;
    let (events, _) = run(&site, vec![of_feed("http://news.example/atom")]).await;
    let hint = events.iter().find_map(|event| match event {
        CrawlEvent::Fetched {
            purpose: Purpose::Article,
            hint,
            ..
        } => Some(hint.clone()),
        _ => None,
    });
    let hint = hint.unwrap();
    assert_eq!(
        (hint.title.as_deref(), hint.author.as_deref()),
        (Some("A & B"), Some("Li"))
    );
    assert_eq!(hint.published.unwrap().to_string(), "2100-01-01T00:00:00Z");
}

#[tokio::test]
async fn a_second_run_asks_whether_anything_changed() {
    let pages = |ask: &Ask| match ask.path.as_str() {
        "/rss" if ask.headers.contains_key("if-none-match") => status(304, &[], ""),
        "/rss" => rss(&["/1", "/2"]),
        "/1" if ask
            .headers
            .get("if-none-match")
            .is_some_and(|tag| tag == "\"one\"") =>
        {
            status(304, &[], "")
        }
        "/1" => status(200, &[("etag", "\"one\"")], "one"),
        "/2" => status(200, &[("last-modified", "yesterday")], "two"),
        _ => status(404, &[], ""),
    };
    let site = Site::start(pages).await;
    let memory = Arc::new(Memory {
        revisits: true,
        ..Memory::default()
    });
    let plan = || {
        vec![SourcePlan {
            known: Arc::clone(&memory) as Arc<dyn Known>,
            ..of_feed("http://news.example/rss")
        }]
    };
    let mut crawler = Crawler::new(site.client(), CrawlSettings::default());
    let (events, _) = run_again(&mut crawler, plan()).await;
    assert_eq!(articles(&events), ["news.example/1", "news.example/2"]);
    memory.take(&events);
    *memory.due.lock().unwrap() = vec![
        "http://news.example/1".to_owned(),
        "http://news.example/2".to_owned(),
    ];
    site.asks();
    let (events, report) = run_again(&mut crawler, plan()).await;
    assert_eq!(
        fetched(&events),
        [
            "article news.example/1 304",
            "article news.example/2 200",
            "feed news.example/rss 304"
        ]
    );
    assert_eq!(report.counts.unchanged, 2);
    let asks = site.asks();
    assert_eq!(asks.len(), 3, "robots.txt is kept from run to run");
    let second = asks.iter().find(|ask| ask.path == "/2").unwrap();
    assert_eq!(second.headers["if-modified-since"], "yesterday");
}

#[tokio::test]
async fn what_is_known_and_not_due_is_not_asked_for() {
    let site = Site::of(&[
        ("/rss", rss(&["/1", "/2"])),
        ("/1", html("1")),
        ("/2", html("2")),
    ])
    .await;
    let memory = Arc::new(Memory::default());
    memory
        .articles
        .lock()
        .unwrap()
        .insert("http://news.example/1".to_owned());
    let known = Arc::clone(&memory) as Arc<dyn Known>;
    let (events, report) = run(
        &site,
        vec![SourcePlan {
            known,
            ..of_feed("http://news.example/rss")
        }],
    )
    .await;
    assert_eq!(articles(&events), ["news.example/2"]);
    assert_eq!(report.counts.refused, BTreeMap::from([(Reason::Known, 1)]));
}

#[tokio::test]
async fn one_page_is_fetched_once_whatever_it_is_called() {
    let links = [
        "/1?utm_source=rss",
        "http://m.news.example/1",
        "https://www.news.example/1/",
        "/1#x",
        "/r",
    ];
    let site = Site::of(&[
        ("/rss", rss(&links)),
        ("/1", html("1")),
        ("/r", redirect("/1")),
    ])
    .await;
    let (events, report) = run(&site, vec![of_feed("http://www.news.example/rss")]).await;
    assert_eq!(articles(&events), ["www.news.example/1"]);
    assert_eq!(refused(&events), [("/r".to_owned(), Reason::Duplicate)]);
    assert_eq!(
        report.counts.refused,
        BTreeMap::from([(Reason::Duplicate, 4)])
    );
}

#[tokio::test]
async fn a_redirect_to_another_host_keeps_to_that_hosts_robots() {
    let site = Site::start(|ask| match (ask.host.as_str(), ask.path.as_str()) {
        ("a.example", "/rss") => rss(&["/open", "/closed"]),
        ("a.example", "/open") => redirect("http://b.example/open"),
        ("a.example", "/closed") => redirect("http://b.example/closed"),
        ("b.example", "/open") => html("open"),
        ("b.example", "/robots.txt") => status(200, &[], "User-agent: hedui\nDisallow: /closed"),
        _ => status(404, &[], ""),
    })
    .await;
    let (events, report) = run(&site, vec![of_feed("http://a.example/rss")]).await;
    assert_eq!(articles(&events), ["b.example/open"]);
    assert_eq!(refused(&events), [("/closed".to_owned(), Reason::Robots)]);
    assert_eq!(report.counts.redirects, 2);
    assert!(!site.paths().contains(&"b.example/closed".to_owned()));
    let redirects = events.iter().find_map(|event| match event {
        CrawlEvent::Fetched {
            purpose: Purpose::Article,
            fetched,
            asked,
            ..
        } => match &**fetched {
            Fetched::Content { redirects, .. } => {
                Some((asked.as_str().to_owned(), redirects.len()))
            }
            _ => None,
        },
        _ => None,
    });
    assert_eq!(redirects, Some(("http://a.example/open".to_owned(), 1)));
}

#[tokio::test]
async fn a_redirect_into_a_private_network_is_refused_with_its_reason() {
    let site = Site::of(&[
        ("/rss", rss(&["/1", "http://10.0.0.1/x"])),
        ("/1", redirect("http://169.254.169.254/")),
    ])
    .await;
    let (events, report) = run(&site, vec![of_feed("http://news.example/rss")]).await;
    assert_eq!(
        report.counts.refused,
        BTreeMap::from([(Reason::Address, 2)])
    );
    assert!(articles(&events).is_empty());
}

#[tokio::test]
async fn budgets_hold_and_the_newest_goes_first() {
    let item = |day: u32| {
        format!("<item><link>/{day}</link><pubDate>{day:02} Jan 2100 00:00:00 GMT</pubDate></item>")
    };
    let items: String = [3, 9, 1, 7, 5].map(item).concat();
    let feed = format!("<rss><channel>{items}</channel></rss>");
    let site = Site::start(move |ask| match ask.path.as_str() {
        "/rss" => status(200, &[], &feed),
        "/robots.txt" => status(404, &[], ""),
        _ => html("x"),
    })
    .await;
    let limited = SourcePlan {
        pages_max: Some(2),
        ..of_feed("http://news.example/rss")
    };
    let (events, report) = run(&site, vec![limited]).await;
    assert_eq!(articles(&events), ["news.example/7", "news.example/9"]);
    assert_eq!(
        report.counts.refused,
        BTreeMap::from([(Reason::SourceBudget, 3)])
    );
    assert!(!complete(&events), "the rest is left for the next run");
    let order: Vec<String> = site.paths();
    assert_eq!(order.last().map(String::as_str), Some("news.example/7"));
    let crawl = CrawlSettings {
        pages_max: 3,
        ..CrawlSettings::default()
    };
    let (events, report) = run_with(
        site.settings(),
        crawl,
        vec![of_feed("http://news.example/rss")],
    )
    .await;
    assert_eq!(articles(&events).len(), 3);
    assert_eq!(
        report.counts.refused,
        BTreeMap::from([(Reason::RunBudget, 2)])
    );
    assert!(!complete(&events));
}

#[tokio::test]
async fn a_fault_is_tried_again_and_what_stays_broken_is_left_for_the_next_run() {
    let fails = Arc::new(Mutex::new(HashMap::<String, u32>::new()));
    let site = Site::start(move |ask| {
        let mut fails = fails.lock().unwrap();
        let times = fails.entry(ask.path.clone()).or_default();
        *times += 1;
        match ask.path.as_str() {
            "/rss" => rss(&["/once", "/always", "/forbidden"]),
            "/once" if *times == 1 => status(500, &[], ""),
            "/once" => html("at last"),
            "/always" => status(502, &[], ""),
            "/forbidden" => status(403, &[], ""),
            _ => status(404, &[], ""),
        }
    })
    .await;
    let settings = FetchSettings {
        delay_ms_max: 1,
        ..site.settings()
    };
    let (events, report) = run_with(
        settings,
        CrawlSettings::default(),
        vec![of_feed("http://news.example/rss")],
    )
    .await;
    assert_eq!(articles(&events), ["news.example/once"]);
    let mut failed = failed(&events);
    failed.sort();
    assert_eq!(
        failed,
        [
            ("/always".to_owned(), "status_5xx"),
            ("/forbidden".to_owned(), "status_forbidden")
        ]
    );
    assert_eq!(report.counts.retries, 3);
    assert!(!complete(&events));
}

#[tokio::test]
async fn a_host_that_asks_for_an_hour_is_skipped_and_others_go_on() {
    let site = Site::start(|ask| match (ask.host.as_str(), ask.path.as_str()) {
        (_, "/rss") => rss(&["/1", "/2", "http://other.example/3"]),
        ("busy.example", "/1") => status(429, &[("retry-after", "3600")], ""),
        ("other.example", "/3") => html("3"),
        _ => status(404, &[], ""),
    })
    .await;
    let (events, report) = run(&site, vec![of_feed("http://busy.example/rss")]).await;
    assert_eq!(articles(&events), ["other.example/3"]);
    assert_eq!(
        report.counts.refused,
        BTreeMap::from([(Reason::RetryAfter, 2)])
    );
    assert!(!complete(&events));
}

#[tokio::test]
async fn a_page_in_the_place_of_a_feed_names_the_feed() {
    let page = "<link rel='alternate' type='application/rss+xml' href='/real.xml'>";
    let site = Site::of(&[
        ("/", html(page)),
        ("/real.xml", rss(&["/1"])),
        ("/1", html("1")),
    ])
    .await;
    let (events, _) = run(&site, vec![of_feed("http://news.example/")]).await;
    assert_eq!(articles(&events), ["news.example/1"]);
}

#[tokio::test]
async fn sitemaps_of_robots_are_read_where_a_source_has_nothing_better() {
    let site = Site::of(&[
        (
            "/robots.txt",
            status(200, &[], "Sitemap: http://news.example/map.xml"),
        ),
        (
            "/map.xml",
            status(200, &[], "<urlset><url><loc>/1</loc></url></urlset>"),
        ),
        ("/rss", rss(&[])),
        ("/section", html("nothing")),
        ("/1", html("1")),
    ])
    .await;
    let section = SourcePlan {
        sections: vec![url("http://news.example/section")],
        ..plan("news")
    };
    assert_eq!(
        articles(&run(&site, vec![section.clone()]).await.0),
        ["news.example/1"]
    );
    let with_feed = SourcePlan {
        feeds: vec![url("http://news.example/rss")],
        ..section
    };
    assert!(articles(&run(&site, vec![with_feed]).await.0).is_empty());
}

#[tokio::test]
async fn a_cancelled_run_ends_and_says_what_is_left() {
    let site = Site::start(|ask| match ask.path.as_str() {
        "/rss" => rss(&["/1", "/2", "/3"]),
        "/robots.txt" => status(404, &[], ""),
        // Never answered.
        _ => Reply::Hang(Vec::new()),
    })
    .await;
    let (sink, mut events) = mpsc::channel(1);
    let cancel = CancellationToken::new();
    let token = cancel.clone();
    let collect = tokio::spawn(async move {
        let mut all = Vec::new();
        while let Some(event) = events.recv().await {
            if matches!(
                event,
                CrawlEvent::Fetched {
                    purpose: Purpose::Feed,
                    ..
                }
            ) {
                token.cancel();
            }
            all.push(event);
        }
        all
    });
    let mut crawler = Crawler::new(site.client(), CrawlSettings::default());
    let report = crawler
        .run(
            vec![of_feed("http://news.example/rss"), plan("empty")],
            sink,
            cancel,
        )
        .await;
    let events = collect.await.unwrap();
    assert!(report.interrupted);
    assert_eq!(
        fetched(&events),
        [
            "feed news.example/rss 200",
            "robots news.example/robots.txt 404"
        ]
    );
    let done = done(&events);
    assert_eq!((done["news"].1, done["empty"].1), (false, true));
}

#[tokio::test]
async fn a_run_whose_events_nobody_takes_ends() {
    let site = Site::of(&[("/rss", rss(&["/1"])), ("/1", html("1"))]).await;
    let (sink, events) = mpsc::channel(1);
    drop(events);
    let cancel = CancellationToken::new();
    let mut crawler = Crawler::new(site.client(), CrawlSettings::default());
    let report = crawler
        .run(
            vec![of_feed("http://news.example/rss")],
            sink,
            cancel.clone(),
        )
        .await;
    assert!(report.interrupted && !cancel.is_cancelled());
}

#[tokio::test]
async fn an_empty_plan_is_done_at_once() {
    let site = Site::of(&[]).await;
    let (events, report) = run(&site, Vec::new()).await;
    assert!(events.is_empty() && report == CrawlReport::default());
}

#[tokio::test]
async fn a_wall_is_told_by_its_kind_and_the_host_is_left_alone() {
    const WALL: &str =
        "<title>Just a moment...</title><p>Checking your browser before accessing paper.example.";
    const CAPTCHA: &str = "<title>人机验证</title><p>请完成安全验证";
    let links: Vec<String> = (0..6).map(|n| format!("/{n}")).collect();
    let links: Vec<&str> = links.iter().map(String::as_str).collect();
    let feed = rss(&links);
    let site = Site::start(move |ask| match (ask.host.as_str(), ask.path.as_str()) {
        (_, "/robots.txt") => status(404, &[], ""),
        ("wallfeed.example", "/rss") => html(CAPTCHA),
        (_, "/rss") => feed.clone(),
        ("wall.example", _) => html(WALL),
        ("mixed.example", "/1" | "/3" | "/5") => html(CAPTCHA),
        _ => html("<title>Chips</title><article><p>The plant will cost $16.5 billion.</article>"),
    })
    .await;
    let plans = ["wall", "mixed", "wallfeed"]
        .map(|id| SourcePlan {
            id: id.parse().unwrap(),
            ..of_feed(&format!("http://{id}.example/rss"))
        })
        .to_vec();
    let (events, _) = run(&site, plans).await;
    let of = |id: &str| -> Vec<&'static str> {
        let reasons = events.iter().filter_map(|event| match event {
            CrawlEvent::Failed { source, error, .. } if source.as_str() == id => {
                Some(error.reason())
            }
            _ => None,
        });
        reasons.collect()
    };
    assert_eq!(
        of("wall"),
        ["blocked_bot_wall"; 3],
        "the fourth is not asked for"
    );
    assert_eq!(of("mixed"), ["blocked_captcha"; 3], "none of them in a row");
    assert_eq!(of("wallfeed"), ["blocked_captcha"]);
    let left: Vec<Reason> = refused(&events)
        .into_iter()
        .map(|(_, reason)| reason)
        .collect();
    assert_eq!(left, [Reason::Blocked; 3]);
    assert_eq!(articles(&events).len(), 3, "{:?}", articles(&events));
    for (id, (_, complete)) in done(&events) {
        assert!(!complete, "{id}: the next run tries again");
    }
}

/// Knows that feeds whose path holds a word are to be left alone.
#[derive(Debug)]
struct Resting(&'static str);

impl Known for Resting {
    fn validators(&self, _url: &str) -> Option<Validators> {
        None
    }

    fn rests(&self, url: &str) -> bool {
        url.contains(self.0)
    }

    fn wants(&self, _url: &str, _hint: &Hint) -> Want {
        Want::Fetch
    }

    fn due(&self, _source: &SourceId) -> Vec<String> {
        Vec::new()
    }
}

#[tokio::test]
async fn a_feed_that_rests_is_left_alone_and_the_source_is_complete() {
    let section = "<link rel=alternate type='application/rss+xml' href='/found-quiet'>";
    let site = Site::of(&[
        ("/robots.txt", status(404, &[], "")),
        ("/quiet", rss(&["/a"])),
        ("/busy", rss(&["/b"])),
        ("/found-quiet", rss(&["/c"])),
        ("/section", html(section)),
        ("/b", html("b")),
    ])
    .await;
    let source = SourcePlan {
        feeds: vec![
            url("http://paper.example/quiet"),
            url("http://paper.example/busy"),
        ],
        known: Arc::new(Resting("quiet")),
        ..plan("paper")
    };
    let by_section = SourcePlan {
        sections: vec![url("http://paper.example/section")],
        known: Arc::new(Resting("quiet")),
        ..plan("section")
    };
    let (events, report) = run(&site, vec![source, by_section]).await;
    assert_eq!(articles(&events), ["paper.example/b"]);
    assert_eq!(report.counts.refused[&Reason::Resting], 2);
    assert!(complete(&events));
    assert!(!site.paths().iter().any(|path| path.contains("quiet")));
}
