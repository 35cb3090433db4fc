//! Pages, one file per noun with its template beside it. They work without script.

mod access;
mod accounts;
mod assets;
pub mod frame;
mod leaves;
mod own;
mod public;
mod settings;
mod sign_in;
mod tokens;
mod week;

use super::serve::Routes;

pub fn routes(routes: Routes) -> Routes {
    let routes = assets::routes(routes);
    let routes = leaves::routes(public::routes(own::routes(routes)));
    let routes = settings::routes(access::routes(tokens::routes(accounts::routes(routes))));
    let routes = sign_in::routes(routes);
    week::routes(routes)
}
