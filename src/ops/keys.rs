//! The keys an office goes by, as the file that others trust once they have compared it with what each holder says.

use super::Office;
use super::log::read_history;
use crate::bundle::keys::TrustedRecord;
use crate::canon::{Code, Result};
use crate::store;
use std::collections::BTreeMap;

/// The log's key, each party's first key and the witnesses' keys.
pub async fn trusted_record(office: &Office) -> Result<TrustedRecord> {
    let mut connection = office.store.read().await?;
    let history = read_history(&mut connection).await?;
    let mut witnesses: BTreeMap<Code, Vec<String>> = BTreeMap::new();
    for (owner, vkey) in store::witness::list_witnesses(&mut connection).await? {
        witnesses.entry(Code::parse(&owner)?).or_default().push(vkey);
    }
    Ok(TrustedRecord { log: office.log_key.verifier().to_string(), parties: history.keys.first, witnesses })
}
