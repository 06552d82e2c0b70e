//! Crawls of a sample web in virtual time: how often, how many at once, how long.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use hedui_model::{Exchange, Fetched};
use url::Url;

use super::*;

/// How the sample web answers a host and path.
type Pages = dyn Fn(&str, &str) -> Page + Send + Sync;

/// An answer of the sample web.
#[derive(Clone, Default)]
struct Page {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: String,
    takes: Duration,
    hangs: bool,
}

/// What the sample web saw of one request.
#[derive(Clone, Debug)]
struct Seen {
    host: String,
    begun: Duration,
    ended: Duration,
}

#[derive(Clone)]
struct Sample {
    client: Client,
    pages: Arc<Pages>,
    start: Instant,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Web for Sample {
    fn client(&self) -> &Client {
        &self.client
    }

    async fn exchange(&self, request: &Request) -> Result<Answer, FetchError> {
        let host = request.url.host_str().unwrap().to_owned();
        let begun = self.start.elapsed();
        let page = (self.pages)(&host, request.url.path());
        tokio::time::sleep(page.takes).await;
        let ended = self.start.elapsed();
        self.seen.lock().unwrap().push(Seen {
            host: host.clone(),
            begun,
            ended,
        });
        if page.hangs {
            return Err(FetchError::Timeout {
                host,
                phase: crate::Phase::FirstByte,
                limit: page.takes,
            });
        }
        let exchange = Exchange {
            url: request.url.as_str().to_owned(),
            peer: None,
            at: self.client.now(),
            request: Vec::new(),
            status: page.status,
            reason: String::new(),
            headers: page
                .headers
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value.into_bytes()))
                .collect(),
            body: page.body.clone().into_bytes(),
            truncated: false,
        };
        Ok(Answer {
            exchange,
            decoded: page.body.into_bytes(),
            held: crate::Held::default(),
        })
    }
}

fn ok(body: String) -> Page {
    Page {
        status: 200,
        body,
        takes: Duration::from_millis(20),
        ..Page::default()
    }
}

fn missing() -> Page {
    Page {
        status: 404,
        takes: Duration::from_millis(20),
        ..Page::default()
    }
}

fn feed(pages: usize) -> Page {
    let items: String = (0..pages)
        .map(|page| format!("<item><link>/{page}</link></item>"))
        .collect();
    ok(format!("<rss><channel>{items}</channel></rss>"))
}

fn settings() -> FetchSettings {
    FetchSettings::default()
}

fn plan(host: &str) -> SourcePlan {
    SourcePlan {
        id: host.parse().unwrap(),
        feeds: vec![Url::parse(&format!("http://{host}/rss")).unwrap()],
        sitemaps: Vec::new(),
        sections: Vec::new(),
        pages_max: None,
        known: Arc::new(KnowsNothing),
    }
}

/// What a run in virtual time did.
struct Ran {
    seen: Vec<Seen>,
    pages: Vec<String>,
    report: CrawlReport,
    took: Duration,
}

impl Ran {
    fn of(&self, host: &str) -> Vec<&Seen> {
        self.seen.iter().filter(|seen| seen.host == host).collect()
    }

    /// Returns the shortest time between the starts of two requests to one host.
    fn shortest_gap(&self) -> Duration {
        let mut last: BTreeMap<&str, Duration> = BTreeMap::new();
        let mut seen: Vec<&Seen> = self.seen.iter().collect();
        seen.sort_by_key(|seen| seen.begun);
        let gaps = seen
            .iter()
            .filter_map(|seen| Some(seen.begun - last.insert(&seen.host, seen.begun)?));
        gaps.min().unwrap()
    }

    fn most_at_once(&self) -> usize {
        let at = |time: Duration| {
            self.seen
                .iter()
                .filter(|seen| seen.begun <= time && time < seen.ended)
                .count()
        };
        self.seen.iter().map(|seen| at(seen.begun)).max().unwrap()
    }
}

async fn run(
    settings: FetchSettings,
    hosts: &[&str],
    pages: impl Fn(&str, &str) -> Page + Send + Sync + 'static,
) -> Ran {
    let web = Sample {
        client: Client::new(settings).unwrap(),
        pages: Arc::new(pages),
        start: Instant::now(),
        seen: Arc::default(),
    };
    let (sink, mut events) = mpsc::channel(4);
    let collect = tokio::spawn(async move {
        let mut pages = Vec::new();
        while let Some(event) = events.recv().await {
            if let CrawlEvent::Fetched {
                purpose: Purpose::Article,
                fetched,
                ..
            } = event
                && let Fetched::Content { exchange, .. } = *fetched
            {
                pages.push(exchange.url);
            }
        }
        pages
    });
    let plan = hosts.iter().map(|host| plan(host)).collect();
    let cancel = CancellationToken::new();
    let report = crawl(
        web.clone(),
        &CrawlSettings::default(),
        Shared::default(),
        plan,
        sink,
        cancel,
    )
    .await;
    let seen = web.seen.lock().unwrap().clone();
    Ran {
        seen,
        pages: collect.await.unwrap(),
        report,
        took: web.start.elapsed(),
    }
}

#[tokio::test(start_paused = true)]
async fn a_host_is_asked_once_a_second_and_hosts_do_not_wait_for_each_other() {
    let hosts: Vec<String> = (0..50).map(|host| format!("h{host}.example")).collect();
    let hosts: Vec<&str> = hosts.iter().map(String::as_str).collect();
    let ran = run(settings(), &hosts, |_, path| match path {
        "/robots.txt" => missing(),
        "/rss" => feed(20),
        _ => ok(String::new()),
    })
    .await;
    assert_eq!(ran.pages.len(), 50 * 20);
    assert!(
        ran.shortest_gap() >= Duration::from_secs(1),
        "{:?}",
        ran.shortest_gap()
    );
    assert!(ran.most_at_once() <= 16, "{}", ran.most_at_once());
    // Of 22 requests a host, one a second, the last begins after 21 seconds.
    assert!(
        ran.took < Duration::from_millis(21_000 * 11 / 10),
        "{:?}",
        ran.took
    );
}

