//! Lines of CSV (RFC 4180) for people who open them in a spreadsheet.

/// One line of these fields.
pub(crate) fn line<'f>(fields: impl IntoIterator<Item = &'f str>) -> String {
    let quoted: Vec<String> = fields.into_iter().map(quoted).collect();
    format!("{}\r\n", quoted.join(","))
}

/// In quotes, and harmless to spreadsheets, which take a text that begins with one of these for a
/// formula.
fn quoted(field: &str) -> String {
    let formula = field.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let guard = if formula { "'" } else { "" };
    format!("\"{guard}{}\"", field.replace('"', "\"\""))
}
