//! Classes as counties reported them: a list to search, and one class with its story.

use super::frame::{Ctx, show};
use super::told::{column_word, moment, week_words};
use crate::canon::{Code, Date, Refusal, Week};
use crate::domain::{LedgerRow, Lesson, mask_inside};
use crate::http::guard::{Caller, Right, SeeClasses, SeeScores};
use crate::http::serve::Routes;
use crate::http::{App, Failed};
use crate::i18n::{self, Lang};
use crate::ops::class::{self, ClassView, Filter, list_classes};
use crate::ops::score::score_week;
use crate::ops::story::{Drawn, Story, story};
use crate::ops::{Office, account};
use crate::store;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// Classes on one page of the list.
const PAGE: usize = 50;

pub fn routes(routes: Routes) -> Routes {
    let routes = routes.get("/classes", list).get("/classes/{unit}", one).post("/classes/{unit}/contact", contact);
    super::score::routes(routes)
}

#[derive(Deserialize, Default)]
struct Asked {
    week: Option<String>,
    county: Option<String>,
    text: Option<String>,
    occupation: Option<String>,
    state: Option<String>,
    from: Option<String>,
    until: Option<String>,
    band: Option<String>,
    sort: Option<String>,
    page: Option<usize>,
}

#[derive(Template)]
#[template(path = "classes.html")]
struct ClassesPage {
    ctx: Ctx,
    asked: Asked,
    refusal: Option<String>,
    weeks: Vec<(String, String)>,
    counties: Vec<(String, String)>,
    occupations: Vec<String>,
    lines: Vec<Line>,
    count: usize,
    first: usize,
    last: usize,
    before: Option<String>,
    after: Option<String>,
    sees_scores: bool,
    shows_scores: bool,
    heads: Vec<(&'static str, String, bool)>,
}

struct Line {
    unit: String,
    county: String,
    institution: String,
    class_name: String,
    occupation: String,
    opens: String,
    ends: String,
    seats: String,
    state: &'static str,
    state_word: &'static str,
    is_owed: bool,
    band: Option<(char, i64)>,
}

/// Where a class stands on a day.
fn state_of(row: &LedgerRow, today: Date) -> &'static str {
    match (row.opens_on, row.ends_on) {
        (_, Some(ends)) if ends < today => "ended",
        (Some(opens), _) if opens > today => "ahead",
        (Some(_), Some(_)) => "running",
        _ => "unknown",
    }
}

