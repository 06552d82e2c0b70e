//! Content encodings are undone here, with limits on size and ratio.
//!
//! The body as received goes into the archive; what is returned is for the readers. Servers that say `gzip` and send
//! plain text are believed by what they send.

use std::io::{self, Read};

use hedui_model::Exchange;

use crate::error::FetchError;
use crate::memory::{FREE_BYTES, ROOM_BYTES_MAX};

/// What is asked for: everything that can be undone.
pub(crate) const ACCEPT_ENCODING: &str = "gzip, deflate, br, zstd";

/// How many encodings are undone on top of one another.
const LAYERS_MAX: usize = 2;
/// How many times larger decoded content may be than the body, from the first mebibyte on.
const RATIO_MAX: u64 = 200;
/// What is always allowed, whatever the ratio.
const RATIO_FREE_BYTES: u64 = 1 << 20;
/// The largest zstd window, as a power of two: 8 MiB (RFC 9659).
const ZSTD_WINDOW_LOG_MAX: u32 = 23;
/// How much of a brotli stream is read at once.
const BROTLI_BUFFER_BYTES: usize = 8 << 10;

/// Returns all values of a response's `Content-Encoding`, joined by commas.
pub(crate) fn codings(exchange: &Exchange) -> String {
    let values = exchange
        .headers
        .iter()
        .filter(|(name, _)| name.eq_ignore_ascii_case("content-encoding"));
    let values: Vec<String> = values
        .map(|(_, value)| value.iter().map(|&byte| char::from(byte)).collect())
        .collect();
    values.join(",")
}

/// Undoes the encodings that `header`, all values of `Content-Encoding`, names.
///
/// # Errors
/// [`FetchError::Encoding`] where one is unknown or the body is broken, [`FetchError::DecodedTooLarge`] at a limit.
pub(crate) fn decode(header: &str, body: &[u8], bytes_max: u64) -> Result<Vec<u8>, FetchError> {
    let ratio_limit = (body.len() as u64)
        .saturating_mul(RATIO_MAX)
        .max(RATIO_FREE_BYTES);
    let limit = bytes_max.min(ratio_limit);
    let codings: Vec<String> = header
        .split(',')
        .map(|coding| coding.trim().to_ascii_lowercase())
        .filter(|coding| !coding.is_empty() && coding != "identity")
        .collect();
    if codings.len() > LAYERS_MAX {
        return Err(FetchError::Encoding {
            encoding: shown(header),
            cause: None,
        });
    }
    let mut decoded: Option<Vec<u8>> = None;
    for coding in codings.iter().rev() {
        let layer = decoded.as_deref().unwrap_or(body);
        decoded = Some(undo(coding, layer, limit)?);
    }
    let mut decoded = decoded.unwrap_or_else(|| body.to_vec());
    decoded.shrink_to_fit();
    if decoded.len() as u64 > bytes_max {
        return Err(FetchError::DecodedTooLarge { limit: bytes_max });
    }
    Ok(decoded)
}

fn undo(coding: &str, body: &[u8], limit: u64) -> Result<Vec<u8>, FetchError> {
    if body.is_empty() {
        return Ok(Vec::new());
    }
    match coding {
        "gzip" | "x-gzip" if body.starts_with(&[0x1f, 0x8b]) => gunzip(body, limit),
        "zstd" if body.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) => {
            let mut reader = zstd::stream::read::Decoder::with_buffer(body)
                .map_err(|cause| broken(coding, cause))?;
            reader
                .window_log_max(ZSTD_WINDOW_LOG_MAX)
                .map_err(|cause| broken(coding, cause))?;
            read(coding, body, reader, limit)
        }
        "gzip" | "x-gzip" | "zstd" => Ok(body.to_vec()),
        "deflate" if is_zlib(body) => {
            read(coding, body, flate2::bufread::ZlibDecoder::new(body), limit)
        }
        "deflate" => read(
            coding,
            body,
            flate2::bufread::DeflateDecoder::new(body),
            limit,
        ),
        "br" => read(
            coding,
            body,
            brotli_decompressor::Decompressor::new(body, BROTLI_BUFFER_BYTES),
            limit,
        ),
        _ => Err(FetchError::Encoding {
            encoding: shown(coding),
            cause: None,
        }),
    }
}

/// Unpacks all members; whatever stands behind the last one is ignored, as browsers do.
fn gunzip(body: &[u8], limit: u64) -> Result<Vec<u8>, FetchError> {
    let mut unpacked = room_for(body, limit);
    let mut rest = body;
    while rest.starts_with(&[0x1f, 0x8b]) {
        let left = limit.saturating_sub(unpacked.len() as u64);
        let mut reader = flate2::bufread::GzDecoder::new(rest);
        let read = Read::by_ref(&mut reader)
            .take(left.saturating_add(1))
            .read_to_end(&mut unpacked);
        read.map_err(|cause| broken("gzip", cause))?;
        if unpacked.len() as u64 > limit {
            return Err(FetchError::DecodedTooLarge { limit });
        }
        rest = reader.into_inner();
    }
    Ok(unpacked)
}

fn read(coding: &str, body: &[u8], reader: impl Read, limit: u64) -> Result<Vec<u8>, FetchError> {
    let mut decoded = room_for(body, limit);
    reader
        .take(limit.saturating_add(1))
        .read_to_end(&mut decoded)
        .map_err(|cause| broken(coding, cause))?;
    if decoded.len() as u64 > limit {
        return Err(FetchError::DecodedTooLarge { limit });
    }
    Ok(decoded)
}

