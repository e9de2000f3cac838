//! Looking at servers of others: what is found is told as it is, and nobody leads us astray.

mod world;

use std::{sync::Arc, time::Duration};

use engine::{
    callbacks::{Messenger as _, NotTaken},
    checks::{Chain, Fetched, Prober as _, TlsVersion, Unreachable},
};
use server::probe::{Limits, Options, Probe};

use self::world::{Authority, Manner, Server, World, signed_by_itself};

/// Public addresses of the stories.
const SHOP: &str = "93.184.216.34";
const SHOP_443: &str = "93.184.216.34:443";

/// Bounds that a story does not have to wait for.
fn hurried() -> Limits {
    Limits {
        connect: Duration::from_millis(250),
        total: Duration::from_millis(500),
        ..Limits::default()
    }
}

/// A world in which `shop.example` is one server with TLS, and somebody who looks at it.
async fn shop(server: &Server, trusted: &Authority) -> (Arc<World>, Probe) {
    let world = Arc::new(World::default());
    world.name("shop.example", &[&[SHOP]]);
    world.route(SHOP_443, server.address);
    let prober = world.prober(Some(trusted), Limits::default()).await;
    (world, prober)
}

fn hello() -> Manner {
    let head = "200 OK\nContent-Type: text/html\nStrict-Transport-Security: max-age=31536000";
    Manner::answers(head, "<p>Hello</p>")
}

#[tokio::test]
async fn a_good_website_is_read_as_it_is() {
    let authority = Authority::new();
    let server = Server::secure(authority.signs("shop.example", 60), hello()).await;
    let (world, prober) = shop(&server, &authority).await;
    let found = prober
        .fetch("https://Shop.example/a%20b?c=d#e")
        .await
        .unwrap();
    assert_eq!((found.status, found.hsts), (200, true));
    assert_eq!(found.content_type.as_deref(), Some("text/html"));
    assert_eq!(found.body, b"<p>Hello</p>");
    let facts = found.tls.unwrap();
    assert!(facts.is_trusted(), "{facts:?}");
    assert_eq!(facts.version, TlsVersion::V1_3);
    let days = facts.not_after.since(facts.not_before).as_secs() / 86_400;
    assert_eq!(days, 160);

    let heard = server.heard();
    assert!(
        heard[0].starts_with("GET /a%20b?c=d HTTP/1.1\r\n"),
        "{heard:?}"
    );
    assert!(heard[0].contains("host: shop.example\r\n"), "{heard:?}");
    assert_eq!(prober.tls("shop.example", 443).await.unwrap(), facts);
    assert_eq!(server.heard().len(), 1, "TLS alone asks for nothing");
    assert_eq!(world.dialed(), [SHOP_443, SHOP_443]);
}

#[tokio::test]
async fn a_certificate_that_browsers_refuse_is_told_and_the_server_is_asked_nothing() {
    let authority = Authority::new();
    let stranger = Authority::called("A stranger");
    for (identity, chain, covers_host) in [
        (authority.signs("shop.example", -1), Chain::OutOfTime, true),
        (authority.signs("other.example", 60), Chain::Trusted, false),
        (signed_by_itself("shop.example"), Chain::SelfSigned, true),
        (
            stranger.signs("shop.example", 60),
            Chain::UnknownIssuer,
            true,
        ),
        (
            stranger.signs("other.example", 60),
            Chain::UnknownIssuer,
            false,
        ),
    ] {
        let server = Server::secure(identity, hello()).await;
        let (_, prober) = shop(&server, &authority).await;
        let found = prober.fetch("https://shop.example/").await.unwrap();
        let facts = found.tls.clone().unwrap();
        assert_eq!((facts.chain, facts.covers_host), (chain, covers_host));
        assert!(!facts.is_trusted());
        if !covers_host {
            assert_eq!(facts.names, ["other.example"]);
        }
        assert_eq!(
            found,
            Fetched {
                tls: Some(facts),
                ..Fetched::default()
            }
        );
        assert_eq!(server.heard(), [""; 0], "{chain:?}");
    }
}

#[tokio::test]
async fn the_older_version_of_tls_is_told() {
    let authority = Authority::new();
    let identity = authority.signs("shop.example", 60);
    let server = Server::with_versions(identity, hello(), &[&rustls::version::TLS12]).await;
    let (_, prober) = shop(&server, &authority).await;
    let facts = prober.tls("shop.example", 443).await.unwrap();
    assert_eq!(facts.version, TlsVersion::V1_2);
    assert!(facts.is_trusted());
}

