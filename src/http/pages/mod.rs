//! Pages, one file per noun with its template beside it. They work without script.

mod assets;
mod ceremony;
pub mod frame;
mod freeze;
mod list;
mod sign_in;
mod wall;
mod week;

use super::serve::Routes;

pub fn routes(routes: Routes) -> Routes {
    let routes = assets::routes(routes);
    let routes = sign_in::routes(routes);
    let routes = ceremony::routes(routes);
    let routes = freeze::routes(routes);
    let routes = wall::routes(routes);
    let routes = list::routes(routes);
    week::routes(routes)
}
