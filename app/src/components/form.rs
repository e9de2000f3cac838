use leptos::prelude::*;
use protocol::authorization::Frame;

use crate::{
    i18n::Texts,
    islands::{ExpiryCountdown, SubmitOnce},
};

/// What ties a form to one authorization and to the page that it stands on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ties {
    interaction: String,
    form_token: String,
}

impl Ties {
    /// The ties of a form on the page with this frame.
    pub fn of(frame: &Frame) -> Self {
        Self {
            interaction: frame.interaction.to_string(),
            form_token: frame.form_token.clone(),
        }
    }
}

/// The form of one step: plain HTML that needs no script.
#[component]
pub fn StepForm(
    /// What ties it to its page.
    ties: Ties,
    /// The form's id.
    id: &'static str,
    /// Where it is sent.
    action: &'static str,
    children: Children,
) -> AnyView {
    view! {
        <form class="l-form" id=id method="post" action=action novalidate=true>
            <input type="hidden" name="interaction" value=ties.interaction />
            <input type="hidden" name="form_token" value=ties.form_token />
            {children()}
        </form>
    }
    .into_any()
}

/// What the browser adds to a form once it can: one answer per press, a word when it is offline.
#[component]
pub fn Enhancements(
    /// The texts.
    t: Texts,
    /// The form's id.
    form: &'static str,
) -> AnyView {
    view! { <SubmitOnce form=form.to_owned() busy=t.say("checking") offline=t.say("offline") /> }
        .into_any()
}

/// The warning before the page runs out, and the way to more time.
pub fn countdown(t: Texts, frame: &Frame) -> AnyView {
    let Ties {
        interaction,
        form_token,
    } = Ties::of(frame);
    let left_ms = frame.expires_at.millis().saturating_sub(frame.now.millis());
    view! {
        <ExpiryCountdown
            left_ms
            interaction
            form_token
            left=t.say("countdown-left")
            minute=t.say("countdown-minute")
            seconds=t.say("countdown-seconds")
            ended=t.say("countdown-ended")
            stay=t.say("countdown-stay")
            stayed=t.say("countdown-stayed")
        />
    }
    .into_any()
}
