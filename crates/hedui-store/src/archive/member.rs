//! One gzip member (RFC 1952) holds one record.
//!
//! An extra field, which other readers pass over, says how long the member and its content are and at which position
//! of the archive it stands, with a checksum over these and the compressed data (that of gzip covers the content, so a
//! bit of padding could flip unseen). The lengths let a reader step from record to record and tell a torn one. The
//! position makes sure that bytes which only look like a record, for instance inside a page that somebody prepared,
//! are never taken for one when reading goes on behind damage.

use flate2::{Compress, Compression, Crc, Decompress, FlushCompress, FlushDecompress, Status};

/// The length of everything before the compressed data.
pub(super) const HEAD_BYTES: usize = 40;

/// The largest content that is read: longer lengths are damage.
pub(super) const CONTENT_BYTES_MAX: u32 = 256 << 20;

/// How every member begins: magic, deflate, an extra field and nothing else, no time, unknown system, the extra
/// field's length, the subfield's name and length.
const START: [u8; 16] = [
    0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 255, 28, 0, b'H', b'D', 24, 0,
];

/// The bytes to look for when a member may begin anywhere.
pub(super) const MAGIC: [u8; 4] = [0x1f, 0x8b, 8, 4];

/// What the head of a member tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    /// The segment that it says it is in.
    pub(super) segment: u32,
    /// The byte at which it says it begins.
    pub(super) offset: u64,
    /// The length of the whole member.
    pub(super) member_bytes: u32,
    /// The length of its content.
    pub(super) content_bytes: u32,
    /// The checksum over the four values above and the compressed data.
    checksum: u32,
}

impl Head {
    /// Reads the head at the start of `bytes`.
    pub(super) fn parse(bytes: &[u8]) -> Option<Head> {
        let rest = bytes.strip_prefix(&START)?;
        let (segment, rest) = rest.split_first_chunk()?;
        let (offset, rest) = rest.split_first_chunk()?;
        let (member, rest) = rest.split_first_chunk()?;
        let (content, rest) = rest.split_first_chunk()?;
        let (checksum, _) = rest.split_first_chunk()?;
        let head = Head {
            segment: u32::from_le_bytes(*segment),
            offset: u64::from_le_bytes(*offset),
            member_bytes: u32::from_le_bytes(*member),
            content_bytes: u32::from_le_bytes(*content),
            checksum: u32::from_le_bytes(*checksum),
        };
        let is_sound =
            head.member_bytes as usize > HEAD_BYTES + 8 && head.content_bytes <= CONTENT_BYTES_MAX;
        is_sound.then_some(head)
    }
}

impl Head {
    fn values(&self) -> [u8; 20] {
        let mut values = [0; 20];
        let parts = self
            .segment
            .to_le_bytes()
            .into_iter()
            .chain(self.offset.to_le_bytes())
            .chain(self.member_bytes.to_le_bytes())
            .chain(self.content_bytes.to_le_bytes());
        for (place, byte) in values.iter_mut().zip(parts) {
            *place = byte;
        }
        values
    }

    fn sum(&self, compressed: &[u8]) -> u32 {
        let mut crc = Crc::new();
        crc.update(&self.values());
        crc.update(compressed);
        crc.sum()
    }

    fn bytes(&self) -> [u8; HEAD_BYTES] {
        let mut bytes = [0; HEAD_BYTES];
        let parts = START
            .into_iter()
            .chain(self.values())
            .chain(self.checksum.to_le_bytes());
        for (place, byte) in bytes.iter_mut().zip(parts) {
            *place = byte;
        }
        bytes
    }
}

/// Makes members.
#[derive(Debug)]
pub(super) struct Packer {
    compress: Compress,
}

impl Packer {
    /// Compresses at `level`, 0 to 9.
    pub(super) fn new(level: u32) -> Self {
        Packer {
            compress: Compress::new(Compression::new(level.min(9)), false),
        }
    }

    /// Appends a member that holds `content` and stands at `offset` of `segment`.
    pub(super) fn pack(&mut self, content: &[u8], segment: u32, offset: u64, out: &mut Vec<u8>) {
        let start = out.len();
        out.extend_from_slice(&[0; HEAD_BYTES]);
        self.deflate(content, out);
        // The caller's limit keeps contents far below 4 GiB; a length that did not fit would be found as damage.
        let content_bytes = u32::try_from(content.len()).unwrap_or(u32::MAX);
        let mut head = Head {
            segment,
            offset,
            member_bytes: u32::try_from(out.len() - start + 8).unwrap_or(u32::MAX),
            content_bytes,
            checksum: 0,
        };
        head.checksum = head.sum(out.get(start + HEAD_BYTES..).unwrap_or_default());
        if let Some(place) = out.get_mut(start..start + HEAD_BYTES) {
            place.copy_from_slice(&head.bytes());
        }
        let mut crc = Crc::new();
        crc.update(content);
        out.extend_from_slice(&crc.sum().to_le_bytes());
        out.extend_from_slice(&content_bytes.to_le_bytes());
    }