#[tokio::test]
async fn who_speaks_no_tls_or_no_http_is_told_apart_from_nobody() {
    let authority = Authority::new();
    let plain = Server::plain(hello()).await;
    let (_, prober) = shop(&plain, &authority).await;
    assert_eq!(
        prober.tls("shop.example", 443).await,
        Err(Unreachable::NoTls)
    );

    let mute = Manner::Says(b"220 mail.shop.example ESMTP\r\n".to_vec());
    let mail = Server::secure(authority.signs("shop.example", 60), mute).await;
    let (world, prober) = shop(&mail, &authority).await;
    let found = prober.fetch("https://shop.example/").await;
    assert_eq!(found, Err(Unreachable::NotHttp));

    let found = prober.fetch("http://shop.example/").await;
    assert_eq!(
        found,
        Err(Unreachable::NoConnection),
        "nobody is at port 80"
    );
    assert_eq!(world.dialed(), [SHOP_443, "93.184.216.34:80"]);
}

#[tokio::test]
async fn row_40_a_redirect_is_reported_and_not_followed() {
    let authority = Authority::new();
    let target = "http://169.254.169.254/latest/meta-data/";
    let redirect = Manner::answers(&format!("302 Found\nLocation: {target}"), "");
    let server = Server::secure(authority.signs("shop.example", 60), redirect).await;
    let (world, prober) = shop(&server, &authority).await;
    let found = prober.fetch("https://shop.example/").await.unwrap();
    assert_eq!(
        (found.status, found.location.as_deref()),
        (302, Some(target))
    );
    assert_eq!(world.dialed(), [SHOP_443]);
    assert_eq!(server.heard().len(), 1);
}

#[tokio::test]
async fn row_40_a_name_that_leads_into_our_own_network_is_not_followed() {
    let world = Arc::new(World::default());
    let prober = world.prober(None, Limits::default()).await;
    for address in [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "fd00:ec2::254",
        "fe80::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::1",
    ] {
        // Alone, and hidden among addresses that are public.
        world.name("alone.example", &[&[address]]);
        world.name("mixed.example", &[&[SHOP, address, "2606:4700::1111"]]);
        for name in ["alone.example", "mixed.example"] {
            let found = prober.fetch(&format!("https://{name}/")).await;
            assert_eq!(found, Err(Unreachable::NotPublic), "{name} {address}");
            let found = prober.fetch(&format!("http://{name}/")).await;
            assert_eq!(found, Err(Unreachable::NotPublic), "{name} {address}");
            let found = prober.tls(name, 443).await;
            assert_eq!(found, Err(Unreachable::NotPublic), "{name} {address}");
        }
    }
    assert_eq!(world.dialed(), [""; 0]);
}

#[tokio::test]
async fn row_40_addresses_in_place_of_names_are_refused_in_every_spelling() {
    let world = Arc::new(World::default());
    let prober = world.prober(None, Limits::default()).await;
    for host in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "0",
        "127.0.0.1.",
        "１２７.0.0.1",
        "169.254.169.254",
        "0xa9fea9fe",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:a9fe:a9fe]",
        "[fd00:ec2::254]",
        "[64:ff9b::169.254.169.254]",
    ] {
        let found = prober.fetch(&format!("http://{host}/")).await;
        assert_eq!(found, Err(Unreachable::NotPublic), "{host}");
        assert_eq!(
            prober.tls(host, 443).await,
            Err(Unreachable::NotPublic),
            "{host}"
        );
    }
    assert_eq!(world.dialed(), [""; 0]);
}

/// The name leads to a public address while it is judged and to this machine right after: what was
/// judged is what is connected to, and the next look judges anew.
#[tokio::test]
async fn row_40_a_name_that_changes_its_address_gains_nothing() {
    let authority = Authority::new();
    let inside = Server::plain(Manner::answers("200 OK", "the secrets of this machine")).await;
    let shop = Server::secure(authority.signs("rebind.example", 60), hello()).await;
    let world = Arc::new(World::default());
    world.name("rebind.example", &[&[SHOP], &["127.0.0.1"]]);
    world.route(SHOP_443, shop.address);
    world.route("127.0.0.1:443", inside.address);
    let prober = world.prober(Some(&authority), Limits::default()).await;

    let found = prober.fetch("https://rebind.example/").await.unwrap();
    assert_eq!(found.body, b"<p>Hello</p>");
    assert_eq!(
        world.asked("rebind.example"),
        1,
        "resolved once for one look"
    );
    let found = prober.fetch("https://rebind.example/").await;
    assert_eq!(found, Err(Unreachable::NotPublic));
    assert_eq!(
        world.asked("rebind.example"),
        2,
        "nothing is kept from before"
    );
    assert_eq!(world.dialed(), [SHOP_443]);
    assert_eq!(inside.heard(), [""; 0]);
}

