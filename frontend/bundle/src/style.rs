//! One style sheet out of many: `@import` lines are replaced by what they name.
//!
//! Understood is the form that this project writes: `@import "file.css";`, with `url(...)` or
//! without, optionally followed by `layer`, `layer(name)` and a media query. Anything else is an
//! error and not a silently different page.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};

use crate::minify::minify;

/// Reads the main style sheet with all that it imports, in the order of the imports, minified.
pub fn bundle(main: &Path) -> anyhow::Result<String> {
    let css = minify(&resolve(main, &mut Vec::new())?);
    refuse_relative_addresses(&css)?;
    Ok(css)
}

/// What one `@import` line asks for.
#[derive(Debug, PartialEq, Eq)]
struct Import<'a> {
    file: &'a str,
    /// The cascade layer: `Some("")` for one without a name.
    layer: Option<&'a str>,
    media: &'a str,
}

/// The text of a style sheet with its imports in place. `open` holds the files being resolved.
fn resolve(path: &Path, open: &mut Vec<PathBuf>) -> anyhow::Result<String> {
    ensure!(
        !open.iter().any(|file| file == path),
        "{} imports itself",
        path.display()
    );
    let source = std::fs::read_to_string(path)
        .with_context(|| format!("cannot read the style sheet {}", path.display()))?;
    open.push(path.to_owned());
    let mut css = String::new();
    let mut rest = skip_blank(&source);
    while let Some((statement, after)) = leading_statement(rest) {
        if let Some(import) = statement.strip_prefix("@import") {
            let import = parse_import(import.trim())
                .with_context(|| format!("in {}: {statement};", path.display()))?;
            let file = path.parent().unwrap_or(Path::new(".")).join(import.file);
            css.push_str(&wrap(&import, &resolve(&file, open)?));
        } else {
            css.push_str(statement);
            css.push_str(";\n");
        }
        rest = skip_blank(after);
    }
    css.push_str(rest);
    css.push('\n');
    open.pop();
    Ok(css)
}

/// The next `@import` or `@layer a, b` statement at the very start, without its semicolon.
/// After the first rule no import may follow (CSS Cascading 5, section 2), so that ends it.
fn leading_statement(css: &str) -> Option<(&str, &str)> {
    let (statement, after) = css.split_once(';')?;
    let is_import = statement.starts_with("@import");
    let is_layer_order = statement.starts_with("@layer") && !statement.contains('{');
    (is_import || is_layer_order).then_some((statement, after))
}

fn skip_blank(css: &str) -> &str {
    let mut rest = css.trim_start();
    while let Some((_, after)) = rest
        .strip_prefix("/*")
        .and_then(|comment| comment.split_once("*/"))
    {
        rest = after.trim_start();
    }
    rest
}

fn parse_import(text: &str) -> anyhow::Result<Import<'_>> {
    let (file, rest) = match text.strip_prefix("url(") {
        Some(text) => text.split_once(')').context("`)` is missing")?,
        None => quoted(text).context("expected a quoted file name")?,
    };
    let file = file.trim().trim_matches(['"', '\'']);
    ensure!(
        !file.contains("//") && !file.starts_with('/'),
        "expected a file beside this one"
    );
    let rest = rest.trim();
    let (layer, media) = match rest.strip_prefix("layer") {
        None => (None, rest),
        Some(rest) => match rest.strip_prefix('(') {
            None => (Some(""), rest),
            Some(rest) => {
                let (name, media) = rest.split_once(')').context("`)` is missing")?;
                (Some(name.trim()), media)
            }
        },
    };
    let media = media.trim();
    ensure!(
        !media.contains("supports("),
        "supports(...) is not understood here"
    );
    Ok(Import { file, layer, media })
}

/// Splits `"name" rest` at the closing quote.
fn quoted(text: &str) -> Option<(&str, &str)> {
    let quote = text
        .chars()
        .next()
        .filter(|first| matches!(first, '"' | '\''))?;
    text[1..].split_once(quote)
}

fn wrap(import: &Import<'_>, css: &str) -> String {
    let mut css = css.to_owned();
    if let Some(layer) = import.layer {
        css = format!("@layer {layer} {{\n{css}}}\n");
    }
    if !import.media.is_empty() {
        css = format!("@media {} {{\n{css}}}\n", import.media);
    }
    css
}

/// The bundle does not lie where its parts lay: `url(fonts/a.woff2)` would point elsewhere.
fn refuse_relative_addresses(css: &str) -> anyhow::Result<()> {
    for after in css.split("url(").skip(1) {
        let address = after.trim_start_matches(['"', '\'']);
        if !["/", "#", "data:"]
            .iter()
            .any(|start| address.starts_with(start))
        {
            let shown: String = address
                .chars()
                .take_while(|c| !matches!(c, ')' | '"'))
                .collect();
            bail!("url({shown}) is relative: write it from the root of the site, as /{shown}");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bundled(files: &[(&str, &str)]) -> anyhow::Result<String> {
        let folder = tempfile::tempdir()?;
        for (name, content) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().context("a file has a folder")?)?;
            std::fs::write(path, content)?;
        }
        bundle(&folder.path().join("main.css"))
    }

    fn fault(files: &[(&str, &str)]) -> String {
        match bundled(files) {
            Ok(css) => panic!("expected an error, got {css}"),
            Err(error) => format!("{error:#}"),
        }
    }

    #[test]
    fn imports_keep_their_order_layer_and_media() -> anyhow::Result<()> {
        let css = bundled(&[
            (
                "main.css",
                "/* order */\n@layer tokens, base;\n@import \"tokens.css\" layer(tokens);\n\
                 @import url('base.css') layer(base) print;\n@import 'pages/all.css';\nz { x: y; }\n",
            ),
            ("tokens.css", ":root { --ink: #111; }"),
            ("base.css", "body { color: var(--ink); }"),
            ("pages/all.css", "@import \"one.css\";"),
            ("pages/one.css", ".one { gap: 0; }"),
        ])?;
        assert_eq!(
            css,
            "@layer tokens,base;@layer tokens{:root{--ink:#111;}}\
             @media print{@layer base{body{color:var(--ink);}}}.one{gap:0;}z{x:y;}"
        );
        Ok(())
    }

    #[test]
    fn faults_name_what_is_wrong() {
        assert!(fault(&[("main.css", "@import \"gone.css\";")]).contains("gone.css"));
        assert!(fault(&[("main.css", "@import \"main.css\";")]).contains("imports itself"));
        assert!(fault(&[("main.css", "@import \"https://a.test/b.css\";")]).contains("beside"));
        assert!(fault(&[("main.css", "@import \"a.css\" supports(gap: 0);")]).contains("supports"));
        let relative = fault(&[("main.css", "a { background: url(\"icons/a.svg\"); }")]);
        assert!(relative.contains("/icons/a.svg"), "{relative}");
    }

    #[test]
    fn addresses_from_the_root_are_fine() -> anyhow::Result<()> {
        let css = bundled(&[(
            "main.css",
            "a { src: url(/fonts/a.woff2), url(\"data:,x y\"); }",
        )])?;
        assert_eq!(css, "a{src:url(/fonts/a.woff2),url(\"data:,x y\");}");
        Ok(())
    }
}