async fn list(caller: Caller<SeeClasses>, State(app): State<App>, Query(asked): Query<Asked>) -> Result<Response, Failed> {
    let (ctx, office) = (caller.ctx(), &app.office);
    let given = |text: &Option<String>| text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let county = match (caller.bound_to(), given(&asked.county)) {
        (Some(own), None) => Some(own.clone()),
        (None, None) => None,
        (_, Some(county)) => {
            let county = Code::parse(&county)?;
            caller.sees(&county)?;
            Some(county)
        }
    };
    let today = office.clock.now().date();
    let week = given(&asked.week).map(|week| Week::parse(&week)).transpose()?;
    let filter = Filter { county, week, text: given(&asked.text), is_owed: (asked.state.as_deref() == Some("owed")).then_some(true) };
    let mut classes = list_classes(office, &filter).await?;
    let occupations: BTreeSet<String> = classes.iter().filter_map(|class| class.row.occupation.clone()).collect();
    let dates = (given(&asked.from).map(|date| Date::parse(&date)).transpose()?, given(&asked.until).map(|date| Date::parse(&date)).transpose()?);
    classes.retain(|class| {
        let row = &class.row;
        given(&asked.occupation).is_none_or(|occupation| row.occupation.as_deref() == Some(occupation.as_str()))
            && asked.state.as_deref().is_none_or(|state| matches!(state, "" | "owed") || state_of(row, today) == state)
            && dates.0.is_none_or(|from| row.ends_on.is_none_or(|ends| ends >= from))
            && dates.1.is_none_or(|until| row.opens_on.is_none_or(|opens| opens <= until))
    });
    let sees_scores = may_see_scores(&caller);
    let shows_scores = sees_scores && (given(&asked.band).is_some() || asked.sort.as_deref() == Some("score"));
    let (bands, refusal) = match shows_scores {
        // Scores are of a week: the one asked for, else the newest reported.
        true => bands(office, week.or_else(|| classes.iter().map(|class| class.week).max()).unwrap_or_else(|| today.week()), ctx.lang).await?,
        false => (BTreeMap::new(), None),
    };
    if let Some(band) = given(&asked.band).filter(|band| shows_scores && band != "all") {
        classes.retain(|class| bands.get(&class.unit).is_some_and(|(found, _)| band.starts_with(*found)));
    }
    sort(&mut classes, asked.sort.as_deref().unwrap_or_default(), &bands);
    let units = store::unit::list_reporting_units(&mut *office.store.read().await?).await?;
    let names: BTreeMap<&Code, &str> = units.iter().map(|unit| (&unit.county, ctx.name(&unit.name_zh, &unit.name_en))).collect();
    let count = classes.len();
    let page = asked.page.unwrap_or(1).max(1);
    let from = (page - 1).saturating_mul(PAGE).min(count);
    let shown = classes.get(from..(from + PAGE).min(count)).unwrap_or_default();
    let lines: Vec<Line> = shown.iter().map(|class| line(&ctx, class, &names, today, bands.get(&class.unit).copied())).collect();
    let now = today.week();
    let mut weeks = vec![now];
    while weeks.len() < 13 {
        weeks.push(weeks.last().map_or(now, |last| last.previous()));
    }
    let head = |(code, key): (&'static str, &str)| {
        let is_sorted = asked.sort.as_deref().unwrap_or("unit") == key;
        (ctx.t(code), address(&Asked { sort: Some(key.to_owned()), page: None, ..copy(&asked) }), is_sorted)
    };
    let heads = [
        ("col_unit", "unit"),
        ("col_county", "county"),
        ("column_institution", "institution"),
        ("column_class_name", "name"),
        ("column_occupation", "occupation"),
        ("column_opens_on", "opens"),
        ("column_ends_on", "ends"),
    ];
    let at_page = |page: usize| address(&Asked { page: Some(page), ..copy(&asked) });
    let view = ClassesPage {
        refusal,
        weeks: weeks.into_iter().map(|week| (week.to_string(), week_words(ctx.lang, week))).collect(),
        counties: if caller.bound_to().is_some() {
            Vec::new()
        } else {
            units.iter().map(|unit| (unit.county.to_string(), ctx.name(&unit.name_zh, &unit.name_en).to_owned())).collect()
        },
        occupations: occupations.into_iter().collect(),
        count,
        first: if count == 0 { 0 } else { from + 1 },
        last: from + lines.len(),
        before: (page > 1 && count > 0).then(|| at_page(page - 1)),
        after: (from + PAGE < count).then(|| at_page(page + 1)),
        heads: heads.into_iter().map(head).collect(),
        lines,
        sees_scores,
        shows_scores,
        asked,
        ctx,
    };
    Ok(show(&view))
}

fn copy(asked: &Asked) -> Asked {
    Asked {
        week: asked.week.clone(),
        county: asked.county.clone(),
        text: asked.text.clone(),
        occupation: asked.occupation.clone(),
        state: asked.state.clone(),
        from: asked.from.clone(),
        until: asked.until.clone(),
        band: asked.band.clone(),
        sort: asked.sort.clone(),
        page: asked.page,
    }
}

