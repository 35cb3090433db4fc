//! How much there is: for those who watch the service.

use super::Office;
use crate::canon::Result;
use crate::store;

pub struct Figures {
    /// Versions ever accepted.
    pub submissions: u64,
    pub leaves: u64,
    /// Sessions in use.
    pub sessions: u64,
}

pub async fn figures(office: &Office) -> Result<Figures> {
    let mut connection = office.store.read().await?;
    let since = office.clock.now().plus_seconds(-super::account::IDLE_SECONDS);
    Ok(Figures {
        submissions: store::submission::count(&mut connection).await?,
        leaves: store::log::leaf_count(&mut connection).await?,
        sessions: store::account::count_sessions(&mut connection, since).await?,
    })
}
