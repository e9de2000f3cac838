//! Fields of a form. Their attributes are a contract with browsers and password managers; the
//! tests compare them with it. Values are never bound: what a person types before the browser's
//! part has started stays.

use leptos::prelude::*;

use crate::{
    i18n::Texts,
    islands::{CodeAssist, RevealPassword},
};

/// Label, hint and error around a control. The error says the same as the summary on top.
#[component]
pub(crate) fn Labelled(
    /// The texts.
    t: Texts,
    /// Id of the control.
    #[prop(into)]
    id: String,
    /// The label.
    label: String,
    /// What helps to fill it in; its id is `<id>-hint`.
    #[prop(optional_no_strip)]
    hint: Option<String>,
    /// What is wrong; its id is `<id>-error`.
    error: Option<String>,
    children: Children,
) -> AnyView {
    let class = if error.is_some() {
        "c-field c-field--error"
    } else {
        "c-field"
    };
    view! {
        <div class=class>
            <label class="c-field__label" for=id.clone()>
                {label}
            </label>
            {hint.map(|hint| view! { <p class="c-field__hint" id=format!("{id}-hint")>{hint}</p> })}
            {error
                .map(|error| {
                    view! {
                        <p class="c-field__error" id=format!("{id}-error")>
                            <span class="l-aside">{t.say("error-prefix")}" "</span>
                            {error}
                        </p>
                    }
                })}
            {children()}
        </div>
    }
    .into_any()
}

/// What describes a control: its hint, its error, both or nothing.
pub(crate) fn described_by(id: &str, hint: bool, error: bool) -> Option<String> {
    match (hint, error) {
        (true, true) => Some(format!("{id}-hint {id}-error")),
        (true, false) => Some(format!("{id}-hint")),
        (false, true) => Some(format!("{id}-error")),
        (false, false) => None,
    }
}

/// `aria-invalid`, which is absent from controls that are in order.
pub(crate) fn invalid(error: bool) -> Option<&'static str> {
    error.then_some("true")
}

/// The login name or email.
#[component]
pub fn UsernameField(
    /// The texts.
    t: Texts,
    /// As typed before.
    value: String,
    /// What is wrong with it.
    error: Option<String>,
    /// Mark it without saying more: something about name and password is wrong, never which.
    #[prop(optional)]
    marked: bool,
    /// Begin typing here.
    #[prop(optional)]
    autofocus: bool,
) -> AnyView {
    let wrong = error.is_some();
    view! {
        <Labelled t id="username" label=t.say("login-username") error>
            <span class="c-field__row">
                <input
                    class="c-input"
                    id="username"
                    type="text"
                    name="username"
                    value=value
                    autocomplete="username webauthn"
                    inputmode="email"
                    autocapitalize="none"
                    spellcheck="false"
                    enterkeyhint="next"
                    aria-invalid=invalid(wrong || marked)
                    aria-describedby=described_by("username", false, wrong)
                    autofocus=autofocus
                />
            </span>
        </Labelled>
    }
    .into_any()
}

/// The password.
#[component]
pub fn PasswordField(
    /// The texts.
    t: Texts,
    /// Who never sees it.
    app: String,
    /// What is wrong with it.
    error: Option<String>,
    /// Mark it without saying more.
    #[prop(optional)]
    marked: bool,
    /// Begin typing here.
    #[prop(optional)]
    autofocus: bool,
    /// Say who never sees it.
    #[prop(default = true)]
    hint: bool,
) -> AnyView {
    let wrong = error.is_some();
    let described = described_by("password", hint, wrong);
    let hint = hint.then(|| t.with("login-password-hint", &[("app", app.into())]));
    view! {
        <Labelled t id="password" label=t.say("login-password") hint error>
            <span class="c-field__row">
                <input
                    class="c-input"
                    id="password"
                    type="password"
                    name="password"
                    autocomplete="current-password"
                    enterkeyhint="go"
                    aria-invalid=invalid(wrong || marked)
                    aria-describedby=described
                    autofocus=autofocus
                />
                <RevealPassword input="password".to_owned() show=t.say("login-show") hide=t.say("login-hide") />
            </span>
        </Labelled>
    }
    .into_any()
}

/// The one-time code. One input: six boxes break autofill, paste and password managers.
#[component]
pub fn CodeField(
    /// The texts.
    t: Texts,
    /// What is wrong with it.
    error: Option<String>,
    /// Begin typing here.
    #[prop(optional)]
    autofocus: bool,
    /// Key of the text that says where the code comes from.
    #[prop(default = "confirm-code-hint")]
    hint: &'static str,
    /// The form sends itself when the code is complete. Not where there is more to decide than to go on.
    #[prop(default = true)]
    sends: bool,
) -> AnyView {
    let wrong = error.is_some();
    let assist = sends
        .then(|| view! { <CodeAssist input="code".to_owned() note=t.say("confirm-code-auto") /> });
    view! {
        <Labelled t id="code" label=t.say("confirm-code") hint=Some(t.say(hint)) error>
            {assist}
            <span class="c-field__row">
                <input
                    class="c-input c-input--code"
                    id="code"
                    type="text"
                    name="code"
                    autocomplete="one-time-code"
                    inputmode="numeric"
                    maxlength="11"
                    pattern="[0-9 \\-]*"
                    autocapitalize="none"
                    aria-invalid=invalid(wrong)
                    aria-describedby=described_by("code", true, wrong)
                    autofocus=autofocus
                />
            </span>
        </Labelled>
    }
    .into_any()
}

/// A recovery code: letters, longer, a field of its own.
#[component]
pub fn RecoveryField(
    /// The texts.
    t: Texts,
    /// What is wrong with it.
    error: Option<String>,
    /// Begin typing here.
    #[prop(optional)]
    autofocus: bool,
) -> AnyView {
    let wrong = error.is_some();
    view! {
        <Labelled t id="recovery_code" label=t.say("confirm-recovery") hint=Some(t.say("confirm-recovery-hint")) error>
            <span class="c-field__row">
                <input
                    class="c-input c-input--recovery"
                    id="recovery_code"
                    type="text"
                    name="recovery_code"
                    autocomplete="off"
                    inputmode="text"
                    autocapitalize="characters"
                    spellcheck="false"
                    maxlength="40"
                    aria-invalid=invalid(wrong)
                    aria-describedby=described_by("recovery_code", true, wrong)
                    autofocus=autofocus
                />
            </span>
        </Labelled>
    }
    .into_any()
}
