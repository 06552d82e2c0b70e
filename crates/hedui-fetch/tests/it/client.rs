//! Single URLs: what is sent, what comes back, what is refused.

use hedui_fetch::{
    Accept, Client, ErrorSource, FetchError, FetchSettings, Override, Retry, Validators,
};
use hedui_model::Fetched;

use crate::support::{Reply, Site, get, html, redirect, status};

fn content(fetched: Fetched) -> (hedui_model::Exchange, Vec<u8>, usize) {
    match fetched {
        Fetched::Content {
            exchange,
            redirects,
            decoded,
        } => (exchange, decoded, redirects.len()),
        other => panic!("no content: {other:?}"),
    }
}

#[tokio::test]
async fn a_page_is_kept_as_it_was_on_the_wire() {
    let site = Site::of(&[(
        "/a?b=1",
        status(
            200,
            &[("etag", "\"x\""), ("content-type", "text/html")],
            "<p>核对",
        ),
    )])
    .await;
    let fetched = site
        .client()
        .fetch(get("http://user:secret@news.example/a?b=1#c"))
        .await
        .unwrap();
    let (exchange, decoded, _) = content(fetched);
    assert_eq!(exchange.url, "http://news.example/a?b=1");
    assert_eq!(exchange.peer, Some(site.address.to_string()));
    assert_eq!((exchange.status, exchange.truncated), (200, false));
    assert_eq!(exchange.body, "<p>核对".as_bytes());
    assert_eq!(decoded, exchange.body);
    assert_eq!(
        Validators::of(&exchange).unwrap().etag.as_deref(),
        Some("\"x\"")
    );
    let sent = String::from_utf8(exchange.request).unwrap();
    assert!(
        sent.starts_with("GET /a?b=1 HTTP/1.1\r\n") && sent.ends_with("\r\n\r\n"),
        "{sent}"
    );
    assert!(sent.contains("\r\nhost: news.example\r\n"), "{sent}");
    let ask = site.asks().remove(0);
    for (name, value) in &ask.headers {
        assert!(
            sent.contains(&format!("\r\n{name}: {value}\r\n")),
            "{name}: {value} was sent but not written down"
        );
    }
    assert!(
        ask.headers["user-agent"].starts_with("hedui/")
            && ask.headers["user-agent"].contains("test@example.org")
    );
    for absent in [
        "cookie",
        "referer",
        "authorization",
        "if-none-match",
        "if-modified-since",
    ] {
        assert!(!ask.headers.contains_key(absent), "{absent}");
    }
}

#[tokio::test]
async fn a_connection_is_used_again() {
    let site = Site::of(&[("/1", html("1")), ("/2", html("2"))]).await;
    let client = site.client();
    for path in ["/1", "/2", "/1"] {
        client
            .fetch(get(&format!("http://news.example{path}")))
            .await
            .unwrap();
    }
    assert_eq!(site.connections(), 1);
}

#[tokio::test]
async fn an_unchanged_page_is_not_sent_again() {
    let site = Site::start(|ask| {
        if ask.headers.contains_key("if-modified-since") {
            status(304, &[], "")
        } else {
            html("new")
        }
    })
    .await;
    let known = Validators {
        etag: None,
        last_modified: Some("Wed, 24 Sep 2025 08:00:00 GMT".to_owned()),
    };
    let fetched = site
        .client()
        .fetch(get("http://news.example/").unless(Some(known)))
        .await
        .unwrap();
    assert!(matches!(fetched, Fetched::NotModified(exchange) if exchange.status == 304));
    assert_eq!(
        site.asks()[0].headers["if-modified-since"],
        "Wed, 24 Sep 2025 08:00:00 GMT"
    );
    let unfit = Validators {
        etag: Some("a\r\nx-evil: 1".to_owned()),
        last_modified: None,
    };
    content(
        site.client()
            .fetch(get("http://news.example/").unless(Some(unfit)))
            .await
            .unwrap(),
    );
    assert!(!site.asks()[0].headers.contains_key("x-evil"));
}

#[tokio::test]
async fn unchanged_is_no_answer_to_an_unconditional_request() {
    let site = Site::of(&[("/", status(304, &[], ""))]).await;
    let error = site
        .client()
        .fetch(get("http://news.example/"))
        .await
        .unwrap_err();
    assert!(matches!(error, FetchError::Status { status: 304, .. }));
}

