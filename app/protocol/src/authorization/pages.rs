//! What each page of an authorization is given to show.

use serde::{Deserialize, Serialize};

use crate::{
    declared::{Declaration, Detail},
    ids::{AccountId, AuthorizationId, TraceId},
    locale::Locale,
    registration::Licence,
    scope::{Cannot, Cluster},
    time::Timestamp,
};

/// The page that is due, with all it shows. A page is one `match` on this.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step {
    /// Sign in (U1).
    LogIn(LogInView),
    /// Read and choose (U3).
    Consent(ConsentView),
    /// Strong customer authentication (U2), with the payment's sum and payee where there is one (U4).
    Confirm(ConfirmView),
    /// Tell what an app needs and the bank does not have.
    Details(DetailsView),
    /// Choose the account to pay from (second page of U4).
    PayFrom(PayFromView),
    /// It is over; the way back (U5).
    Finished(FinishedView),
    /// It cannot go on (U12).
    Problem(ProblemView),
}

/// What every page of an authorization shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    /// The authorization, as in the page's path.
    pub interaction: AuthorizationId,
    /// The form's anti-forgery token (hidden field `form_token`).
    pub form_token: String,
    /// Who asks.
    pub app: AppView,
    /// The language of the page.
    pub locale: Locale,
    /// Until when this step can be answered.
    pub expires_at: Timestamp,
    /// When the page was made (for "finish before" and the expiry warning).
    pub now: Timestamp,
    /// The origin or scheme that the `form-action` directive must name beside `'self'`.
    pub form_origin: String,
    /// Something to tell on top of the page.
    pub notice: Option<Notice>,
    /// The login id as typed, once the person signed in.
    pub signed_in_as: Option<String>,
}

/// The app as a person should see it: verified facts before claimed ones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppView {
    /// The app's name.
    pub name: String,
    /// The business behind it.
    pub legal_name: Option<String>,
    /// The business's registration number.
    pub company_number: Option<String>,
    /// Licence and authority, in words that somebody else wrote.
    pub licence: Option<String>,
    /// Licence and authority, where a reviewer saw them.
    pub licensed: Option<Licence>,
    /// The website's host, when the bank has verified that the business controls it.
    pub verified_domain: Option<String>,
    /// When the app was registered.
    pub since: Timestamp,
    /// Play money and test users only.
    pub sandbox: bool,
    /// Why the app asks, as reviewed; in the page's language where there is one.
    pub purpose: Option<Purpose>,
    /// The host (or app scheme) where the browser goes next.
    pub return_host: String,
    /// The return host does not belong to the verified domain.
    pub return_host_differs: bool,
}

/// A reviewed sentence in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purpose {
    /// The language of the text, which may differ from the page's.
    pub locale: Locale,
    /// The sentence.
    pub text: String,
}

/// Something to tell on top of a page; each has a text of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "notice", rename_all = "snake_case")]
pub enum Notice {
    /// Login id and password did not go together. The same for an unknown login id.
    WrongDetails {
        /// Set when few tries are left before a pause.
        tries_left: Option<u32>,
    },
    /// Too many misses: signing in with this name, or the code, is paused.
    Paused {
        /// When it can be tried again.
        until: Timestamp,
    },
    /// The code did not match. The same for old, used and mistyped codes.
    WrongCode {
        /// Show the list of usual causes (from the second miss on).
        help: bool,
        /// Set when few tries are left before a pause.
        tries_left: Option<u32>,
    },
    /// Nothing was ticked.
    ChooseAccount,
    /// A field was left empty.
    Missing {
        /// The field's name.
        field: String,
    },
    /// The page was open for a while or came from elsewhere; nothing was done.
    SendAgain,
    /// The step in the address was done already; this is the current one.
    AlreadyDone,
    /// The chosen account holds too little.
    TooLittleMoney,
    /// Fields were filled in in a way that cannot be taken.
    Mend {
        /// Their names, in the order of the page; at least one.
        fields: Vec<String>,
    },
}

