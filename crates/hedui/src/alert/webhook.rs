//! The webhook sink: the payload as JSON by POST, signed where a secret is set.

use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::{DeliveryError, Payload};
use crate::config::Sink;

/// Makes the signature of a body: `sha256=` and the HMAC in hex.
fn sign(secret: &[u8], body: &[u8]) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).ok()?;
    mac.update(body);
    let hex: String = mac
        .finalize()
        .into_bytes()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Some(format!("sha256={hex}"))
}

/// Posts the payload; any 2xx has taken it.
pub(super) async fn deliver(sink: &Sink, payload: &Payload) -> Result<(), DeliveryError> {
    let settings = |message: &str| DeliveryError::Settings(message.to_owned());
    let url = sink
        .url
        .as_ref()
        .ok_or_else(|| settings("it has no `url`"))?;
    let body = payload.to_json();
    // The receiver is the user's own choice, so it may well be on a private address.
    let client = reqwest::Client::builder()
        .tls_backend_preconfigured(crate::tls::client_config().map_err(|error| settings(&error))?)
        .redirect(reqwest::redirect::Policy::none())
        .timeout(Duration::from_secs(30))
        .no_proxy()
        .build()
        .map_err(|error| settings(&error.to_string()))?;
    let mut request = client
        .post(url.get_ref())
        .header("content-type", "application/json")
        .header("user-agent", concat!("hedui/", env!("CARGO_PKG_VERSION")))
        .header("idempotency-key", &payload.idempotency_key);
    if let Some(name) = &sink.secret_env {
        let secret = std::env::var(name)
            .map_err(|_| settings(&format!("the variable `{name}` is not set")))?;
        let signature = sign(secret.as_bytes(), body.as_bytes())
            .ok_or_else(|| settings("the secret cannot be used"))?;
        request = request.header("x-hedui-signature", signature);
    }
    let response = request.body(body).send().await.map_err(|error| {
        // The address may hold a token: it is left out.
        DeliveryError::Unreachable(error.without_url().to_string())
    })?;
    if response.status().is_success() {
        Ok(())
    } else {
        Err(DeliveryError::Refused(response.status().as_u16()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_that_of_rfc_4231_case_2() {
        let signature = sign(b"Jefe", b"what do ya want for nothing?");
        let expected = "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(signature.as_deref(), Some(expected));
    }
}
