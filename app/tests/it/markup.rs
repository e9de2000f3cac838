//! Enough of an HTML reader to ask a rendered page questions.

use std::collections::BTreeMap;

/// An opening tag with its attributes, as the page has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    pub name: String,
    pub attributes: BTreeMap<String, String>,
    /// Where the tag begins and where what follows it begins.
    pub begins: usize,
    pub ends: usize,
}

impl Tag {
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(String::as_str)
    }

    pub fn is(&self, name: &str, value: &str) -> bool {
        self.attribute(name) == Some(value)
    }
}

/// All opening tags in their order.
pub fn tags(html: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut at = 0;
    while let Some(begins) = html[at..].find('<').map(|found| at + found) {
        at = begins + 1;
        if !html[at..].starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        let ends = end_of_tag(html, at);
        let inside = &html[at..ends - 1];
        let (name, rest) = inside.split_once(' ').unwrap_or((inside, ""));
        tags.push(Tag {
            name: name.to_owned(),
            attributes: attributes(rest),
            begins,
            ends,
        });
        at = ends;
    }
    tags
}

/// The tags between `tag` and its closing tag. For elements that do not stand in themselves.
pub fn within(html: &str, tag: &Tag) -> Vec<Tag> {
    tags(inner(html, tag))
}

/// The HTML between `tag` and its closing tag. For elements that do not stand in themselves.
pub fn inner<'a>(html: &'a str, tag: &Tag) -> &'a str {
    let rest = &html[tag.ends..];
    &rest[..rest.find(&format!("</{}>", tag.name)).unwrap_or(rest.len())]
}

/// What a person reads: without tags, entities resolved.
pub fn text(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        rest = after.split_once('>').map_or("", |(_, rest)| rest);
    }
    text.push_str(rest);
    unescaped(&text)
}

/// The form that carries the decision.
pub fn form(html: &str) -> Tag {
    let mut forms = tags(html).into_iter().filter(|tag| tag.name == "form");
    forms
        .rfind(|form| !form.is("action", "/api/authorize/stay"))
        .expect("a form")
}

/// The buttons that send it.
pub fn submits(html: &str) -> Vec<Tag> {
    within(html, &form(html))
        .into_iter()
        .filter(|tag| tag.name == "button" && tag.is("type", "submit"))
        .collect()
}

/// The first `name` with this attribute.
pub fn find<'a>(tags: &'a [Tag], name: &str, attribute: &str, value: &str) -> Option<&'a Tag> {
    tags.iter()
        .find(|tag| tag.name == name && tag.is(attribute, value))
}

/// What the window is called.
pub fn title(html: &str) -> String {
    let tags = tags(html);
    let title = tags
        .iter()
        .find(|tag| tag.name == "title")
        .expect("a title");
    text(inner(html, title))
}

/// Everything that a person reads, without the head.
pub fn readable(html: &str) -> String {
    text(html.split_once("<body").map_or(html, |(_, body)| {
        body.split_once('>').map_or(body, |(_, body)| body)
    }))
}

fn end_of_tag(html: &str, from: usize) -> usize {
    let mut quoted = false;
    for (at, c) in html[from..].char_indices() {
        match c {
            '"' => quoted = !quoted,
            '>' if !quoted => return from + at + 1,
            _ => {}
        }
    }
    html.len()
}

fn attributes(mut rest: &str) -> BTreeMap<String, String> {
    let mut attributes = BTreeMap::new();
    loop {
        rest = rest.trim_start().trim_start_matches('/');
        let end = rest.find([' ', '=']).unwrap_or(rest.len());
        if end == 0 {
            return attributes;
        }
        let name = rest[..end].to_owned();
        rest = &rest[end..];
        let value = match rest
            .strip_prefix("=\"")
            .and_then(|value| value.split_once('"'))
        {
            Some((value, after)) => {
                rest = after;
                unescaped(value)
            }
            None => String::new(),
        };
        attributes.insert(name, value);
    }
}

fn unescaped(text: &str) -> String {
    text.replace("&quot;", "\"")
        .replace("&#x27;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

#[test]
fn tags_and_attributes_are_read_as_they_stand() {
    let html = r#"<p class="a > b" hidden>x &lt;&amp;<!><input name="n" value=""></p>"#;
    let read = tags(html);
    assert_eq!(
        read.iter().map(|tag| tag.name.as_str()).collect::<Vec<_>>(),
        ["p", "input"]
    );
    assert!(read[0].is("class", "a > b") && read[0].is("hidden", ""));
    assert!(read[1].is("name", "n") && read[1].is("value", ""));
    assert_eq!(text(inner(html, &read[0])), "x <&");
}