/// U1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogInView {
    /// Shared parts.
    pub frame: Frame,
    /// The login id as typed before, to be kept.
    pub username: String,
    /// The payment that was asked for, if any: "wants you to pay".
    pub payment: Option<PaymentView>,
    /// Any login id and password will do: the sandbox's directory is open.
    pub open: bool,
}

/// U3.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentView {
    /// Shared parts.
    pub frame: Frame,
    /// What the app could do, in reading order.
    pub can: Vec<Cluster>,
    /// What of it the app could also do under its own name, while the person does not use it.
    pub offline: Vec<Cluster>,
    /// What of it the bank does not have and cannot ask for here, though the app cannot do without.
    pub absent: Vec<Cluster>,
    /// What of it the person will be asked for, because the bank does not have it.
    pub asked_for: Vec<Cluster>,
    /// What the app could not do.
    pub cannot: Vec<Cannot>,
    /// Accounts to choose from; empty when the permissions speak of none.
    pub accounts: Vec<AccountChoice>,
    /// Whether accounts are to be chosen at all.
    pub chooses_accounts: bool,
    /// The app named the accounts: there is nothing to choose, and without one of them nothing to allow.
    pub names_accounts: bool,
    /// Until when the permission would hold.
    pub until: Timestamp,
    /// For how many days that is.
    pub days: u32,
    /// How often a day the app may come without the person; none when that is not limited.
    pub times_a_day: Option<u32>,
    /// The app may look once, and not come back.
    pub once: bool,
    /// The payment that goes with it, if any.
    pub payment: Option<PaymentView>,
}

/// The page that asks for what is missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DetailsView {
    /// Shared parts.
    pub frame: Frame,
    /// What is asked for; nothing when it came to be there meanwhile.
    pub wanted: Vec<Detail>,
    /// What was typed before.
    pub typed: Declaration,
}

/// One account to tick or to pick.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountChoice {
    /// The value of the form field `account`.
    pub id: AccountId,
    /// Key of the account's kind (`wallet`, `current`, `savings`).
    pub kind: String,
    /// The account number, masked.
    pub masked_iban: String,
    /// Currency code.
    pub currency: String,
    /// The holder's own name for it; only shown after strong authentication.
    pub name: Option<String>,
    /// Available balance for display; only after strong authentication.
    pub available: Option<String>,
    /// Why it cannot be chosen (text key), if so.
    pub ineligible: Option<String>,
    /// Ticked.
    pub chosen: bool,
    /// What the app could read of it, when it is not the same for every account.
    pub can: Vec<Cluster>,
}

/// A payment for display. Amount and payee are shown in full on every page that shows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentView {
    /// Decimal amount, machine-readable (`20.00`).
    pub amount: String,
    /// Currency code.
    pub currency: String,
    /// The amount in the page's language (`€20.00`).
    pub display: String,
    /// The payee.
    pub creditor_name: String,
    /// The payee's account in groups of four.
    pub creditor_iban: String,
    /// What the payee will read.
    pub reference: Option<String>,
}

/// U2 and U4.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfirmView {
    /// Shared parts.
    pub frame: Frame,
    /// The payment to confirm, if any.
    pub payment: Option<PaymentView>,
    /// What was allowed on the page before, as a short list.
    pub can: Vec<Cluster>,
    /// The masked numbers of the chosen accounts.
    pub accounts: Vec<String>,
    /// Until when the permission will hold.
    pub until: Option<Timestamp>,
    /// The sandbox lets an empty code pass.
    pub code_optional: bool,
    /// The sandbox's own code passes too, because the person came in with any password.
    pub sandbox_code: bool,
    /// Ask for a recovery code in place of an app's code.
    pub recovery: bool,
}

/// Second page of a payment: which account pays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayFromView {
    /// Shared parts.
    pub frame: Frame,
    /// What is paid.
    pub payment: PaymentView,
    /// Accounts of the payment's currency, with balances.
    pub accounts: Vec<AccountChoice>,
}

/// U5.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FinishedView {
    /// Shared parts.
    pub frame: Frame,
    /// What was decided.
    pub outcome: Outcome,
    /// The way back. For a short while after approval it carries the code; later, or when the
    /// code was fetched, it is the app's own address.
    pub way_back: Option<String>,
}

