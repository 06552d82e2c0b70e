//! A small server whose answers a test scripts, and short ways to ask it.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use hedui_fetch::{Client, FetchSettings, Override, Request};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use url::Url;

/// A request as the server saw it.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    pub(crate) host: String,
    pub(crate) path: String,
    pub(crate) headers: BTreeMap<String, String>,
}

/// What the server does.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    /// Sends this and waits for the next request.
    Send(Vec<u8>),
    /// Sends this and closes.
    Close(Vec<u8>),
    /// Sends this and says nothing more.
    Hang(Vec<u8>),
    /// Sends the first, then the second again and again.
    Endless(Vec<u8>, Vec<u8>),
}

type Script = dyn Fn(&Ask) -> Reply + Send + Sync;

/// A server; it ends when this is dropped.
pub(crate) struct Site {
    pub(crate) address: SocketAddr,
    asks: Arc<Mutex<Vec<Ask>>>,
    connections: Arc<Mutex<usize>>,
    task: tokio::task::JoinHandle<()>,
}

impl Site {
    pub(crate) async fn start(script: impl Fn(&Ask) -> Reply + Send + Sync + 'static) -> Site {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let asks: Arc<Mutex<Vec<Ask>>> = Arc::default();
        let connections: Arc<Mutex<usize>> = Arc::default();
        let script: Arc<Script> = Arc::new(script);
        let (log, count) = (Arc::clone(&asks), Arc::clone(&connections));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                *count.lock().unwrap() += 1;
                tokio::spawn(answer(stream, Arc::clone(&script), Arc::clone(&log)));
            }
        });
        Site {
            address,
            asks,
            connections,
            task,
        }
    }

    /// Serves the same answers for these paths, and 404 for all others.
    pub(crate) async fn of(pages: &[(&str, Reply)]) -> Site {
        let pages: BTreeMap<String, Reply> = pages
            .iter()
            .map(|(path, reply)| ((*path).to_owned(), reply.clone()))
            .collect();
        Site::start(move |ask| {
            pages
                .get(&ask.path)
                .cloned()
                .unwrap_or_else(|| status(404, &[], ""))
        })
        .await
    }

    /// Returns the requests since the last call.
    pub(crate) fn asks(&self) -> Vec<Ask> {
        std::mem::take(&mut *self.asks.lock().unwrap())
    }

    /// Returns `host path` of the requests since the last call.
    pub(crate) fn paths(&self) -> Vec<String> {
        self.asks()
            .iter()
            .map(|ask| format!("{}{}", ask.host, ask.path))
            .collect()
    }

    pub(crate) fn connections(&self) -> usize {
        *self.connections.lock().unwrap()
    }

    /// Returns settings under which every `.example` host is this server, without pause and with short patience.
    pub(crate) fn settings(&self) -> FetchSettings {
        FetchSettings {
            contact: "test@example.org".to_owned(),
            overrides: vec![Override {
                suffix: ".example".to_owned(),
                address: self.address,
            }],
            delay_ms_min: 0,
            ..FetchSettings::default()
        }
    }

    pub(crate) fn client(&self) -> Client {
        Client::new(self.settings()).unwrap()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Answers the requests of one connection.
pub(crate) async fn answer<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: S,
    script: Arc<Script>,
    log: Arc<Mutex<Vec<Ask>>>,
) {
    while let Some(ask) = read_ask(&mut stream).await {
        log.lock().unwrap().push(ask.clone());
        match script(&ask) {
            Reply::Send(bytes) => {
                if stream.write_all(&bytes).await.is_err() {
                    return;
                }
            }
            Reply::Close(bytes) => {
                let _ = stream.write_all(&bytes).await;
                let _ = stream.shutdown().await;
                return;
            }
            Reply::Hang(bytes) => {
                let _ = stream.write_all(&bytes).await;
                std::future::pending::<()>().await;
            }
            Reply::Endless(start, again) => {
                let mut sent = stream.write_all(&start).await;
                while sent.is_ok() {
                    sent = stream.write_all(&again).await;
                }
                return;
            }
        }
    }
}

async fn read_ask<S: AsyncRead + Unpin>(stream: &mut S) -> Option<Ask> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).ok()?;
    let mut lines = head.lines();
    let path = lines.next()?.split(' ').nth(1)?.to_owned();
    let headers: BTreeMap<String, String> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    Some(Ask {
        host: headers.get("host").cloned().unwrap_or_default(),
        path,
        headers,
    })
}

/// Writes a response with its length.
pub(crate) fn status(status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Reply {
    let body = body.as_ref();
    let mut bytes =
        format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n", body.len()).into_bytes();
    for (name, value) in headers {
        bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(body);
    Reply::Send(bytes)
}

/// Writes a page.
pub(crate) fn html(body: &str) -> Reply {
    status(200, &[("content-type", "text/html; charset=utf-8")], body)
}

pub(crate) fn redirect(to: &str) -> Reply {
    status(301, &[("location", to)], "")
}

pub(crate) fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

pub(crate) fn get(text: &str) -> Request {
    Request::new(url(text))
}
