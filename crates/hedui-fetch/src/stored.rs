//! Exchanges as an archive keeps them: with the body as it was on the wire.

use hedui_model::Exchange;

use crate::decode::{codings, decode};
use crate::error::FetchError;

/// Undoes the content encoding of a kept body, as [`crate::Client`] did when it was fetched; at most `bytes_max` bytes.
///
/// # Errors
/// [`FetchError::Encoding`] where an encoding is unknown or the body is broken, [`FetchError::DecodedTooLarge`] at the
/// limit.
pub fn decoded_body(exchange: &Exchange, bytes_max: u64) -> Result<Vec<u8>, FetchError> {
    decode(&codings(exchange), &exchange.body, bytes_max)
}
