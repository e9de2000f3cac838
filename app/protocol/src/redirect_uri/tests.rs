use super::*;

fn live(text: &str) -> RegisteredRedirectUri {
    match RegisteredRedirectUri::parse(text, Environment::Live) {
        Ok(uri) => uri,
        Err(fault) => panic!("{text}: {fault}"),
    }
}

fn trusted(text: &str) -> TrustedRedirect {
    match live(text).matches(text) {
        Some(trusted) => trusted,
        None => panic!("{text} does not match itself"),
    }
}

#[test]
fn usual_addresses_can_be_registered() {
    for text in [
        "https://app.example/callback",
        "https://app.example",
        "https://app.example:8443/a/b.php?c=d&e=%C5%BE",
        "https://192.0.2.7/cb",
        "https://[2001:db8::1]:444/cb",
        "https://xn--bcher-kva.example/cb",
        "http://127.0.0.1/cb",
        "http://127.0.0.1:4000/cb",
        "http://[::1]:4000/cb",
        "com.example.app:/callback",
        "com.example.app://callback?x=1",
        "com.example.app:///callback",
        "https://app.example/a..b/...",
    ] {
        assert!(
            RegisteredRedirectUri::parse(text, Environment::Live).is_ok(),
            "{text}"
        );
    }
}

#[test]
fn addresses_that_mislead_cannot_be_registered() {
    use RedirectUriFault as Fault;
    let table = [
        ("", Fault::Length),
        ("https://app.example/*", Fault::Wildcard),
        ("https://*.app.example/cb", Fault::Wildcard),
        ("https://app.example/cb#", Fault::Fragment),
        ("https://app.example/cb#x", Fault::Fragment),
        ("/callback", Fault::Relative),
        ("app.example/callback", Fault::Relative),
        ("//app.example/callback", Fault::Relative),
        ("javascript:alert(1)", Fault::DangerousScheme),
        ("JavaScript:alert(1)", Fault::DangerousScheme),
        ("data:text/html,hi", Fault::DangerousScheme),
        ("vbscript:x", Fault::DangerousScheme),
        ("file:///etc/passwd", Fault::DangerousScheme),
        ("myapp:/cb", Fault::AppSchemeWithoutDot),
        ("myapp:http://a.b/cb", Fault::AppSchemeWithoutDot),
        ("com.example.app:", Fault::Host),
        ("com.example.app://[a]/cb", Fault::Host),
        ("com.example.app://:80/cb", Fault::Host),
        ("com.example.app://cb:x/", Fault::Port),
        ("http://app.example/cb", Fault::PlainHttp),
        ("http://localhost:3000/cb", Fault::PlainHttp),
        ("http://127.0.0.2/cb", Fault::PlainHttp),
        ("http://127.0.0.1.evil.example/cb", Fault::PlainHttp),
        ("http://[::2]/cb", Fault::PlainHttp),
        ("https://user@app.example/cb", Fault::UserInfo),
        ("https://app.example@evil.example/cb", Fault::UserInfo),
        ("https://@evil.example/cb", Fault::UserInfo),
        ("https:///cb", Fault::Host),
        ("https://", Fault::Host),
        ("https:app.example/cb", Fault::Host),
        ("https://a..b/cb", Fault::Host),
        ("https://app.example./cb", Fault::Host),
        ("https://2130706433/cb", Fault::Host),
        ("https://0x7f.1/cb", Fault::Host),
        ("https://1.2.3/cb", Fault::Host),
        ("https://app%2eexample/cb", Fault::Host),
        ("https://[::1/cb", Fault::Host),
        ("https://app.example:/cb", Fault::Port),
        ("https://app.example:0/cb", Fault::Port),
        ("https://app.example:65536/cb", Fault::Port),
        ("https://app.example:4x/cb", Fault::Port),
        ("https://app.example/a/../cb", Fault::DotSegment),
        ("https://app.example/..", Fault::DotSegment),
        ("https://app.example/a/%2E%2e/cb", Fault::DotSegment),
        ("https://app.example/./cb", Fault::DotSegment),
        ("com.example.app:/../cb", Fault::DotSegment),
        ("https://app.example/a b", Fault::ForbiddenCharacter),
        (" https://app.example/", Fault::ForbiddenCharacter),
        ("https://app.example/\n", Fault::ForbiddenCharacter),
        (
            "https://app.example\\@evil.example/",
            Fault::ForbiddenCharacter,
        ),
        ("https://аpp.example/cb", Fault::ForbiddenCharacter),
        ("https://app.example/[x]", Fault::ForbiddenCharacter),
        ("https://app.example/\"><script>", Fault::ForbiddenCharacter),
        ("https://app.example/%", Fault::PercentEncoding),
        ("https://app.example/%zz", Fault::PercentEncoding),
        (
            "https://app.example/%0d%0aSet-Cookie:x",
            Fault::PercentEncoding,
        ),
        ("https://app.example/%00", Fault::PercentEncoding),
    ];
    for (text, fault) in table {
        assert_eq!(
            RegisteredRedirectUri::parse(text, Environment::Live),
            Err(fault),
            "{text}"
        );
    }
    let long = format!("https://app.example/{}", "a".repeat(LONGEST));
    assert_eq!(
        RegisteredRedirectUri::parse(&long, Environment::Live),
        Err(Fault::Length)
    );
}

#[test]
fn localhost_by_name_is_for_the_sandbox_and_keeps_its_port() {
    let localhost = RegisteredRedirectUri::parse("http://localhost:3000/cb", Environment::Sandbox);
    let matches = |requested: &str| {
        localhost
            .as_ref()
            .is_ok_and(|uri| uri.matches(requested).is_some())
    };
    assert!(matches("http://localhost:3000/cb"));
    assert!(!matches("http://localhost:3001/cb"));
}

