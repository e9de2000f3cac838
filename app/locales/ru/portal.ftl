# The developer portal.
# $time is a time of day, $email an address, $username a login name, $link a link with words of its own.

portal-nav = Портал
portal-nav-apps = Приложения
portal-nav-security = Безопасность
portal-sign-out = Выйти

signup-title = Регистрация
signup-heading = Разработка на игровых деньгах за три минуты
signup-lead = Вы получите приложение с доступом к песочнице и двух тестовых пользователей. Пока нет настоящих денег, никто ничего не должен одобрять.
signup-email = Эл. почта
signup-email-hint = С ней вы входите. Туда мы отправим код.
signup-name = Ваше имя
signup-password = Пароль
signup-password-hint = Не меньше 12 знаков. Подойдёт и предложение.
signup-terms = Здесь я работаю только с игровыми деньгами; мне знакомо { $link }.
signup-terms-link = уведомление о приватности
signup-button = Зарегистрироваться
signup-known = Уже есть учётная запись?
signup-known-link = Войдите

posted-title = Проверьте почту
posted-heading = Проверьте почту
posted-lead = Мы отправили письмо на { $email }. Введите код из него до { $time } или откройте ссылку из письма на любом устройстве.
posted-code-hint = Шесть цифр из письма.
posted-button = Подтвердить
posted-nothing = Ничего не пришло? Загляните и в папку со спамом.
posted-resend = Отправить другое письмо
posted-other = Указать другой адрес

confirm-address-title = Подтвердите свой адрес
confirm-address-heading = Это ваш адрес?
confirm-address-lead = Кто-то зарегистрировался с адресом { $email }. Учётная запись появится, когда вы нажмёте кнопку.
confirm-address-button = Подтвердить

portal-login-title = Вход
portal-login-heading = Войдите
portal-login-lead = Разработчики и проверяющие попадут на портал, клиенты – к приложениям с их разрешением.
portal-login-new = Ещё нет учётной записи?
portal-login-new-link = Зарегистрируйтесь
portal-login-forgot = Забыли пароль?
portal-code-heading = Подтвердите, что это вы
portal-confirm-heading = Введите код ещё раз
portal-code-lead = Код из приложения для входа, учётная запись { $username }.

forgot-title = Забытый пароль
forgot-heading = Забыли пароль?
forgot-lead = Мы пришлём ссылку для выбора нового. Ваши приложения и их секреты останутся прежними.
forgot-button = Отправить ссылку
forgot-remembered = Вернуться ко входу
forgot-sent-lead = Если у этого адреса есть учётная запись, письмо со ссылкой уже в пути. Ссылка действует один раз и недолго.
new-password-title = Выберите новый пароль
new-password-lead = Для { $username }. Вы выйдете везде и войдёте с новым паролем; если у вас есть приложение для входа, его код нужен, как и раньше.
new-password-button = Сохранить новый пароль

developer-title = Приложения
developer-heading = Ваши приложения
developer-empty = Приложений пока нет. Создайте первое ниже; с игровыми деньгами оно работает сразу.
developer-new = Новое приложение
developer-app-name = Название
developer-app-name-hint = Его увидят люди, от 2 до 40 знаков. Потом можно изменить.
developer-new-button = Создать приложение
developer-sandbox-ready = Песочница готова
developer-live = Работает с настоящими деньгами

app-credentials = Доступ к песочнице
app-client-id = Идентификатор клиента
app-secret = Секрет клиента
app-secret-until = Виден до { $time }. Работать он будет и потом: сохраните его сейчас.
app-secret-hidden = Больше не виден.
app-replace = Заменить секрет
app-replace-to-see = Создать новый секрет, чтобы увидеть его
app-replace-note = Новый секрет заменит старый, который сразу перестанет действовать.
app-scopes = Разрешения
app-redirect-uris = Адреса возврата
app-first-call = Ваш первый запрос
app-first-call-lead = Работает как вставлено: получает токен вашего приложения и спрашивает, на что он годится.
app-first-call-hidden = Вставьте свой секрет на его место или создайте новый выше.
app-people = Тестовые пользователи
app-people-lead = Входите под ними, когда ваше приложение направит вас на страницу согласия.

