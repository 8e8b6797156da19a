//! `openapi.json` against the program: every route is described, every description is true.

use serde_json::{Value, json};

use crate::hub::{Kit, local, phone};

const SOURCES: &[&str] = &[
    include_str!("../../src/web/api/mod.rs"),
    include_str!("../../src/web/mod.rs"),
    include_str!("../../src/web/wall/mod.rs"),
];

fn document() -> Value {
    serde_json::from_str(include_str!("../../src/web/api/openapi.json")).unwrap()
}

const METHODS: [&str; 4] = ["get", "post", "put", "delete"];

/// Method and path of everything described.
pub(crate) fn operations() -> Vec<(String, String)> {
    let document = document();
    let paths = document["paths"].as_object().unwrap().iter();
    let all = paths.flat_map(|(path, item)| {
        item.as_object().unwrap().keys().map(move |method| {
            assert!(METHODS.contains(&method.as_str()), "{method} {path}");
            (method.to_uppercase(), path.clone())
        })
    });
    all.collect()
}

/// Whether a path of requests is one of a template.
pub(crate) fn fits(template: &str, path: &str) -> bool {
    let (template, path): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
    template.len() == path.len() && template.iter().zip(&path).all(|(of, is)| of.starts_with('{') || of == is)
}

/// Method and path of every route in the source.
fn routed() -> Vec<(String, String)> {
    let mut routes = Vec::new();
    for source in SOURCES {
        for part in source.split(".route(\"").skip(1) {
            let (path, rest) = part.split_once('"').unwrap();
            let calls = rest.split("\n        .").next().unwrap().split("\n}").next().unwrap();
            for method in METHODS {
                if calls.contains(&format!("{method}(")) {
                    routes.push((method.to_uppercase(), path.to_owned()));
                }
            }
        }
    }
    routes
}

fn sorted(mut routes: Vec<(String, String)>) -> Vec<(String, String)> {
    routes.sort();
    routes
}

#[test]
fn every_route_is_described_and_nothing_else() {
    assert!(routed().len() > 25);
    assert_eq!(sorted(routed()), sorted(operations()));
}

/// The validator of a schema of the document.
fn validator(schema: &Value) -> jsonschema::Validator {
    let mut whole = schema.clone();
    whole["components"] = document()["components"].clone();
    jsonschema::draft202012::new(&whole).unwrap()
}

#[track_caller]
fn valid(schema: &Value, instance: &Value, what: &str) {
    let errors: Vec<String> =
        validator(schema).iter_errors(instance).map(|error| format!("{} at {}", error, error.instance_path())).collect();
    assert!(errors.is_empty(), "{what}: {errors:?}\n{instance}");
}

/// Checks an answer against what the document says of it.
#[track_caller]
fn described(method: &str, template: &str, answer: &crate::hub::Answer) {
    let document = document();
    let what = format!("{method} {template} → {}", answer.status.as_u16());
    let responses = &document["paths"][template][method.to_lowercase()]["responses"];
    let mut response = responses[answer.status.as_str()].clone();
    assert!(!response.is_null(), "{what} is not described: {}", answer.text);
    if let Some(shared) = response["$ref"].as_str() {
        response = document["components"]["responses"][shared.rsplit('/').next().unwrap()].clone();
    }
    let (kind, content) = response["content"].as_object().unwrap().iter().next().unwrap();
    assert!(answer.header("content-type").starts_with(kind), "{what}: {}", answer.header("content-type"));
    if kind.contains("json") {
        valid(&content["schema"], &answer.json(), &what);
    }
}

#[test]
fn every_schema_is_a_schema_and_every_example_fits() {
    let document = document();
    for name in document["components"]["schemas"].as_object().unwrap().keys() {
        validator(&json!({"$ref": format!("#/components/schemas/{name}")}));
    }
    for (method, path) in operations() {
        let operation = &document["paths"][&path][method.to_lowercase()];
        if let Some(body) = operation["requestBody"]["content"].get("application/json") {
            valid(&body["schema"], &body["example"], &format!("{method} {path}"));
        }
        let placed = operation["parameters"].as_array().into_iter().flatten().filter(|one| one["in"] == "path");
        assert_eq!(placed.count(), path.matches('{').count(), "{method} {path}");
    }
    assert!(!validator(&json!({"$ref": "#/components/schemas/LeaveRequest"})).is_valid(&json!({"reason": "bored"})));
}

