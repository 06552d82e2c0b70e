//! Values as bytes: postcard for what the program alone reads, LZ4 over it where values are large and read all the
//! time (an article with its claims), deflate for texts, which are read seldom.

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::StateError;

/// Texts below this are kept as they are.
const PLAIN_BYTES_MAX: usize = 200;

/// No text is longer; a longer length is damage.
const TEXT_BYTES_MAX: usize = 256 << 20;

const PLAIN: u8 = 0;
const DEFLATED: u8 = 1;

/// Packs a value.
pub(super) fn pack<T: Serialize>(value: &T) -> Result<Vec<u8>, StateError> {
    postcard::to_allocvec(value).map_err(|error| StateError::Encode(error.to_string()))
}

/// Unpacks a value; bytes that are left over are damage.
pub(super) fn unpack<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, StateError> {
    match postcard::take_from_bytes(bytes) {
        Ok((value, [])) => Ok(value),
        Ok(_) => Err(StateError::undecodable("a value with bytes left over")),
        Err(error) => Err(StateError::undecodable(error.to_string())),
    }
}

/// Packs a large value.
pub(super) fn pack_large<T: Serialize>(value: &T) -> Result<Vec<u8>, StateError> {
    Ok(lz4_flex::block::compress_prepend_size(&pack(value)?))
}

/// Unpacks a large value.
pub(super) fn unpack_large<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, StateError> {
    let damaged = || StateError::undecodable("a value that cannot be unpacked");
    let (len, _) = bytes.split_first_chunk().ok_or_else(damaged)?;
    // LZ4 makes nothing smaller than a part in 255.
    if u32::from_le_bytes(*len) as usize / 256 > bytes.len() {
        return Err(damaged());
    }
    let content = lz4_flex::block::decompress_size_prepended(bytes).map_err(|_| damaged())?;
    unpack(&content)
}

/// Packs a value of one of the journal's shapes, which postcard cannot read.
pub(super) fn pack_json<T: Serialize>(value: &T) -> Result<Vec<u8>, StateError> {
    serde_json::to_vec(value).map_err(|error| StateError::Encode(error.to_string()))
}

/// Unpacks it again.
pub(super) fn unpack_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, StateError> {
    serde_json::from_slice(bytes).map_err(|error| StateError::undecodable(error.to_string()))
}

/// Packs a text.
pub(super) fn pack_text(text: &str) -> Vec<u8> {
    let mut out = vec![PLAIN];
    if text.len() > PLAIN_BYTES_MAX
        && let Some(deflated) = deflate(text.as_bytes())
    {
        out = vec![DEFLATED];
        out.extend_from_slice(&(text.len() as u64).to_le_bytes());
        out.extend_from_slice(&deflated);
    } else {
        out.extend_from_slice(text.as_bytes());
    }
    out
}

/// Unpacks a text.
pub(super) fn unpack_text(bytes: &[u8]) -> Result<String, StateError> {
    let damaged = || StateError::undecodable("a text that cannot be unpacked");
    let content = match bytes.split_first().ok_or_else(damaged)? {
        (&PLAIN, rest) => rest.to_vec(),
        (&DEFLATED, rest) => {
            let (len, rest) = rest.split_first_chunk().ok_or_else(damaged)?;
            let len = usize::try_from(u64::from_le_bytes(*len)).map_err(|_| damaged())?;
            inflate(rest, len).ok_or_else(damaged)?
        }
        _ => return Err(damaged()),
    };
    String::from_utf8(content).map_err(|_| damaged())
}

/// Returns the content deflated, where that makes it smaller.
fn deflate(content: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(content.len());
    let status = Compress::new(Compression::fast(), false)
        .compress_vec(content, &mut out, FlushCompress::Finish)
        .ok()?;
    // The output has no room to be larger than the input.
    (status == Status::StreamEnd).then_some(out)
}

fn inflate(bytes: &[u8], len: usize) -> Option<Vec<u8>> {
    // Deflate makes nothing smaller than a thousandth.
    if len > TEXT_BYTES_MAX || len / 1_100 > bytes.len() {
        return None;
    }
    let mut out = Vec::with_capacity(len);
    let status = Decompress::new(false)
        .decompress_vec(bytes, &mut out, FlushDecompress::Finish)
        .ok()?;
    (status == Status::StreamEnd && out.len() == len).then_some(out)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_text_comes_back(piece in "\\PC{0,40}", times in 0_usize..60) {
            let text = piece.repeat(times);
            prop_assert_eq!(unpack_text(&pack_text(&text)).unwrap(), text);
        }

        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let _ = unpack_text(&bytes);
            let _ = unpack::<crate::archive::Mark>(&bytes);
            let _ = unpack_large::<crate::state::StoredArticle>(&bytes);
        }
    }

    #[test]
    fn a_large_value_comes_back_and_a_cut_one_is_refused() {
        let value = vec!["总投资一千六百五十亿美元。".to_owned(); 20];
        let bytes = pack_large(&value).unwrap();
        assert!(bytes.len() < 200);
        assert_eq!(unpack_large::<Vec<String>>(&bytes).unwrap(), value);
        for len in 0..bytes.len() {
            assert!(unpack_large::<Vec<String>>(&bytes[..len]).is_err());
        }
        let mut lying = bytes.clone();
        lying[..4].copy_from_slice(&u32::MAX.to_le_bytes());
        assert!(unpack_large::<Vec<String>>(&lying).is_err());
    }

    #[test]
    fn a_long_text_takes_less_room() {
        let text = "总投资一千六百五十亿美元。".repeat(100);
        assert!(pack_text(&text).len() < text.len() / 5);
    }
}
