//! Headers, cookies and proxies of single hosts: sent where they belong, and nowhere else.

use hedui_fetch::{Client, ExtraHeader, FetchSettings, HostRule, Override, Route, Secret};
use hedui_model::{Exchange, Fetched};

use crate::support::{Ask, Reply, Site, get, html, redirect};

fn header(name: &str, value: &str, is_secret: bool) -> ExtraHeader {
    ExtraHeader {
        name: name.to_owned(),
        value: Secret::new(value),
        is_secret,
    }
}

fn rule(host: &str, headers: Vec<ExtraHeader>, over_http: bool) -> HostRule {
    HostRule {
        host: host.to_owned(),
        headers,
        over_http,
        ..HostRule::default()
    }
}

fn sent(ask: &Ask, name: &str) -> Option<String> {
    ask.headers.get(name).cloned()
}

fn exchanges(fetched: Fetched) -> Vec<Exchange> {
    let Fetched::Content {
        exchange,
        mut redirects,
        ..
    } = fetched
    else {
        panic!("no content: {fetched:?}");
    };
    redirects.push(exchange);
    redirects
}

#[tokio::test]
async fn what_a_host_is_sent_is_not_sent_on() {
    let site = Site::start(|ask| match (ask.host.as_str(), ask.path.as_str()) {
        ("paper.example", "/") => redirect("http://other.example/"),
        _ => html("ok"),
    })
    .await;
    let headers = vec![
        header("Cookie", "session=s3cret", true),
        header("Authorization", "Bearer t0ken", false),
        header("Accept-Language", "zh-TW", false),
    ];
    let client = Client::new(FetchSettings {
        hosts: vec![rule("paper.example", headers, true)],
        ..site.settings()
    })
    .unwrap();
    let fetched = client.fetch(get("http://paper.example/")).await.unwrap();
    client.fetch(get("http://m.paper.example/")).await.unwrap();
    let asks = site.asks();
    let [own, other, below] = asks.as_slice() else {
        panic!("{asks:?}");
    };
    assert_eq!(sent(own, "cookie").as_deref(), Some("session=s3cret"));
    assert_eq!(sent(own, "authorization").as_deref(), Some("Bearer t0ken"));
    assert_eq!(sent(own, "accept-language").as_deref(), Some("zh-TW"));
    for stranger in [other, below] {
        for name in ["cookie", "authorization", "accept-language"] {
            assert_eq!(sent(stranger, name), None, "{name} to {}", stranger.host);
        }
    }
    let kept: String = exchanges(fetched)
        .iter()
        .map(|exchange| String::from_utf8(exchange.request.clone()).unwrap())
        .collect();
    assert!(kept.contains("accept-language: zh-TW"), "{kept}");
    assert!(kept.contains("cookie: [left out]"), "{kept}");
    assert!(
        !kept.contains("s3cret") && !kept.contains("t0ken"),
        "{kept}"
    );
    assert!(!format!("{client:?}").contains("s3cret"));
}

#[tokio::test]
async fn secrets_are_not_sent_without_tls_unless_the_rule_says_so() {
    let site = Site::of(&[("/", html("ok"))]).await;
    let headers = vec![
        header("Cookie", "session=s3cret", true),
        header("X-Edition", "asia", false),
    ];
    let client = Client::new(FetchSettings {
        hosts: vec![rule(".paper.example", headers, false)],
        ..site.settings()
    })
    .unwrap();
    client.fetch(get("http://m.paper.example/")).await.unwrap();
    let asks = site.asks();
    assert_eq!(sent(&asks[0], "cookie"), None);
    assert_eq!(sent(&asks[0], "x-edition").as_deref(), Some("asia"));
}

#[tokio::test]
async fn what_cannot_be_sent_is_refused_at_once_and_not_shown() {
    let refused = |rule: HostRule| {
        let settings = FetchSettings {
            hosts: vec![rule],
            ..FetchSettings::default()
        };
        Client::new(settings).unwrap_err().to_string()
    };
    let header =
        |name: &str, value: &str| rule("a.example", vec![header(name, value, true)], false);
    assert!(refused(header("User-Agent", "Mozilla")).contains("user-agent"));
    assert!(refused(header("Host", "b.example")).contains("host"));
    assert!(refused(header("no name", "x")).contains("no name"));
    let error = refused(header("x-token", "s3cret\r\nx: y"));
    assert!(
        error.contains("x-token") && !error.contains("s3cret"),
        "{error}"
    );
    let proxy = |address: &str| HostRule {
        host: "a.example".to_owned(),
        route: Route::Through(Secret::new(address)),
        ..HostRule::default()
    };
    for address in [
        "ftp://me:s3cret@proxy.example",
        "socks5://me:s3cret@proxy.example",
        "s3cret",
    ] {
        let error = refused(proxy(address));
        assert!(
            error.contains("proxy") && !error.contains("s3cret"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_proxy_is_used_for_its_hosts_and_only_for_them() {
    let proxy = Site::start(|_| html("from the proxy")).await;
    let site = Site::start(|_| html("straight")).await;
    let client = Client::new(FetchSettings {
        route: Route::Through(Secret::new(format!("http://me:s3cret@{}", proxy.address))),
        hosts: vec![HostRule {
            host: "near.example".to_owned(),
            route: Route::Direct,
            ..HostRule::default()
        }],
        overrides: vec![Override {
            suffix: "near.example".to_owned(),
            address: site.address,
        }],
        ..FetchSettings::default()
    })
    .unwrap();
    let far = client.fetch(get("http://far.example/x?y=1")).await.unwrap();
    let far = exchanges(far);
    let exchange = far.last().unwrap();
    assert_eq!(exchange.body, b"from the proxy");
    assert_eq!(exchange.peer, None, "the proxy is not the host");
    let kept = String::from_utf8(exchange.request.clone()).unwrap();
    assert!(
        !kept.contains("proxy-auth") && !kept.contains("s3cret"),
        "{kept}"
    );
    let near = client.fetch(get("http://near.example/")).await.unwrap();
    assert_eq!(exchanges(near).last().unwrap().body, b"straight");
    let asks = proxy.asks();
    assert_eq!(asks.len(), 1);
    assert_eq!(asks[0].path, "http://far.example/x?y=1");
    assert!(
        asks[0]
            .headers
            .get("proxy-authorization")
            .is_some_and(|value| value.starts_with("Basic "))
    );
    assert!(
        site.asks()
            .iter()
            .all(|ask| !ask.headers.contains_key("proxy-authorization"))
    );
}

#[tokio::test]
async fn behind_a_proxy_private_addresses_are_refused_all_the_same() {
    let proxy = Site::start(|ask| match ask.path.as_str() {
        "http://far.example/" => redirect("http://169.254.169.254/latest/meta-data/"),
        _ => Reply::Close(Vec::new()),
    })
    .await;
    let client = Client::new(FetchSettings {
        route: Route::Through(Secret::new(format!("http://{}", proxy.address))),
        ..FetchSettings::default()
    })
    .unwrap();
    for url in ["http://far.example/", "http://10.0.0.1/", "http://[::1]/"] {
        let error = client.fetch(get(url)).await.unwrap_err();
        assert_eq!(error.reason(), "address", "{url}");
    }
    assert_eq!(proxy.asks().len(), 1);
}