/// The list's address with what is asked.
fn address(asked: &Asked) -> String {
    let page = asked.page.map(|page| page.to_string());
    let pairs = [
        ("week", &asked.week),
        ("county", &asked.county),
        ("text", &asked.text),
        ("occupation", &asked.occupation),
        ("state", &asked.state),
        ("from", &asked.from),
        ("until", &asked.until),
        ("band", &asked.band),
        ("sort", &asked.sort),
        ("page", &page),
    ];
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    let escape = |text: &str| text.bytes().map(|b| if is_plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect::<String>();
    let given =
        pairs.iter().filter_map(|(name, value)| value.as_deref().filter(|value| !value.is_empty()).map(|value| format!("{name}={}", escape(value))));
    format!("/classes?{}", given.collect::<Vec<_>>().join("&"))
}

pub fn may_see_scores<R: Right>(caller: &Caller<R>) -> bool {
    caller.person.roles.iter().any(|role| SeeScores::ROLES.contains(role))
}

type Bands = BTreeMap<Code, (char, i64)>;

/// Bands and scores of a week's classes; where they can't be made, why.
async fn bands(office: &Office, week: Week, lang: Lang) -> Result<(Bands, Option<String>), Failed> {
    match score_week(office, week).await {
        Ok((_, scores)) => Ok((scores.units.iter().map(|scored| (scored.unit.clone(), (scored.band, scored.score))).collect(), None)),
        Err(refusal) if refusal.code.starts_with("store_") => Err(refusal.into()),
        Err(refusal) => Ok((Bands::new(), Some(i18n::say(lang, refusal.code, &refusal.values)))),
    }
}

fn sort(classes: &mut [ClassView], by: &str, bands: &Bands) {
    let score = |class: &ClassView| bands.get(&class.unit).map_or(i64::MAX, |(_, score)| -score);
    match by {
        "county" => classes.sort_by(|a, b| a.county.cmp(&b.county)),
        "institution" => classes.sort_by(|a, b| a.row.institution.cmp(&b.row.institution)),
        "name" => classes.sort_by(|a, b| a.row.class_name.cmp(&b.row.class_name)),
        "occupation" => classes.sort_by(|a, b| a.row.occupation.cmp(&b.row.occupation)),
        "opens" => classes.sort_by_key(|class| class.row.opens_on),
        "ends" => classes.sort_by_key(|class| class.row.ends_on),
        "score" => classes.sort_by_key(score),
        _ => {}
    }
}

fn line(ctx: &Ctx, class: &ClassView, names: &BTreeMap<&Code, &str>, today: Date, band: Option<(char, i64)>) -> Line {
    let row = &class.row;
    let text = |text: &Option<String>| text.as_deref().map_or_else(|| "—".to_owned(), mask_inside);
    let date = |date: Option<Date>| date.map_or_else(|| "—".to_owned(), |date| date.to_string());
    let state = state_of(row, today);
    Line {
        unit: class.unit.to_string(),
        county: names.get(&class.county).map_or_else(|| class.county.to_string(), |name| (*name).to_owned()),
        institution: text(&row.institution),
        class_name: text(&row.class_name),
        occupation: text(&row.occupation),
        opens: date(row.opens_on),
        ends: date(row.ends_on),
        seats: row.planned.or(row.actual).map_or_else(|| "—".to_owned(), |seats| seats.to_string()),
        state,
        state_word: ctx.t(&format!("class_{state}")),
        is_owed: class.owed.is_some(),
        band,
    }
}

#[derive(Template)]
#[template(path = "class.html")]
struct ClassPage {
    ctx: Ctx,
    unit: Code,
    title: String,
    place: String,
    state_word: &'static str,
    owed: Option<String>,
    fields: Vec<(String, String)>,
    has_contact: bool,
    is_revealed: bool,
    events: Vec<Event>,
    calendar: Vec<CalendarWeek>,
    undated: usize,
    score: Option<String>,
    application: Option<String>,
}

struct Event {
    at: String,
    word: String,
    lines: Vec<String>,
    href: Option<String>,
}

struct CalendarWeek {
    words: String,
    /// Monday first; each day's lessons as texts.
    days: Vec<(String, Vec<String>)>,
}

/// A class that the caller may see.
async fn find<R: Right>(caller: &Caller<R>, office: &Office, unit: &str) -> Result<Story, Failed> {
    let unit = Code::parse(unit).map_err(|_| Refusal::new("not_found"))?;
    let county = class::county_of(office, &unit).await?.ok_or_else(|| Refusal::new("not_found"))?;
    caller.sees(&county)?;
    let sees_list = caller.person.roles.iter().any(|role| crate::http::guard::SeeList::ROLES.contains(role));
    Ok(story(office, &unit, sees_list).await?)
}

async fn one(caller: Caller<SeeClasses>, State(app): State<App>, Path(unit): Path<String>) -> Result<Response, Failed> {
    let story = find(&caller, &app.office, &unit).await?;
    Ok(show(&page(&caller, &app.office, story, false).await?))
}

/// Names and telephone numbers, for somebody who says that they need them; the look is recorded.
async fn contact(caller: Caller<SeeClasses>, State(app): State<App>, Path(unit): Path<String>) -> Result<Response, Failed> {
    let story = find(&caller, &app.office, &unit).await?;
    account::record(&app.office, &caller.person.name, "looked", story.unit.as_str(), "contact").await?;
    Ok(show(&page(&caller, &app.office, story, true).await?))
}

async fn page(caller: &Caller<SeeClasses>, office: &Office, story: Story, is_revealed: bool) -> Result<ClassPage, Failed> {
    let ctx = caller.ctx();
    let units = store::unit::list_reporting_units(&mut *office.store.read().await?).await?;
    let county = units.iter().find(|unit| unit.county == story.county);
    let county = county.map_or_else(|| story.county.to_string(), |unit| ctx.name(&unit.name_zh, &unit.name_en).to_owned());
    let row = &story.row;
    let (calendar, undated) = calendar(&ctx, &story.lessons, is_revealed);
    let owed = story.owed.as_ref().map(|codes| codes.split([',', ' ']).map(|code| finding_name(ctx.lang, code)).collect::<Vec<_>>().join("；"));
    Ok(ClassPage {
        title: row.class_name.clone().unwrap_or_else(|| ctx.t("class_unnamed").to_owned()),
        place: format!("{county} · {}", row.institution.clone().unwrap_or_default()),
        state_word: ctx.t(&format!("class_{}", state_of(row, office.clock.now().date()))),
        owed,
        fields: fields(&ctx, row, is_revealed),
        has_contact: row.contact.is_some() || row.phone.is_some() || !row.teachers.is_empty(),
        is_revealed,
        events: events(&ctx, &story),
        calendar,
        undated,
        score: may_see_scores(caller).then(|| format!("/classes/{}/score?week={}", story.unit, story.last_seen)),
        application: story.dossier.as_ref().map(|dossier| format!("/applications/{dossier}")),
        unit: story.unit,
        ctx,
    })
}

/// A finding's code with the beginning of its sentence.
fn finding_name(lang: Lang, code: &str) -> String {
    let text = i18n::phrase(lang, code);
    let first: String = text.split(['。', '；']).next().unwrap_or_default().to_owned();
    if first.is_empty() || first.contains('{') { code.to_owned() } else { format!("{code} {first}") }
}

/// Family name and a star.
fn masked_name(name: &str) -> String {
    name.chars().next().map_or_else(String::new, |first| format!("{first}*"))
}

/// The ledger row in words; people by their family name until somebody asks.
fn fields(ctx: &Ctx, row: &LedgerRow, is_revealed: bool) -> Vec<(String, String)> {
    let Ok(serde_json::Value::Object(values)) = serde_json::to_value(row) else { return Vec::new() };
    const ORDER: [&str; 29] = [
        "institution",
        "uscc",
        "class_name",
        "class_code",
        "occupation",
        "level",
        "training_type",
        "applied_on",
        "reviewed_on",
        "opens_on",
        "ends_on",
        "hours",
        "days",
        "planned",
        "actual",
        "venue",
        "practice_venue",
        "teachers",
        "contact",
        "phone",
        "in_system",
        "system_name",
        "daily_check_on",
        "daily_check_by",
        "daily_check_count",
        "subsidy_standard",
        "subsidy_amount",
        "subsidy_source",
        "note",
    ];
    let is_name = |name: &str| matches!(name, "teachers" | "contact" | "daily_check_by");
    let mut list = Vec::new();
    for name in ORDER {
        let texts: Vec<String> = match values.get(name) {
            Some(serde_json::Value::String(text)) if is_name(name) => {
                text.split(['、', ',', '，', ' ']).filter(|part| !part.is_empty()).map(str::to_owned).collect()
            }
            Some(serde_json::Value::String(text)) => vec![text.clone()],
            Some(serde_json::Value::Number(number)) => vec![number.to_string()],
            Some(serde_json::Value::Bool(is)) => vec![ctx.t(if *is { "word_yes" } else { "word_no" }).to_owned()],
            Some(serde_json::Value::Array(items)) => items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect(),
            _ => Vec::new(),
        };
        if texts.is_empty() {
            continue;
        }
        let told = |text: &String| match name {
            _ if is_revealed => text.clone(),
            "uscc" | "class_code" => text.clone(),
            name if is_name(name) => masked_name(text),
            _ => mask_inside(text),
        };
        list.push((column_word(ctx.lang, name), texts.iter().map(told).collect::<Vec<_>>().join("、")));
    }
    list
}

fn events(ctx: &Ctx, story: &Story) -> Vec<Event> {
    let lang = ctx.lang;
    let day =
        |date: Option<Date>, code: &str| date.map(|date| Event { at: date.to_string(), word: ctx.t(code).to_owned(), lines: Vec::new(), href: None });
    let row = &story.row;
    let mut events: Vec<Event> = [
        day(row.applied_on, "class_event_applied"),
        day(row.reviewed_on, "class_event_reviewed"),
        day(row.opens_on, "class_event_opens"),
        day(row.ends_on, "class_event_ends"),
        day(row.daily_check_on, "class_event_checked"),
    ]
    .into_iter()
    .flatten()
    .collect();
    for version in &story.versions {
        let values = [("week", week_words(lang, version.week)), ("version", version.version.to_string())];
        let mut lines: Vec<String> = super::told::change_lines(lang, &version.changes);
        if let Some(owed) = &version.owed {
            lines.push(i18n::say(lang, "class_event_owed", &[("codes", owed.clone())]));
        }
        events.push(Event {
            at: moment(version.at),
            word: i18n::say(lang, if version.is_first { "class_event_first" } else { "class_event_version" }, &values),
            lines,
            href: Some(format!("/submissions/{}/{}/{}", story.county, version.week, version.version)),
        });
    }
    for drawn in &story.drawn {
        let Drawn { week, at, is_certain, team } = drawn;
        let mut lines = Vec::new();
        if let Some(team) = team {
            lines.push(ctx.say("class_event_team", "team", team));
        }
        let code = if *is_certain { "class_event_certain" } else { "class_event_drawn" };
        events.push(Event { at: moment(*at), word: ctx.say(code, "week", week_words(lang, week.next())), lines, href: None });
    }
    events.sort_by(|a, b| a.at.cmp(&b.at));
    events
}

/// Lessons by week, Monday to Sunday.
fn calendar(ctx: &Ctx, lessons: &[Lesson], is_revealed: bool) -> (Vec<CalendarWeek>, usize) {
    let mut weeks: BTreeMap<(i32, u32), BTreeMap<Date, Vec<&Lesson>>> = BTreeMap::new();
    for lesson in lessons {
        if let Some(date) = lesson.date {
            let week = date.week();
            weeks.entry((week.year, week.number)).or_default().entry(date).or_default().push(lesson);
        }
    }
    let undated = lessons.iter().filter(|lesson| lesson.date.is_none()).count();
    let text = |lesson: &Lesson| {
        let time = match (lesson.start, lesson.end) {
            (Some(start), Some(end)) => format!("{start}–{end}"),
            (Some(start), None) => start.to_string(),
            _ => String::new(),
        };
        let teachers = lesson.teachers.iter().map(|name| if is_revealed { name.clone() } else { masked_name(name) }).collect::<Vec<_>>().join("、");
        [time, lesson.course.clone().unwrap_or_default(), teachers].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    };
    let week_of = |((year, number), days): ((i32, u32), BTreeMap<Date, Vec<&Lesson>>)| {
        let week = Week { year, number };
        let day = |offset: i64| {
            let date = week.monday().plus_days(offset);
            let mut found = days.get(&date).cloned().unwrap_or_default();
            found.sort_by_key(|lesson| lesson.start);
            (date.0.format("%m-%d").to_string(), found.into_iter().map(text).collect())
        };
        CalendarWeek { words: week_words(ctx.lang, week), days: (0..7).map(day).collect() }
    };
    (weeks.into_iter().map(week_of).collect(), undated)
}
