# The developer portal.
# $time is a time of day, $email an address, $username a login name, $link a link with words of its own.

portal-nav = Portal
portal-nav-apps = Apps
portal-nav-security = Security
portal-sign-out = Sign out

signup-title = Sign up
signup-heading = Build with play money in three minutes
signup-lead = You get an app with sandbox credentials and two test users. Nobody has to approve anything before real money is involved.
signup-email = Email
signup-email-hint = You sign in with it. We send a code there.
signup-name = Your name
signup-password = Password
signup-password-hint = At least 12 characters. A sentence is fine.
signup-terms = I agree that what I build here only touches play money, and I have read the { $link }.
signup-terms-link = privacy notice
signup-button = Sign up
signup-known = You have an account?
signup-known-link = Sign in

posted-title = Check your mail
posted-heading = Check your mail
posted-lead = We sent a letter to { $email }. Type the code from it before { $time }, or open its link on any device.
posted-code-hint = Six digits, from the letter.
posted-button = Confirm
posted-nothing = Nothing arrived? Look into the spam folder too.
posted-resend = Send another letter
posted-other = Use another address

confirm-address-title = Confirm your address
confirm-address-heading = Is this address yours?
confirm-address-lead = Somebody signed up with { $email }. The account is made when you press the button.
confirm-address-button = Confirm

portal-login-title = Sign in
portal-login-heading = Sign in
portal-login-lead = Developers and reviewers come to the portal, customers to the apps that have their permission.
portal-login-new = New here?
portal-login-new-link = Sign up
portal-login-forgot = Forgot your password?
portal-code-heading = Confirm it is you
portal-confirm-heading = Your code once more
portal-code-lead = A code of your authenticator app, for { $username }.

forgot-title = Forgot your password
forgot-heading = Forgot your password?
forgot-lead = We send a link to a new one. Your apps and their secrets stay as they are.
forgot-button = Send the link
forgot-remembered = Back to signing in
forgot-sent-lead = If that address has an account, a letter with a link is on its way. The link works once, for a short time.
new-password-title = Choose a new password
new-password-lead = For { $username }. You are signed out everywhere, and sign in with the new one; if you have an authenticator app, its code stays needed.
new-password-button = Save the new password

developer-title = Apps
developer-heading = Your apps
developer-empty = No app yet. Make your first one below; it works with play money at once.
developer-new = A new app
developer-app-name = Name
developer-app-name-hint = What people will see, 2 to 40 characters. It can be changed.
developer-new-button = Make the app
developer-sandbox-ready = Sandbox ready
developer-live = Live

app-credentials = Sandbox credentials
app-client-id = Client id
app-secret = Client secret
app-secret-until = Visible until { $time }. It works after that too: store it now.
app-secret-hidden = No longer visible.
app-replace = Replace the secret
app-replace-to-see = Make a new secret to see it
app-replace-note = A new secret takes the place of the old one, which ends at once.
app-scopes = Permissions
app-redirect-uris = Callback addresses
app-first-call = Your first call
app-first-call-lead = Runs as pasted: gets a token for your app and asks what it is good for.
app-first-call-hidden = Put your secret in its place, or make a new one above.
app-people = Test users
app-people-lead = Sign in as them when your app sends you to the consent page.

security-title = Security
security-heading = How you prove it is you
security-app = Authenticator app
security-app-none = None yet. You need one before your app can touch real money.
security-app-since = Set up on { $day }.
security-app-begin = Set up an authenticator app
security-app-replace = Set up another app
security-app-confirm = Confirm
security-scan = Scan this with your authenticator app.
security-qr = QR code with the secret below
security-secret = Or type this secret into it:
security-open-app = Or open the app on this device
security-code-hint = Six digits, from the app you just set up.
security-codes = Recovery codes
security-codes-none = You get them with the authenticator app, for the day your phone is lost.
security-codes-left =
    { $codes ->
        [one] { $codes } code is left.
       *[other] { $codes } codes are left.
    }
security-codes-renew = Make new codes
security-codes-new = Write these down or store them in your password manager. Each works once, and they are not shown again.
security-codes-saved = I saved them
security-codes-saved-note = The codes go away from this page.

complaint-email-malformed = Enter an email address, like name@example.org
complaint-name-missing = Enter your name, up to 64 characters
complaint-password-length = Choose a password of 12 to 128 characters
complaint-terms-missing = Tick the box to agree
complaint-paused = Too many tries. You can try again at { $time }.
complaint-sign-up-over = That code is no longer good. Sign up again to get a new one.
complaint-letter-too-soon = A letter is on its way. You can ask for another one after { $time }.
complaint-code-missing = Enter the code
complaint-recovery-code-missing = Enter a recovery code
complaint-mail-code-wrong =
    { $number ->
        [one] That is not the code in our letter. You have one more try ({ $number }).
       *[other] That is not the code in our letter. You have { $number } more tries.
    }
complaint-code-wrong = That code did not match. Use the newest code; each works once.
complaint-code-wrong-tries =
    { $number ->
        [one] That code did not match. One more try ({ $number }) before a pause.
       *[other] That code did not match. { $number } more tries before a pause.
    }
complaint-new-app-code-wrong = That is not the code of the new app. Check that you scanned the code on this page.
complaint-username-missing = Enter your email
complaint-password-missing = Enter your password
complaint-details-wrong = Email or password did not match
complaint-details-wrong-tries =
    { $number ->
        [one] Email or password did not match. One more try ({ $number }) before a pause.
       *[other] Email or password did not match. { $number } more tries before a pause.
    }
complaint-reset-over = That link is no longer good: it was used, is too old, or a newer one was sent. Ask for another one.
complaint-app-name-length = Choose a name of 2 to 40 characters
complaint-too-many-apps = A team has at most 50 apps

flash-send-again = This page was open a while, please send it again.
flash-mail-sent-again = Another letter is on its way. Only its code is good now.
flash-enrol-first = Set up an authenticator app first; then go on where you were.
flash-read-only = You may look at this app, not change it.
flash-address-confirmed = Your address is confirmed. Sign in to see your app.
flash-password-changed = Your new password is saved. Sign in with it.
flash-code-given = Thank you. What you typed is still here: send it now.
flash-app-made = Your app is ready.
flash-secret-replaced = The new secret is on screen; the old one has ended.
flash-changed-meanwhile = Somebody else changed it at the same moment. Look again, and repeat it if you still want to.
developer-off-sandbox = Sandbox switched off
developer-off-live = Live switched off
developer-why-off = Why it is switched off
developer-in-review = In review
developer-draft = For real money: { $complete } of { $total } tasks are saved.
developer-position = Number { $position } of those who wait for a reviewer.
developer-needs-you = { $count ->
    [one] { $count } field needs you:
   *[other] { $count } fields need you:
}
