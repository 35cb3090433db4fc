//! Pages, one file per noun with its template beside it. They work without script.

mod applications;
mod assets;
mod classes;
pub mod frame;
mod models;
mod punctuality;
mod score;
mod sign_in;
mod submissions;
mod submit;
mod told;
mod week;

use super::serve::Routes;

pub fn routes(routes: Routes) -> Routes {
    let routes = assets::routes(routes);
    let routes = sign_in::routes(routes);
    let routes = submit::routes(routes);
    let routes = submissions::routes(routes);
    let routes = classes::routes(routes);
    let routes = models::routes(routes);
    let routes = applications::routes(routes);
    let routes = punctuality::routes(routes);
    week::routes(routes)
}
