# Что сможет приложение, строка за строкой. Одни и те же слова везде: в запросе, подтверждении, письме.
# can-X – после «сможет», can-X-details – что именно, cannot-X – после «не сможет».

can-wallet_profile = Видеть, кто вы
can-wallet_profile-details = Ваше имя, логин и язык, на котором вы здесь читаете.
can-wallet_balance = Видеть остаток в кошельке
can-wallet_balance-details = Сколько денег на выбранных вами счетах и сколько из них зарезервировано.
can-wallet_transfers = Видеть переводы кошелька
can-wallet_transfers-details = Суммы, даты, назначения платежей, имена и номера счетов другой стороны.
can-account_details = Видеть данные счетов
can-account_details-details = Название, номер, вид и валюту выбранных вами счетов.
can-account_balances = Видеть остатки
can-account_balances-details = Сколько денег на выбранных вами счетах.
can-account_transactions = Видеть операции
can-account_transactions-details = Суммы, даты, назначения платежей, имена и номера счетов другой стороны.
can-move_money = Платить с ваших счетов
can-move_money-details = Оно сможет переводить деньги с выбранных вами счетов кому угодно и на любую сумму в пределах остатка, не спрашивая вас каждый раз.
can-this_payment = Выполнить этот один платёж
can-this_payment-details = Ровно эту сумму, именно этому получателю и один раз.

cannot-move_money = переводить деньги
cannot-see_balance = видеть, сколько у вас денег
cannot-see_transactions = видеть, что вы заплатили и получили
cannot-see_password = видеть ваш пароль
cannot-change_settings = менять ваши настройки
