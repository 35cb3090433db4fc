//! The router with everything that holds for every request, and the process around it.

use super::api::op::Op;
use super::basket::Basket;
use super::keep::{UnderWay, keep};
use super::limit::{Limiter, Limits, limit};
use super::observe::{Metrics, observe};
use super::{api, pages, problem};
use crate::canon::{Refusal, Result};
use crate::ops::Office;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;

/// Bytes of a request: a county's workbooks of a week.
pub const BODY_BYTES: usize = 64 << 20;
/// A request that takes longer is ended; reading a week's workbooks takes a few seconds.
const REQUEST_SECONDS: u64 = 120;

/// What every handler shares.
#[derive(Clone)]
pub struct App {
    pub office: Arc<Office>,
    pub settings: Arc<Settings>,
    pub metrics: Arc<Metrics>,
    pub limiter: Arc<Limiter>,
    pub under_way: Arc<UnderWay>,
    pub basket: Arc<Basket>,
}

/// How the service is run.
#[derive(Debug)]
pub struct Settings {
    /// Reached over TLS, by a proxy before it: cookies are for that alone.
    pub is_secure: bool,
    /// What the first visitor must know to set the installation up.
    pub set_up_code: String,
    pub limits: Limits,
    /// After so long a request is ended.
    pub patience: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        let patience = Duration::from_secs(REQUEST_SECONDS);
        Self { is_secure: false, set_up_code: String::new(), limits: Limits::default(), patience }
    }
}

impl App {
    pub fn new(office: Office, settings: Settings) -> Self {
        Self {
            office: Arc::new(office),
            settings: Arc::new(settings),
            metrics: Arc::default(),
            limiter: Arc::default(),
            under_way: Arc::default(),
            basket: Arc::default(),
        }
    }
}

impl App {
    /// Brings the log's files up to date after an act. They follow from the database: what fails here is made good by
    /// the next act, and the act itself stands.
    pub async fn write_tiles(&self) {
        if let Err(refusal) = crate::ops::tiles::write_tiles(&self.office).await {
            tracing::error!(code = refusal.code, "the log's files are behind");
        }
    }
}

/// Routes with the list of what there is, so that a test can ask each one as everybody.
#[derive(Default)]
pub struct Routes {
    router: Router<App>,
    list: Vec<(&'static str, &'static str)>,
    ops: Vec<Op>,
}

impl Routes {
    pub fn get<H: Handler<T, App>, T: 'static>(mut self, path: &'static str, handler: H) -> Self {
        self.list.push(("GET", path));
        self.router = self.router.route(path, routing::get(handler));
        self
    }

    pub fn post<H: Handler<T, App>, T: 'static>(mut self, path: &'static str, handler: H) -> Self {
        self.list.push(("POST", path));
        self.router = self.router.route(path, routing::post(handler));
        self
    }
}

/// Routes of the interface, which tell what they are.
impl Routes {
    pub fn op<H: Handler<T, App>, T: 'static>(mut self, op: Op, handler: H) -> Self {
        self = if op.method == "POST" { self.post(op.path, handler) } else { self.get(op.path, handler) };
        self.ops.push(op);
        self
    }
}

/// Every route there is, in the order of the files that have them.
fn all() -> Routes {
    api::routes(pages::routes(Routes::default()))
}

/// Method and path of every route.
pub fn routes() -> Vec<(&'static str, &'static str)> {
    all().list
}

/// Every operation of the interface.
pub fn ops() -> Vec<Op> {
    all().ops
}

/// The whole service.
pub fn router(app: App) -> Router {
    let fixed = |name: HeaderName, value: &'static str| SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value));
    let csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; \
               form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
    // The last one here is the first to see a request.
    all()
        .router
        .fallback(problem::not_found)
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .layer(from_fn_with_state(app.clone(), keep))
        .layer(from_fn(problem::refuse_odd))
        .layer(from_fn_with_state(app.clone(), limit))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, app.settings.patience))
        .layer(CatchPanicLayer::new())
        .layer(from_fn(problem::render))
        .layer(from_fn_with_state(app.clone(), observe))
        .layer(fixed(header::CONTENT_SECURITY_POLICY, csp))
        .layer(fixed(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(fixed(header::X_FRAME_OPTIONS, "DENY"))
        .layer(fixed(header::REFERRER_POLICY, "same-origin"))
        .layer(fixed(header::CACHE_CONTROL, "no-store"))
        .layer(fixed(HeaderName::from_static("cross-origin-opener-policy"), "same-origin"))
        .with_state(app)
}

/// Serves until the process is asked to end; requests under way are finished first. `ready` hears the address.
pub async fn serve(app: App, listen: SocketAddr, ready: impl FnOnce(SocketAddr)) -> Result<()> {
    let failed = |error: std::io::Error| Refusal::new("serve_listen").with("address", listen).with("reason", error);
    let listener = tokio::net::TcpListener::bind(listen).await.map_err(failed)?;
    ready(listener.local_addr().map_err(failed)?);
    serve_until(app, listener, asked_to_end()).await.map_err(failed)
}

/// Serves until something happens. No request is taken on after that; those under way are finished.
pub async fn serve_until(app: App, listener: tokio::net::TcpListener, end: impl Future<Output = ()> + Send + 'static) -> std::io::Result<()> {
    let service = router(app).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(end).await
}

async fn asked_to_end() {
    let interrupt = async { tokio::signal::ctrl_c().await.unwrap_or_default() };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