security-title = Безопасность
security-heading = Как вы подтверждаете, что это вы
security-app = Приложение для входа
security-app-none = Пока нет. Оно понадобится, прежде чем ваше приложение коснётся настоящих денег.
security-app-since = Подключено { $day }.
security-app-begin = Подключить приложение для входа
security-app-replace = Подключить другое приложение
security-app-confirm = Подтвердить
security-scan = Отсканируйте это приложением для входа.
security-qr = Картинка с секретом, который указан ниже
security-secret = Или введите в него этот секрет:
security-open-app = Или откройте приложение на этом устройстве
security-code-hint = Шесть цифр из приложения, которое вы только что подключили.
security-codes = Запасные коды
security-codes-none = Вы получите их вместе с приложением для входа – на случай потери телефона.
security-codes-left =
    { $codes ->
        [one] Остался { $codes } код.
        [few] Осталось { $codes } кода.
       *[other] Осталось { $codes } кодов.
    }
security-codes-renew = Создать новые коды
security-codes-new = Запишите их или сохраните в менеджере паролей. Каждый работает один раз, и больше их не покажут.
security-codes-saved = Сохранено
security-codes-saved-note = Коды исчезнут с этой страницы.

complaint-email-malformed = Введите адрес почты, например имя@пример.рф
complaint-name-missing = Введите своё имя, до 64 знаков
complaint-password-length = Выберите пароль от 12 до 128 знаков
complaint-terms-missing = Отметьте, что согласны
complaint-paused = Слишком много попыток. Снова можно попробовать в { $time }.
complaint-sign-up-over = Этот код больше не действует. Зарегистрируйтесь ещё раз, чтобы получить новый.
complaint-letter-too-soon = Письмо уже в пути. Попросить другое можно после { $time }.
complaint-code-missing = Введите код
complaint-recovery-code-missing = Введите запасной код
complaint-mail-code-wrong =
    { $number ->
        [one] Это не код из нашего письма. Осталась { $number } попытка.
        [few] Это не код из нашего письма. Осталось { $number } попытки.
       *[other] Это не код из нашего письма. Осталось { $number } попыток.
    }
complaint-code-wrong = Код не подошёл. Введите самый новый код; каждый работает один раз.
complaint-code-wrong-tries =
    { $number ->
        [one] Код не подошёл. До паузы осталась { $number } попытка.
        [few] Код не подошёл. До паузы осталось { $number } попытки.
       *[other] Код не подошёл. До паузы осталось { $number } попыток.
    }
complaint-new-app-code-wrong = Это не код нового приложения. Проверьте, что отсканировали картинку с этой страницы.
complaint-username-missing = Введите адрес почты
complaint-password-missing = Введите пароль
complaint-details-wrong = Адрес почты или пароль не подошли
complaint-details-wrong-tries =
    { $number ->
        [one] Адрес почты или пароль не подошли. До паузы осталась { $number } попытка.
        [few] Адрес почты или пароль не подошли. До паузы осталось { $number } попытки.
       *[other] Адрес почты или пароль не подошли. До паузы осталось { $number } попыток.
    }
complaint-reset-over = Эта ссылка больше не действует: она использована, устарела или отправлена более новая. Запросите другую.
complaint-app-name-length = Выберите название от 2 до 40 знаков
complaint-too-many-apps = У команды может быть не больше 50 приложений

flash-send-again = Эта страница была открыта долго, отправьте ещё раз.
flash-mail-sent-again = Другое письмо уже в пути. Теперь действует только его код.
flash-enrol-first = Сначала подключите приложение для входа, потом продолжите начатое.
flash-read-only = Это приложение можно смотреть, но не менять.
flash-address-confirmed = Ваш адрес подтверждён. Войдите, чтобы увидеть своё приложение.
flash-password-changed = Новый пароль сохранён. Войдите с ним.
flash-code-given = Спасибо. Введённое осталось здесь: теперь отправьте.
flash-app-made = Ваше приложение готово.
flash-secret-replaced = Новый секрет на экране; старый больше не действует.
flash-changed-meanwhile = В тот же момент это изменил кто-то другой. Посмотрите ещё раз и повторите, если всё ещё нужно.
developer-off-sandbox = Песочница отключена
developer-off-live = Боевая среда отключена
developer-why-off = Почему отключено
developer-in-review = На проверке
developer-draft = Для настоящих денег: сохранено заданий – { $complete } из { $total }.
developer-position = Номер в очереди на проверку: { $position }.
developer-needs-you = { $count ->
    [one] Вас ждёт { $count } поле:
    [few] Вас ждут { $count } поля:
   *[other] Вас ждут { $count } полей:
}
