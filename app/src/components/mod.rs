//! Parts that pages are made of. A component is given what it shows and the texts of one language;
//! it asks nothing of the server and nothing of the browser. Looks are in `style/`.

mod account;
mod amount;
mod app;
mod badge;
mod block;
mod code_sample;
mod compared;
mod complaints;
mod countries;
mod decision;
mod developer;
mod difference;
mod disclosure;
mod document;
mod fact;
mod field;
mod form;
mod form_buttons;
mod icon;
mod notice;
mod permissions;
mod pick_one;
mod portal_form;
mod portal_shell;
mod qr;
mod reason_field;
mod records;
mod shell;
mod text_area;
mod text_field;
mod time;

pub use account::{AccountCard, Pick, account_kind};
pub use amount::{AmountCard, Iban};
pub use app::{Identity, named, plate};
pub use badge::Badge;
pub use block::{Block, HeadBlock};
pub use code_sample::CodeSample;
pub use compared::compared;
pub use complaints::{ComplaintBox, said_about};
pub use countries::countries;
pub use decision::{Deny, Primary, SignBlock};
pub use developer::{DeveloperDetails, explanation};
pub(crate) use difference::{Run, runs_of_words};
pub use disclosure::Disclosure;
pub use document::{DocumentSection, DocumentShell, PageLink};
pub use fact::{Fact, Machine};
pub use field::{CodeField, PasswordField, RecoveryField, UsernameField};
pub(crate) use field::{Labelled, described_by, invalid};
pub use form::{Enhancements, StepForm, Ties, countdown};
pub use form_buttons::FormButtons;
pub use icon::{Icon, Shape};
pub use notice::{NoticeBox, Place, Top, Trouble};
pub use permissions::{CanList, CannotList, permission_key};
pub use pick_one::PickOne;
pub use portal_form::PortalForm;
pub use portal_shell::{PortalShell, Visitor};
pub use qr::QrCode;
pub use reason_field::ReasonField;
pub use records::{FilterForm, RecordTable};
pub use shell::{FocusShell, ReferenceLine, SiteHost, site_host};
pub(crate) use shell::{escaped, language_links};
pub use text_area::TextArea;
pub use text_field::{FieldKind, TextField, Tick};
pub use time::{clock_time, day, minute, moment};

use protocol::locale::Locale;

/// The two font files that a page in this language needs first.
pub const fn preloads(locale: Locale) -> [&'static str; 2] {
    match locale {
        Locale::En => [
            "/fonts/ibm-plex-sans-400-latin.woff2",
            "/fonts/source-serif-4-600-latin.woff2",
        ],
        // Each line of Lithuanian mixes letters of both files.
        Locale::Lt => [
            "/fonts/ibm-plex-sans-400-latin.woff2",
            "/fonts/ibm-plex-sans-400-latin-ext.woff2",
        ],
        Locale::Ru => [
            "/fonts/ibm-plex-sans-400-cyrillic.woff2",
            "/fonts/source-serif-4-600-cyrillic.woff2",
        ],
    }
}
