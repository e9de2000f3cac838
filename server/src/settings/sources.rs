//! Where settings come from, the strongest last: defaults, TOML file, environment.

use std::{fmt, path::Path};

use figment::{
    Figment, Metadata, Profile, Provider,
    providers::{Format as _, Toml},
    value::{Dict, Map, Value as Raw},
};

use super::{
    PREFIX,
    table::TABLE,
    value::{DatabaseUrl, PublicUrl, Value},
};

/// A setting that stops the start: its name and what was expected, in one sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongSetting(pub String);

impl fmt::Display for WrongSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for WrongSetting {}

/// Variables with the prefix that are not settings: where the file is, and what tests are told.
fn is_no_setting(variable: &str) -> bool {
    variable == super::CONFIG_VARIABLE || variable.starts_with("COUNTERSIGN_TEST_")
}

/// The merged texts of all settings.
pub struct Sources {
    figment: Figment,
}

impl Sources {
    /// Merges `file` (its path and text) and `environment` over the defaults. Names that are not
    /// in the table are refused.
    pub fn merge(
        file: Option<(&Path, &str)>,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, WrongSetting> {
        let environment = Layer::environment(environment)?;
        let file = file
            .map(|(path, text)| Layer::file(path, text))
            .transpose()?;
        let over = |mut figment: Figment| {
            if let Some(file) = &file {
                figment = figment.merge(file);
            }
            Self {
                figment: figment.merge(&environment),
            }
        };
        let first = over(Figment::from(Layer::defaults()));
        Ok(over(
            Figment::from(Layer::defaults()).merge(Layer::derived(&first)),
        ))
    }

    /// The value of the setting `name`.
    pub fn value<T: Value>(&self, name: &str) -> Result<T, WrongSetting> {
        let text = self.text(name).unwrap_or_default();
        T::parse(&text).ok_or_else(|| {
            let place = match self.place(name).as_str() {
                ENVIRONMENT | DEFAULT => variable(name),
                file => format!("{name} in {file}"),
            };
            WrongSetting(format!("{place} is malformed: expected {}.", T::expected()))
        })
    }

    /// Where the setting's text comes from: `environment`, `default`, or the path of the file.
    pub fn place(&self, name: &str) -> String {
        self.figment
            .find_metadata(name)
            .map_or_else(String::new, |found| found.name.to_string())
    }

    fn text(&self, name: &str) -> Option<String> {
        self.figment
            .find_value(name)
            .ok()
            .and_then(|raw| text_of(&raw))
    }
}

const ENVIRONMENT: &str = "environment";
const DEFAULT: &str = "default";

fn variable(name: &str) -> String {
    format!("{PREFIX}{}", name.to_ascii_uppercase())
}

/// One source, as figment wants it.
struct Layer {
    place: String,
    texts: Dict,
}

impl Layer {
    fn defaults() -> Self {
        let texts = TABLE
            .iter()
            .map(|setting| (setting.name.into(), setting.default.into()));
        Self {
            place: DEFAULT.into(),
            texts: texts.collect(),
        }
    }

    /// Defaults that follow from other settings: the database lies in the data folder, and the
    /// public address follows the listening one.
    fn derived(sources: &Sources) -> Self {
        let mut texts = Dict::new();
        if let Some(folder) = sources.text("data_dir") {
            texts.insert(
                "database_url".into(),
                DatabaseUrl::in_folder(&folder).expose().into(),
            );
        }
        if let Ok(listen) = sources.value("listen") {
            texts.insert("public_url".into(), PublicUrl::of(listen).shown().into());
        }
        Self {
            place: DEFAULT.into(),
            texts,
        }
    }

    fn environment(
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, WrongSetting> {
        let mut texts = Dict::new();
        for (variable, text) in variables {
            let Some(name) = variable.strip_prefix(PREFIX) else {
                continue;
            };
            if is_no_setting(&variable) {
                continue;
            }
            let name = name.to_ascii_lowercase();
            let known = TABLE.iter().any(|setting| setting.variable() == variable);
            if !known {
                return Err(unknown(&variable, &super::variables()));
            }
            // `NAME=` in a file of variables says "as by default".
            if !text.is_empty() {
                texts.insert(name, text.into());
            }
        }
        Ok(Self {
            place: ENVIRONMENT.into(),
            texts,
        })
    }

    fn file(path: &Path, text: &str) -> Result<Self, WrongSetting> {
        let place = path.display().to_string();
        let parsed: Dict = Figment::from(Toml::string(text))
            .extract()
            .map_err(|error| {
                let reason = error.to_string();
                WrongSetting(format!(
                    "{place} is not well-formed TOML: {}.",
                    one_line(&reason)
                ))
            })?;
        let mut texts = Dict::new();
        for (name, raw) in parsed {
            let Some(setting) = TABLE.iter().find(|setting| setting.name == name) else {
                let names: Vec<_> = TABLE
                    .iter()
                    .map(|setting| setting.name.to_owned())
                    .collect();
                let WrongSetting(sentence) = unknown(&name, &names);
                return Err(WrongSetting(format!("In {place}: {sentence}")));
            };
            let Some(text) = text_of(&raw) else {
                let expected = (setting.expected)();
                return Err(WrongSetting(format!(
                    "{name} in {place} is malformed: expected {expected}."
                )));
            };
            if !text.is_empty() {
                texts.insert(name, text.into());
            }
        }
        Ok(Self { place, texts })
    }
}

impl Provider for Layer {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.place.clone())
    }

    fn data(&self) -> figment::Result<Map<Profile, Dict>> {
        Ok(Profile::Default.collect(self.texts.clone()))
    }
}

/// Numbers and lists of a TOML file read as the text that the environment would hold.
fn text_of(raw: &Raw) -> Option<String> {
    match raw {
        Raw::String(_, text) => Some(text.clone()),
        Raw::Num(_, number) => number
            .to_i128()
            .map(|whole| whole.to_string())
            .or_else(|| number.to_u128().map(|whole| whole.to_string())),
        Raw::Bool(_, truth) => Some(truth.to_string()),
        Raw::Array(_, items) => items
            .iter()
            .map(text_of)
            .collect::<Option<Vec<_>>>()
            .map(|items| items.join(",")),
        _ => None,
    }
}

fn unknown(name: &str, names: &[String]) -> WrongSetting {
    let nearest = names
        .iter()
        .min_by_key(|known| strsim::damerau_levenshtein(known, name));
    let hint = match nearest {
        Some(nearest) if strsim::damerau_levenshtein(nearest, name) <= 3 => {
            format!("expected one of the documented names, perhaps {nearest}")
        }
        _ => "expected one of the names that 'countersign doctor --print-settings' lists".into(),
    };
    WrongSetting(format!("{name} is not a setting: {hint}."))
}

/// A message of several lines as one.
fn one_line(text: &str) -> String {
    let words: Vec<_> = text
        .split_whitespace()
        .filter(|word| *word != "|")
        .collect();
    words.join(" ").trim_end_matches('.').to_owned()
}
