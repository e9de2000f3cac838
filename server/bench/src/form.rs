//! Reading just enough HTML to fill in a form as a person without script would.

/// A form of a page, filled in with what the page itself holds.
pub struct Form {
    /// Where it is sent to.
    pub action: String,
    /// Hidden and empty fields, boxes and buttons, as name, kind and value.
    fields: Vec<Field>,
}

struct Field {
    name: String,
    kind: String,
    value: String,
    disabled: bool,
}

impl Form {
    /// The first form of `page` that is sent by POST and has a field or button `name`.
    pub fn with_field(page: &str, name: &str) -> Option<Self> {
        let forms = page
            .split("<form")
            .skip(1)
            .map(|rest| rest.split("</form").next().unwrap_or(rest));
        forms
            .filter_map(Self::parse)
            .find(|form| form.fields.iter().any(|field| field.name == name))
    }

    fn parse(text: &str) -> Option<Self> {
        let tag = text.split('>').next()?;
        attribute(tag, "method").filter(|method| method.eq_ignore_ascii_case("post"))?;
        let action = attribute(tag, "action")?;
        let mut fields = Vec::new();
        for rest in text.split('<').skip(1) {
            let tag = rest.split('>').next().unwrap_or(rest);
            let kind = match tag.split_whitespace().next() {
                Some("input") => attribute(tag, "type").unwrap_or_else(|| "text".into()),
                Some("button") => "submit".into(),
                _ => continue,
            };
            let Some(name) = attribute(tag, "name") else {
                continue;
            };
            let value = attribute(tag, "value").unwrap_or_default();
            let disabled = tag
                .split_whitespace()
                .any(|word| word == "disabled" || word.starts_with("disabled="));
            fields.push(Field {
                name,
                kind,
                value,
                disabled,
            });
        }
        Some(Self { action, fields })
    }

    /// What is sent when `typed` is typed, the first box or circle of every name is ticked, and
    /// the first button whose value is one of `buttons` is pressed.
    pub fn filled<'a>(
        &'a self,
        typed: &[(&'a str, &'a str)],
        buttons: &[&str],
    ) -> Vec<(&'a str, &'a str)> {
        let mut sent: Vec<(&str, &str)> = Vec::new();
        let mut pressed = false;
        for field in self.fields.iter().filter(|field| !field.disabled) {
            let known = sent.iter().any(|(name, _)| *name == field.name);
            match field.kind.as_str() {
                "checkbox" | "radio" if known => {}
                "submit" if pressed || !buttons.contains(&field.value.as_str()) => {}
                "submit" => {
                    pressed = true;
                    sent.push((&field.name, &field.value));
                }
                _ => {
                    let value = typed.iter().find(|(name, _)| *name == field.name);
                    sent.push((&field.name, value.map_or(&*field.value, |(_, value)| value)));
                }
            }
        }
        sent
    }
}

/// Value of an attribute of a tag.
pub fn attribute(tag: &str, name: &str) -> Option<String> {
    let mut rest = tag;
    loop {
        let at = rest.find(name)?;
        let before = rest[..at].chars().next_back();
        rest = &rest[at + name.len()..];
        if !before.is_some_and(char::is_whitespace) {
            continue;
        }
        if let Some(quoted) = rest.strip_prefix("=\"") {
            return quoted.split('"').next().map(unescape);
        }
        if let Some(quoted) = rest.strip_prefix("='") {
            return quoted.split('\'').next().map(unescape);
        }
        if let Some(bare) = rest.strip_prefix('=') {
            return bare
                .split(|c: char| c.is_whitespace() || c == '/')
                .next()
                .map(unescape);
        }
    }
}

/// The five characters that HTML must write otherwise.
fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#x27;", "'")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<form method="get" action="/language"><button name="lang" value="lt">LT</button></form>
        <form class="x" method="POST" action="/api/consent?a=1&amp;b=2">
        <input type="hidden" name="form_token" value="a&quot;b">
        <input type="checkbox" name="account" value="1" disabled>
        <input type="checkbox" name="account" value="2"/><input type='checkbox' name='account' value='3'>
        <input name="code" data-name="not this" autocomplete="one-time-code">
        <button type="submit" name="decision" value="deny">No</button>
        <button type="submit" name="decision" value="allow">Yes</button></form>"#;

    #[test]
    fn a_form_is_filled_in_as_a_person_would() {
        let form = Form::with_field(PAGE, "form_token").unwrap();
        assert_eq!(form.action, "/api/consent?a=1&b=2");
        let sent = form.filled(&[("code", "123456")], &["allow", "confirm"]);
        let wanted = [
            ("form_token", "a\"b"),
            ("account", "2"),
            ("code", "123456"),
            ("decision", "allow"),
        ];
        assert_eq!(sent, wanted);
    }

    #[test]
    fn forms_that_only_ask_are_not_taken() {
        assert!(Form::with_field(PAGE, "lang").is_none());
        assert!(Form::with_field(PAGE, "password").is_none());
    }
}