#[test]
fn parameters_are_encoded_and_an_existing_query_stays() {
    let table = [
        (
            "https://a.example/cb",
            "https://a.example/cb?code=x%2By&state=a%20%26%3D%22%C5%BE",
        ),
        (
            "https://a.example",
            "https://a.example?code=x%2By&state=a%20%26%3D%22%C5%BE",
        ),
        (
            "https://a.example/cb?",
            "https://a.example/cb?code=x%2By&state=a%20%26%3D%22%C5%BE",
        ),
        (
            "https://a.example/cb?k=v",
            "https://a.example/cb?k=v&code=x%2By&state=a%20%26%3D%22%C5%BE",
        ),
        (
            "com.example.app:/cb",
            "com.example.app:/cb?code=x%2By&state=a%20%26%3D%22%C5%BE",
        ),
        (
            "com.example.app://cb?k=v&",
            "com.example.app://cb?k=v&code=x%2By&state=a%20%26%3D%22%C5%BE",
        ),
    ];
    for (text, with) in table {
        assert_eq!(
            trusted(text).with(&[("code", "x+y"), ("state", "a &=\"ž")]),
            with
        );
    }
    assert_eq!(
        trusted("https://a.example/cb").with(&[]),
        "https://a.example/cb"
    );
}

#[test]
fn the_origin_is_what_form_action_needs() {
    let table = [
        (
            "https://App.Example/cb?x",
            "https://app.example",
            "App.Example",
        ),
        (
            "https://app.example:8443/cb",
            "https://app.example:8443",
            "app.example",
        ),
        (
            "http://127.0.0.1:4000/cb",
            "http://127.0.0.1:4000",
            "127.0.0.1",
        ),
        ("http://[::1]:4000/cb", "http:", "[::1]"),
        (
            "com.example.app://cb/x",
            "com.example.app:",
            "com.example.app",
        ),
    ];
    for (text, origin, host) in table {
        assert_eq!(trusted(text).origin(), origin);
        assert_eq!(trusted(text).host(), host);
    }
    assert!(trusted("com.example.app:/cb").is_app_scheme());
    assert!(!trusted("http://127.0.0.1/cb").is_app_scheme());
}

#[test]
fn the_explanation_names_each_difference_of_the_closest_address() {
    let registered = [
        live("https://app.example/oauth/callback"),
        live("https://other.example/x"),
    ];
    let table: [(&str, &[(Component, Hint)]); 14] = [
        (
            "https://app.example/oauth/callback/",
            &[(Component::Path, Hint::TrailingSlash)],
        ),
        (
            "http://app.example/oauth/callback/",
            &[
                (Component::Scheme, Hint::HttpAndHttps),
                (Component::Path, Hint::TrailingSlash),
            ],
        ),
        (
            "https://www.app.example/oauth/callback",
            &[(Component::Host, Hint::Www)],
        ),
        (
            "https://app.example:443/oauth/callback",
            &[(Component::Port, Hint::PortMissing)],
        ),
        (
            "https://app.example/OAuth/callback",
            &[(Component::Path, Hint::Case)],
        ),
        (
            "https://app.example/oauth%2Fcallback",
            &[(Component::Path, Hint::PercentEncoding)],
        ),
        (
            "https://app.example/oauth%252Fcallback",
            &[(Component::Path, Hint::DoubleEncoding)],
        ),
        (
            "https://app.example/oauth/callback?x=1",
            &[(Component::Query, Hint::Extra)],
        ),
        (
            "https://app.example/oauth/callback#x",
            &[(Component::Fragment, Hint::Extra)],
        ),
        (
            "https://app.example/oauth/callback ",
            &[(Component::Path, Hint::HiddenCharacter)],
        ),
        (
            "https://аpp.example/oauth/callback",
            &[(Component::Host, Hint::LookAlike)],
        ),
        (
            "https://me@app.example/oauth/callback",
            &[(Component::Userinfo, Hint::Extra)],
        ),
        (
            "app.example/oauth/callback",
            &[
                (Component::Scheme, Hint::Missing),
                (Component::Host, Hint::Missing),
                (Component::Path, Hint::Different),
            ],
        ),
        (
            "https://other.example/y",
            &[(Component::Path, Hint::Different)],
        ),
    ];
    for (requested, expected) in table {
        let explanation = explain(&registered, requested);
        let found: Vec<_> = explanation
            .iter()
            .flat_map(|explanation| &explanation.differences)
            .map(|difference| (difference.component, difference.hint))
            .collect();
        assert_eq!(found, expected, "{requested}");
    }
    let closest =
        explain(&registered, "https://other.example/y").map(|explanation| explanation.closest);
    assert_eq!(closest.as_deref(), Some("https://other.example/x"));
}

#[test]
fn nothing_is_explained_when_the_address_matches_or_none_is_registered() {
    assert_eq!(explain(&[], "https://app.example/"), None);
    assert_eq!(
        explain(&[live("http://127.0.0.1/cb")], "http://127.0.0.1:77/cb"),
        None
    );
}

#[test]
fn the_port_of_a_native_app_is_never_the_reason() {
    let explanation = explain(&[live("http://127.0.0.1:1/cb")], "http://localhost:2/cb");
    let hints = explanation.map(|explanation| {
        explanation
            .differences
            .iter()
            .map(|difference| difference.hint)
            .collect::<Vec<_>>()
    });
    assert_eq!(hints, Some(vec![Hint::LoopbackNames]));
}
