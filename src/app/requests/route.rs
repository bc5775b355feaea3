//! By which route and method a request counts: words of ours, however many paths and methods somebody makes up.

use axum::extract::{MatchedPath, Request};
use axum::http::Method;

use super::Listener;
use crate::server::metrics::OTHER;

/// The template of all server functions, and of the files of a build, for which axum has none.
const FUNCTION: &str = "/api/{name}";
const FILE: &str = "/pkg/{file}";

pub(super) fn route_of(request: &Request) -> String {
    let route = template_of(request);
    match request.extensions().get::<Listener>() {
        Some(Listener(name)) => format!("{name} {route}"),
        None => route,
    }
}

fn template_of(request: &Request) -> String {
    let path = request.uri().path();
    match request.extensions().get::<MatchedPath>().map(MatchedPath::as_str) {
        Some(FUNCTION) => function_of(path).unwrap_or(FUNCTION).to_owned(),
        Some(template) => template.to_owned(),
        None if path.starts_with("/pkg/") => FILE.to_owned(),
        None => OTHER.to_owned(),
    }
}

/// Each server function is a route of its own.
fn function_of(path: &str) -> Option<&'static str> {
    server_fn::axum::server_fn_paths().map(|(known, _)| known).find(|known| *known == path)
}

pub(super) fn method_of(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => OTHER,
    }
}
