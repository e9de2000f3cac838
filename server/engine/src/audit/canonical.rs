//! An event as bytes: the one encoding that is hashed.

use sha2::{Digest as _, Sha256};
use store::audit::AuditRecord;

/// The chain hash before the first seal.
pub(super) const GENESIS: [u8; 32] = [0; 32];

/// Names the encoding. One that differs in anything gets another name.
const NAME: &[u8] = b"countersign/audit-event/1";

/// Every field with its length before it, so that no two events have the same bytes.
fn encoded(event: &AuditRecord) -> Vec<u8> {
    let trace = event.trace.map(|trace| trace.to_string());
    let at = event.at.millis().to_be_bytes();
    let fields: [&[u8]; 8] = [
        NAME,
        event.id.as_bytes(),
        &at,
        event.actor.as_bytes(),
        event.action.as_bytes(),
        event.object.as_bytes(),
        event.detail.as_bytes(),
        trace.as_deref().unwrap_or_default().as_bytes(),
    ];
    let mut bytes = Vec::new();
    for field in fields {
        bytes.extend((field.len() as u64).to_be_bytes());
        bytes.extend(field);
    }
    bytes
}

/// SHA-256 of the event, and of the chain hash before it and the event.
pub(super) fn hashes(before: &[u8; 32], event: &AuditRecord) -> ([u8; 32], [u8; 32]) {
    let bytes = encoded(event);
    let mut chain = Sha256::new();
    chain.update(before);
    chain.update(&bytes);
    (Sha256::digest(&bytes).into(), chain.finalize().into())
}

#[cfg(test)]
mod tests {
    use protocol::{ids::TraceId, time::Timestamp};

    use super::*;

    fn event() -> AuditRecord {
        AuditRecord {
            id: "1".to_owned(),
            at: Timestamp::from_millis(2),
            actor: "user:ona".to_owned(),
            action: "consent.given".to_owned(),
            object: "consent:7".to_owned(),
            detail: "{}".to_owned(),
            trace: None,
        }
    }

    #[test]
    fn every_field_counts_and_none_runs_into_the_next() {
        let changes: [fn(&mut AuditRecord); 8] = [
            |event| event.id.push('1'),
            |event| event.at = Timestamp::from_millis(3),
            |event| event.actor.push('c'),
            |event| event.action.insert(0, 'a'),
            |event| event.object.clear(),
            |event| event.detail.push(' '),
            |event| event.trace = Some(TraceId::from_entropy([0; 5])),
            |event| {
                event.actor = "user:onaconsent".to_owned();
                event.action = ".given".to_owned();
            },
        ];
        let (digest, chain) = hashes(&GENESIS, &event());
        for (number, change) in changes.into_iter().enumerate() {
            let mut changed = event();
            change(&mut changed);
            let (other, other_chain) = hashes(&GENESIS, &changed);
            assert!(digest != other && chain != other_chain, "change {number}");
        }
        let (same, other_chain) = hashes(&[1; 32], &event());
        assert!(digest == same && chain != other_chain);
    }

    /// Chains that were written must verify for ever: this vector never changes.
    #[test]
    fn the_encoding_stays_as_it_is() {
        let hex: String = encoded(&event())
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(
            hex,
            "0000000000000019636f756e7465727369676e2f61756469742d6576656e742f31\
             000000000000000131\
             00000000000000080000000000000002\
             0000000000000008757365723a6f6e61\
             000000000000000d636f6e73656e742e676976656e\
             0000000000000009636f6e73656e743a37\
             00000000000000027b7d\
             0000000000000000"
        );
    }
}
