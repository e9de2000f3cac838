//! Reads the form of a task field by field and collects what is wrong.

use std::str::FromStr;

use super::{
    faults::{Fault, FaultKind, Faults},
    field::{Field, Task},
};
use crate::{form::RawForm, text::is_hidden};

/// Reading goes on after a fault, so that a person hears of all of them at once.
pub(super) struct Reader<'form> {
    form: &'form RawForm,
    task: Task,
    faults: Vec<Fault>,
}

impl<'form> Reader<'form> {
    pub fn new(form: &'form RawForm, task: Task) -> Self {
        Self {
            form,
            task,
            faults: Vec::new(),
        }
    }

    pub fn fault(&mut self, field: Field, kind: FaultKind) {
        self.faults.push(Fault::at(field, kind));
    }

    pub fn has_fault(&self, field: Field) -> bool {
        self.faults.iter().any(|fault| fault.field == field)
    }

    fn limit(&mut self, field: Field, kind: FaultKind, limit: usize) {
        self.faults.push(Fault {
            limit: Some(limit),
            ..Fault::at(field, kind)
        });
    }

    /// What stands in the field, without blanks at its ends; `None` when that is nothing.
    pub fn typed(&mut self, field: Field) -> Option<&'form str> {
        match self.form.one(field.as_str()) {
            Ok(value) => value.map(str::trim).filter(|value| !value.is_empty()),
            Err(_duplicate) => {
                self.fault(field, FaultKind::SentTwice);
                None
            }
        }
    }

    fn required(&mut self, field: Field) -> Option<&'form str> {
        let before = self.faults.len();
        let value = self.typed(field);
        if value.is_none() && self.faults.len() == before {
            self.fault(field, FaultKind::Missing);
        }
        value
    }

    /// One line that must be there.
    pub fn line(&mut self, field: Field, least: usize, most: usize) -> Option<String> {
        let value = self.required(field)?;
        self.bounded(field, value, least, most, |_| false)
    }

    /// One line that may be left out.
    pub fn optional_line(&mut self, field: Field, least: usize, most: usize) -> Option<String> {
        let value = self.typed(field)?;
        self.bounded(field, value, least, most, |_| false)
    }

    /// A text that may have several lines and must be there.
    pub fn text(&mut self, field: Field, least: usize, most: usize) -> Option<String> {
        // Browsers send CR LF for the end of a line (HTML, "constructing entry lists").
        let value = self.required(field)?.replace("\r\n", "\n");
        self.bounded(field, &value, least, most, |character| character == '\n')
    }

    fn bounded(
        &mut self,
        field: Field,
        value: &str,
        least: usize,
        most: usize,
        may_be_hidden: impl Fn(char) -> bool,
    ) -> Option<String> {
        let length = value.chars().count();
        if value
            .chars()
            .any(|character| is_hidden(character) && !may_be_hidden(character))
        {
            self.fault(field, FaultKind::HiddenCharacter);
        } else if length < least {
            self.limit(field, FaultKind::TooShort, least);
        } else if length > most {
            self.limit(field, FaultKind::TooLong, most);
        } else {
            return Some(value.to_owned());
        }
        None
    }

    /// A value that must be there.
    pub fn value<T>(
        &mut self,
        field: Field,
        parse: impl FnOnce(&str) -> Result<T, FaultKind>,
    ) -> Option<T> {
        let value = self.required(field)?;
        self.parsed(field, value, parse)
    }

    /// A value that may be left out.
    pub fn optional<T>(
        &mut self,
        field: Field,
        parse: impl FnOnce(&str) -> Result<T, FaultKind>,
    ) -> Option<T> {
        let value = self.typed(field)?;
        self.parsed(field, value, parse)
    }

    /// One of the choices.
    pub fn choice<T: FromStr>(&mut self, field: Field) -> Option<T> {
        self.value(field, |word| {
            word.parse().map_err(|_| FaultKind::NotAChoice)
        })
    }

    fn parsed<T>(
        &mut self,
        field: Field,
        value: &str,
        parse: impl FnOnce(&str) -> Result<T, FaultKind>,
    ) -> Option<T> {
        match parse(value) {
            Ok(value) => Some(value),
            Err(kind) => {
                self.fault(field, kind);
                None
            }
        }
    }

    /// The rows of a field that repeats: at least one, at most `most`, none of them twice.
    pub fn rows<T: PartialEq>(
        &mut self,
        field: Field,
        most: usize,
        parse: impl Fn(&str) -> Result<T, FaultKind>,
    ) -> Vec<T> {
        let typed = self.form.many(field.as_str());
        if typed.map(str::trim).all(str::is_empty) {
            self.fault(field, FaultKind::Missing);
        }
        self.optional_rows(field, most, parse)
    }

    /// The rows of a field that repeats: at most `most`, none of them twice.
    pub fn optional_rows<T: PartialEq>(
        &mut self,
        field: Field,
        most: usize,
        parse: impl Fn(&str) -> Result<T, FaultKind>,
    ) -> Vec<T> {
        let form = self.form;
        let typed = form.many(field.as_str()).map(str::trim);
        let typed: Vec<&str> = typed.filter(|row| !row.is_empty()).collect();
        if typed.len() > most {
            self.limit(field, FaultKind::TooMany, most);
        }
        let mut rows = Vec::new();
        for (at, text) in typed.into_iter().take(most).enumerate() {
            let kind = match parse(text) {
                Ok(row) if rows.contains(&row) => FaultKind::Repeated,
                Ok(row) => {
                    rows.push(row);
                    continue;
                }
                Err(kind) => kind,
            };
            self.faults.push(Fault {
                row: Some(at),
                ..Fault::at(field, kind)
            });
        }
        rows
    }

    /// The draft, if nothing was wrong.
    pub fn finish<D>(mut self, draft: Option<D>) -> Result<D, Faults> {
        match draft {
            Some(draft) if self.faults.is_empty() => Ok(draft),
            _ => {
                self.faults.sort_by_key(|fault| (fault.field, fault.row));
                let typed = |field: Field| {
                    self.form
                        .many(field.as_str())
                        .map(move |value| (field, value.to_owned()))
                };
                Err(Faults {
                    task: self.task,
                    typed: self.task.fields().flat_map(typed).collect(),
                    faults: self.faults,
                })
            }
        }
    }
}
