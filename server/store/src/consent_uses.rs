//! What became of the tokens of a person's consents: whether any is good, and when they were used.

use std::collections::BTreeMap;

use protocol::{
    ids::{ConsentId, UserId},
    time::Timestamp,
};

use crate::{Error, Reads, values::instant};

/// What is known of the tokens that came out of a consent.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ConsentUse {
    /// When a token was used for the first time, or account information was read, whichever was later.
    /// Tokens that were swept away since are not known any more.
    pub last_used: Option<Timestamp>,
    /// Until when there are good tokens, if there are any now.
    pub held_until: Option<Timestamp>,
    /// When the last of them ended or will end; `None` when there never was any, or not for a long time.
    pub tokens_end: Option<Timestamp>,
}

/// The uses of everything that a person allowed anybody. Consents of which nothing is known are absent.
///
/// # Errors
/// Why they could not be read.
pub async fn find_consent_uses(
    db: &impl Reads,
    user: &UserId,
    now: Timestamp,
) -> Result<BTreeMap<ConsentId, ConsentUse>, Error> {
    let mut uses = BTreeMap::<ConsentId, ConsentUse>::new();
    let of_tokens = "SELECT f.consent_id, MAX(t.first_used_at), \
         MAX(CASE WHEN f.revoked_at IS NULL AND f.expires_at > $2 THEN f.expires_at END), \
         MAX(COALESCE(f.revoked_at, f.expires_at)) \
         FROM token_families f LEFT JOIN access_tokens t ON t.family_id = f.id \
         WHERE f.user_id = $1 AND f.consent_id IS NOT NULL GROUP BY f.consent_id";
    let values = [user.as_str().into(), now.millis().into()];
    for row in db.link().rows(of_tokens, values).await? {
        let consent = ConsentId::new(row.try_get_by_index::<String>(0)?);
        let known = ConsentUse {
            last_used: instant(row.try_get_by_index(1)?),
            held_until: instant(row.try_get_by_index(2)?),
            tokens_end: instant(row.try_get_by_index(3)?),
        };
        uses.insert(consent, known);
    }
    let of_reads = "SELECT r.consent_id, MAX(r.read_at) FROM consents s \
         JOIN consent_reads r ON r.consent_id = s.id WHERE s.user_id = $1 GROUP BY r.consent_id";
    for row in db.link().rows(of_reads, [user.as_str().into()]).await? {
        let consent = ConsentId::new(row.try_get_by_index::<String>(0)?);
        let known = uses.entry(consent).or_default();
        known.last_used = known.last_used.max(instant(row.try_get_by_index(1)?));
    }
    Ok(uses)
}
