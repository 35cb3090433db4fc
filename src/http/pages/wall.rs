//! The draw for the projector: the comb laid over the units, then the list by team. The page holds the final state;
//! script only lets it appear.

use super::ceremony::name_of;
use super::frame::{Ctx, show};
use crate::canon::{Refusal, Week};
use crate::domain::Role;
use crate::http::guard::{Anyone, Caller};
use crate::http::serve::Routes;
use crate::http::{App, Failed};
use crate::ops::account;
use crate::ops::hall::{Comb, Hall, Wall, hall, wall};
use crate::ops::list::{InspectionList, inspection_list};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

pub fn routes(routes: Routes) -> Routes {
    routes.get("/ceremony/{week}/wall", page)
}

/// Width of a comb's picture in its own units.
const WIDTH: u64 = 1200;

#[derive(Template)]
#[template(path = "wall.html")]
struct WallPage {
    ctx: Ctx,
    week: Week,
    hall: Hall,
    wall: Wall,
    list: InspectionList,
}

/// A segment or tooth on its way into the picture, in hundredths, so that no two round to the same place.
fn place(at: u64, length: u64) -> String {
    let hundredths = u128::from(at) * u128::from(WIDTH) * 100 / u128::from(length.max(1));
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

impl WallPage {
    fn x(&self, at: &u64, comb: &Comb) -> String {
        place(*at, comb.length)
    }

    fn width(&self, from: &u64, to: &u64, comb: &Comb) -> String {
        place(to.saturating_sub(*from), comb.length)
    }

    fn describe(&self, comb: &Comb) -> String {
        let hits = comb.certain.len() + comb.units.iter().filter(|unit| unit.is_hit).count();
        let units = comb.units.len() + comb.certain.len();
        let name = self.ctx.name(&comb.name_zh, &comb.name_en).to_owned();
        self.ctx.say_all("wall_comb_of", &[("name", name), ("units", units.to_string()), ("hits", hits.to_string())])
    }

    fn certain(&self, comb: &Comb) -> String {
        comb.certain.iter().map(|unit| unit.as_str()).collect::<Vec<_>>().join(if self.ctx.is_zh() { "、" } else { ", " })
    }

    /// Each tooth with the unit it falls on.
    fn teeth(&self, comb: &Comb) -> Vec<(usize, u64, String)> {
        let hit = |tooth: u64| comb.units.iter().find(|unit| unit.from <= tooth && tooth < unit.to).map(|unit| unit.unit.to_string());
        comb.teeth.iter().enumerate().map(|(index, tooth)| (index + 1, *tooth, hit(*tooth).unwrap_or_default())).collect()
    }

    /// Teams in order with their visits; what has no team comes last.
    fn teams(&self) -> Vec<(String, Vec<&crate::report::list::Line>)> {
        super::list::by_team(&self.ctx, &self.list)
    }
}

/// Before publication it is for the parties alone: a segment's length is a class's size measure.
async fn page(caller: Caller<Anyone>, State(app): State<App>, Path(week): Path<String>) -> Result<Response, Failed> {
    let name = name_of(&week)?;
    let hall = hall(&app.office, name).await?;
    let is_party = caller.person.is(Role::Bureau) || caller.person.is(Role::Discipline);
    if !is_party && hall.state != "published" {
        return Err(Refusal::new("right_missing").into());
    }
    let wall = wall(&app.office, name).await?;
    let list = inspection_list(&app.office, name).await?;
    account::record(&app.office, &caller.person.name, "looked", &format!("wall {}", name.week), "").await?;
    Ok(show(&WallPage { ctx: caller.ctx(), week: name.week, hall, wall, list }))
}
