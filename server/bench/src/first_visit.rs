//! What a browser fetches for the sign-in page, in bytes as they go over the wire.

use std::{collections::BTreeSet, io::Write as _, net::SocketAddr};

use crate::{
    Failure,
    flow::Browser,
    form::attribute,
    http::{self, Answer, Connection},
    report::Report,
    server::Registered,
};

/// The sign-in page of the shop, then everything that it names on our own server: style sheets,
/// scripts, the WASM module, and the fonts that it asks to be loaded at once.
pub async fn measure(
    address: SocketAddr,
    registered: &Registered,
    report: &mut Report,
) -> Result<(), Failure> {
    let mut browser = Browser::open(address).await?;
    let path = browser.authorize(&registered.shop.id).await?;
    let page = browser.get(&path).await?;
    if page.status != 200 {
        return Err(format!("the sign-in page answers with status {}", page.status).into());
    }
    let html = page.text();
    let mut sum = compressed(&page)?;
    report.number("first_visit_html_bytes", sum);

    let (mut css, mut fonts, mut js, mut wasm) = (0, 0, 0, 0);
    let mut connection = Connection::open(address).await?;
    for path in named(&html) {
        let request = http::get(address, &path, "accept-encoding: br\r\n");
        let answer = connection.exchange(&request).await?;
        if answer.status != 200 {
            return Err(format!("{path} answers with status {}", answer.status).into());
        }
        let bytes = compressed(&answer)?;
        sum += bytes;
        let kind = answer.header("content-type").unwrap_or_default();
        match () {
            () if kind.starts_with("text/css") => css += bytes,
            () if kind.contains("javascript") => js += bytes,
            () if kind.starts_with("application/wasm") => wasm += bytes,
            () if kind.starts_with("font/") => fonts += bytes,
            () => {}
        }
    }
    report.number("first_visit_css_bytes", css);
    report.number("first_visit_fonts_bytes", fonts);
    report.number("first_visit_js_bytes", js);
    report.number("first_visit_wasm_bytes", wasm);
    report.number("first_visit_bytes", sum);
    Ok(())
}

/// Size of the body with brotli: as it came when the server compressed it, else what brotli makes
/// of it, so that a page is counted alike with and without a compressing proxy in front. Fonts are
/// compressed by themselves.
fn compressed(answer: &Answer) -> Result<u64, Failure> {
    let is_done = answer.header("content-encoding").is_some()
        || answer
            .header("content-type")
            .is_some_and(|kind| kind.starts_with("font/"));
    if is_done {
        return Ok(u64::try_from(answer.body.len())?);
    }
    let mut writer = brotli::CompressorWriter::new(Vec::new(), 4096, 5, 22);
    writer.write_all(&answer.body)?;
    Ok(u64::try_from(writer.into_inner().len())?)
}

/// Paths that a browser fetches for this page at once.
fn named(html: &str) -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    for rest in html.split('<').skip(1) {
        let tag = rest.split('>').next().unwrap_or(rest);
        let path = match tag.split_whitespace().next() {
            Some("link") => match attribute(tag, "rel").as_deref() {
                Some("stylesheet" | "preload" | "modulepreload" | "icon") => attribute(tag, "href"),
                _ => None,
            },
            Some("script") => attribute(tag, "src"),
            Some("img") => attribute(tag, "src"),
            _ => None,
        };
        paths.extend(path.filter(|path| path.starts_with('/') && !path.starts_with("//")));
    }
    // The module is named by the inline script that loads it.
    for quote in ['"', '\'', '`'] {
        let quoted = html.split(quote).filter(|text| text.starts_with("/pkg/"));
        let files = quoted.filter(|text| text.ends_with(".js") || text.ends_with(".wasm"));
        paths.extend(files.map(str::to_owned));
    }
    paths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_a_browser_would_fetch() {
        let html = r#"<link rel="stylesheet" href="/pkg/c.1.css"><link rel="preload" as="font" href="/fonts/a.woff2">
            <link rel="alternate" href="/lt"><script type="module">import('/pkg/c.2.js').then(m => m.default({module_or_path: '/pkg/c.3.wasm'}))</script>
            <script src="https://elsewhere.example/x.js"></script><a href="/about">"#;
        let found: Vec<_> = named(html).into_iter().collect();
        assert_eq!(
            found,
            [
                "/fonts/a.woff2",
                "/pkg/c.1.css",
                "/pkg/c.2.js",
                "/pkg/c.3.wasm"
            ]
        );
    }
}
