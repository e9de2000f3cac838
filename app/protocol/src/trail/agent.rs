//! The family of a client's user agent: enough to see which of one's programs sent a request, and
//! too little to follow anybody.

/// How a `User-Agent` begins or what stands in it, most telling first.
const FAMILIES: [(&str, &str); 23] = [
    ("curl/", "curl"),
    ("Wget/", "wget"),
    ("HTTPie/", "HTTPie"),
    ("PostmanRuntime/", "Postman"),
    ("insomnia/", "Insomnia"),
    ("python-requests/", "Python"),
    ("python-httpx/", "Python"),
    ("Python-urllib/", "Python"),
    ("aiohttp/", "Python"),
    ("GuzzleHttp/", "PHP"),
    ("PHP", "PHP"),
    ("okhttp/", "OkHttp"),
    ("Apache-HttpClient/", "Java"),
    ("Java", "Java"),
    ("Go-http-client/", "Go"),
    ("axios/", "JavaScript"),
    ("node", "JavaScript"),
    ("reqwest/", "Rust"),
    ("Ruby", "Ruby"),
    (".NET", ".NET"),
    ("Edg/", "Edge"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
];

/// The family of a `User-Agent` header (RFC 9110 §10.1.5).
pub fn agent_family(user_agent: Option<&str>) -> &'static str {
    let Some(text) = user_agent.filter(|text| !text.is_empty()) else {
        return "none";
    };
    FAMILIES
        .iter()
        .find(|(sign, _)| text.contains(sign))
        .map(|(_, family)| *family)
        // Every browser calls itself Safari, so this one is asked last.
        .unwrap_or(if text.contains("Safari/") {
            "Safari"
        } else {
            "other"
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agents_are_known_by_family() {
        let table = [
            (None, "none"),
            (Some(""), "none"),
            (Some("curl/8.14.1"), "curl"),
            (Some("python-requests/2.32.3"), "Python"),
            (
                Some("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
                "Firefox",
            ),
            (
                Some("Mozilla/5.0 AppleWebKit/537.36 Chrome/141.0 Safari/537.36 Edg/141.0"),
                "Edge",
            ),
            (
                Some("Mozilla/5.0 AppleWebKit/537.36 Chrome/141.0 Safari/537.36"),
                "Chrome",
            ),
            (
                Some("Mozilla/5.0 (Macintosh) Version/18.0 Safari/605.1.15"),
                "Safari",
            ),
            (Some("cs_sk_secret"), "other"),
        ];
        for (agent, family) in table {
            assert_eq!(agent_family(agent), family, "{agent:?}");
        }
    }
}