#[tokio::test]
async fn row_40_only_the_web_is_looked_at() {
    let world = Arc::new(World::default());
    world.name("shop.example", &[&[SHOP]]);
    let prober = world.prober(None, Limits::default()).await;
    for (address, port) in [
        ("http://shop.example:22/", 22),
        ("https://shop.example:8443/", 8443),
        ("http://shop.example:6379/", 6379),
        ("https://93.184.216.34:5432/", 5432),
    ] {
        let found = prober.fetch(address).await;
        assert_eq!(found, Err(Unreachable::PortNotAllowed(port)), "{address}");
    }
    assert_eq!(
        prober.tls("shop.example", 25).await,
        Err(Unreachable::PortNotAllowed(25))
    );
    for address in [
        "",
        "shop.example",
        "file:///etc/passwd",
        "ftp://shop.example/",
        "gopher://shop.example/",
        "data:text/html,x",
        "https://user@shop.example/",
        "https://user:password@shop.example/",
    ] {
        let found = prober.fetch(address).await;
        assert_eq!(found, Err(Unreachable::NotAnAddress), "{address}");
    }
    assert_eq!(world.dialed(), [""; 0]);
}

#[tokio::test]
async fn row_40_a_server_that_drips_or_says_nothing_is_left_in_time() {
    for manner in [
        Manner::Drips(b"HTTP/1.1 200 OK\r\nA: b\r\n", Duration::from_millis(20)),
        Manner::Drips(b"H", Duration::from_millis(20)),
        Manner::IsSilent,
    ] {
        let server = Server::plain(manner).await;
        let world = Arc::new(World::default());
        world.name("slow.example", &[&[SHOP]]);
        world.route("93.184.216.34:80", server.address);
        let prober = world.prober(None, hurried()).await;
        let found = tokio::time::timeout(
            Duration::from_secs(10),
            prober.fetch("http://slow.example/"),
        )
        .await
        .expect("it gives up by itself");
        assert!(
            matches!(found, Err(Unreachable::TimedOut | Unreachable::NotHttp)),
            "{found:?}"
        );
        assert_eq!(server.heard().len(), 1);
    }
}

#[tokio::test]
async fn row_40_a_body_that_drips_is_left_in_time() {
    let head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    let mut endless = head;
    endless.extend_from_slice(b"1\r\na\r\n");
    let server = Server::plain(Manner::Drips(endless.leak(), Duration::from_millis(20))).await;
    let world = Arc::new(World::default());
    world.name("slow.example", &[&[SHOP]]);
    world.route("93.184.216.34:80", server.address);
    let prober = world.prober(None, hurried()).await;
    let found = prober.fetch("http://slow.example/").await;
    assert!(found.is_err(), "{found:?}");
}

#[tokio::test]
async fn row_40_a_long_answer_is_cut_and_long_headers_are_refused() {
    let long = "x".repeat(1_000_000);
    let server = Server::plain(Manner::answers("200 OK", &long)).await;
    let world = Arc::new(World::default());
    world.name("long.example", &[&[SHOP]]);
    world.route("93.184.216.34:80", server.address);
    let prober = world.prober(None, Limits::default()).await;
    let found = prober.fetch("http://long.example/").await.unwrap();
    assert_eq!((found.status, found.body.len()), (200, 64 * 1024));

    for head in [
        format!("200 OK\nX-Long: {}", "x".repeat(17 * 1024)),
        format!("200 OK{}", "\nX: y".repeat(200)),
    ] {
        let server = Server::plain(Manner::answers(&head, "hello")).await;
        world.route("93.184.216.34:80", server.address);
        let found = prober.fetch("http://long.example/").await;
        assert!(
            matches!(found, Err(Unreachable::NotHttp | Unreachable::NoConnection)),
            "{found:?}"
        );
    }
}

#[tokio::test]
async fn records_of_a_domain_are_read_whole() {
    let world = Arc::new(World::default());
    world.texts(
        "shop.example",
        &[
            &["v=spf1 -all"],
            &["countersign-", "verification=", "t0ken"],
            &["ž"],
        ],
    );
    world.name("bare.example", &[&[SHOP]]);
    let prober = world.prober(None, Limits::default()).await;
    let mut found = prober.txt("shop.example").await.unwrap();
    found.sort();
    assert_eq!(
        found,
        ["countersign-verification=t0ken", "v=spf1 -all", "ž"]
    );
    for none in ["bare.example", "missing.example"] {
        assert_eq!(prober.txt(none).await, Ok(Vec::new()), "{none}");
    }
    let found = prober.fetch("https://missing.example/").await;
    assert_eq!(found, Err(Unreachable::NoSuchName));
    // A record that is set a moment later is seen at once.
    world.texts("bare.example", &[&["countersign-verification=new"]]);
    assert_eq!(
        prober.txt("bare.example").await.unwrap(),
        ["countersign-verification=new"]
    );
}

