//! Settings on paper: the file `.env.example`, and what `doctor --print-settings` prints.

use std::fmt::Write as _;

use super::{Settings, Sources, TABLE};

/// Text of `.env.example`: every setting with its meaning and default. A test compares the file
/// at the top of the repository with it.
pub fn environment_file() -> String {
    let mut text = String::from(
        "# Settings of Countersign. Every line is optional; what is commented out is the default.\n\
         # The same names in small letters, without COUNTERSIGN_, go into a TOML file, which is\n\
         # named by --config or by COUNTERSIGN_CONFIG; environment variables win over it.\n\
         # An unknown or malformed setting stops the start.\n",
    );
    let mut section = "";
    for setting in TABLE {
        if setting.section != section {
            section = setting.section;
            let _ = write!(text, "\n\n## {section}\n");
        }
        text.push('\n');
        for line in setting.meaning {
            let _ = writeln!(text, "#{line}");
        }
        let _ = writeln!(text, "# Expected: {}.", (setting.expected)());
        let _ = writeln!(text, "#{}={}", setting.variable(), setting.default);
    }
    text
}

/// The settings in force, one a line as in a TOML file, with where each comes from. Secrets are
/// masked.
pub fn in_force(settings: &Settings, sources: &Sources) -> String {
    let mut text = String::new();
    for (name, shown) in settings.shown() {
        let number = !shown.is_empty() && shown.bytes().all(|byte| byte.is_ascii_digit());
        let value = if number { shown } else { format!("{shown:?}") };
        let _ = writeln!(text, "{name} = {value}  # {}", sources.place(name));
    }
    text
}
