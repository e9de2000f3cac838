# Clients, their suspension and the audit trail, for admins; and what a team sees of a suspension.
# $app is an app's name, $name is to be typed, $time is a day with its time, $count a number.

clients-title = Клиенты
clients-search = Название или идентификатор клиента
clients-none = Таких клиентов нет.
clients-empty = Ни одного клиента пока нет.
clients-first = На первую страницу

client-state = Состояние
client-active = Работает
client-suspended = Выключен
client-to-suspend = Выключить…
client-to-resume = Включить снова…
client-off-since = Выключено
client-off-unsaid = Причина не записана.
client-held = Что у него есть сейчас
client-held-off = Что у него есть; пока он выключен, это не работает
client-people = Люди
client-permissions = Разрешения
client-access-tokens = Токены доступа
client-refresh-tokens = Токены обновления
client-facts = Что это
client-since = Зарегистрирован
client-dialects = Диалекты
client-grants = Виды прав
client-auth = Чем подтверждает себя
client-pkce = Проверка кода
client-app = Приложение и команда
client-app-name = Приложение
client-no-app = Этого клиента зарегистрировал оператор; команды у него нет.
client-sibling = Другой его клиент
client-review = Последняя проверка
client-no-secrets = Секрета у него нет.
client-has-key = У него есть ключ, которым он подписывает запросы.
client-history = Что происходило
client-to-audit = Всё в журнале аудита

suspend-heading = Выключить { $app }
suspend-effect = Кого это касается
suspend-lead = Как только вы нажмёте кнопку, этому клиенту больше ничего не выдаётся, а его токены перестают приниматься в течение секунды. Команда получит письмо с вашей причиной.
suspend-mode = Что станет с разрешениями людей
suspend-why = Почему
suspend-choose = Выберите
suspend-reason = Причина
suspend-reason-hint = Своими словами, от 20 до 2000 знаков. Её прочтёт команда.
suspend-name = Название приложения
suspend-name-hint = Чтобы не ошибиться, введите { $name }.
suspend-button = Выключить
suspend-is-off = Этот клиент уже выключен.
suspend-typed = Что вы написали
resume-heading = Включить { $app } снова
resume-lead-pause = Работа была приостановлена: разрешения людей и неистёкшие токены сразу заработают снова. Команда получит письмо с вашей причиной.
resume-lead-end = Разрешения людей были прекращены навсегда и не вернутся: людей спросят заново. Учётные данные снова заработают. Команда получит письмо с вашей причиной.
resume-reason = Причина
resume-button = Включить снова
resume-is-on = Этот клиент работает.

admin-word-mode-pause = Приостановить: они сохраняются и заработают, когда приложение включат.
admin-word-mode-end = Прекратить: они отзываются навсегда, и все токены тоже.
admin-word-suspend-policy = Нарушает наши правила
admin-word-suspend-security = Подвергает людей опасности
admin-word-suspend-licence = Закончилась лицензия
admin-word-suspend-requested = Попросила сама команда
admin-word-suspend-other = Другое
admin-word-role-user = клиент банка
admin-word-role-developer = разработчик
admin-word-role-admin = администратор
admin-word-break-missing = Событие пропало:
admin-word-break-changed = Событие изменено:
admin-word-break-inserted = Событие добавлено позже:
admin-word-break-seal_changed = Печать изменена:

audit-nav = Аудит
audit-title = Журнал аудита
audit-none = Ничего такого не происходило.
audit-actor = Кто
audit-actor-hint = Логин или идентификатор
audit-action = Что сделано
audit-object = С чем
audit-object-hint = Идентификатор клиента, приложения или заявки
audit-detail = Подробности
audit-reference = Номер запроса
audit-open = Открыть страницу
audit-older = Более ранние события
audit-newest = К самым новым
audit-unverified = Ещё не проверено
audit-unverified-text = Сервер только что запущен и ещё не прошёл по цепочке. Он сделает это в течение минуты.
audit-verified = Проверено
audit-verified-up-to = Все события до { $time } такие, какими были записаны.
audit-verified-count =
    { $count ->
        [one] Проверена { $count } печать.
        [few] Проверены { $count } печати.
       *[other] Проверено { $count } печатей.
    }
audit-broken = Цепочка нарушена
audit-broken-at = Журнал подделан: { $time }.
audit-export = Взять с собой
audit-export-text = Файл со всем, что оставляют фильтры, начиная с самого старого. Кто берёт его с собой, записано в журнале. В таблице тексты, которые программа приняла бы за формулы, начинаются с апострофа; строки точны.
audit-export-csv = Таблица (CSV)
audit-export-json = Строки (JSON)

off-heading-sandbox = Мы выключили клиент этого приложения для песочницы
off-heading-live = Мы выключили рабочий клиент этого приложения
off-works = Его запросы не принимаются. Журнал запросов, учётные данные и эта страница остаются вам доступны. Если вы считаете, что мы ошиблись, ответьте на наше письмо.
