//! A person as an app sees them: every field with the scope that it needs, and only if it is there.

use protocol::{
    declared::Detail,
    person::{ExposedPerson, Gender, IdentificationLevel, Identity, Phone, PostalAddress},
    scope::{Cluster, Personal, PersonalScope},
};
use serde::Serialize;

use super::{Answer, Asker, PersonalRefusal, WalletView, Whom, rights::Rights};
use crate::{Engine, error::Result, interaction::Interaction};

/// A person. What is absent was not allowed or is not there.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct PersonView {
    /// The number of the person.
    pub id: i64,
    /// The e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The confirmed phone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
    /// The name that others see.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The date of birth, `1980-01-01`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dob: Option<String>,
    /// The gender.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<Gender>,
    /// The postal address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<PostalAddress>,
    /// The identity, or the name alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity>,
    /// The numbers of the chosen wallets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wallets: Option<Vec<i64>>,
    /// `natural`: companies do not sign in here.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<&'static str>,
    /// How well the person was identified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identification_level: Option<IdentificationLevel>,
    /// The language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<&'static str>,
    /// Politically exposed persons.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pep: Option<Vec<ExposedPerson>>,
}

impl Engine {
    /// GET `/user/{id}`: what may be known of a person, in one answer. The number always.
    pub async fn person_view(&self, asker: &Asker<'_>, whom: Whom) -> Answer<PersonView> {
        let rights = match self.rights(asker, whom).await? {
            Ok(rights) => rights,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let data = self.personal_data(&rights.user.id).await?;
        let with = |what| rights.allow(what);
        let informs = with(Personal::UserInfo);
        let levels = with(Personal::IdentificationLevel);
        Ok(Ok(PersonView {
            id: self.person_number(&rights.user.id).await?,
            email: rights.user.email.clone().filter(|_| with(Personal::Email)),
            phone: data
                .confirmed_phone()
                .filter(|_| with(Personal::Phone))
                .cloned(),
            display_name: informs.then(|| rights.user.display_name.clone()),
            dob: data
                .date_of_birth
                .filter(|_| with(Personal::DateOfBirth))
                .map(|day| day.to_string()),
            gender: data.gender.filter(|_| with(Personal::Gender)),
            address: data.address.filter(|_| with(Personal::Address)),
            identity: data
                .identity
                .and_then(|identity| identity_for(&rights, identity)),
            wallets: match with(Personal::WalletList) {
                true => Some(self.wallet_numbers(&rights).await?),
                false => None,
            },
            kind: (informs || levels).then_some("natural"),
            identification_level: levels.then(|| data.level.unwrap_or(NOT_LOOKED_AT)),
            locale: informs.then(|| rights.user.locale.as_str()),
            pep: data.exposed.filter(|_| with(Personal::ExposedPersons)),
        }))
    }

    /// GET `/user/{id}/email`.
    pub async fn person_email(&self, asker: &Asker<'_>, whom: Whom) -> Answer<String> {
        self.one_of(asker, whom, &[Personal::Email], async |rights| {
            Ok(rights.user.email.clone())
        })
        .await
    }

    /// GET `/user/{id}/phone`.
    pub async fn person_phone(&self, asker: &Asker<'_>, whom: Whom) -> Answer<Phone> {
        self.one_of(asker, whom, &[Personal::Phone], async |rights| {
            let data = self.personal_data(&rights.user.id).await?;
            Ok(data.confirmed_phone().cloned())
        })
        .await
    }

    /// GET `/user/{id}/confirmed-phones`: a list, which may be empty.
    pub async fn person_confirmed_phones(
        &self,
        asker: &Asker<'_>,
        whom: Whom,
    ) -> Answer<Vec<Phone>> {
        let either = [Personal::PhoneConfirmation, Personal::Phone];
        self.one_of(asker, whom, &either, async |rights| {
            let data = self.personal_data(&rights.user.id).await?;
            Ok(Some(data.confirmed_phone().cloned().into_iter().collect()))
        })
        .await
    }

    /// GET `/user/{id}/address`.
    pub async fn person_address(&self, asker: &Asker<'_>, whom: Whom) -> Answer<PostalAddress> {
        self.one_of(asker, whom, &[Personal::Address], async |rights| {
            Ok(self.personal_data(&rights.user.id).await?.address)
        })
        .await
    }

    /// GET `/user/{id}/identity`: with `full_name` alone, name and surname.
    pub async fn person_identity(&self, asker: &Asker<'_>, whom: Whom) -> Answer<Identity> {
        let either = [Personal::Identity, Personal::FullName];
        self.one_of(asker, whom, &either, async |rights| {
            let data = self.personal_data(&rights.user.id).await?;
            Ok(data
                .identity
                .and_then(|identity| identity_for(rights, identity)))
        })
        .await
    }

    /// GET `/user/{id}/pes`: the politically exposed persons; an empty list says that there are none.
    pub async fn person_exposed(
        &self,
        asker: &Asker<'_>,
        whom: Whom,
    ) -> Answer<Vec<ExposedPerson>> {
        self.one_of(asker, whom, &[Personal::ExposedPersons], async |rights| {
            Ok(self.personal_data(&rights.user.id).await?.exposed)
        })
        .await
    }

    /// GET `/user/{id}/wallets`: the chosen ones.
    pub async fn person_wallets(&self, asker: &Asker<'_>, whom: Whom) -> Answer<Vec<WalletView>> {
        self.one_of(asker, whom, &[Personal::WalletList], async |rights| {
            let mut wallets = Vec::new();
            for account in self.known_wallets(rights).await? {
                if rights.allow_of(Personal::WalletList, &account.id) {
                    wallets.push(self.described_wallet(rights, account).await?);
                }
            }
            Ok(Some(wallets))
        })
        .await
    }

    /// One thing that any of `needed` allows; not found when it is not there.
    async fn one_of<T>(
        &self,
        asker: &Asker<'_>,
        whom: Whom,
        needed: &[Personal],
        read: impl AsyncFnOnce(&Rights) -> Result<Option<T>>,
    ) -> Answer<T> {
        let rights = match self.rights(asker, whom).await? {
            Ok(rights) => rights,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if !needed.iter().any(|what| rights.allow(*what)) {
            return Ok(Err(PersonalRefusal::Forbidden));
        }
        Ok(read(&rights).await?.ok_or(PersonalRefusal::NotFound))
    }

    async fn wallet_numbers(&self, rights: &Rights) -> Result<Vec<i64>> {
        let mut numbers = Vec::new();
        for account in self.known_wallets(rights).await? {
            if rights.allow_of(Personal::WalletList, &account.id) {
                numbers.push(self.wallet_number(&account.id).await?);
            }
        }
        Ok(numbers)
    }

    /// What the app asks for, cannot do without, and the bank does not have: what the person can tell, and what
    /// their word is not enough for.
    pub(crate) async fn find_gaps(&self, interaction: &mut Interaction) -> Result<()> {
        let Some(user) = &interaction.user else {
            return Ok(());
        };
        if needed(interaction).next().is_none() {
            return Ok(());
        }
        let data = self.personal_data(&user.id).await?;
        let mut absent = Vec::new();
        for personal in needed(interaction) {
            let (cluster, is_there) = match personal.what {
                Personal::Email => (Cluster::Email, user.email.is_some()),
                Personal::Phone => (Cluster::Phone, data.confirmed_phone().is_some()),
                Personal::Identity => {
                    let code = data.identity.as_ref().and_then(|known| known.code.as_ref());
                    (Cluster::PersonalCode, code.is_some())
                }
                _ => continue,
            };
            if !is_there && !absent.contains(&cluster) {
                absent.push(cluster);
            }
        }
        interaction.missing = Detail::missing(&interaction.accepted.scope, &data);
        interaction.plan.lacks_details = !interaction.missing.is_empty();
        interaction.absent = absent;
        Ok(())
    }
}

/// What an app asks for and cannot do without.
fn needed(interaction: &Interaction) -> impl Iterator<Item = PersonalScope> + '_ {
    let asked = interaction.accepted.scope.personal();
    asked.filter(|personal| !personal.optional)
}

/// Nobody wrote down that somebody looked.
const NOT_LOOKED_AT: IdentificationLevel = IdentificationLevel::Unidentified;

fn identity_for(rights: &Rights, identity: Identity) -> Option<Identity> {
    if rights.allow(Personal::Identity) {
        Some(identity)
    } else {
        rights.allow(Personal::FullName).then(|| identity.named())
    }
}
