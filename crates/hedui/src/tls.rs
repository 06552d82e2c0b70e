//! One TLS configuration for everything that is sent.

/// Makes the client's configuration: the roots that browsers trust, verification always on.
pub(crate) fn client_config() -> Result<rustls::ClientConfig, String> {
    hedui_fetch::tls_config(&[]).map_err(|error| error.to_string())
}
