# Pages that exist in a demo only.

demo-title = Demo
demo-heading = The demo at a glance
demo-lead = Invented people, play money. Everything here is public and gone when the data folder is deleted.
demo-walk = Where to click
demo-shop = The demo shop
demo-shop-note = Put something into the basket and pay from the wallet. You are sent here to sign in and to confirm.
demo-market = The demo market
demo-market-note = Write an order to a seller. Nobody signs in: the market has a token of its own, and renews it before your eyes.
demo-authenticator = Authenticator
demo-authenticator-note = The codes that a phone would show.
demo-mailbox = Mailbox
demo-mailbox-note = Mails that would have been sent.
demo-portal = The developer portal
demo-portal-note = Sign up with any address; the code arrives in the mailbox above.
demo-people = People
demo-username = Login name
demo-password = Password
demo-role = Role
demo-code = Code now
demo-role-user = Customer
demo-role-developer = Developer
demo-role-admin = Admin
demo-seconds =
    { $seconds ->
        [one] { $seconds } second left
       *[other] { $seconds } seconds left
    }
demo-next-code = Show the codes of now
demo-authenticator-title = Authenticator
demo-authenticator-heading = Codes of this moment
demo-authenticator-lead = In earnest these come from an app on a phone. Each works once and changes every 30 seconds.
demo-mailbox-title = Mailbox
demo-mailbox-heading = Mails
demo-mailbox-lead = What the server would have sent by mail.
demo-mailbox-empty = No mail yet. Mails appear here when something happens that people are told about.
demo-mail-to = To { $address }
demo-back = Back to the demo
demo-no-code = No code
