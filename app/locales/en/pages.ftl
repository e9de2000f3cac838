# Pages beside the authorization itself.

home-title = You decide
home-heading = You decide what apps may do with your money
home-lead = { -product } is where your bank asks you before an app may see your accounts or pay from them. An app sends you here, you read what it wants, and you sign or you do not.
home-label-people = For you
home-label-developers = For developers
home-label-demo = Demo
home-people = There is nothing to do here until an app sends you. What you will see then: who asks, why, what it could do and could not, with which accounts, and until when. Saying no is one press, and needs no reason.
home-people-password = No app ever sees your password. Type it only on pages whose address begins with { $host }.
home-people-password-plain = No app ever sees your password. Type it only when the address bar shows your bank’s own address.
home-developers = An OAuth 2.0 authorization server: code flow with PKCE, refresh and client credentials.
home-docs = Documentation
home-docs-note = Quick start, scopes, every error, tokens and payments.
home-portal = Developer portal
home-portal-note = An app with sandbox credentials in three minutes.
home-metadata = Server metadata
home-metadata-note = Endpoints and what they support, as JSON (RFC 8414).
home-demo = This server runs with demo data: play money, invented people, and a sample shop that behaves like a stranger’s.
home-demo-shop = Pay in the demo shop
home-demo-shop-note = Order something and approve the payment here. The shop shows every request it sends.
home-demo-index = People, passwords and codes
home-demo-index-note = Whom you can sign in as, their codes of the moment, and the mails that were sent.

help-title = Help
help-heading = Help with signing in and approving
help-password-title = I cannot sign in
help-password = Check that you use the login name and the password of your bank, and that no other language is set on the keyboard. After several misses signing in is paused; the page says until when.
help-code-title = My code is not accepted
help-code = Use the newest code in your authenticator app. Each code works once. If codes keep failing, set your phone’s time to automatic. Without your phone, use one of your recovery codes.
help-phishing-title = I did not start this
help-phishing = Press Cancel; then nothing is shared and no money moves. Change your password if you have typed it anywhere else, and tell your bank.
help-stop-title = I want to stop an app
help-stop = Tell the app to disconnect, or tell your bank; name the app. What the app already knows stays with it: ask it to delete that.
help-reference-title = What is the reference for?
help-reference = The reference at the foot of a page leads us to exactly that event. It holds nothing personal, so you can read it out to anyone.

privacy-title = Privacy
privacy-heading = What we keep, and why
privacy-request-title = Your request
privacy-request = As long as you have not signed in, the request lies only in a cookie of your browser, sealed so that nobody can read or change it. It is gone with the cookie.
privacy-consent-title = What you allowed
privacy-consent = We keep which app you allowed what, with which accounts, when and until when, and how you confirmed it. That is your proof as much as ours.
privacy-cookies-title = Cookies
privacy-cookies = Only those without which signing in does not work: your session, your request, your language, and a mark by which we know your device again. No advertising, no measuring, nothing from other websites.
privacy-app-title = What the app learns
privacy-app = Only what stands on the page that you allowed. Never your password, never your codes.
