//! Callbacks, over connections to addresses that were judged.

use engine::callbacks::{Messenger, NotTaken, Posting};
use url::form_urlencoded::Serializer;

use super::{Probe, http::Ask};

impl Messenger for Probe {
    fn post<'a>(&'a self, address: &'a str, form: &'a [(&'static str, String)]) -> Posting<'a> {
        Box::pin(async move {
            let form = Serializer::new(String::new()).extend_pairs(form).finish();
            let asked = self.within(self.look_at(address, Ask::Form(&form))).await;
            match asked {
                Ok(answer) if (200..300).contains(&answer.status) => Ok(()),
                // Nothing was said to a server that could not prove who it is.
                Ok(answer) if answer.status == 0 => {
                    Err(NotTaken("its certificate is not trusted".to_owned()))
                }
                Ok(answer) => Err(NotTaken(format!("it answered {}", answer.status))),
                Err(unreachable) => Err(NotTaken(format!("{unreachable:?}"))),
            }
        })
    }
}
