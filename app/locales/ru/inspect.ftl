# Журнал запросов и площадка приложения.
# $time – время суток, $reference – номер запроса, $address – адрес этого сервера.

log-title = Журнал запросов
log-environment = Среда
log-lead = Запросы на доступ и на ключи, новые сверху, с задержкой до нескольких секунд.
log-kept =
    { $days ->
        [one] Хранится { $days } день.
        [few] Хранится { $days } дня.
       *[other] Хранится { $days } дней.
    }
log-filter = Фильтры
log-any = Все
log-outcome = Результат
log-served = Выполнен
log-refused = Отклонён
log-failed = Сбой у нас
log-endpoint = Точка входа
log-error = Ошибка
log-from = С (UTC)
log-until = До (UTC)
log-show = Показать
log-clear = Сбросить фильтры
log-unreadable = Это не удалось прочитать, поэтому пропущено
log-time = Время (UTC)
log-status = HTTP
log-agent = Отправитель
log-older = Более старые запросы
log-newest = Назад к новым
log-export = Скачать в CSV
log-export-note = Все запросы по этим фильтрам, сначала новые, не больше { $most }.
log-empty = Запросов ещё нет. Отправьте первый:
log-none = Под эти фильтры не подходит ни один запрос.
log-not-live = Это приложение ещё не работает с настоящими деньгами.

request-title = Запрос { $reference }
request-facts = Запрос
request-grant = Вид разрешения
request-way = Параметры
request-way-query = В адресе
request-way-body = В теле
request-proof = Данные приложения
request-proof-header = В заголовке
request-proof-parameters = Среди параметров
request-took = Длился
request-clock = Ваши часы
request-clock-same = Точны до секунды
request-clock-ahead =
    { $seconds ->
        [one] Спешат на { $seconds } секунду
        [few] Спешат на { $seconds } секунды
       *[other] Спешат на { $seconds } секунд
    }
request-clock-behind =
    { $seconds ->
        [one] Отстают на { $seconds } секунду
        [few] Отстают на { $seconds } секунды
       *[other] Отстают на { $seconds } секунд
    }
request-wrong = Что не так
request-reason = Причина
request-about = О чём
request-expected = Ожидалось
request-received = Получено
request-received-nothing = ничего
request-fix = Как исправить
request-steps = Что проверено, в этом порядке
request-passed = в порядке
request-stopped = остановлен здесь
request-skipped = не проверялось
request-parameters = Параметры
request-no-parameters = Ни одного, который можно прочитать.
request-hidden =
    { $count ->
        [one] скрыт, { $count } знак
        [few] скрыто, { $count } знака
       *[other] скрыто, { $count } знаков
    }
request-length =
    { $count ->
        [one] { $count } знак
        [few] { $count } знака
       *[other] { $count } знаков
    }
request-curl = Как команда `curl`
request-curl-note = Секреты – переменные командной строки: сначала задайте их.

developer-open-log = Открыть в журнале запросов

playground-title = Площадка
playground-lead = Пройдите весь путь так, как его проходит приложение: настоящие страницы, настоящие точки входа, игрушечные деньги.
playground-unregistered = Сначала добавьте `{ $address }` к адресам возврата приложения в песочнице.
playground-read-only = Это приложение вы можете смотреть, но не менять. Отправлять его запросы могут только те, кто может его менять.
playground-build = Составьте запрос
playground-build-button = Составить запрос
playground-again = Начать заново
playground-fault = Что должно пойти не так
playground-fault-none = Ничего
playground-fault-redirect = Неверный адрес возврата
playground-fault-denied = Человек отказывает
playground-fault-sca = Человек вводит неверный код
playground-fault-used = Код обменивают дважды
playground-fault-late = Код обменивают слишком поздно
playground-fault-money = На счёте слишком мало денег
playground-sees-redirect = В адресе одна лишняя косая черта. Мы останавливаемся на своей странице и никуда не отправляем: приложение не видит ничего. Разницу показывает журнал запросов.
playground-sees-denied = Нажмите «Отмена» на одной из страниц. Приложение получит `error=access_denied` со своим `state`, но без кода.
playground-sees-sca = Введите неверный код, например 000000. Мы спросим снова, а после нескольких попыток сделаем паузу; приложение ничего не видит, пока человек не откажется, и тогда получает `error=access_denied`.
playground-sees-used = Обмен отправляется дважды. Второй ответ – `invalid_grant`, а ключи первого отзываются: обращения к интерфейсам не проходят.
playground-sees-late = Подождите, пока код перестанет действовать, и обменяйте его: ответ – `invalid_grant`.
playground-sees-money = Разрешите всё и обменяйте код, затем вызовите `POST /wallet/v1/transfers`: перевод на миллион евро, ответ `insufficient_funds`, деньги не движутся.
playground-go = Отправьте человека к нам
playground-go-lead = Запрос вашего приложения. `state` и пара для PKCE созданы за вас; проверочный текст остаётся у приложения до обмена.
playground-go-button = Перейти к страницам
playground-came = Что вернулось
playground-came-nothing = Пока ничего. Запрос, который остановился на нашей странице, есть в журнале запросов.
playground-state-right = Это то состояние, которое было отправлено
playground-state-wrong = Это не то состояние, которое было отправлено: здесь приложение должно остановиться
playground-exchange = Обменяйте код
playground-code-until = Код действует до { $time }.
playground-secret-hint = Хранится запечатанным в вашем сеансе только для площадки, больше не показывается и исчезает, когда вы выходите.
playground-exchange-button = Обменять код
playground-call = Обратитесь к интерфейсу
playground-answer = Запрос { $number }
playground-request = Как отправлено
playground-response = Ответ
playground-open-log = В журнале запросов:

complaint-playground-scope = Выберите, о чём просить
complaint-playground-secret = Вставьте секрет приложения для песочницы
flash-playground-nothing = Продолжать пока не с чем. Начните с запроса.