/// Makes room for a large body at once instead of by doubling, which leaves holes that the allocator keeps.
fn room_for(body: &[u8], limit: u64) -> Vec<u8> {
    if body.len() <= FREE_BYTES {
        return Vec::new();
    }
    let room = usize::try_from(limit)
        .unwrap_or(usize::MAX)
        .saturating_add(1);
    Vec::with_capacity(room.min(ROOM_BYTES_MAX))
}

/// Tells a zlib header, which RFC 9110 asks for, from the bare stream that some servers send.
fn is_zlib(body: &[u8]) -> bool {
    matches!(body, [first, second, ..] if first & 0x0f == 8 && (u16::from(*first) << 8 | u16::from(*second)) % 31 == 0)
}

fn broken(coding: &str, cause: io::Error) -> FetchError {
    FetchError::Encoding {
        encoding: shown(coding),
        cause: Some(cause.into()),
    }
}

fn shown(header: &str) -> String {
    header
        .chars()
        .filter(|c| !c.is_control())
        .take(40)
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
    use proptest::prelude::*;

    use super::*;

    const TEXT: &[u8] = b"165 billion dollars, 165 billion dollars";

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut writer = GzEncoder::new(Vec::new(), Compression::best());
        writer.write_all(bytes).unwrap();
        writer.finish().unwrap()
    }

    #[test]
    fn every_encoding_that_is_asked_for_is_undone() {
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
        zlib.write_all(TEXT).unwrap();
        let mut raw = DeflateEncoder::new(Vec::new(), Compression::fast());
        raw.write_all(TEXT).unwrap();
        let mut brotli = brotli_stored_header(TEXT.len());
        brotli.extend_from_slice(TEXT);
        // The last meta-block, empty.
        brotli.push(0x03);
        let cases = [
            ("gzip", gzip(TEXT)),
            ("X-GZIP", gzip(TEXT)),
            ("deflate", zlib.finish().unwrap()),
            ("deflate", raw.finish().unwrap()),
            ("br", brotli),
            ("zstd", zstd::stream::encode_all(TEXT, 3).unwrap()),
            ("identity", TEXT.to_vec()),
            ("", TEXT.to_vec()),
            ("gzip, gzip", gzip(&gzip(TEXT))),
            ("gzip", TEXT.to_vec()),
        ];
        for (coding, body) in cases {
            assert_eq!(decode(coding, &body, 1 << 20).unwrap(), TEXT, "{coding}");
        }
    }

    /// Writes the header of an uncompressed brotli meta-block of at most 65,536 bytes (RFC 7932, 9.2).
    fn brotli_stored_header(length: usize) -> Vec<u8> {
        // Bits, least significant first: WBITS 0 (one bit), ISLAST 0, MNIBBLES 00, MLEN - 1 (16 bits), ISUNCOMPRESSED 1.
        let bits: u32 = (u32::try_from(length - 1).unwrap() << 4) | 1 << 20;
        bits.to_le_bytes()[..3].to_vec()
    }

    #[test]
    fn members_of_gzip_are_joined_and_what_follows_is_ignored() {
        let mut body = [gzip(b"a"), gzip(b"b")].concat();
        body.extend_from_slice(b"\0\0garbage");
        assert_eq!(decode("gzip", &body, 100).unwrap(), b"ab");
    }

    #[test]
    fn bombs_are_refused() {
        let zeros = vec![0; 40 << 20];
        let bombs = [
            ("gzip", gzip(&zeros)),
            (
                "zstd",
                zstd::stream::encode_all(zeros.as_slice(), 3).unwrap(),
            ),
        ];
        for (coding, bomb) in bombs {
            let found = decode(coding, &bomb, 100 << 20);
            assert!(
                matches!(found, Err(FetchError::DecodedTooLarge { limit }) if limit < 16 << 20),
                "{coding}"
            );
        }
        let nested = gzip(&gzip(&zeros));
        assert!(matches!(
            decode("gzip, gzip", &nested, 100 << 20),
            Err(FetchError::DecodedTooLarge { .. })
        ));
        assert!(matches!(
            decode("", &[0; 20], 10),
            Err(FetchError::DecodedTooLarge { limit: 10 })
        ));
    }

    #[test]
    fn what_is_broken_or_unknown_is_said_so() {
        let cut = gzip(TEXT);
        let cut = &cut[..cut.len() - 12];
        for (coding, body) in [
            ("gzip", cut),
            ("br", TEXT),
            ("compress", TEXT),
            ("gzip, gzip, gzip", TEXT),
        ] {
            assert!(
                matches!(decode(coding, body, 1000), Err(FetchError::Encoding { .. })),
                "{coding}"
            );
        }
    }

    proptest! {
        #[test]
        fn no_bytes_panic(body in proptest::collection::vec(any::<u8>(), 0..200), magic in 0..3usize) {
            let magic: &[u8] = [&[][..], &[0x1f, 0x8b, 8], &[0x28, 0xb5, 0x2f, 0xfd]][magic];
            let body = [magic, &body].concat();
            for coding in ["gzip", "deflate", "br", "zstd", "gzip, br"] {
                let _ = decode(coding, &body, 10_000);
            }
        }
    }
}
