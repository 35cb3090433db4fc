//! The router with everything that holds for every request, and the process around it.

use super::basket::Basket;
use super::{api, pages, problem};
use crate::canon::{Refusal, Result};
use crate::ops::Office;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::routing;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;

/// Bytes of a request: a county's workbooks of a week.
const BODY_BYTES: usize = 64 << 20;
/// A request that takes longer is ended; reading a week's workbooks takes a few seconds.
const REQUEST_SECONDS: u64 = 120;

/// What every handler shares.
#[derive(Clone)]
pub struct App {
    pub office: Arc<Office>,
    pub settings: Arc<Settings>,
    pub metrics: PrometheusHandle,
    pub basket: Arc<Basket>,
}

/// How the service is run.
#[derive(Debug, Default)]
pub struct Settings {
    /// Reached over TLS, by a proxy before it: cookies are for that alone.
    pub is_secure: bool,
    /// What the first visitor must know to set the installation up.
    pub set_up_code: String,
}

impl App {
    pub fn new(office: Office, settings: Settings) -> Self {
        let metrics = PrometheusBuilder::new().build_recorder().handle();
        Self { office: Arc::new(office), settings: Arc::new(settings), metrics, basket: Arc::default() }
    }
}

/// Routes with the list of what there is, so that a test can ask each one as everybody.
#[derive(Default)]
pub struct Routes {
    router: Router<App>,
    list: Vec<(&'static str, &'static str)>,
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

/// Every route there is, in the order of the files that have them.
fn all() -> Routes {
    api::routes(pages::routes(Routes::default()))
}

/// Method and path of every route.
pub fn routes() -> Vec<(&'static str, &'static str)> {
    all().list
}

/// The whole service.
pub fn router(app: App) -> Router {
    let fixed = |name: HeaderName, value: &'static str| SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value));
    let csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; \
               form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
    all()
        .router
        .fallback(problem::not_found)
        .layer(axum::middleware::from_fn(problem::render))
        .layer(CatchPanicLayer::new())
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, Duration::from_secs(REQUEST_SECONDS)))
        .layer(DefaultBodyLimit::max(BODY_BYTES))
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
    let service = router(app).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(asked_to_end()).await.map_err(failed)
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
