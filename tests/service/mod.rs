//! The service as its callers meet it.

mod ceremony;
mod script;