/// Every described request, with its example: it is routed, and every answer is as described.
#[tokio::test]
async fn every_described_request_is_answered_as_described() {
    let kit = Kit::open().await;
    let (manager, _) = kit.staffed().await;
    let (number, key) = kit.take("R").await;
    crate::answers::publish(&kit, "return-window", "How long can I return it?", &[], None).await;
    let fill = |path: &str, desk: &str, service: &str| {
        path.replace("{key}", &key)
            .replace("{desk}", desk)
            .replace("{service}", service)
            .replace("{command}", "close")
            .replace("{entry}", "return-window")
            .replace("{name}", "Kim")
            .replace("{entry}", "no-such-entry")
            .replace("{notice}", "77")
    };
    let document = document();
    // what changes most comes last
    let mut all = operations();
    all.sort_by_key(|(method, path)| (method == "DELETE", path.contains("/day/"), path.contains("/leave")));
    for (method, path) in all {
        // its events never end, for nobody; tests/routes/feed.rs and wall.rs read them
        if matches!(path.as_str(), "/feed" | "/api/wall") {
            continue;
        }
        let example =
            document["paths"][&path][method.to_lowercase()]["requestBody"]["content"]["application/json"]["example"].clone();
        let text = |name: &str, other: &str| example[name].as_str().unwrap_or(other).to_owned();
        let desk = if path == "/api/desks/{desk}" && method == "PUT" { text("id", "1") } else { "1".into() };
        let service = if path == "/api/services/{service}" && method == "PUT" { text("id", "R") } else { "R".into() };
        let route = fill(&path, &desk, &service);
        let streams = path == "/api/screen/events";
        for who in [phone(), local(), kit.device(), manager.clone()] {
            // a screen's events never end; tests/routes/screen.rs reads them
            if streams && who == kit.device() {
                continue;
            }
            let answer = match method.as_str() {
                "GET" => kit.get(&who, &route).await,
                _ => kit.json(&who, &method, &route, example.clone()).await,
            };
            assert!(!matches!(answer.status.as_u16(), 405 | 400 | 415), "{method} {route}: {}", answer.text);
            described(&method, &path, &answer);
        }
        // an unknown method is no other route
        let wrong = kit.send(&manager, "PATCH", &route, "", "").await;
        wrong.refused(405, "method-not-allowed");
        described(&method, &path, &wrong);
        described(&method, &path, &kit.get(&phone().with("host", "evil.example.com"), &route).await);
    }
    assert_eq!(number, "R001");
}

/// The answers of a whole visit, each against its schema.
#[tokio::test]
async fn the_answers_of_a_visit_are_as_described() {
    let kit = Kit::open().await;
    let (manager, desk) = kit.staffed().await;
    let issue = "/api/tickets";
    let ticket = "/api/tickets/{key}";
    let press = "/api/desks/{desk}/{command}";
    let issued = kit.post(&local(), issue, json!({"service": "R", "class": "mobility"})).await;
    described("POST", issue, &issued);
    let key = issued.json()["key"].as_str().unwrap().to_owned();
    kit.post(&phone(), &format!("/api/tickets/{key}/note"), json!({"name": "Kim", "question": "?"})).await.is(200);
    for _ in 0..3 {
        kit.take("R").await;
    }
    kit.take("P").await;
    for step in
        ["open", "call-next", "recall", "no-show", "call-next", "start", "park", "call-next", "start", "undo", "pause"]
    {
        kit.clock.advance(if step == "undo" { 1_000 } else { 61_000 });
        let done = kit.post(&desk, &format!("/api/desks/1/{step}"), json!({})).await;
        assert_eq!(done.status.as_u16(), 200, "{step}: {}", done.text);
        described("POST", press, &done);
        described("GET", ticket, &kit.get(&phone(), &format!("/api/tickets/{key}")).await);
        described("GET", "/api/desks/{desk}", &kit.get(&desk, "/api/desks/1").await);
        described("GET", "/api/view", &kit.get(&phone(), "/api/view").await);
        described("GET", "/api/waits", &kit.get(&phone(), "/api/waits").await);
        described("GET", "/api/branch", &kit.get(&manager, "/api/branch").await);
        described("GET", "/health", &kit.get(&phone(), "/health").await);
    }
}
