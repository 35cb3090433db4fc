//! JSON for systems, one file per noun: its operations, the shapes they give, the handlers.

mod accesses;
mod accounts;
mod applications;
mod classes;
mod document;
mod draws;
mod log;
mod models;
pub mod op;
mod rules;
mod state;
mod submissions;
pub mod take;
mod tiles;
mod units;
mod weeks;

pub use document::value as document_value;

use super::serve::Routes;

pub fn routes(routes: Routes) -> Routes {
    let nouns = [weeks::routes, submissions::routes, units::routes, classes::routes, draws::routes, models::routes, applications::routes];
    let others = [rules::routes, accounts::routes, accesses::routes, log::routes, tiles::routes, state::routes];
    nouns.into_iter().chain(others).fold(routes, |routes, of| of(routes))
}

/// Every shape that has a name.
pub fn shapes() -> Vec<(&'static str, &'static str)> {
    let all = [
        weeks::SHAPES,
        submissions::SHAPES,
        units::SHAPES,
        classes::SHAPES,
        draws::SHAPES,
        models::SHAPES,
        applications::SHAPES,
        accounts::SHAPES,
        log::SHAPES,
    ];
    all.concat()
}
