# Страницы, на которых человек даёт разрешение приложению.

label-who = Кто
label-why = Зачем
label-what = Что
label-accounts = Счета
label-until = До когда
label-next = Что дальше
label-you = Вы
label-pay = Вы платите
label-allow = Вы разрешаете
label-code = Код
label-from = Откуда

login-title = Вход по запросу { $app }
login-heading = Вход
login-access = Приложение { $app }{ $site } просит доступ к вашим счетам.
login-pay = Приложение { $app }{ $site } просит заплатить { $sum } получателю { $payee }.
login-username = Логин или эл. почта
login-password = Пароль
login-password-hint = Приложение { $app } не видит вашего пароля.
login-show = Показать
login-hide = Скрыть
login-open = Это тестовая среда: подойдут любое имя для входа и любой пароль. Новое имя получит счета для примера.
login-continue = Продолжить
login-address = Вы на сайте { $host }. Прежде чем вводить данные, сверьте его с адресной строкой.
login-trouble = Не получается войти?

app-company = Код предприятия { $number }
app-licence = { $kind }, лицензия № { $number }, { $authority }
app-licence-words = Лицензия: { $licence }
app-verified = Проверенный сайт { $host }
app-unverified = Сайт этого приложения мы не проверяли.
app-unreviewed = Мы не знаем, какая компания стоит за этим приложением.
app-since = Зарегистрировано { $date }
app-no-purpose = Приложение { $app } не сообщило, зачем это нужно.
app-purpose-language = Этот текст есть только на { $language } языке.
signed-in = Вы вошли как { $name }

consent-title = Разрешить доступ { $app }?
consent-can = { $app } сможет
consent-cannot = { $app } не сможет
consent-choose = Выберите счета, которыми сможет пользоваться { $app }
consent-fixed = { $app } просит доступ к этим счетам
consent-count = Выбрано счетов: { $chosen } из { $total }
consent-none = Ни один из ваших счетов не подходит этому приложению. Нажмите «Отменить», чтобы вернуться; никакие данные не будут переданы.
consent-none-named = { $app } просит доступ к счетам, которые вам не принадлежат. Нажмите «Отменить», чтобы вернуться; никакие данные не будут переданы.
consent-days =
    { $days ->
        [one] { $days } день
        [few] { $days } дня
       *[other] { $days } дней
    }
consent-times =
    { $times ->
        [one] Без вашего участия – до { $times } раза в день.
       *[other] Без вашего участия – до { $times } раз в день.
    }
consent-times-any = Без вашего участия – столько раз, сколько потребуется.
consent-once = Только в этот раз. { $app } сможет посмотреть сразу после вашего разрешения и больше не вернётся.
consent-stop = Вы можете прекратить доступ в любой момент раньше этого срока, здесь: { $address }.
consent-next = После нажатия «Разрешить» вы вернётесь на { $host }.
consent-next-differs = Этот адрес не относится к проверенному сайту { $host }.
consent-next-unknown = Мы не проверяли, кому принадлежит этот адрес.
consent-allow = Разрешить
consent-update = Обновить выбор
consent-all = Выбрать все
consent-no-account = Снять выбор
consent-with-payment = Вместе с одним платежом

account-wallet = Кошелёк
account-current = Текущий счёт
account-savings = Сберегательный счёт
account-other = Счёт
account-available = доступно
ineligible-kind = Для такого доступа этот счёт не подходит.
ineligible-joint = Совместный счёт: сначала должен согласиться его совладелец.
ineligible-blocked = Этот счёт заблокирован. Обратитесь к нам.
ineligible-currency = Валюта счёта не совпадает с валютой платежа.
ineligible-balance = На этом счёте недостаточно денег.
ineligible-other = Этот счёт здесь выбрать нельзя.

confirm-title = Подтверждение по запросу { $app }
confirm-title-pay = Платёж { $sum } через { $app }
confirm-heading = Введите код из приложения-аутентификатора
confirm-heading-recovery = Введите резервный код
confirm-heading-pay = Подтвердите платёж
confirm-code = Код из приложения-аутентификатора
confirm-code-hint = 6 цифр. Код меняется каждые 30 секунд: если он вот-вот сменится, дождитесь нового. Код переносится из приложения на эту страницу.
confirm-code-auto = Полностью введённый код отправится сам.
confirm-code-optional = Это тестовая среда: код можно не вводить. Если введёте, он должен быть верным.
confirm-code-sandbox = Это тестовая среда: код можно не вводить или ввести 123456.
confirm-recovery = Резервный код
confirm-recovery-hint = Буквы и цифры, с дефисами или без. Действует один раз.
confirm-button = Подтвердить
confirm-pay = Заплатить { $sum }
confirm-use-recovery = Использовать резервный код
confirm-use-app = Использовать код из приложения
confirm-not-me = Это начали не вы?
confirm-not-me-body = Нажмите «Отменить»: никакие данные не будут переданы, деньги не будут переведены. Тот, кто дошёл до этой страницы, знает ваш пароль – смените его и сообщите нам.
confirm-next-account = Счёт для оплаты вы выберете на следующей странице.

pay-amount = Сумма
pay-to = Получатель
pay-iban = Счёт получателя
pay-message = Назначение платежа
pay-by = Запросило

code-help = Если код не подходит
code-help-newest = Введите самый новый код из приложения.
code-help-once = Каждый код действует один раз, поэтому после попытки дождитесь следующего.
code-help-clock = Включите на телефоне автоматическое время.
code-help-account = Проверьте, не выбрана ли в приложении другая учётная запись.

from-title = Выбор счёта – { $app }
from-heading = Выберите счёт для оплаты
from-legend = Заплатить { $sum } со счёта
from-none = Ни с одного из ваших счетов этот платёж сделать нельзя. Нажмите «Отменить», чтобы вернуться; деньги не будут переведены.

done-title = Завершено – { $app }
done-approved = Готово
done-approved-accounts =
    { $accounts ->
        [one] Приложение { $app } может пользоваться { $accounts } счётом. Разрешение действует до { $date }.
       *[other] Приложение { $app } может пользоваться { $accounts } счетами. Разрешение действует до { $date }.
    }
done-approved-plain = Приложение { $app } может делать то, что вы разрешили. Разрешение действует до { $date }.
done-paid = Платёж подтверждён
done-paid-body = Теперь приложение { $app } может выполнить этот платёж – и никакой другой.
done-denied = Отменено
done-denied-body = Никакие данные не переданы, деньги не переведены.
done-close = Это окно можно закрыть.
done-go-back = Чтобы продолжить, вернитесь в { $app }.
