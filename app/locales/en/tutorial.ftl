# The tutorial's dialect: its switch at the portal, and what becomes of exposed secrets.
# $app is a name.

secret-exposed = Exposed
secret-exposed-note = It came to us through a browser, where anybody may have read it. Since then it is refused everywhere.
tutorial-heading = The tutorial’s dialect
tutorial-is-on = On
tutorial-is-off = Off
tutorial-on-note = This app may ask with `callbackURL` and gets an `authorizationToken`. A secret that it sends through the browser ends at once.
tutorial-off-note = This app asks in the standard words. An authorize request with a `client_secret` is refused, and the secret ends.
tutorial-to-switch = Change this
tutorial-lead = In this dialect { $app } sends people to us with `client_id`, `scope` and `callbackURL`, gets an `authorizationToken` back and exchanges it for an `accessToken`. It is meant for apps that were built from the tutorial and cannot be changed yet.
tutorial-weak-heading = What is weak about it
tutorial-weak-secret = The secret is exposed. As it is taught, `client_secret` stands in the address of the browser, where histories, logs and other websites can read it. We ignore it there, and a secret that comes that way ends at once. Your server needs another one for the exchange.
tutorial-weak-state = Your app cannot tell its own answers from forged ones. There is no `state`, so somebody can slip their own `authorizationToken` to one of your users (CSRF): that person would then use a stranger’s wallet without noticing. Send `state` all the same, and compare it: we hand it back.
tutorial-weak-pkce = There is no PKCE. Whoever steals an `authorizationToken` and knows a secret of the app can use it during its short life.
tutorial-in-flight = Switching it off ends requests that people have on screen. Tokens that were given out keep working.
tutorial-switch-on = I accept this, switch it on
tutorial-switch-off = Switch it off
flash-tutorial-on = The tutorial’s dialect is on.
flash-tutorial-off = The tutorial’s dialect is off.

docs-tutorial = The tutorial’s dialect
docs-tutorial-heading = The tutorial’s wallet
docs-tutorial-lead = For apps that were built from the tutorial. An owner of the app switches it into this dialect on its page of credentials; everything else is as in the rest of this documentation, and the standard words work too.
docs-tutorial-ask = Ask a person
docs-tutorial-ask-text = Send the browser with `client_id`, `scope` and `callbackURL`. Scopes may be separated by commas. `callbackURL` is compared character by character with the registered addresses. Add a `state` that nobody can guess: it is not part of the tutorial, and without it your app cannot tell its own answers from forged ones.
docs-sample-tutorial-ask = Print the address
docs-tutorial-ask-back = The person signs in, chooses the wallet and confirms. The browser comes back with `authorizationToken`, with `iss`, and with `state` if you sent one; or with `error=access_denied`. Words of both vocabularies in one request, and any word twice, are refused.
docs-tutorial-exchange = Exchange it
docs-tutorial-exchange-text = An `authorizationToken` is an authorization code: good once, for { $code }, and for the app that it was given to. Send it by POST with a secret of the app, in the header or in the body. Used a second time, it ends everything that came out of it.
docs-sample-tutorial-exchange = Exchange the token
docs-sample-tutorial-answer = The answer
docs-tutorial-exchange-errors = Errors come in both ways of writing: `error` and `errorCode`, `error_description` and `errorDescription`. `accessToken` goes into `Authorization: Bearer`, and `refreshToken` into a later request like this one.
docs-tutorial-secret = Your secret in the address
docs-tutorial-secret-text = The tutorial also puts `client_secret` into the address of the browser. Histories, logs and other websites keep it, so here it proves nothing: whoever it belongs to, a secret that comes that way ends at once, and the team gets a letter. Apps outside of this dialect are stopped by a page. Your server needs another secret for the exchange: make one at the portal and never put it into an address.
docs-tutorial-leaving = Leave it behind
docs-tutorial-leaving-text = Rename `callbackURL` to `redirect_uri` and `authorizationToken` to `code`, add `response_type=code`, `state` and PKCE, and take the secret out of the address. Then switch the dialect off.
