//! Cookies in HTTP's words (RFC 6265).

use engine::visit::CookieChange;
use http::{HeaderMap, HeaderValue, header};

/// The names and values of all cookies of a request, in the order of the browser.
pub(crate) fn sent(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
}

/// The `Set-Cookie` header of a change: of the whole site, out of reach of scripts, sent along when a
/// person follows a link from elsewhere but never with a foreign form. `https`: only over https.
pub(crate) fn set(change: &CookieChange, https: bool) -> Option<HeaderValue> {
    let secure = if https { "; Secure" } else { "" };
    let text = match change {
        CookieChange::Set {
            name,
            value,
            max_age,
        } => {
            format!(
                "{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={}{secure}",
                max_age.as_secs()
            )
        }
        CookieChange::Remove { name } => {
            format!("{name}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{secure}")
        }
    };
    HeaderValue::from_str(&text).ok()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn cookies_are_read_in_the_order_of_the_browser() {
        let mut headers = HeaderMap::new();
        headers.append(
            header::COOKIE,
            HeaderValue::from_static("a=1; b=x=y;c=; broken"),
        );
        headers.append(header::COOKIE, HeaderValue::from_static("d=4"));
        let all: Vec<_> = sent(&headers).collect();
        assert_eq!(all, [("a", "1"), ("b", "x=y"), ("c", ""), ("d", "4")]);
    }

    #[test]
    fn cookies_are_out_of_reach_of_scripts_and_foreign_forms() {
        let change = CookieChange::Set {
            name: "n".into(),
            value: "v".into(),
            max_age: Duration::from_secs(5),
        };
        let text =
            |https| set(&change, https).and_then(|value| value.to_str().ok().map(str::to_owned));
        assert_eq!(
            text(false).as_deref(),
            Some("n=v; Path=/; HttpOnly; SameSite=Lax; Max-Age=5")
        );
        assert_eq!(
            text(true).as_deref(),
            Some("n=v; Path=/; HttpOnly; SameSite=Lax; Max-Age=5; Secure")
        );
    }
}
