//! Classes that ended without ever having stood in a frame: nobody could have drawn them, and somebody should ask why.

use super::Office;
use crate::canon::{Code, Date, Result, Time};
use crate::draw::Frame;
use crate::store;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug, Serialize)]
pub struct Unframed {
    pub unit: Code,
    pub county: Code,
    pub institution: Option<String>,
    pub class_name: Option<String>,
    pub opens_on: Option<Date>,
    pub ends_on: Date,
    /// When the office first heard of it.
    pub known_at: Time,
}

/// All such classes, by unit, as their newest row tells them.
pub async fn never_framed(office: &Office) -> Result<Vec<Unframed>> {
    let mut connection = office.store.read().await?;
    let mut framed: BTreeSet<Code> = BTreeSet::new();
    for text in store::ceremony::list_frames(&mut connection).await? {
        framed.extend(Frame::parse(text.as_bytes())?.units().iter().map(|unit| unit.unit.clone()));
    }
    let today = office.clock.now().date();
    let mut classes: BTreeMap<Code, Unframed> = BTreeMap::new();
    for submission in store::submission::list(&mut connection).await? {
        for stored in store::submission::list_rows(&mut connection, &submission).await? {
            let Some(ends_on) = stored.row.ends_on else { continue };
            let known_at = classes.get(&stored.unit).map_or(submission.at, |known| known.known_at);
            let row = stored.row;
            let class = Unframed {
                unit: stored.unit.clone(),
                county: submission.county.clone(),
                institution: row.institution,
                class_name: row.class_name,
                opens_on: row.opens_on,
                ends_on,
                known_at,
            };
            classes.insert(stored.unit, class);
        }
    }
    Ok(classes.into_values().filter(|class| class.ends_on < today && !framed.contains(&class.unit)).collect())
}