#[tokio::test]
async fn a_name_server_that_is_down_is_not_taken_for_a_name_that_does_not_exist() {
    let gone = tokio::net::UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let options = Options {
        resolver: Some(gone.local_addr().unwrap()),
        limits: hurried(),
        ..Options::default()
    };
    drop(gone);
    let prober = Probe::new(&options).unwrap();
    let expected = [Unreachable::NameServerFailed, Unreachable::TimedOut];
    let found = prober.txt("shop.example").await.unwrap_err();
    assert!(expected.contains(&found), "{found:?}");
    let found = prober.fetch("https://shop.example/").await.unwrap_err();
    assert!(expected.contains(&found), "{found:?}");
}

#[tokio::test]
async fn tests_may_look_at_loopback_when_the_setting_says_so() {
    let server = Server::plain(Manner::answers("200 OK", "near")).await;
    let address = format!("http://{}/", server.address);
    let allowed = Options {
        allow_private_addresses: true,
        ..Options::default()
    };
    let found = Probe::new(&allowed).unwrap().fetch(&address).await.unwrap();
    assert_eq!(found.body, b"near");
    let refused = Probe::new(&Options::default())
        .unwrap()
        .fetch(&address)
        .await;
    assert_eq!(
        refused,
        Err(Unreachable::PortNotAllowed(server.address.port()))
    );
    assert_eq!(server.heard().len(), 1);
}

#[test]
fn a_file_of_roots_that_cannot_be_used_stops_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty.pem");
    std::fs::write(&empty, "no certificate here").unwrap();
    for path in [empty, folder.path().join("missing.pem")] {
        let options = Options {
            extra_roots_file: Some(path.clone()),
            ..Options::default()
        };
        let refusal = Probe::new(&options).err().unwrap().to_string();
        assert!(refusal.contains(&path.display().to_string()), "{refusal}");
    }
}

fn form() -> [(&'static str, String); 2] {
    [
        ("event", r#"{"type":"reserved & more"}"#.to_owned()),
        ("sign", "a+b/c=".to_owned()),
    ]
}

#[tokio::test]
async fn a_callback_is_posted_as_a_form_to_a_server_that_proves_who_it_is() {
    let authority = Authority::new();
    let server = Server::secure(authority.signs("shop.example", 60), hello()).await;
    let (_, messenger) = shop(&server, &authority).await;
    let posted = messenger
        .post("https://shop.example/events?id=7", &form())
        .await;
    assert_eq!(posted, Ok(()));
    let heard = &server.heard()[0];
    assert!(
        heard.starts_with("POST /events?id=7 HTTP/1.1\r\n"),
        "{heard}"
    );
    assert!(
        heard.contains("content-type: application/x-www-form-urlencoded\r\n"),
        "{heard}"
    );

    // Whatever is not a good answer is not taken for one, and nobody is followed anywhere.
    for head in [
        "302 Found\nLocation: https://shop.example/other",
        "500 Oh",
        "404 No",
    ] {
        let server = Server::secure(
            authority.signs("shop.example", 60),
            Manner::answers(head, ""),
        )
        .await;
        let (world, messenger) = shop(&server, &authority).await;
        let posted = messenger.post("https://shop.example/events", &form()).await;
        let word = &head[..3];
        assert_eq!(posted, Err(NotTaken(format!("it answered {word}"))));
        assert_eq!(world.dialed().len(), 1);
    }
    let stranger = Authority::called("A stranger");
    let server = Server::secure(stranger.signs("shop.example", 60), hello()).await;
    let (_, messenger) = shop(&server, &authority).await;
    let posted = messenger.post("https://shop.example/events", &form()).await;
    assert!(posted.is_err());
    assert_eq!(server.heard(), [""; 0], "nothing was told to a stranger");
}

/// An app names where it wants to be told, and so could point us at what only we can reach.
#[tokio::test]
async fn no_callback_reaches_our_own_network() {
    let world = Arc::new(World::default());
    let messenger = world.prober(None, hurried()).await;
    world.name("inside.example", &[&["10.0.0.7"]]);
    world.name("both.example", &[&[SHOP, "127.0.0.1"]]);
    for address in [
        "https://127.0.0.1/",
        "http://localhost:8080/events",
        "https://[::1]/",
        "http://169.254.169.254/latest/meta-data",
        "https://inside.example/",
        "https://both.example/",
        "https://0x7f000001/",
        "https://shop.example:22/",
        "ftp://shop.example/",
        "https://user@shop.example/",
    ] {
        assert!(messenger.post(address, &form()).await.is_err(), "{address}");
    }
    assert_eq!(world.dialed(), [""; 0], "nobody was even dialed");
}
