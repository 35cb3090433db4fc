//! Pages, one file per noun with its template beside it. They work without script.

mod access;
mod accounts;
mod applications;
mod assets;
mod ceremony;
mod classes;
pub mod frame;
mod freeze;
mod leaves;
mod list;
mod models;
mod own;
mod public;
mod punctuality;
mod score;
mod settings;
mod sign_in;
mod submissions;
mod submit;
mod tokens;
mod told;
mod wall;
mod week;

use super::serve::Routes;

pub fn routes(routes: Routes) -> Routes {
    let routes = assets::routes(routes);
    let routes = leaves::routes(public::routes(own::routes(routes)));
    let routes = settings::routes(access::routes(tokens::routes(accounts::routes(routes))));
    let routes = sign_in::routes(routes);
    let routes = submit::routes(routes);
    let routes = submissions::routes(routes);
    let routes = classes::routes(routes);
    let routes = models::routes(routes);
    let routes = applications::routes(routes);
    let routes = punctuality::routes(routes);
    let routes = ceremony::routes(routes);
    let routes = freeze::routes(routes);
    let routes = wall::routes(routes);
    let routes = list::routes(routes);
    week::routes(routes)
}
