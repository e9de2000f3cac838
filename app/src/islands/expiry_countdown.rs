use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use web_sys::{HtmlFormElement, RequestRedirect, UrlSearchParams};

use super::dom::{by_id, now, post, text};

/// From here on the remaining time is shown.
const SHOWN: i64 = 120;
/// Here it is announced, and the way to more time appears.
const FIRST_CALL: i64 = 60;
/// Here it is announced for the last time.
const LAST_CALL: i64 = 15;

/// Tells how long this page can still be answered, and offers more time before it ends.
///
/// Counts against the clock, not in ticks: a device that slept shows the truth when it wakes.
#[island]
pub fn ExpiryCountdown(
    /// Milliseconds from the making of the page to its end.
    left_ms: i64,
    /// The authorization, for the form that asks for more time.
    interaction: String,
    /// The form's anti-forgery token.
    form_token: String,
    /// Words before the remaining time.
    left: String,
    /// Announced one minute before the end.
    minute: String,
    /// Announced 15 seconds before the end.
    seconds: String,
    /// Announced at the end.
    ended: String,
    /// The button that asks for more time.
    stay: String,
    /// Announced when there is more time.
    stayed: String,
) -> impl IntoView {
    let remaining = RwSignal::new(i64::MAX);
    let said = RwSignal::new(String::new());
    let deadline = RwSignal::new(f64::MAX);
    // The button that was pressed stays until the focus has left it.
    let pressed = RwSignal::new(false);
    let form_id = format!("stay-{interaction}");

    Effect::new(move || {
        if left_ms <= 0 {
            return;
        }
        // The page was made after its navigation began: this end is never later than the server's.
        let began = window()
            .performance()
            .map_or_else(now, |performance| now() - performance.now());
        deadline.set(began + left_ms as f64);
        let (minute, seconds, ended) = (minute.clone(), seconds.clone(), ended.clone());
        let tick = move || {
            let before = remaining.get_untracked();
            let current = ((deadline.get_untracked() - now()) / 1000.0).ceil() as i64;
            if current == before {
                return;
            }
            remaining.set(current);
            let crossed = |mark: i64| before > mark && current <= mark && before != i64::MAX;
            if crossed(0) {
                said.set(ended.clone());
                // The server says what became of the request.
                let _ = window().location().reload();
            } else if crossed(LAST_CALL) {
                said.set(seconds.clone());
            } else if crossed(FIRST_CALL) {
                said.set(minute.clone());
            }
        };
        tick();
        set_interval(tick, Duration::from_secs(1));
    });

    let more_time = {
        let form_id = form_id.clone();
        move |event: web_sys::SubmitEvent| {
            event.prevent_default();
            let Some(form) = by_id::<HtmlFormElement>(&form_id) else {
                return;
            };
            let stayed = stayed.clone();
            spawn_local(async move {
                match ask(&form).await {
                    Some(left_ms) => {
                        pressed.set(true);
                        deadline.set(now() + left_ms);
                        remaining.set((left_ms / 1000.0) as i64);
                        said.set(stayed);
                    }
                    // In the open then: the page that comes back says what happened.
                    None => {
                        let _ = form.submit();
                    }
                }
            });
        }
    };

    view! {
        <div class="expiry" data-left=left_ms>
            <p class="expiry-text" hidden=move || !(1..=SHOWN).contains(&remaining.get())>
                {left}
                " "
                {move || clock(remaining.get())}
            </p>
            <form
                class="expiry-stay"
                id=form_id
                method="post"
                action="/api/authorize/stay"
                hidden=move || !((1..=FIRST_CALL).contains(&remaining.get()) || pressed.get())
                on:submit=more_time
                on:focusout=move |_| pressed.set(false)
            >
                <input type="hidden" name="interaction" value=interaction />
                <input type="hidden" name="form_token" value=form_token />
                <button>{stay}</button>
            </form>
            <p class="l-aside" role="status">
                {move || said.get()}
            </p>
        </div>
    }
}

/// Minutes and seconds, `1:05`.
fn clock(seconds: i64) -> String {
    let seconds = seconds.clamp(0, SHOWN);
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// Asks for more time in the background. The page that comes back carries its own remaining time, in milliseconds.
async fn ask(form: &HtmlFormElement) -> Option<f64> {
    let fields = UrlSearchParams::new().ok()?;
    for name in ["interaction", "form_token"] {
        let field = form.query_selector(&format!("input[name={name}]")).ok()??;
        fields.append(name, &field.get_attribute("value")?);
    }
    let response = post(&form.action(), &fields, RequestRedirect::Follow)
        .await
        .filter(web_sys::Response::ok)?;
    let page = text(&response).await?;
    let (_, rest) = page.split_once("data-left=\"")?;
    rest.split('"')
        .next()?
        .parse()
        .ok()
        .filter(|left| *left > 0.0)
}

#[cfg(test)]
mod tests {
    use super::clock;

    #[test]
    fn the_remaining_time_reads_as_minutes_and_seconds() {
        let table = [
            (120, "2:00"),
            (65, "1:05"),
            (9, "0:09"),
            (0, "0:00"),
            (-5, "0:00"),
            (i64::MAX, "2:00"),
        ];
        for (seconds, shown) in table {
            assert_eq!(clock(seconds), shown);
        }
    }
}
