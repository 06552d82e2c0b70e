//! Serves the starter site over real HTTP on loopback.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result};
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{
    CONTENT_TYPE, ETAG, HOST, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LOCATION,
};
use axum::http::{HeaderMap, HeaderName, Response, StatusCode, Uri};

use super::site::{Resource, Site};

/// One request that was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hit {
    /// The outlet.
    pub(crate) host: String,
    /// The path.
    pub(crate) path: String,
    /// The status of the answer.
    pub(crate) status: u16,
    /// Whether the request was conditional.
    pub(crate) conditional: bool,
}

/// The server; it ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    task: tokio::task::JoinHandle<()>,
}

#[derive(Debug)]
struct Shared {
    site: Site,
    later: AtomicBool,
    /// Held for a push only; never across an await.
    hits: Mutex<Vec<Hit>>,
}

impl Server {
    /// Starts serving `site` on a free port of loopback.
    pub(crate) async fn start(site: Site) -> Result<Server> {
        let shared = Arc::new(Shared {
            site,
            later: AtomicBool::new(false),
            hits: Mutex::new(Vec::new()),
        });
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .context("cannot open a port on loopback")?;
        let address = listener.local_addr()?;
        let app = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&shared));
        let task = tokio::spawn(async move {
            // Ends only with the task: a failed accept is retried inside.
            let _ = axum::serve(listener, app).await;
        });
        Ok(Server {
            address,
            shared,
            task,
        })
    }

    /// Returns where the server listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Lets time pass: from now on the edited versions are served.
    pub(crate) fn publish_edits(&self) {
        self.shared.later.store(true, Ordering::SeqCst);
    }

    /// Returns the requests since the last call, in the order of their answers.
    pub(crate) fn take_hits(&self) -> Vec<Hit> {
        self.shared
            .hits
            .lock()
            .map(|mut hits| std::mem::take(&mut *hits))
            .unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn answer(State(shared): State<Arc<Shared>>, uri: Uri, headers: HeaderMap) -> Response<Body> {
    let text = |name: &HeaderName| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    let host = text(&HOST).split(':').next().unwrap_or_default().to_owned();
    let path = uri
        .path_and_query()
        .map_or("/", |path| path.as_str())
        .to_owned();
    let conditional =
        headers.contains_key(IF_NONE_MATCH) || headers.contains_key(IF_MODIFIED_SINCE);
    let later = shared.later.load(Ordering::SeqCst);
    let response = match shared.site.get(&host, &path, later) {
        None => respond(
            StatusCode::NOT_FOUND,
            &[(CONTENT_TYPE, "text/plain; charset=utf-8")],
            "not found\n".into(),
        ),
        Some(Resource::Redirect { to, status }) => {
            let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::MOVED_PERMANENTLY);
            respond(status, &[(LOCATION, to)], Body::empty())
        }
        Some(Resource::File {
            body,
            content_type,
            etag,
            last_modified,
        }) => {
            let mut fields = vec![(CONTENT_TYPE, content_type.as_str())];
            fields.extend(etag.as_deref().map(|etag| (ETAG, etag)));
            fields.extend(last_modified.as_deref().map(|time| (LAST_MODIFIED, time)));
            let unchanged = if headers.contains_key(IF_NONE_MATCH) {
                etag.as_deref().is_some_and(|etag| {
                    text(&IF_NONE_MATCH)
                        .split(',')
                        .any(|tag| tag.trim() == etag)
                })
            } else {
                last_modified
                    .as_deref()
                    .is_some_and(|time| text(&IF_MODIFIED_SINCE) == time)
            };
            if unchanged {
                respond(
                    StatusCode::NOT_MODIFIED,
                    fields.get(1..).unwrap_or_default(),
                    Body::empty(),
                )
            } else {
                respond(StatusCode::OK, &fields, Body::from(*body))
            }
        }
    };
    if let Ok(mut hits) = shared.hits.lock() {
        hits.push(Hit {
            host,
            path,
            status: response.status().as_u16(),
            conditional,
        });
    }
    response
}

fn respond(status: StatusCode, fields: &[(HeaderName, &str)], body: Body) -> Response<Body> {
    let mut response = Response::builder().status(status);
    for (name, value) in fields {
        response = response.header(name, *value);
    }
    response.body(body).unwrap_or_else(|_| {
        let mut broken = Response::new(Body::empty());
        *broken.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        broken
    })
}
