//! CSS, JavaScript and icons, embedded and addressed by the hash of their content, so that browsers keep them for
//! ever and never see an old one.

use std::collections::HashMap;
use std::rc::Rc;

use actix_web::HttpResponse;
use actix_web::http::header;
use minijinja::Value;
use rust_embed::RustEmbed;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::call::Call;
use crate::failure::Failure;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/assets/dist"]
struct Dist;

/// The addresses templates need.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct AssetUrls {
    css: Value,
    js: Value,
    icons: Value,
    mark: Value,
}

struct Asset {
    media_type: &'static str,
    bytes: Vec<u8>,
}

/// Every embedded asset by its hashed name.
pub(crate) struct Assets {
    by_name: HashMap<String, Asset>,
    urls: AssetUrls,
}

impl std::fmt::Debug for Assets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.by_name.keys()).finish()
    }
}

impl Assets {
    pub(crate) fn load() -> Self {
        let mut by_name = HashMap::new();
        let mut hashed_names = HashMap::new();
        for name in Dist::iter() {
            let Some(file) = Dist::get(&name) else { continue };
            let hashed = hashed_name(&name, &file.data);
            hashed_names.insert(name.to_string(), hashed.clone());
            by_name.insert(hashed, Asset { media_type: media_type(&name), bytes: file.data.into_owned() });
        }
        let url = |name: &str| {
            hashed_names.get(name).map_or_else(String::new, |hashed| format!("/assets/{hashed}"))
        };
        // Our own names and hex digits: nothing in them needs escaping.
        let safe = |name: &str| Value::from_safe_string(url(name));
        let urls = AssetUrls {
            css: safe("app.css"),
            js: safe("app.js"),
            icons: safe("icons.svg"),
            mark: safe("favicon.svg"),
        };
        Self { by_name, urls }
    }

    pub(crate) fn urls(&self) -> &AssetUrls {
        &self.urls
    }
}

/// `app.css` with content hash becomes `app.1a2b3c4d5e6f.css`.
fn hashed_name(name: &str, bytes: &[u8]) -> String {
    let hash = <[u8; 32]>::from(Sha256::digest(bytes));
    let digest = hash
        .first_chunk::<6>()
        .map_or(0, |start| start.iter().fold(0u64, |number, byte| number << 8 | u64::from(*byte)));
    match name.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}.{digest:012x}.{extension}"),
        None => format!("{name}.{digest:012x}"),
    }
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

/// `GET /assets/{name}`
pub(crate) async fn serve(call: Rc<Call>) -> Result<HttpResponse, Failure> {
    let name = call.segment("name")?;
    let asset = call.app.assets.by_name.get(name).ok_or_else(Failure::not_found)?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, asset.media_type))
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .body(asset.bytes.clone()))
}

/// `GET /favicon.ico`: what browsers ask for without being told, on pages that are not ours too.
pub(crate) async fn favicon(_call: Rc<Call>) -> Result<HttpResponse, Failure> {
    const NAME: &str = "favicon.ico";
    let file = Dist::get(NAME).ok_or_else(Failure::not_found)?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, media_type(NAME)))
        .insert_header((header::CACHE_CONTROL, "public, max-age=86400"))
        .body(file.data.into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_a_template_needs_is_there() {
        let urls = Assets::load().urls;
        for url in [urls.css, urls.js, urls.icons, urls.mark] {
            assert!(url.to_string().starts_with("/assets/"), "run `make assets` first");
        }
    }
}
