# The tutorial's dialect: its switch at the portal, and what becomes of exposed secrets.
# $app is a name.

secret-exposed = Exposed
secret-exposed-note = It came to us through a browser, where anybody may have read it. Since then it is refused everywhere.
tutorial-heading = The tutorial’s dialect
tutorial-is-on = On
tutorial-is-off = Off
tutorial-on-note = This app may ask with callbackURL and gets an authorizationToken. A secret that it sends through the browser ends at once.
tutorial-off-note = This app asks in the standard words. An authorize request with a client_secret is refused, and the secret ends.
tutorial-to-switch = Change this
tutorial-lead = In this dialect { $app } sends people to us with client_id, scope and callbackURL, gets an authorizationToken back and exchanges it for an accessToken. It is meant for apps that were built from the tutorial and cannot be changed yet.
tutorial-weak-heading = What is weak about it
tutorial-weak-secret = The secret is exposed. As it is taught, client_secret stands in the address of the browser, where histories, logs and other websites can read it. We ignore it there, and a secret that comes that way ends at once. Your server needs another one for the exchange.
tutorial-weak-state = Your app cannot tell its own answers from forged ones. There is no state, so somebody can slip their own authorizationToken to one of your users (CSRF): that person would then pay into, or look at, a stranger’s wallet. Send state all the same, and compare it: we hand it back.
tutorial-weak-pkce = There is no PKCE. Whoever steals an authorizationToken and knows a secret of the app can use it during its short life.
tutorial-in-flight = Switching it off ends requests that people have on screen. Tokens that were given out keep working.
tutorial-switch-on = I accept this, switch it on
tutorial-switch-off = Switch it off
flash-tutorial-on = The tutorial’s dialect is on.
flash-tutorial-off = The tutorial’s dialect is off.
