# What an app can do, line by line. The same words everywhere: request, receipt, mail, documents.
# can-X stands after "… can", can-X-details says what exactly, cannot-X stands after "… cannot".

can-wallet_profile = See who you are
can-wallet_profile-details = Your name, your login name and the language you use here.
can-wallet_balance = See your wallet’s balance
can-wallet_balance-details = How much money is in the accounts you choose, and how much of it is reserved.
can-wallet_transfers = See your wallet’s transfers
can-wallet_transfers-details = Amounts, dates, messages, and the names and account numbers of the other side.
can-account_details = See your account details
can-account_details-details = Name, number, kind and currency of the accounts you choose.
can-account_balances = See your balances
can-account_balances-details = How much money is in the accounts you choose.
can-account_transactions = See your transactions
can-account_transactions-details = Amounts, dates, messages, and the names and account numbers of the other side.
can-move_money = Pay from your accounts
can-move_money-details = It can start transfers from the accounts you choose, to anyone and of any amount up to your balance, without asking you each time.
can-this_payment = Make this one payment
can-this_payment-details = Exactly this amount to exactly this payee, once.

cannot-move_money = move money
cannot-see_balance = see how much money you have
cannot-see_transactions = see what you paid and received
cannot-see_password = see your password
cannot-change_settings = change your settings
