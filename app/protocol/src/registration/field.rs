//! The tasks of a registration and the fields of their forms.

use crate::words::words;

words! {
    /// One page of the registration, saved on its own.
    Task {
        /// Who runs the app.
        Business "business",
        /// What it is for.
        Purpose "purpose",
        /// Where people find it and its policies.
        Website "website",
        /// Which permissions it may ask for.
        Permissions "permissions",
        /// How people see it.
        Look "look",
        /// How the app asks for tokens, and where people are sent back to.
        Callbacks "callbacks",
    }

    /// A field of a form, by its `name` attribute.
    Field {
        /// Legal name of the business.
        Organization "organization",
        /// The name it trades under, if another.
        TradingName "trading_name",
        /// The register of companies.
        Register "register",
        /// The number in that register.
        RegNo "reg_no",
        /// VAT number.
        Vat "vat",
        /// Legal entity identifier.
        Lei "lei",
        /// First line of the address.
        Addr1 "addr1",
        /// Second line of the address.
        Addr2 "addr2",
        /// Town.
        City "city",
        /// Postal code.
        Postcode "postcode",
        /// Country of the address.
        Country "country",
        /// Kind of licence.
        Licence "licence",
        /// Number of the licence.
        LicenceNumber "licence_number",
        /// The authority that gave the licence.
        LicenceAuthority "licence_authority",
        /// Mail address for security matters.
        SecurityContact "security_contact",
        /// Telephone, day and night.
        Phone "phone",
        /// Mail address for complaints of people.
        ComplaintsMail "complaints_mail",
        /// Who uses the app.
        Audience "audience",
        /// The sentence that people read, in English.
        PurposeEn "purpose_en",
        /// The sentence that people read, in Lithuanian.
        PurposeLt "purpose_lt",
        /// The sentence that people read, in Russian.
        PurposeRu "purpose_ru",
        /// What the app does, for the reviewers.
        Description "description",
        /// How long data is kept.
        Retention "retention",
        /// With whom data is shared.
        SharedWith "shared_with",
        /// Homepage.
        Website "website",
        /// Privacy policy.
        PrivacyUrl "privacy_url",
        /// Terms of use.
        TermsUrl "terms_url",
        /// A permission; repeats.
        Scope "scope",
        /// The name that people see.
        AppName "app_name",
        /// How the app asks for tokens.
        Speech "speech",
        /// A callback address; repeats.
        RedirectUri "redirect_uri",
    }
}

impl Task {
    /// The fields of the task's form, in the order of the page.
    pub fn fields(self) -> impl Iterator<Item = Field> {
        Field::ALL
            .iter()
            .copied()
            .filter(move |field| field.task() == self)
    }
}

impl Field {
    /// The task whose form has the field.
    pub const fn task(self) -> Task {
        match self {
            Self::Organization
            | Self::TradingName
            | Self::Register
            | Self::RegNo
            | Self::Vat
            | Self::Lei
            | Self::Addr1
            | Self::Addr2
            | Self::City
            | Self::Postcode
            | Self::Country
            | Self::Licence
            | Self::LicenceNumber
            | Self::LicenceAuthority
            | Self::SecurityContact
            | Self::Phone
            | Self::ComplaintsMail => Task::Business,
            Self::Audience
            | Self::PurposeEn
            | Self::PurposeLt
            | Self::PurposeRu
            | Self::Description
            | Self::Retention
            | Self::SharedWith => Task::Purpose,
            Self::Website | Self::PrivacyUrl | Self::TermsUrl => Task::Website,
            Self::Scope => Task::Permissions,
            Self::AppName => Task::Look,
            Self::Speech | Self::RedirectUri => Task::Callbacks,
        }
    }

    /// Whether the form may send it any number of times.
    pub const fn repeats(self) -> bool {
        matches!(self, Self::Scope | Self::RedirectUri)
    }
}
