//! Idempotency keys: a request that is sent again is the same request.

use protocol::time::Timestamp;
use store::{
    Advanced, Tx,
    idempotency::{
        IdempotencyRecord, delete_idempotency_key, find_idempotency_key, insert_idempotency_key,
    },
};

use super::LONGEST_KEY;

/// Whether a text can be a key: visible, and not endless.
pub(super) fn is_key(key: &str) -> bool {
    (1..=LONGEST_KEY).contains(&key.len())
        && key
            .bytes()
            .all(|byte| byte.is_ascii_graphic() || byte == b' ')
}

/// Claims the key; `Some` when it stands for an earlier request.
pub(super) async fn claim_key(
    tx: &Tx,
    claim: &IdempotencyRecord,
    now: Timestamp,
) -> Result<Option<IdempotencyRecord>, store::Error> {
    // At most one round more than keys that have run out and were not swept yet.
    for _ in 0..3 {
        if insert_idempotency_key(tx, claim).await? == Advanced::Yes {
            return Ok(None);
        }
        let (client, user, key) = (&claim.client_id, claim.user_id.as_ref(), &claim.key);
        match find_idempotency_key(tx, client, user, key).await? {
            Some(known) if now < known.expires_at => return Ok(Some(known)),
            Some(old) => {
                let _whoever_was_first =
                    delete_idempotency_key(tx, client, user, key, &old.transfer_id).await?;
            }
            None => {}
        }
    }
    Err(store::Error::Busy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_visible_and_not_endless() {
        assert!(is_key("order-7") && is_key(&"k".repeat(255)) && is_key("a b"));
        assert!(!is_key("") && !is_key(&"k".repeat(256)) && !is_key("ž") && !is_key("a\nb"));
    }
}
