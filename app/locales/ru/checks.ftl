# Что нашли автоматические проверки приложения. Каждое предложение стоит на отдельной строке; даты
# пишутся год-месяц-день.

check-proof-in-dns = Запись TXT { $record } найдена.
check-proof-in-file = Файл { $address } найден, его содержимое верно.
check-proof-not-in-dns = У { $domain } нет записи TXT с нашим кодом. Нужна запись: { $record }.
check-proof-other-in-dns = В записи TXT стоит { $found }. Должно быть: { $record }.
check-proof-other-in-file = В файле { $address } стоит «{ $found }». В нём должно быть только: { $record }.

check-no-servers = За адресами возврата нет сервера: они ведут в приложение на устройстве человека или их нет.

check-not-an-address = { $address } — не тот адрес, который мы можем проверить. Нужны https, имя и путь.
check-no-such-name = Имени { $host } нет в DNS, или у него нет адреса.
check-name-server-failed = Серверы имён не ответили про { $host }. Мы попробуем ещё раз.
check-not-public = { $host } ведёт на адрес, которого нет в открытом интернете. Туда мы не обращаемся.
check-port-not-allowed = В адресе указан порт { $port }. Мы проверяем только порты 80 и 443.
check-no-connection = { $host } не отвечает, или связь прервалась. Мы попробуем ещё раз.
check-timed-out = { $host } не ответил вовремя. Мы попробуем ещё раз.
check-no-tls = { $host } не поддерживает TLS 1.2 или 1.3.
check-not-http = { $host } отвечает не по HTTP, или его заголовки слишком длинные.

check-not-https = { $address } не шифруется. Используйте https.
check-tls-version = Соединение использует TLS { $version }.
check-chain-trusted = Сертификат выдан центром, которому доверяют браузеры.
check-chain-self-signed = Сертификат подписан сам собой. Получите сертификат у центра, которому доверяют браузеры.
check-chain-unknown = Сертификат выдан центром, которого браузеры не знают, или не хватает промежуточного сертификата. Отправляйте всю цепочку.
check-chain-out-of-time = Промежуточный сертификат уже или ещё не действует. Отправляйте действующую цепочку.
check-chain-broken = Сертификат непригоден: он повреждён, создан для другой цели или подписан способом, которому больше не доверяют.
check-certificate-expired = Срок сертификата истёк { $date }. Обновите его.
check-certificate-not-yet = Сертификат начнёт действовать { $date }.
check-certificate-ends-soon = Срок сертификата скоро истечёт: { $date }. Обновите его.
check-certificate-until = Сертификат действует до { $date }.
check-host-covered = Сертификат выдан для { $host }.
check-host-not-covered = Сертификат выдан не для { $host }, а для: { $names }.
check-hsts-there = Браузерам указано использовать только https (HSTS).
check-hsts-missing = Браузерам не указано использовать только https. Включите HSTS.

check-page-answers = { $address } отвечает с кодом { $status }.
check-page-fails = { $address } отвечает с кодом { $status }.
check-page-redirects = { $address } перенаправляет на { $target }. Мы туда не переходим; укажите конечный адрес.
check-page-readable = { $address } можно прочитать.
check-page-empty = { $address } — пустая страница, или её текст виден только со скриптами.
check-page-not-readable = { $address } имеет тип { $type }, браузеры не показывают его как текст.