#[tokio::test]
async fn every_status_says_whether_to_try_again() {
    let site = Site::start(|ask| {
        let code: u16 = ask.path.trim_start_matches('/').parse().unwrap();
        status(code, &[("retry-after", "7")], "no")
    })
    .await;
    let later = Retry::Later(Some(std::time::Duration::from_secs(7)));
    let cases = [
        (403, Retry::Never, "status_forbidden"),
        (400, Retry::Never, "status_4xx"),
        (429, later, "status_too_many_requests"),
        (500, Retry::Later(None), "status_5xx"),
        (501, Retry::Never, "status_5xx"),
        (503, later, "status_unavailable"),
        (302, Retry::Never, "status_other"),
    ];
    for (code, retry, reason) in cases {
        let error = site
            .client()
            .fetch(get(&format!("http://news.example/{code}")))
            .await
            .unwrap_err();
        assert_eq!(
            (error.retry(), error.reason(), error.fault()),
            (retry, reason, ErrorSource::Site),
            "{code}"
        );
    }
    for code in [404, 410] {
        let fetched = site
            .client()
            .fetch(get(&format!("http://news.example/{code}")))
            .await
            .unwrap();
        assert!(
            matches!(fetched, Fetched::Gone(exchange) if exchange.body == b"no"),
            "{code}"
        );
    }
}

#[tokio::test]
async fn redirects_are_followed_and_kept() {
    let site = Site::of(&[
        ("/1", redirect("/2")),
        (
            "/2",
            status(302, &[("location", "http://other.example/3#top")], "moved"),
        ),
        ("/3", html("here")),
    ])
    .await;
    let fetched = site
        .client()
        .fetch(get("http://news.example/1"))
        .await
        .unwrap();
    let Fetched::Content {
        exchange,
        redirects,
        ..
    } = fetched
    else {
        panic!("{fetched:?}")
    };
    assert_eq!(exchange.url, "http://other.example/3");
    let passed: Vec<&str> = redirects
        .iter()
        .map(|exchange| exchange.url.as_str())
        .collect();
    assert_eq!(passed, ["http://news.example/1", "http://news.example/2"]);
    assert_eq!(redirects[1].body, b"moved");
}

#[tokio::test]
async fn redirects_end() {
    let site = Site::start(|ask| match ask.path.as_str() {
        "/loop" => redirect("/back"),
        "/back" => redirect("/loop"),
        "/self" => redirect("/self"),
        "/nowhere" => redirect("http://[::"),
        "/mail" => redirect("mailto:a@b.example"),
        path => redirect(&format!("{path}x")),
    })
    .await;
    let client = site.client();
    let error = async |path: &str| {
        client
            .fetch(get(&format!("http://news.example{path}")))
            .await
            .unwrap_err()
    };
    assert!(matches!(error("/loop").await, FetchError::RedirectLoop(_)));
    assert!(matches!(error("/self").await, FetchError::RedirectLoop(_)));
    assert!(matches!(error("/nowhere").await, FetchError::Url(_)));
    assert!(matches!(error("/mail").await, FetchError::Url(_)));
    site.asks();
    assert!(matches!(
        error("/y").await,
        FetchError::TooManyRedirects { limit: 5 }
    ));
    assert_eq!(site.asks().len(), 6);
}

#[tokio::test]
async fn a_redirect_into_a_private_network_is_not_followed() {
    let inner = Site::of(&[("/", html("secret"))]).await;
    let port = inner.address.port();
    let targets = [
        format!("http://127.0.0.1:{port}/"),
        format!("http://2130706433:{port}/"),
        format!("http://0x7f.1:{port}/"),
        format!("http://0177.0.0.1:{port}/"),
        format!("http://[::ffff:127.0.0.1]:{port}/"),
        format!("http://[::1]:{port}/"),
        format!("http://localhost:{port}/"),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
    ];
    for target in targets {
        let to = target.clone();
        let site = Site::start(move |_| redirect(&to)).await;
        let error = site
            .client()
            .fetch(get("http://news.example/"))
            .await
            .unwrap_err();
        assert!(
            matches!(error, FetchError::Address { .. }),
            "{target}: {error:?}"
        );
        assert_eq!(
            (error.fault(), error.retry()),
            (ErrorSource::Policy, Retry::Never)
        );
    }
    assert_eq!(inner.connections(), 0);
}

