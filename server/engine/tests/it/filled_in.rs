//! A registration as a developer fills it in: one for all stories.

use protocol::{
    form::RawForm,
    registration::{Field, Registration, Task},
};

/// Everything that the six forms ask for.
pub const TYPED: [(&str, &str); 26] = [
    ("organization", "UAB Biudžetas"),
    ("register", "jar"),
    ("reg_no", "300060819"),
    ("addr1", "Žalgirio g. 1"),
    ("city", "Vilnius"),
    ("postcode", "LT-08217"),
    ("country", "lt"),
    ("licence", "aisp"),
    ("licence_number", "LB002006"),
    ("licence_authority", "Bank of Lithuania"),
    ("security_contact", "security@biudzetas.lt"),
    ("phone", "+370 600 00000"),
    ("complaints_mail", "skundai@biudzetas.lt"),
    ("audience", "people"),
    (
        "purpose_en",
        "Shows what you spend from your accounts, month by month",
    ),
    (
        "purpose_lt",
        "Parodo, kam kas mėnesį išleidžiate pinigus iš savo sąskaitų",
    ),
    (
        "description",
        "A budget planner that sorts transactions into groups.",
    ),
    ("retention", "Two years"),
    ("shared_with", "Nobody"),
    ("website", "https://www.biudzetas.lt/"),
    ("privacy_url", "https://biudzetas.lt/privacy"),
    ("terms_url", "https://biudzetas.lt/terms"),
    ("scope", "ais"),
    ("app_name", "Biudžetas"),
    ("redirect_uri", "https://app.biudzetas.lt/callback"),
    ("redirect_uri", "http://127.0.0.1/callback"),
];

/// The fields of a task; `other` takes the place of all rows of the fields that it names.
pub fn form(task: Task, other: &[(&str, &str)]) -> RawForm {
    let is_of_task = |(name, _): &(&str, &str)| {
        let of = name.parse::<Field>().map(Field::task);
        of == Ok(task)
    };
    let is_kept = |(name, _): &(&str, &str)| other.iter().all(|(changed, _)| changed != name);
    let kept = TYPED.iter().filter(|field| is_kept(field)).chain(other);
    RawForm::from_pairs(kept.copied().filter(is_of_task))
}

/// The whole registration, with other values in some fields.
pub fn registration(other: &[(&str, &str)]) -> Registration {
    let mut registration = Registration::default();
    for task in Task::ALL {
        let saved = registration.save(*task, &form(*task, other));
        saved.expect("a form without faults");
    }
    registration
}
