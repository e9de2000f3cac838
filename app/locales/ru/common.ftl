# То, что есть на каждой странице.
# A sentence names each variable once.
# $app – название приложения, $host – имя сайта, $sum – сумма, уже записанная по-русски.

-product = Countersign

title = { $page } – { -product }
title-error = Ошибка: { $page } – { -product }

skip = Перейти к содержанию
languages = Язык
footer-help = Помощь
footer-privacy = Конфиденциальность
new-tab = откроется в новой вкладке
reference = Номер обращения { $id }
sandbox = Тестовая среда
sandbox-line = Деньги ненастоящие, люди вымышленные.

kind-access = Запрос доступа
kind-payment = Запрос платежа
kind-receipt = Подтверждение
kind-stopped = Запрос остановлен
finish-before = Завершите до { $time }
utc = { $time } UTC

summary-title = Есть ошибка
error-prefix = Ошибка:
note = Примечание
moves-money = Переводит деньги

cancel = Отменить
cancel-return = Отменить и вернуться в { $app }
back-to = Вернуться в { $app }
back-to-app = Вернуться в приложение
checking = Проверяем…
copy = Копировать
copied = Скопировано

countdown-left = Для этой страницы осталось:
countdown-minute = Для этой страницы осталась одна минута. Нажмите «Остаться», чтобы получить больше времени.
countdown-seconds = Для этой страницы осталось 15 секунд.
countdown-ended = Время этой страницы истекло. Ничего не сделано.
countdown-stay = Остаться
countdown-stayed = Теперь у вас больше времени.
offline = Нет соединения с интернетом. Ничего не отправлено.
language-name-en = английском
language-name-lt = литовском
language-name-ru = русском