#[tokio::test]
async fn a_name_that_leads_to_loopback_is_refused_unless_allowed() {
    let site = Site::of(&[("/", html("inside"))]).await;
    let address = format!("http://localhost:{}/", site.address.port());
    let refusing = Client::new(FetchSettings::default()).unwrap();
    assert!(matches!(
        refusing.fetch(get(&address)).await,
        Err(FetchError::Address { .. })
    ));
    assert_eq!(site.connections(), 0);
    let allow_networks = vec!["127.0.0.0/8".parse().unwrap()];
    let allowing = Client::new(FetchSettings {
        allow_networks,
        ..FetchSettings::default()
    })
    .unwrap();
    assert_eq!(
        content(allowing.fetch(get(&address)).await.unwrap()).1,
        b"inside"
    );
}

#[tokio::test]
async fn an_override_opens_its_own_hosts_only() {
    let site = Site::of(&[("/", html("x"))]).await;
    let client = site.client();
    assert!(client.fetch(get("http://news.example/")).await.is_ok());
    let literal = format!("http://{}/", site.address);
    assert!(matches!(
        client.fetch(get(&literal)).await,
        Err(FetchError::Address { .. })
    ));
}

#[tokio::test]
async fn a_host_that_does_not_answer_is_the_networks_fault() {
    // A port that was just free: nobody listens there.
    let address = std::net::TcpListener::bind(("127.0.0.1", 0))
        .unwrap()
        .local_addr()
        .unwrap();
    let overrides = vec![Override {
        suffix: "closed.example".to_owned(),
        address,
    }];
    let client = Client::new(FetchSettings {
        overrides,
        ..FetchSettings::default()
    })
    .unwrap();
    let error = client
        .fetch(get("http://closed.example/"))
        .await
        .unwrap_err();
    assert!(matches!(error, FetchError::Connect { .. }), "{error:?}");
    assert_eq!(
        (error.fault(), error.retry()),
        (ErrorSource::Network, Retry::Later(None))
    );
}

#[tokio::test]
async fn content_that_no_reader_can_use_is_not_read() {
    let site = Site::start(|ask| {
        let media = ask.path.trim_start_matches('/').replace('_', "/");
        let head = format!("HTTP/1.1 200 OK\r\ncontent-type: {media}\r\n\r\n");
        if ask.path.starts_with("/video") || ask.path.starts_with("/application_zip") {
            Reply::Endless(head.into_bytes(), vec![0; 65536])
        } else {
            Reply::Close(head.into_bytes())
        }
    })
    .await;
    for media in ["video_mp4", "application_zip"] {
        let error = site
            .client()
            .fetch(get(&format!("http://news.example/{media}")))
            .await
            .unwrap_err();
        assert!(
            matches!(error, FetchError::MediaType(_)),
            "{media}: {error:?}"
        );
    }
    for media in [
        "text_html;charset=gbk",
        "application_xhtml+xml",
        "application_pdf",
        "nonsense",
        "",
    ] {
        let fetched = site
            .client()
            .fetch(get(&format!("http://news.example/{media}")))
            .await;
        assert!(fetched.is_ok(), "{media}: {fetched:?}");
    }
    let packed = get("http://news.example/application_gzip").accept(Accept::Sitemap);
    assert!(site.client().fetch(packed).await.is_ok());
}

#[tokio::test]
async fn settings_that_cannot_work_are_refused_at_once() {
    let user_agent = "核对/1".to_owned();
    let refused = Client::new(FetchSettings {
        user_agent,
        ..FetchSettings::default()
    });
    assert!(matches!(refused, Err(FetchError::Settings(_))));
    let refused = Client::new(FetchSettings {
        extra_roots: vec![vec![1, 2, 3]],
        ..FetchSettings::default()
    });
    assert!(matches!(refused, Err(FetchError::Settings(_))));
}

#[tokio::test]
async fn limits_without_end_are_no_danger() {
    let body = vec![b'x'; 3 << 20];
    let site = Site::of(&[("/", status(200, &[], &body))]).await;
    let settings = FetchSettings {
        body_bytes_max: u64::MAX,
        decoded_bytes_max: u64::MAX,
        ..site.settings()
    };
    let fetched = Client::new(settings)
        .unwrap()
        .fetch(get("http://news.example/"))
        .await
        .unwrap();
    assert_eq!(content(fetched).1, body);
}
