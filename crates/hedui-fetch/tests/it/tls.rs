//! TLS is always verified.

use std::sync::{Arc, Mutex};

use hedui_fetch::{Client, ErrorSource, FetchError, FetchSettings, Override, Retry};
use hedui_model::Fetched;
use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::support::{answer, get, html};

/// Serves `secure.example` with a certificate of its own; returns settings that lead there, and the certificate.
async fn serve(name: &str, expired: bool) -> (FetchSettings, CertificateDer<'static>) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    if expired {
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(2021, 1, 1);
    }
    let certificate = params.self_signed(&key).unwrap().der().clone();
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.clone()],
            PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
        )
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                if let Ok(stream) = acceptor.accept(stream).await {
                    answer(
                        stream,
                        Arc::new(|_| html("secret")),
                        Arc::new(Mutex::default()),
                    )
                    .await;
                }
            });
        }
    });
    let overrides = vec![Override {
        suffix: ".example".to_owned(),
        address,
    }];
    (
        FetchSettings {
            overrides,
            ..FetchSettings::default()
        },
        certificate,
    )
}

async fn fetch(settings: FetchSettings) -> Result<Fetched, FetchError> {
    Client::new(settings)
        .unwrap()
        .fetch(get("https://secure.example/"))
        .await
}

#[tokio::test]
async fn a_self_signed_certificate_is_refused_unless_its_root_is_given() {
    let (settings, certificate) = serve("secure.example", false).await;
    let error = fetch(settings.clone()).await.unwrap_err();
    assert!(matches!(error, FetchError::Tls { .. }), "{error:?}");
    assert_eq!(
        (error.fault(), error.retry()),
        (ErrorSource::Site, Retry::Never)
    );
    let trusting = FetchSettings {
        extra_roots: vec![certificate.to_vec()],
        ..settings
    };
    assert!(
        matches!(fetch(trusting).await, Ok(Fetched::Content { decoded, .. }) if decoded == b"secret")
    );
}

#[tokio::test]
async fn an_expired_certificate_and_one_of_another_host_are_refused() {
    for (name, expired) in [("secure.example", true), ("other.example", false)] {
        let (settings, certificate) = serve(name, expired).await;
        let trusting = FetchSettings {
            extra_roots: vec![certificate.to_vec()],
            ..settings
        };
        let error = fetch(trusting).await.unwrap_err();
        assert!(matches!(error, FetchError::Tls { .. }), "{name}: {error:?}");
    }
}

#[tokio::test]
async fn a_server_that_speaks_no_tls_is_refused() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let overrides = vec![Override {
        suffix: ".example".to_owned(),
        address: listener.local_addr().unwrap(),
    }];
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    let error = fetch(FetchSettings {
        overrides,
        ..FetchSettings::default()
    })
    .await
    .unwrap_err();
    assert!(matches!(error, FetchError::Tls { .. }), "{error:?}");
}
