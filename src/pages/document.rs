//! The document around every page: head, header, language switch, and what the browser loads.

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, VARY};
use axum::http::{Request, StatusCode};
use axum::response::Response;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_axum::ResponseOptions;

use super::assets::Assets;
use crate::authorization::parameters::with_query;
use crate::messages::Locale;
use crate::server::config::Branding;

const CROSS_ORIGIN_OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// What a page says of itself.
#[derive(Clone)]
pub(crate) struct Head {
    pub locale: Locale,
    /// Its title, without the brand.
    pub title: &'static str,
    /// Its path, with the request that waits: where a switch of language leads back to.
    pub path: String,
    pub has_island: bool,
    /// Where its forms lead in the end, beside this house: browsers look at each redirect after a post.
    pub leads_to: Option<String>,
}

/// Renders a page into a whole response that no cache keeps.
pub(crate) async fn render<IV: IntoView + 'static>(
    branding: &Branding,
    head: Head,
    status: StatusCode,
    body: impl Fn() -> IV + Clone + Send + Sync + 'static,
) -> Response {
    let assets = Assets::current();
    let branding = branding.clone();
    let page = move || {
        secure(&assets, head.leads_to.as_deref());
        let body = body();
        view! { <Document branding=branding.clone() head=head.clone() assets=assets.clone()>{body}</Document> }
    };
    let handler = leptos_axum::render_app_async(page);
    let mut response = handler(Request::new(Body::empty())).await;
    *response.status_mut() = status;
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().insert(VARY, HeaderValue::from_static("Accept-Language, Cookie"));
    response
}

/// The policy of a page: its own files, its own nonce, nothing else. While developing, the reloader's socket too. An application may have opened
/// the page that leads back to it in a window of its own, and waits for it there.
fn secure(assets: &Assets, leads_to: Option<&str>) {
    let (Some(nonce), Some(options)) = (use_nonce(), use_context::<ResponseOptions>()) else { return };
    let reloader = assets.reload_port.map(|port| format!(" ws://127.0.0.1:{port} ws://localhost:{port}")).unwrap_or_default();
    let leads_to = leads_to.map(|source| [" ", source].concat()).unwrap_or_default();
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; \
         connect-src 'self'{reloader}; worker-src 'self'; form-action 'self'{leads_to}; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
    );
    if !leads_to.is_empty() {
        options.insert_header(CROSS_ORIGIN_OPENER_POLICY, HeaderValue::from_static("unsafe-none"));
    }
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        options.insert_header(CONTENT_SECURITY_POLICY, policy);
    }
}

#[component]
fn Document(branding: Branding, head: Head, assets: Assets, children: Children) -> impl IntoView {
    let words = head.locale.words();
    let brand = branding.brand.clone();
    let title = format!("{} · {brand}", head.title);
    let support = branding.support_url.clone();
    // Whoever is on the way to an application stays on it.
    let home = if head.leads_to.is_some() { head.path.clone() } else { "/".to_owned() };
    view! {
        <!DOCTYPE html>
        <html lang=head.locale.tag()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="robots" content="noindex"/>
                <meta name="format-detection" content="telephone=no, date=no, email=no, address=no"/>
                <title>{title}</title>
                <link rel="stylesheet" href=assets.css.clone()/>
                <link rel="stylesheet" href=branding.brand_css()/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                {head.has_island.then(|| view! { <Boot assets=assets.clone()/> })}
                {assets.reloader()}
            </head>
            <body>
                <a class="skip" href="#main">{words.skip}</a>
                <header class="bar">
                    <a class="brand" href=home><bdi>{brand}</bdi></a>
                    <Languages head=head.clone()/>
                </header>
                {children()}
                <footer>
                    {support.map(|url| view! { <a id="support" href=url>{words.support}</a> })}
                </footer>
            </body>
        </html>
    }
}

/// The choice of a language, folded. The list stands beside the fold and not in it, so that it has the whole width below the header's first row.
#[component]
fn Languages(head: Head) -> impl IntoView {
    let words = head.locale.words();
    let link = move |locale: Locale| {
        let tag = locale.tag();
        let switch = with_query("/language", &[("to", tag), ("back", &head.path)]);
        let current = (locale == head.locale).then_some("true");
        view! { <li><a lang=tag hreflang=tag href=switch aria-current=current>{locale.words().own_name}</a></li> }
    };
    view! {
        <details class="languages">
            <summary><span aria-hidden="true">"文A "</span><span class="spoken">{words.language}" "</span>{words.own_name}</summary>
        </details>
        <nav class="languages-list" aria-label=words.language><ul>{Locale::ALL.map(link).into_iter().collect_view()}</ul></nav>
    }
}

/// Loads the wasm and hydrates each island. `data-hydrated` says when the page is alive. `work` lets a file of ours work beside the page, for an
/// island that must ask it to: what it answers, or nothing.
#[component]
fn Boot(assets: Assets) -> impl IntoView {
    let nonce = use_nonce();
    let script = format!(
        "self.work=(f,t)=>new Promise(r=>{{const w=new Worker(f);w.onmessage=w.onerror=e=>r(e.data);w.postMessage(t)}});\
         import('{js}').then(async m=>{{await m.default({{module_or_path:'{wasm}'}});m.hydrate();\
         for(const e of document.querySelectorAll('leptos-island'))await m[e.dataset.component](e);\
         document.documentElement.dataset.hydrated=''}}).catch(()=>{{}})",
        js = assets.js,
        wasm = assets.wasm,
    );
    view! {
        <link rel="modulepreload" href=assets.js.clone()/>
        <link rel="preload" href=assets.wasm.clone() r#as="fetch" r#type="application/wasm" crossorigin="anonymous"/>
        <script type="module" nonce=nonce inner_html=script></script>
    }
}
