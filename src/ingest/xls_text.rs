//! Texts of xls records: characters of one or two bytes, or of a Chinese code page in older files; shared strings that go on in
//! further records; which parts of a text are struck through. Source: [MS-XLS] 2.5.294, 2.5.293, 2.4.265, 2.4.58.

use super::compound::{u16_at, u32_at};
use super::package::{DAMAGED, Result};
use encoding_rs::Encoding;

/// How the texts of a workbook are written.
#[derive(Clone, Copy)]
pub struct Writing {
    /// BIFF8, as all versions since 1997 write; before it texts were bytes of a code page.
    pub is_unicode: bool,
    pub encoding: &'static Encoding,
}

impl Writing {
    /// A code page that isn't known is taken for the one of Chinese systems.
    pub fn encoding_of(codepage: u16) -> &'static Encoding {
        match codepage {
            932 => encoding_rs::SHIFT_JIS,
            949 => encoding_rs::EUC_KR,
            950 => encoding_rs::BIG5,
            1252 | 367 => encoding_rs::WINDOWS_1252,
            65001 => encoding_rs::UTF_8,
            _ => encoding_rs::GB18030,
        }
    }

    /// A text behind its length, which is a byte or two bytes wide, and what stands behind it.
    pub fn text<'d>(&self, data: &'d [u8], width: usize) -> Result<(String, &'d [u8])> {
        let length = match width {
            1 => data.first().map(|byte| usize::from(*byte)),
            _ => u16_at(data, 0).map(usize::from),
        };
        let (length, rest) = (length.ok_or(DAMAGED)?, data.get(width..).ok_or(DAMAGED)?);
        if !self.is_unicode {
            let (bytes, rest) = rest.split_at_checked(length).ok_or(DAMAGED)?;
            return Ok((self.encoding.decode_without_bom_handling(bytes).0.into_owned(), rest));
        }
        if length == 0 {
            // Some writers leave the flags of an empty text out.
            return Ok((String::new(), rest.get(1..).unwrap_or_default()));
        }
        let mut parts = Parts::new(vec![rest]);
        let is_wide = parts.byte()? & 1 != 0;
        let text = parts.characters(length, is_wide)?;
        Ok((text, parts.rest()))
    }
}

/// Where in a text, in UTF-16 units, a font begins, and whether it is struck through.
pub type Runs = Vec<(usize, bool)>;

/// A text of the table that cells share.
#[derive(Clone, Default)]
pub struct Shared {
    pub text: String,
    pub runs: Runs,
}

/// All shared texts; `is_struck` knows the fonts.
pub fn shared_texts(parts: Vec<&[u8]>, is_struck: impl Fn(u16) -> bool) -> Result<Vec<Shared>> {
    let mut parts = Parts::new(parts);
    let (_, count) = (parts.number(4)?, parts.number(4)?);
    let mut texts = Vec::new();
    while texts.len() < count && !parts.is_at_end() {
        let length = parts.number(2)?;
        let flags = parts.byte()?;
        let run_count = if flags & 8 != 0 { parts.number(2)? } else { 0 };
        let phonetic = if flags & 4 != 0 { parts.number(4)? } else { 0 };
        let text = parts.characters(length, flags & 1 != 0)?;
        let mut runs = Vec::new();
        for _ in 0..run_count {
            let at = parts.number(2)?;
            runs.push((at, is_struck(u16::try_from(parts.number(2)?).unwrap_or(u16::MAX))));
        }
        parts.skip(phonetic)?;
        // A long blank text in every cell would be looked through as often.
        texts.push(if text.trim().is_empty() { Shared::default() } else { Shared { text, runs } });
    }
    Ok(texts)
}

/// A text behind a length of two bytes that goes on in further records.
pub fn long_text(parts: Vec<&[u8]>) -> Result<String> {
    let mut parts = Parts::new(parts);
    let length = parts.number(2)?;
    let is_wide = length > 0 && parts.byte()? & 1 != 0;
    parts.characters(length, is_wide)
}

/// The data of a record and of those that continue it.
struct Parts<'d> {
    parts: std::vec::IntoIter<&'d [u8]>,
    data: &'d [u8],
}

impl<'d> Parts<'d> {
    fn new(parts: Vec<&'d [u8]>) -> Self {
        let mut parts = parts.into_iter();
        let data = parts.next().unwrap_or_default();
        Self { parts, data }
    }

    fn rest(self) -> &'d [u8] {
        self.data
    }

    fn is_at_end(&mut self) -> bool {
        while self.data.is_empty() {
            let Some(next) = self.parts.next() else { return true };
            self.data = next;
        }
        false
    }

    fn byte(&mut self) -> Result<u8> {
        if self.is_at_end() {
            return Err(DAMAGED);
        }
        let (first, rest) = self.data.split_first().ok_or(DAMAGED)?;
        self.data = rest;
        Ok(*first)
    }

    fn number(&mut self, width: usize) -> Result<usize> {
        let mut bytes = [0; 4];
        for byte in bytes.iter_mut().take(width) {
            *byte = self.byte()?;
        }
        Ok(usize::try_from(u32_at(&bytes, 0).ok_or(DAMAGED)?).unwrap_or(usize::MAX))
    }

    fn skip(&mut self, mut count: usize) -> Result<()> {
        while count > 0 {
            if self.is_at_end() {
                return Err(DAMAGED);
            }
            let step = count.min(self.data.len());
            self.data = &self.data[step..];
            count -= step;
        }
        Ok(())
    }

    /// Characters; where they go on in another record it says anew how wide they are.
    fn characters(&mut self, count: usize, mut is_wide: bool) -> Result<String> {
        let mut units: Vec<u16> = Vec::new();
        while units.len() < count {
            if self.data.is_empty() {
                is_wide = self.byte()? & 1 != 0;
            }
            let left = count - units.len();
            let step = if is_wide { (self.data.len() / 2).min(left) * 2 } else { self.data.len().min(left) };
            let (now, rest) = self.data.split_at(step);
            if is_wide {
                units.extend(now.as_chunks::<2>().0.iter().map(|pair| u16::from_le_bytes(*pair)));
            } else {
                units.extend(now.iter().map(|byte| u16::from(*byte)));
            }
            // Half a character before the next record is damage.
            self.data = if is_wide && step == 0 && !rest.is_empty() { return Err(DAMAGED) } else { rest };
        }
        Ok(String::from_utf16_lossy(&units))
    }
}

/// Whether a text is struck through as a whole, and what is left of it where parts of it are.
pub fn struck(text: &str, runs: &Runs, is_cell_struck: bool) -> (bool, Option<String>) {
    if runs.iter().all(|(_, is_struck)| *is_struck == is_cell_struck) {
        return (is_cell_struck, None);
    }
    let mut runs = runs.iter().peekable();
    let (mut is_struck, mut at, mut left, mut has_struck) = (is_cell_struck, 0, String::new(), false);
    for c in text.chars() {
        while let Some((_, next)) = runs.next_if(|(begin, _)| *begin <= at) {
            is_struck = *next;
        }
        if is_struck {
            has_struck |= !c.is_whitespace();
        } else {
            left.push(c);
        }
        at += c.len_utf16();
    }
    let is_all = has_struck && left.trim().is_empty();
    (is_all, (has_struck && !is_all).then_some(left))
}
