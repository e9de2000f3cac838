//! The published description against the router.

use std::collections::BTreeSet;

use crate::door::Door;

#[tokio::test]
async fn the_description_lists_exactly_the_routes_that_there_are() {
    let door = Door::open().await;
    let document = door.get("/openapi.json").await.json();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["servers"][0]["url"], "http://127.0.0.1:3000");
    let mut described = BTreeSet::new();
    for (path, operations) in document["paths"].as_object().expect("paths") {
        for (method, operation) in operations.as_object().expect("operations") {
            described.insert(format!("{} {path}", method.to_uppercase()));
            assert!(
                operation["summary"].is_string() && operation["responses"].is_object(),
                "{method} {path}"
            );
        }
    }
    let routes = endpoints::routes();
    let there: BTreeSet<_> = routes
        .listed()
        .iter()
        .map(|(method, path)| format!("{method} {path}"))
        .collect();
    assert_eq!(described, there);
}

#[tokio::test]
async fn every_reference_in_the_description_leads_somewhere() {
    let door = Door::open().await;
    let document = door.get("/openapi.json").await.json();
    let text = document.to_string();
    let references: BTreeSet<_> = text
        .split("\"$ref\":\"#")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    assert!(!references.is_empty());
    for reference in references {
        assert!(document.pointer(reference).is_some(), "{reference}");
    }
}