#[tokio::test(start_paused = true)]
async fn two_sources_of_one_host_share_its_pace() {
    let ran = run(
        settings(),
        &["a.example", "b.example"],
        |host, path| match (host, path) {
            ("b.example", "/rss") => ok(
                "<rss><channel><item><link>http://a.example/x</link></item></channel></rss>"
                    .to_owned(),
            ),
            (_, "/robots.txt") => missing(),
            (_, "/rss") => feed(5),
            _ => ok(String::new()),
        },
    )
    .await;
    assert_eq!(ran.pages.len(), 6);
    assert_eq!(ran.of("a.example").len(), 8);
    assert!(ran.shortest_gap() >= Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn a_crawl_delay_goes_before_the_settings() {
    let ran = run(settings(), &["slow.example"], |_, path| match path {
        "/robots.txt" => ok("User-agent: *\nCrawl-delay: 7".to_owned()),
        "/rss" => feed(3),
        _ => ok(String::new()),
    })
    .await;
    assert_eq!(ran.pages.len(), 3);
    assert!(ran.shortest_gap() >= Duration::from_secs(7));
    let ran = run(settings(), &["never.example"], |_, path| match path {
        "/robots.txt" => ok("User-agent: *\nCrawl-delay: 3600".to_owned()),
        _ => feed(3),
    })
    .await;
    assert_eq!(ran.seen.len(), 1);
    assert_eq!(
        ran.report.counts.refused,
        BTreeMap::from([(Reason::CrawlDelay, 1)])
    );
}

#[tokio::test(start_paused = true)]
async fn a_slow_host_is_asked_less_often() {
    let ran = run(settings(), &["slow.example"], |_, path| match path {
        "/robots.txt" => missing(),
        "/rss" => Page {
            takes: Duration::from_secs(4),
            ..feed(5)
        },
        _ => Page {
            takes: Duration::from_secs(4),
            ..ok(String::new())
        },
    })
    .await;
    let begun: Vec<Duration> = ran
        .of("slow.example")
        .iter()
        .map(|seen| seen.begun)
        .collect();
    let last = begun.last().unwrap().saturating_sub(begun[begun.len() - 2]);
    assert!(last > Duration::from_secs(8), "{begun:?}");
}

#[tokio::test(start_paused = true)]
async fn retry_after_is_kept() {
    let busy = Arc::new(Mutex::new(true));
    let ran = run(settings(), &["busy.example"], move |_, path| match path {
        "/robots.txt" => missing(),
        "/rss" => feed(2),
        _ if std::mem::take(&mut *busy.lock().unwrap()) => Page {
            status: 503,
            headers: vec![("retry-after", "90".to_owned())],
            ..Page::default()
        },
        _ => ok(String::new()),
    })
    .await;
    assert_eq!(ran.pages.len(), 2);
    let seen = ran.of("busy.example");
    assert!(
        seen[3].begun - seen[2].ended >= Duration::from_secs(90),
        "{seen:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_dead_host_is_given_up_and_does_not_cost_its_neighbours_time() {
    let mut hosts: Vec<String> = (0..60).map(|host| format!("dead{host}.example")).collect();
    hosts.push("alive.example".to_owned());
    let hosts: Vec<&str> = hosts.iter().map(String::as_str).collect();
    let ran = run(settings(), &hosts, |host, path| match (host, path) {
        (_, "/robots.txt") => missing(),
        (_, "/rss") => feed(30),
        ("alive.example", _) => ok(String::new()),
        _ => Page {
            takes: Duration::from_secs(20),
            hangs: true,
            ..Page::default()
        },
    })
    .await;
    assert_eq!(ran.pages.len(), 30);
    let alive = ran.of("alive.example");
    // The first stalls come all at once, 60 for 16 slots; later ones are in a lane of their own.
    let took = alive.last().unwrap().ended;
    assert!(took < Duration::from_secs(31 + 8), "{took:?}");
    let dead = ran.of("dead0.example").len();
    assert!(dead <= 2 + 6, "{dead} requests to a dead host");
    assert!(ran.report.counts.refused[&Reason::Faults] > 60 * 20);
}

#[tokio::test(start_paused = true)]
async fn a_full_channel_holds_the_crawl_back() {
    let web = Sample {
        client: Client::new(FetchSettings {
            hosts_at_once: 2,
            ..settings()
        })
        .unwrap(),
        pages: Arc::new(|_, path| match path {
            "/robots.txt" => missing(),
            "/rss" => feed(50),
            _ => ok(String::new()),
        }),
        start: Instant::now(),
        seen: Arc::default(),
    };
    let (sink, mut events) = mpsc::channel(1);
    let hosts: Vec<SourcePlan> = (0..10)
        .map(|host| plan(&format!("h{host}.example")))
        .collect();
    let copy = web.clone();
    let settings = CrawlSettings::default();
    let task = tokio::spawn(async move {
        crawl(
            copy,
            &settings,
            Shared::default(),
            hosts,
            sink,
            CancellationToken::new(),
        )
        .await
    });
    tokio::time::sleep(Duration::from_secs(600)).await;
    // One event in the channel, and one waiting in each slot.
    assert!(
        web.seen.lock().unwrap().len() <= 3,
        "{:?}",
        web.seen.lock().unwrap()
    );
    while events.recv().await.is_some() {}
    assert_eq!(task.await.unwrap().counts.pages, 500);
}