/// What was decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// The app may use what was allowed.
    Approved {
        /// How many accounts.
        accounts: u32,
        /// Until when.
        until: Timestamp,
    },
    /// One payment was approved.
    Paid {
        /// Which.
        payment: PaymentView,
    },
    /// Nothing was shared.
    Denied,
}

/// Why an authorization cannot go on (U12). The text keys are `problem.<name>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemKind {
    /// The link lacks something.
    Incomplete,
    /// No such app.
    UnknownApp,
    /// The app is switched off.
    AppOff,
    /// The app sent an address that it has not registered.
    WrongRedirect,
    /// The app sent its secret through the browser.
    SecretExposed,
    /// The app's request has a mistake, and the app was never reviewed: the person decides whether
    /// to go back to it.
    BadRequest,
    /// The request ran out.
    Expired,
    /// The cookie that belongs to the request is not there.
    Cookies,
    /// Somebody else began this request in the same browser.
    OtherPerson,
    /// Too many tries.
    TooMany,
    /// The browser could not be trusted to have sent the form.
    Forged,
    /// The consent that the app named was taken back, decided before, or is another person's.
    ConsentOver,
    /// The payment's details are not what was shown.
    PaymentChanged,
    /// No such page.
    NotFound,
    /// Storage is busy; it can be tried again.
    Busy,
    /// Our fault.
    Broken,
}

impl ProblemKind {
    /// HTTP status of the page.
    pub fn status(self) -> u16 {
        match self {
            Self::Incomplete
            | Self::UnknownApp
            | Self::WrongRedirect
            | Self::SecretExposed
            | Self::BadRequest
            | Self::Cookies => 400,
            Self::AppOff | Self::Forged | Self::OtherPerson => 403,
            Self::NotFound => 404,
            Self::PaymentChanged => 409,
            Self::Expired | Self::ConsentOver => 410,
            Self::TooMany => 429,
            Self::Busy => 503,
            Self::Broken => 500,
        }
    }

    /// The name in text keys and in `data-err`.
    pub fn key(self) -> &'static str {
        match self {
            Self::Incomplete => "incomplete",
            Self::UnknownApp => "unknown_app",
            Self::AppOff => "app_off",
            Self::WrongRedirect => "wrong_redirect",
            Self::SecretExposed => "secret_exposed",
            Self::BadRequest => "bad_request",
            Self::Expired => "expired",
            Self::Cookies => "cookies",
            Self::OtherPerson => "other_person",
            Self::TooMany => "too_many",
            Self::Forged => "forged",
            Self::ConsentOver => "consent_over",
            Self::PaymentChanged => "payment_changed",
            Self::NotFound => "not_found",
            Self::Busy => "busy",
            Self::Broken => "broken",
        }
    }
}

/// An error page: what happened, what did not happen, one way on, a reference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProblemView {
    /// Why.
    pub kind: ProblemKind,
    /// The reference to dictate to support.
    pub trace: TraceId,
    /// When.
    pub at: Timestamp,
    /// The language of the page.
    pub locale: Locale,
    /// The app's name, when the app exists and is not switched off.
    pub app: Option<String>,
    /// A complete address of the app's that carries the error, when its redirect URI was trusted.
    pub way_back: Option<String>,
    /// When it can be tried again.
    pub until: Option<Timestamp>,
    /// What the app's developer needs to read (English).
    pub developer: Option<DeveloperDetail>,
}

/// For the developer of the app, behind a closed disclosure on the error page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeveloperDetail {
    /// The wire code (RFC 6749 §4.1.2.1).
    pub error: String,
    /// One sentence that says what to mend.
    pub sentence: String,
    /// The redirect URI that was sent, if it is the problem. Already in the address bar.
    pub received: Option<String>,
    /// The closest registered address; sandbox clients only.
    pub registered: Option<String>,
    /// Differences in words; sandbox clients only.
    pub differences: Vec<String>,
    /// Anchor in the error catalogue.
    pub anchor: String,
}
