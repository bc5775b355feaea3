//! The document around every screen.

use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, VARY};
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;

use crate::messages::{ConsoleWords, Locale};

/// No script, no frame, no other host.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// What a screen stands in.
pub(crate) struct Frame {
    pub(crate) locale: Locale,
    pub(crate) brand: String,
    /// Who is at the console; none before they are in.
    pub(crate) actor: Option<String>,
    /// The path of the screen.
    pub(crate) path: String,
}

impl Frame {
    #[must_use]
    pub(crate) fn words(&self) -> &'static ConsoleWords {
        self.locale.console()
    }

    /// A whole response, which no cache keeps.
    pub(crate) fn page(&self, title: &str, status: StatusCode, body: impl FnOnce() -> AnyView) -> Response {
        let html = Owner::new().with(|| self.document(title, body()).to_html());
        let headers = [
            (CONTENT_TYPE, "text/html; charset=utf-8"),
            (CACHE_CONTROL, "no-store"),
            (CONTENT_SECURITY_POLICY, POLICY),
            (VARY, "Accept-Language, Cookie"),
        ];
        (status, headers, html).into_response()
    }

    fn document(&self, title: &str, body: AnyView) -> impl IntoView + use<> {
        let (common, brand) = (self.locale.words(), self.brand.clone());
        let other = if self.locale == Locale::Ko { Locale::En } else { Locale::Ko };
        let switch = format!("/language?to={}&back={}", other.tag(), self.path);
        let heading = title.to_owned();
        view! {
            <!DOCTYPE html>
            <html lang=self.locale.tag()>
                <head>
                    <meta charset="utf-8"/>
                    <meta name="viewport" content="width=device-width, initial-scale=1"/>
                    <meta name="color-scheme" content="light dark"/>
                    <meta name="robots" content="noindex"/>
                    <meta name="format-detection" content="telephone=no, date=no, email=no, address=no"/>
                    <title>{format!("{title} · {brand}")}</title>
                    <link rel="stylesheet" href="/console.css"/>
                    <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                </head>
                <body>
                    <a class="skip" href="#main">{common.skip}</a>
                    <header class="bar">
                        <a class="brand" href="/"><bdi>{brand}</bdi></a>
                        <a class="language" lang=other.tag() hreflang=other.tag() href=switch>{other.words().own_name}</a>
                        {self.operator()}
                    </header>
                    {self.navigation()}
                    <main id="main" class:inside=self.actor.is_some()>
                        <h1>{heading}</h1>
                        {body}
                    </main>
                </body>
            </html>
        }
    }

    /// Who is here, and the way out.
    fn operator(&self) -> Option<impl IntoView + use<>> {
        let name = self.words().operator.replace("{name}", self.actor.as_deref()?);
        let leave = self.locale.words().sign_out;
        Some(view! {
            <form id="sign-out" method="post" action="/sign-out">
                <span id="operator"><bdi>{name}</bdi></span>
                <button class="quiet">{leave}</button>
            </form>
        })
    }

    fn navigation(&self) -> Option<impl IntoView + use<>> {
        let words = self.words();
        let screens = [
            ("/", words.today),
            ("/places", words.places),
            ("/number", words.number),
            ("/holds", words.holds),
            ("/abuse", words.abuse),
            ("/audit", words.audit),
        ];
        let is_here = |path: &str| self.path == path || (path == "/number" && self.path.starts_with("/number/"));
        let links = screens.map(|(path, word)| {
            let current = is_here(path).then_some("page");
            view! { <li><a href=path aria-current=current>{word}</a></li> }
        });
        self.actor.as_ref()?;
        Some(view! { <nav class="screens" aria-label=words.nav><ul>{links.into_iter().collect_view()}</ul></nav> })
    }
}
