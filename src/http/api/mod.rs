//! JSON for systems, one file per noun.

mod state;

use super::serve::Routes;

pub fn routes(routes: Routes) -> Routes {
    state::routes(routes)
}