    fn deflate(&mut self, content: &[u8], out: &mut Vec<u8>) {
        self.compress.reset();
        loop {
            let done = usize::try_from(self.compress.total_in()).unwrap_or(usize::MAX);
            let rest = content.get(done..).unwrap_or_default();
            out.reserve((rest.len() / 2).max(256));
            match self.compress.compress_vec(rest, out, FlushCompress::Finish) {
                Ok(Status::StreamEnd) => return,
                Ok(Status::Ok | Status::BufError) => {}
                // Compressing fails only when it is called out of order. The member would be found as damage.
                Err(_) => return,
            }
        }
    }
}

/// Opens members.
#[derive(Debug)]
pub(super) struct Unpacker {
    decompress: Decompress,
}

impl Unpacker {
    pub(super) fn new() -> Self {
        Unpacker {
            decompress: Decompress::new(false),
        }
    }

    /// Returns the content of a whole member, or what is wrong with it.
    pub(super) fn unpack(&mut self, head: Head, member: &[u8]) -> Result<Vec<u8>, &'static str> {
        let (body, trailer) = member
            .get(HEAD_BYTES..)
            .and_then(<[u8]>::split_last_chunk::<8>)
            .ok_or("the gzip member is too short")?;
        if head.sum(body) != head.checksum {
            return Err("the checksum does not match");
        }
        let content = self.inflate(body, head.content_bytes as usize)?;
        let mut crc = Crc::new();
        crc.update(&content);
        let mut expected = crc.sum().to_le_bytes().to_vec();
        expected.extend_from_slice(&head.content_bytes.to_le_bytes());
        if content.len() != head.content_bytes as usize || trailer.as_slice() != expected {
            return Err("the gzip checksum does not match");
        }
        Ok(content)
    }

    /// Inflates all of `body`; never to more than `bytes_max`.
    fn inflate(&mut self, body: &[u8], bytes_max: usize) -> Result<Vec<u8>, &'static str> {
        const WRONG: &str = "the gzip data is damaged";
        self.decompress.reset(false);
        // The length may be damaged: memory grows with what is really there.
        let mut content = Vec::with_capacity(bytes_max.min(body.len().saturating_mul(8)).max(1));
        // Not `Finish`: with that, miniz needs room for everything in its first call.
        loop {
            let done = usize::try_from(self.decompress.total_in()).unwrap_or(usize::MAX);
            let rest = body.get(done..).unwrap_or_default();
            let before = content.len();
            let status = self
                .decompress
                .decompress_vec(rest, &mut content, FlushDecompress::None)
                .map_err(|_| WRONG)?;
            if content.len() > bytes_max {
                return Err("the gzip data is longer than it says");
            }
            match status {
                Status::StreamEnd => break,
                _ if content.len() < content.capacity() && content.len() == before => {
                    return Err(WRONG);
                }
                _ => {
                    let more = content.capacity().min(bytes_max - content.len()).max(1);
                    content.reserve(more);
                }
            }
        }
        if self.decompress.total_in() != body.len() as u64 {
            return Err(WRONG);
        }
        Ok(content)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Read;

    use super::*;
    use proptest::prelude::*;

    fn pack(content: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        Packer::new(6).pack(content, 3, 77, &mut out);
        out
    }

    proptest! {
        #[test]
        fn a_member_gives_back_its_content_to_us_and_to_any_gzip_reader(
            seed in proptest::collection::vec(any::<u8>(), 0..300), times in 0_usize..200,
        ) {
            let content = seed.repeat(times);
            let member = pack(&content);
            let head = Head::parse(&member).unwrap();
            prop_assert_eq!(head.member_bytes as usize, member.len());
            prop_assert_eq!((head.segment, head.offset), (3, 77));
            prop_assert_eq!(&Unpacker::new().unpack(head, &member).unwrap(), &content);
            let mut read = Vec::new();
            flate2::read::GzDecoder::new(member.as_slice()).read_to_end(&mut read).unwrap();
            prop_assert_eq!(read, content);
        }
    }

    #[test]
    fn a_flipped_bit_is_found_wherever_it_is() {
        let member = pack("同一件事,两个数字。".repeat(20).as_bytes());
        let whole = Head::parse(&member).unwrap();
        for byte in 0..member.len() {
            for bit in 0..8 {
                let mut damaged = member.clone();
                damaged[byte] ^= 1 << bit;
                let found = match Head::parse(&damaged) {
                    None => true,
                    Some(head) if head != whole => true,
                    Some(head) => Unpacker::new().unpack(head, &damaged).is_err(),
                };
                assert!(found, "bit {bit} of byte {byte}");
            }
        }
    }

    #[test]
    fn a_length_that_lies_costs_no_memory() {
        let member = pack(b"short");
        let mut head = Head::parse(&member).unwrap();
        head.content_bytes = CONTENT_BYTES_MAX;
        head.checksum = head.sum(&member[HEAD_BYTES..member.len() - 8]);
        assert!(Unpacker::new().unpack(head, &member).is_err());
    }
}
