//! What a team sends for review.

use protocol::{
    form::RawForm,
    registration::{Registration, Submission, Task},
};

/// What a team typed into all forms.
const TYPED: [(&str, &str); 24] = [
    ("organization", "UAB Biudžetas"),
    ("register", "jar"),
    ("reg_no", "300060819"),
    ("addr1", "Žalgirio g. 1"),
    ("city", "Vilnius"),
    ("postcode", "LT-08217"),
    ("country", "lt"),
    ("licence", "bank"),
    ("licence_number", "LB002006"),
    ("licence_authority", "Bank of Lithuania"),
    ("security_contact", "security@biudzetas.lt"),
    ("phone", "+370 600 00000"),
    ("complaints_mail", "skundai@biudzetas.lt"),
    ("audience", "people"),
    ("purpose_en", "Shows what you spend, month by month"),
    ("description", "A budget planner that sorts transactions."),
    ("retention", "Two years"),
    ("shared_with", "Nobody"),
    ("website", "https://www.biudzetas.lt/"),
    ("privacy_url", "https://biudzetas.lt/privacy"),
    ("terms_url", "https://biudzetas.lt/terms"),
    ("scope", "ais"),
    ("app_name", "Biudžetas"),
    ("redirect_uri", "https://app.biudzetas.lt/callback"),
];

/// A registration with everything in it.
pub fn registration() -> Registration {
    let form = RawForm::from_pairs(TYPED);
    let mut registration = Registration::default();
    for task in Task::ALL {
        assert_eq!(registration.save(*task, &form), Ok(()));
    }
    registration
}

/// The same, as it is sent for review.
pub fn submission() -> Submission {
    registration().submission().expect("all tasks")
}
