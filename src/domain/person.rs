//! A trainee's ID number and other personal texts on their way to being forgotten: shown masked, never serialised.

use super::mask::mask;
use crate::canon::Date;
use serde::{Serialize, Serializer};
use std::fmt;

/// A whole resident ID number (公民身份号码, GB 11643): 17 digits and a check character that fits.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IdNumber(String);

/// What the 17th digit of an ID number says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    Male,
    Female,
}

impl IdNumber {
    /// Takes a number whose form, date of birth and check character are right; nothing else.
    pub fn parse(text: &str) -> Option<Self> {
        const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        let digits = text.as_bytes();
        if !is_well_formed(text) {
            return None;
        }
        let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
        let expected = b"10X98765432"[usize::try_from(sum % 11).unwrap_or(0)];
        let number = Self(text.to_owned());
        (expected == digits[17] && number.birth().is_some()).then_some(number)
    }

    fn birth(&self) -> Option<Date> {
        Date::parse(&format!("{}-{}-{}", &self.0[6..10], &self.0[10..12], &self.0[12..14])).ok()
    }

    /// The date of birth.
    pub fn born_on(&self) -> Date {
        self.birth().unwrap_or(Date(chrono::NaiveDate::MIN))
    }

    pub fn sex(&self) -> Sex {
        if self.0.as_bytes()[16] % 2 == 1 { Sex::Male } else { Sex::Female }
    }

    /// The number of the day's registrations in its region (digits 15 to 17): neighbours on a roster are worth a look.
    pub fn serial(&self) -> i64 {
        self.0[14..17].parse().unwrap_or(0)
    }

    /// The first fourteen digits: region and date of birth.
    pub fn is_born_with(&self, other: &Self) -> bool {
        self.0[..14] == other.0[..14]
    }

    /// First six digits only.
    pub fn masked(&self) -> String {
        mask(&self.0)
    }

    /// First six and last two characters, for the handler who must tell two people apart.
    pub fn masked_with_tail(&self) -> String {
        format!("{}**********{}", &self.0[..6], &self.0[16..])
    }

    /// Without the date of birth, as public notices print it.
    pub fn without_birthday(&self) -> String {
        format!("{}********{}", &self.0[..6], &self.0[14..])
    }

    /// The number itself, for nothing but a keyed digest.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// 17 digits and a digit or X, whatever they say.
pub fn is_well_formed(text: &str) -> bool {
    let digits = text.as_bytes();
    digits.len() == 18 && digits[..17].iter().all(u8::is_ascii_digit) && (digits[17].is_ascii_digit() || digits[17] == b'X')
}

impl fmt::Debug for IdNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl Serialize for IdNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.masked())
    }
}

/// A personal text (name, telephone, address, account, any number of a person) of which only a digest may be kept.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonalText(String);

impl PersonalText {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself: for a keyed digest, or for `read`, which shows a file to whoever holds it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PersonalText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl Serialize for PersonalText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("***")
    }
}
